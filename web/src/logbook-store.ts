// SPDX-License-Identifier: Apache-2.0
// Of operations and apprenticeships what waits for my word: the numbers in the rail and the cards on
// Today. Read once somebody is signed in, and again when something of it has changed.
import { effect, signal } from '@preact/signals';
import { onChangesOf } from './events';
import type { Rated } from './fhir/logbook';
import { markSeen, wasSeen } from './lib/seen';
import { session } from './session';

export type WaitingPage = 'serious' | 'aftercare' | 'rate' | 'apprenticeships' | 'logbook';

const ROLES: readonly string[] = ['clinician', 'nurse', 'technician', 'therapist', 'expert', 'head-of-department', 'apprentice'];
const TYPES = new Set(['Procedure', 'Observation', 'Apprenticeship']);
const SETTLE = 1000; // nobody waits for it

const NOTHING: Record<WaitingPage, number> = { serious: 0, aftercare: 0, rate: 0, apprenticeships: 0, logbook: 0 };

/** Of the page logbook: ratings of mine that were not read on this device. */
export const logbookWaiting = signal(NOTHING);
/** Those ratings. */
export const newRatings = signal<Rated[]>([]);

/** The rating ${observation} was read here. */
export function ratingRead(observation: string): void {
  const one = newRatings.value.find((other) => other.observation === observation);
  if (!one) return;
  markSeen(one.observation, one.at);
  newRatings.value = newRatings.value.filter((other) => other !== one);
  logbookWaiting.value = { ...logbookWaiting.value, logbook: newRatings.value.length };
}

export async function refreshLogbookWaiting(): Promise<void> {
  const me = session.value;
  if (!me?.practitioner || me.offline || !me.posts?.some((post) => ROLES.includes(post.role))) return;
  const [logbook, apprentice] = await Promise.all([import('./fhir/logbook'), import('./fhir/apprentice')]); // with the catalogue of procedures: not before the first page
  const [said, agreed] = await Promise.all([logbook.loadWaiting(false), apprentice.loadApprenticeships()]);
  if (session.value?.key !== me.key) return;
  newRatings.value = said.rated.filter((one) => !wasSeen(one.observation, one.at));
  logbookWaiting.value = {
    serious: said.reviews.length, aftercare: said.follows.length, rate: said.rates.length, apprenticeships: agreed.filter(apprentice.waitsForMe).length, logbook: newRatings.value.length,
  };
}

/** Keeps the numbers right. Call once. */
export function startLogbookWaiting(): void {
  const again = () => void refreshLogbookWaiting().catch(() => undefined); // what is not known is not told
  let reader = '';
  onChangesOf(TYPES, again, SETTLE);
  effect(() => {
    const key = session.value?.key ?? '';
    if (key === reader) return;
    reader = key;
    logbookWaiting.value = NOTHING;
    newRatings.value = [];
    again();
  });
}
