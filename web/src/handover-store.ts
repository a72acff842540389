// SPDX-License-Identifier: Apache-2.0
// What waits of handovers: the number beside the page's name in the rail, and the card on Today. Read
// once somebody is signed in, and again when the page is opened or something was said.
import { computed, effect, signal } from '@preact/signals';
import { handoversWaiting, type Waiting } from './fhir/handover';
import { session } from './session';

export const handovers = signal<Waiting | null>(null);

export const toTakeOver = computed(() => handovers.value?.take.length ?? 0);

let asked = 0; // the newest question's answer counts, should two overtake each other

export async function refreshHandovers(): Promise<void> {
  const key = session.value?.key;
  const mine = ++asked;
  const found = session.value?.practitioner && session.value.posts?.length ? await handoversWaiting() : null; // a person's, no program's
  if (mine === asked && session.value?.key === key) handovers.value = found;
}

/** Keeps the number right. Call once. */
export function startHandovers(): void {
  effect(() => {
    if (!session.value) handovers.value = null;
    void refreshHandovers().catch(() => undefined);
  });
}
