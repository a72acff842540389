// SPDX-License-Identifier: Apache-2.0
// How many closed cases wait for my rating: the number beside the page's name in the rail. Read
// once somebody who may be asked is signed in, and again when the page is opened or a rating given.
import { computed, effect, signal } from '@preact/signals';
import { reviews, type MyReview } from './fhir/review';
import { session } from './session';

/** Who rates, and who is told what came of it. */
export const OF_REVIEWS = ['expert', 'head-of-department', 'quality-officer'] as const;

const mine = signal<MyReview[]>([]);

export const toRate = computed(() => mine.value.filter((one) => !one.given).length);

let asked = 0; // what was asked before the page of reviews told what is so now does not count any more

export function setToRate(list: MyReview[]): void {
  asked++;
  mine.value = list;
}

function isAsked(): boolean {
  const roles: readonly string[] = OF_REVIEWS;
  return session.value?.posts?.some((post) => roles.includes(post.role)) ?? false;
}

async function refresh(): Promise<void> {
  const key = session.value?.key;
  const round = ++asked;
  const found = isAsked() ? await reviews().catch(() => null) : { mine: [] };
  if (found && round === asked && session.value?.key === key) mine.value = found.mine;
}

/** Keeps the number right. Call once. */
export function startCaseReviews(): void {
  effect(() => {
    if (!session.value) mine.value = [];
    void refresh();
  });
}
