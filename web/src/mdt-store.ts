// SPDX-License-Identifier: Apache-2.0
// The meetings about cases that I see, of the last weeks and ahead, kept true by the node's
// events: for Today, the page of meetings, and the count in the rail.
import { effect, signal } from '@preact/signals';
import { onChangesOf } from './events';
import { sentence } from './fhir/client';
import { loadMeetings, waitsFor, type Meeting } from './fhir/mdt';
import { presentInstant } from './lib/time';
import { session } from './session';

interface Meetings {
  list: Meeting[] | null; // null: never read yet
  problem: string;
}

const EMPTY: Meetings = { list: null, problem: '' };
const SETTLE = 250;
const BACK = 60 * 86_400_000;
const TYPES = new Set(['Appointment', 'Communication', 'ServiceRequest']);
const OF_CASES = ['clinician', 'nurse', 'therapist', 'expert', 'head-of-department'];

export const meetings = signal<Meetings>(EMPTY);
let latest = 0;

function seesCases(): boolean {
  const me = session.value;
  return Boolean(me) && (!me?.posts || me.posts.some((post) => OF_CASES.includes(post.role)));
}

export async function refreshMeetings(): Promise<void> {
  const reader = session.value?.key;
  if (!reader || !seesCases()) return;
  const mine = ++latest;
  const from = new Date(Date.parse(presentInstant()) - BACK).toISOString();
  const found = await loadMeetings(from).then((list) => ({ list, problem: '' }), (error: unknown) => ({ ...meetings.value, problem: sentence(error) }));
  if (mine === latest && session.value?.key === reader) meetings.value = found;
}

/** Call once. */
export function startMeetings(): void {
  let reader = '';
  onChangesOf(TYPES, () => void refreshMeetings(), SETTLE);
  effect(() => {
    const key = session.value?.key ?? '';
    if (key === reader) return;
    reader = key;
    meetings.value = EMPTY;
    if (key) void refreshMeetings();
  });
}

export function meetingsWaiting(): Meeting[] {
  return (meetings.value.list ?? []).filter((one) => waitsFor(one) !== null);
}
