// SPDX-License-Identifier: Apache-2.0
// What a few typed letters leave of a list of cases.
import { nameOf } from './patient';
import type { WorkItem } from './worklist';

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Does ${item} hold every word of ${text}, whatever the accents and capitals? */
export function matchesWork(item: WorkItem, text: string): boolean {
  const hay = fold([nameOf(item.patient), item.question, item.asker, item.owner, item.hospital].join(' '));
  return fold(text).split(/\s+/).every((word) => hay.includes(word));
}
