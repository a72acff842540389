// SPDX-License-Identifier: Apache-2.0
// The words of an import: its columns, and what is wrong with a line.
import type { Field, Problem } from '../fhir/import';
import type { TextKey } from '../lib/i18n';
import type { Order } from '../lib/day-order';

export const FIELD_WORDS: Record<Field, TextKey> = {
  day: 'log.day', procedure: 'log.procedure', part: 'log.my-part', step: 'import.step', with: 'log.with', place: 'import.place', number: 'import.number', result: 'log.outcome', note: 'import.note',
};
export const PROBLEM_WORDS: Record<Problem, TextKey> = {
  needed: 'import.needed', unknown: 'import.unknown', 'no-date': 'import.no-date', unclear: 'import.unclear', future: 'import.future', 'too-early': 'import.too-early',
  'too-long': 'import.too-long', twice: 'import.twice', left: 'import.left',
};
export const REMEDY_WORDS: Record<Problem, TextKey> = {
  needed: 'import.do-needed', unknown: 'import.do-unknown', 'no-date': 'import.do-no-date', unclear: 'import.do-unclear', future: 'import.do-date', 'too-early': 'import.do-date',
  'too-long': 'import.do-too-long', twice: 'import.do-twice', left: 'import.do-left',
};
export const ORDER_WORDS: Record<Order, TextKey> = { dmy: 'import.dmy', mdy: 'import.mdy', ymd: 'import.ymd' };
