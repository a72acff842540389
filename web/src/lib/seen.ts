// SPDX-License-Identifier: Apache-2.0
// Which answers I have read, so that an answered case does not leave the list of open
// ones unnoticed. A convenience of this browser, not a record.
import { signal } from '@preact/signals';
import { session } from '../session';
import { kept } from './storage';

const MOST = 500;
const changes = signal(0);

function key(): string {
  return `belay.seen.${session.value?.practitioner ?? session.value?.name ?? ''}`;
}

function all(): Record<string, string> {
  try {
    return JSON.parse(kept.get(key()) ?? '{}') as Record<string, string>;
  } catch {
    return {};
  }
}

/** True once the case ${id} was open on this device as it stood at ${changed} or later. */
export function wasSeen(id: string, changed: string): boolean {
  void changes.value; // whoever asks is drawn again when something is seen
  return (all()[id] ?? '') >= changed;
}

export function markSeen(id: string, changed: string): void {
  const seen = all();
  if ((seen[id] ?? '') >= changed) return;
  const newest = Object.entries({ ...seen, [id]: changed }).sort((a, b) => b[1].localeCompare(a[1])).slice(0, MOST);
  kept.set(key(), JSON.stringify(Object.fromEntries(newest)));
  changes.value++;
}
