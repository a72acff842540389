// SPDX-License-Identifier: Apache-2.0
// The words for the codes of logbooks.
import type { Answer, Condition, Difficulty, Look, PartIn, Performance, Result, Scale, Verdict } from '../fhir/logbook';
import { t, type TextKey } from '../lib/i18n';

export const PART_WORDS: Record<PartIn, TextKey> = {
  operator: 'log.operator', supervisor: 'log.supervisor', assistant: 'log.assistant', observer: 'log.observer',
};
/** Nobody operates who treats or examines. */
export function partName(part: PartIn, byHand: boolean): string {
  return t(part === 'operator' && !byHand ? 'log.did' : PART_WORDS[part]);
}
export const PERFORMANCE_WORDS: Record<Performance, TextKey> = {
  unprepared: 'log.unprepared', inexperienced: 'log.inexperienced', intermediate: 'log.intermediate', 'practice-ready': 'log.practice-ready', exceptional: 'log.exceptional',
};
export const DIFFICULTY_WORDS: Record<Difficulty, TextKey> = { easier: 'log.easier', average: 'log.average', harder: 'log.harder' };
export const RESULT_WORDS: Record<Result, TextKey> = {
  well: 'log.well', complication: 'log.complication', serious: 'log.serious', died: 'log.died', unknown: 'log.not-found-out',
};
export const LOOK_WORDS: Record<Look, TextKey> = { discharge: 'log.discharge', 'day-30': 'log.day-30' };
export const VERDICT_WORDS: Record<Verdict, TextKey> = { arrived: 'log.arrived', 'on-the-way': 'log.on-the-way', undecidable: 'log.undecidable' };
export const CONDITION_WORDS: Record<Condition, TextKey> = {
  volume: 'log.c-volume', ratings: 'log.c-ratings', assessors: 'log.c-assessors', rotations: 'log.c-rotations', curve: 'log.c-curve',
  outcomes: 'log.c-outcomes', 'no-event': 'log.c-no-event', recency: 'log.c-recency', place: 'log.c-place',
};
export const ANSWER_WORDS: Record<Answer, TextKey> = { met: 'log.met', 'not-met': 'log.not-met', 'not-known': 'log.not-known' };
export const OUTCOME_WORDS: Record<'good' | 'failure' | 'not-known', TextKey> = { good: 'log.good', failure: 'log.failure', 'not-known': 'log.outcome-not-known' };
export const LEVEL_WORDS: readonly TextKey[] = ['log.level-0', 'log.level-1', 'log.level-2', 'log.level-3', 'log.level-4', 'log.level-5', 'log.level-6'];
/** How much help it took, as the Zwisch scale has it. */
const ZWISCH_WORDS: readonly TextKey[] = ['log.zwisch-1', 'log.zwisch-2', 'log.zwisch-3', 'log.zwisch-4'];
const O_SCORE_WORDS: readonly TextKey[] = ['log.o-score-1', 'log.o-score-2', 'log.o-score-3', 'log.o-score-4', 'log.o-score-5'];
export const SCALE_WORDS: Record<Scale, readonly TextKey[]> = { zwisch: ZWISCH_WORDS, 'o-score': O_SCORE_WORDS };
/** As they are called in every language. */
export const SCALE_NAMES: Record<Scale, string> = { zwisch: 'Zwisch', 'o-score': 'O-SCORE' };
