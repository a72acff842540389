// SPDX-License-Identifier: Apache-2.0
// What the roster says in words: problems, stretches of days, teams.
import { daysBetween, dayOf, lastDay, type Problem, type ProblemKind, type Stretch, type Team } from '../fhir/team';
import { t, type TextKey } from '../lib/i18n';
import { shortDate } from '../lib/time';

const KINDS: Record<ProblemKind, TextKey> = {
  clash: 'team.clash', 'outside-term': 'team.outside-term', 'beyond-term': 'team.beyond-term', 'no-term': 'team.no-term', 'no-head': 'team.no-head', gap: 'team.gap', unchecked: 'team.unchecked',
};

/** "1 Mar 2026 to 31 May 2026"; an open end is said so. */
export function stretchWords(one: Stretch): string {
  const from = one.from ? shortDate(dayOf(one.from)) : t('team.ever');
  return t('team.from-to', { from, to: one.until ? shortDate(lastDay(one.until)) : t('team.no-end') });
}

/** ${window}: what is shown; a problem that goes on behind it has no end that is known. */
export function problemWords(one: Problem): string {
  return t(KINDS[one.kind], { person: one.person.name, department: one.department.name, team: one.team.name, when: stretchWords(one) });
}

export function daysWords(one: Stretch): string {
  return t('team.days', { n: daysBetween(one.from, one.until) });
}

export function teamWords(team: Team): string {
  return team.batch > 0 ? t('team.batch-of', { n: team.batch, name: team.name.name }) : team.name.name;
}
