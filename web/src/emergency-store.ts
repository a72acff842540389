// SPDX-License-Identifier: Apache-2.0
// How many emergency accesses wait for my review: the number beside the page's name in the
// rail. Read once somebody with such a post is signed in, and again whenever one changes.
import { computed, effect, signal } from '@preact/signals';
import { onChange } from './events';
import { accesses, type EmergencyAccess } from './fhir/emergency';
import { isMe, session } from './session';

export const REVIEWERS = ['head-of-department', 'quality-officer'] as const;

const waiting = signal<EmergencyAccess[]>([]);

/** Nobody reviews their own. */
export const toReview = computed(() => waiting.value.filter((one) => !isMe(one.practitioner)).length);

function reviews(): boolean {
  const roles: readonly string[] = REVIEWERS;
  return session.value?.posts?.some((post) => roles.includes(post.role)) ?? false;
}

let asked = 0; // the newest question's answer counts, should two overtake each other

async function refresh(): Promise<void> {
  const key = session.value?.key;
  const mine = ++asked;
  const list = reviews() ? await accesses('waiting').catch(() => null) : [];
  if (list && mine === asked && session.value?.key === key) waiting.value = list;
}

/** Keeps the number right. Call once. */
export function startReviews(): void {
  effect(() => {
    if (!session.value) waiting.value = [];
    void refresh();
  });
  onChange((change) => {
    if (!change || change.type === 'EmergencyAccess') void refresh();
  });
}
