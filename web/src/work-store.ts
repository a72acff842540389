// SPDX-License-Identifier: Apache-2.0
// What waits, kept true by the node's events: every open case of mine, and how far the list
// goes. An emergency must not hide on a second page, so all of it is read.
import { effect, signal } from '@preact/signals';
import { onChangesOf } from './events';
import { sentence } from './fhir/client';
import { joined, loadWork, type WorkItem } from './fhir/worklist';
import { session } from './session';

export interface Work {
  open: WorkItem[] | null; // null: never read yet
  problem: string;
}

const EMPTY: Work = { open: null, problem: '' };
const SETTLE = 60; // one step is several changes
const GAP = 2000; // a node at work would be asked for the whole list several times a second
const TYPES = new Set(['Task', 'ServiceRequest', 'Patient']);
const MOST_PAGES = 20;

export const work = signal<Work>(EMPTY);

async function allOpen(): Promise<WorkItem[]> {
  let page = await loadWork({ show: 'open' });
  let items = page.items;
  for (let at = 1; page.next && at < MOST_PAGES; at++) {
    page = await loadWork({ show: 'open', page: page.next });
    items = joined(items, page.items);
  }
  return items;
}

let running = false;
let again = false;

export async function refreshWork(): Promise<void> {
  const reader = session.value?.key;
  if (!reader) return;
  if (running) {
    again = true;
    return;
  }
  running = true;
  try {
    const open = await allOpen();
    if (session.value?.key === reader) work.value = { open, problem: '' };
  } catch (error) {
    if (session.value?.key === reader) work.value = { ...work.value, problem: sentence(error) };
  }
  running = false;
  if (again) {
    again = false;
    await refreshWork();
  }
}

/** Call once. */
export function startWork(): void {
  let reader = '';
  onChangesOf(TYPES, () => void refreshWork(), SETTLE, GAP);
  effect(() => {
    const key = session.value?.key ?? '';
    if (key === reader) return;
    reader = key;
    work.value = EMPTY;
    if (key) void refreshWork();
  });
}

/** How many cases wait for my own word. */
export function mineWaiting(): number {
  return (work.value.open ?? []).filter((item) => item.waits && item.mine).length;
}
