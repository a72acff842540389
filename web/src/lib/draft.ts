// SPDX-License-Identifier: Apache-2.0
// What is being typed is kept in the browser until it is sent or thrown away, under the
// name of whoever types, so that the next person at this desk does not meet it.
import { effect, signal, type Signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { session } from '../session';
import { kept } from './storage';

const PAUSE = 250;

export interface Draft<T> {
  value: Signal<T>;
  /** False while the browser refuses to keep what is typed (no room, or forbidden). */
  safe: Signal<boolean>;
  /** Forget it: it was sent or thrown away. */
  clear: () => void;
}

function stored<T>(key: string, empty: () => T): T {
  const text = kept.get(key);
  if (!text) return empty();
  try {
    return { ...empty(), ...(JSON.parse(text) as T) };
  } catch {
    return empty();
  }
}

function openDraft<T>(key: string, empty: () => T): Draft<T> & { start: () => () => void } {
  const value = signal(stored(key, empty));
  const safe = signal(true);
  let untouched = value.value;
  const write = () => {
    if (value.value === untouched) return;
    safe.value = kept.set(key, JSON.stringify(value.value));
  };
  const clear = () => {
    value.value = empty();
    untouched = value.value;
    kept.remove(key);
  };
  const start = () => {
    let timer = 0;
    const stop = effect(() => {
      void value.value;
      clearTimeout(timer);
      timer = window.setTimeout(write, PAUSE);
    });
    window.addEventListener('pagehide', write);
    return () => {
      stop();
      clearTimeout(timer);
      write();
      window.removeEventListener('pagehide', write);
    };
  };
  return { value, safe, clear, start };
}

export function useDraft<T extends object>(name: string, empty: () => T): Draft<T> {
  const who = session.value?.practitioner ?? session.value?.name ?? '';
  const draft = useMemo(() => openDraft(`belay.draft.${name}.${who}`, empty), [name, who]);
  useEffect(() => draft.start(), [draft]);
  return draft;
}
