// SPDX-License-Identifier: Apache-2.0
// Listens to the node: every change that this person may see arrives as an event. Read
// with fetch, because EventSource cannot send a token. A silent link is taken for a
// broken one; after every break all pages read again, since events may have passed.
import { effect, signal } from '@preact/signals';
import { settled } from './lib/settled';
import { credentials, session } from './session';

export interface Change {
  type: string;
  id: string;
}
export type LinkState = 'live' | 'connecting' | 'broken';

const SILENCE = 40_000; // the node sends a beat every 15 s
const FIRST_PAUSE = 500;
const LATE = 1000; // what was read before the link listened so late may have changed in between
const LONGEST_PAUSE = 20_000;

export const linkState = signal<LinkState>('connecting');

type Listener = (change: Change | null) => void;
const listeners = new Set<Listener>();

/** ${listener} gets each change, and null when anything may have changed. Returns how to stop. */
export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * After changes of ${types} have settled, ${then}; one step is often several changes. With a ${gap}, in milliseconds, so far apart
 * at least (lib/settled.ts). Returns how to stop.
 */
export function onChangesOf(types: ReadonlySet<string>, then: () => void, settle = 100, gap = 0): () => void {
  const changes = settled(then, settle, gap);
  const stop = onChange((change) => {
    if (!change || types.has(change.type)) changes.changed();
  });
  return () => {
    stop();
    changes.stop();
  };
}

function tell(change: Change | null): void {
  listeners.forEach((listener) => listener(change));
}

function readBlock(block: string): void {
  const data = block
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trim())
    .join('\n');
  if (!data) return;
  try {
    const change = JSON.parse(data) as Partial<Change>;
    // that something is gone, or that events were missed: which, is not said
    tell(typeof change.type === 'string' ? (change as Change) : null);
  } catch {
    tell(null); // unreadable, but something happened
  }
}

async function listen(stop: AbortController, onOpen: () => void): Promise<void> {
  const response = await fetch('/events', {
    headers: { ...credentials(false), Accept: 'text/event-stream' },
    cache: 'no-store',
    signal: stop.signal,
  });
  if (!response.ok || !response.body) throw new Error(`events: ${response.status}`);
  onOpen();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const silent = setTimeout(() => stop.abort(), SILENCE);
    const { done, value } = await reader.read().finally(() => clearTimeout(silent));
    if (done) return;
    const blocks = (rest + value.replaceAll('\r', '')).split('\n\n');
    rest = blocks.pop() ?? '';
    blocks.forEach(readBlock);
  }
}

/** Keeps listening until ${ended} says so, with longer and longer pauses between failures. */
async function keepListening(ended: AbortSignal): Promise<void> {
  let pause = FIRST_PAUSE;
  let first = true;
  const begun = Date.now();
  while (!ended.aborted) {
    const stop = new AbortController();
    const pass = () => stop.abort();
    ended.addEventListener('abort', pass);
    await listen(stop, () => {
      linkState.value = 'live';
      pause = FIRST_PAUSE;
      if (!first || Date.now() - begun > LATE) tell(null);
      first = false;
    }).catch(() => undefined);
    ended.removeEventListener('abort', pass);
    if (ended.aborted) return;
    linkState.value = navigator.onLine ? 'connecting' : 'broken';
    if (pause > 4 * FIRST_PAUSE) linkState.value = 'broken';
    await wait(pause, ended);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
}

function wait(milliseconds: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      ended.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    window.addEventListener('online', done);
    ended.addEventListener('abort', done);
  });
}

/** Listens whenever someone is signed in. Call once. */
export function startEvents(): void {
  let current: { key: string; end: AbortController } | null = null;
  effect(() => {
    const key = session.value?.key ?? '';
    if (current?.key === key) return;
    current?.end.abort();
    current = null;
    if (!key) return;
    current = { key, end: new AbortController() };
    linkState.value = 'connecting';
    void keepListening(current.end.signal);
  });
}
