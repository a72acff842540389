// SPDX-License-Identifier: Apache-2.0
// What is wrong with the plan, each with the page where it can be put right.
import type { Problem, Roster } from '../fhir/team';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { Icon } from './icon';
import { problemWords } from './roster-words';

function placeOf(problem: Problem): string {
  if (problem.posting) return hrefTo('posting', problem.posting);
  if (problem.team.reference) return hrefTo('teams', problem.team.reference.replace('Organization/', ''));
  return '';
}

export function RosterProblems({ problems, mayChange }: { problems: Roster['problems']; mayChange: boolean }) {
  if (problems.length === 0) return <p class="roster-fine"><Icon name="answered" size={16} />{t('team.no-problems')}</p>;
  return (
    <ul class="roster-problems" aria-label={t('team.problems')}>
      {problems.map((one, at) => (
        <li key={at}>
          <Icon name="alert" size={16} />
          <span>{problemWords(one)}</span>
          {mayChange && placeOf(one) && <a href={placeOf(one)}>{t('team.put-right')}</a>}
        </li>
      ))}
    </ul>
  );
}
