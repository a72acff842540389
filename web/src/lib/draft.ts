// SPDX-License-Identifier: Apache-2.0
// What is being typed is kept on this device until it is sent or thrown away, under the
// name of whoever types, so that the next person here does not meet it. Every change is
// written at once; while one is being written the next waits, and only the last is kept.
import { effect, signal, type Signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { ownerNow } from '../session';
import { all, get, put, remove, type Owned } from './local-store';

export interface Draft<T> {
  value: Signal<T>;
  /** False until what was kept has been looked for. */
  ready: Signal<boolean>;
  /** False while the browser refuses to keep what is typed (no room, or forbidden). */
  safe: Signal<boolean>;
  /** Forget it: it was sent or thrown away. */
  clear: () => void;
}

export interface KeptDraft<T> extends Owned {
  name: string;
  at: number; // when it was last changed
  value: T;
}

const keyOf = (owner: string, name: string) => `${owner} ${name}`;

/** Writes one thing after another; of those that wait only the last. */
function writer(safe: Signal<boolean>) {
  let waiting: (() => Promise<unknown>) | null = null;
  let busy = false;
  const go = async () => {
    if (busy) return;
    busy = true;
    while (waiting) {
      const work = waiting;
      waiting = null;
      safe.value = await work().then(() => true, () => false);
    }
    busy = false;
  };
  return (work: () => Promise<unknown>) => {
    waiting = work;
    void go();
  };
}

function openDraft<T extends object>(name: string, owner: string, empty: () => T): Draft<T> & { start: () => () => void } {
  const id = keyOf(owner, name);
  const value = signal(empty());
  const ready = signal(false);
  const safe = signal(true);
  const write = writer(safe);
  let untouched = value.value;
  const clear = () => {
    untouched = empty();
    value.value = untouched;
    write(() => remove('drafts', id));
  };
  const start = () => {
    let ended = false;
    const found = (kept: KeptDraft<T> | null) => {
      if (ended) return;
      if (kept && value.value === untouched) {
        value.value = { ...empty(), ...kept.value };
        untouched = value.value;
      }
      ready.value = true;
    };
    get<KeptDraft<T>>('drafts', id).then(found, () => {
      safe.value = false;
      found(null);
    });
    const stop = effect(() => {
      const next = value.value;
      if (next === untouched) return;
      untouched = next;
      write(() => put('drafts', { id, owner, name, at: Date.now(), value: next } as KeptDraft<T>));
    });
    return () => {
      ended = true;
      stop();
    };
  };
  return { value, ready, safe, clear, start };
}

export function useDraft<T extends object>(name: string, empty: () => T): Draft<T> {
  const owner = ownerNow();
  const draft = useMemo(() => openDraft(name, owner, empty), [name, owner]);
  useEffect(() => draft.start(), [draft]);
  return draft;
}

/** My drafts whose name begins with ${prefix}, the latest first. */
export async function myDrafts<T>(prefix: string): Promise<KeptDraft<T>[]> {
  const owner = ownerNow();
  const records = await all<KeptDraft<T>>('drafts');
  return records.filter((one) => one.owner === owner && one.name.startsWith(prefix)).sort((a, b) => b.at - a.at);
}

export function keepDraft<T>(name: string, value: T): Promise<unknown> {
  const owner = ownerNow();
  return put('drafts', { id: keyOf(owner, name), owner, name, at: Date.now(), value } as KeptDraft<T>);
}

export function dropDraft(name: string): Promise<unknown> {
  return remove('drafts', keyOf(ownerNow(), name));
}

/** What ${find} gives, kept on this device for when there is no link; without one what was kept. */
export async function keptHere<T>(name: string, find: () => Promise<T[]>): Promise<T[]> {
  const key = `kept/${name}`;
  try {
    const list = await find();
    void keepDraft(key, { list }).catch(() => undefined);
    return list;
  } catch (error) {
    const kept = await get<KeptDraft<{ list: T[] }>>('drafts', keyOf(ownerNow(), key));
    if (kept) return kept.value.list;
    throw error;
  }
}
