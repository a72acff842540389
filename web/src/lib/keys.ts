// SPDX-License-Identifier: Apache-2.0
// Single keys as short cuts. They can be turned off, for people who talk to their
// computer or whose hands hit keys by chance, and never act while something is typed.
import { signal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { kept } from './storage';

const STORAGE_KEY = 'belay.keys';

export const keysOn = signal(kept.get(STORAGE_KEY) !== 'off');

export function setKeysOn(on: boolean): void {
  keysOn.value = on;
  kept.set(STORAGE_KEY, on ? 'on' : 'off');
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;
}

/** Something lies over the page and takes the keys first: a picture shown large, an open menu. */
function isCovered(): boolean {
  return document.querySelector('dialog[open], details[open].account') !== null;
}

/** While the component is on the page, ${keys} act; an action returns false to let the key through. */
export function useKeys(keys: Record<string, () => boolean | void>): void {
  useLayoutEffect(() => {
    const act = (event: KeyboardEvent) => {
      if (!keysOn.value || isCovered() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const action = keys[event.key];
      if (action && action() !== false) event.preventDefault();
    };
    window.addEventListener('keydown', act);
    return () => window.removeEventListener('keydown', act);
  });
}
