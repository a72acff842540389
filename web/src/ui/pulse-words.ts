// SPDX-License-Identifier: Apache-2.0
// Words of pairings.
import type { Assisted, Count, Goal, GoalKind, Pairing, Side, Verdict } from '../fhir/pulse';
import { procedureName } from '../fhir/logbook';
import { dateIn, numberIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';
import { shortDate } from '../lib/time';

export const GOAL_WORDS: Record<GoalKind, TextKey> = {
  contacts: 'pulse.contacts', cases: 'pulse.cases', operations: 'pulse.operations', visits: 'pulse.visits', procedure: 'pulse.procedure',
};
export const SIDE_WORDS: Record<Side, TextKey> = { helped: 'pulse.helped', helping: 'pulse.helping' };
export const VERDICT_WORDS: Record<Verdict, TextKey> = {
  met: 'pulse.met', 'not-met': 'pulse.not-met', 'not-told': 'pulse.not-told', 'not-yet': 'pulse.not-yet',
};
export const SCORE_WORDS: TextKey[] = ['pulse.score-1', 'pulse.score-2', 'pulse.score-3', 'pulse.score-4', 'pulse.score-5'];

/** "2026-10" */
export function monthWord(month: string): string {
  return dateIn(language.value, new Date(`${month}-15T12:00:00Z`), { month: 'long', year: 'numeric', timeZone: 'UTC' });
}

export function countWord(count: Count, exact: boolean): string {
  if (count === null) return '–';
  if (count === 'masked') return t('pulse.masked');
  const n = numberIn(language.value, count);
  return exact || count === 0 ? n : t('pulse.from', { n, most: numberIn(language.value, count + 4) });
}

/** A procedure where one is told by its code. */
export const assistedWord = (one: Assisted) => (one.what ? procedureName(one.what, language.value) : one.title);

export function goalWord(goal: Goal): string {
  const what = goal.kind === 'procedure' ? procedureName(goal.procedure, language.value) : t(GOAL_WORDS[goal.kind]);
  return t(goal.per === 'year' ? 'pulse.goal-year' : 'pulse.goal-month', { what, n: numberIn(language.value, goal.target) });
}

const unitOf = (unit: { reference: string; name: string }, hospital: { reference: string; name: string }) =>
  (unit.reference === hospital.reference ? unit.name : `${hospital.name}, ${unit.name}`);

export const helpedWord = (one: Pairing) => unitOf(one.helped, one.helpedHospital);
export const helpingWord = (one: Pairing) => unitOf(one.helping, one.helpingHospital);

/** The last month, or day, on which anything was done together. */
export function sinceWord({ quiet }: Pairing): string {
  const since = quiet?.since ?? '';
  return since.length === 7 ? monthWord(since) : since ? shortDate(`${since}T12:00:00Z`) : '';
}

/** Since when it is quiet; "" it is not. */
export function quietWords(one: Pairing): string {
  if (!one.quiet?.is) return '';
  const { since, days } = one.quiet;
  return since ? t('pulse.quiet-since', { date: sinceWord(one), days: numberIn(language.value, days) }) : t('pulse.quiet-ever');
}
