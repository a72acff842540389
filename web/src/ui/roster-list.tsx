// SPDX-License-Identifier: Apache-2.0
// The roster in words: as a list for a phone, and as a table for who listens to the page or
// wants the days.
import type { Posting, Roster, RosterUnit } from '../fhir/team';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { Icon } from './icon';
import { stretchWords } from './roster-words';

function unitsShown(roster: Roster): RosterUnit[] {
  return roster.units.filter((unit) => unit.gaps.length > 0 || postingsOf(roster, unit).length > 0);
}

function postingsOf(roster: Roster, unit: RosterUnit): Posting[] {
  return roster.postings.filter((one) => one.department.reference === unit.name.reference);
}

function AwayWords({ posting }: { posting: Posting }) {
  return <>{posting.away.map((one, at) => <span key={at} class="hint">{t('team.away', { when: stretchWords(one) })}</span>)}</>;
}

function replacesWords(roster: Roster, posting: Posting): string {
  const other = roster.postings.find((one) => one.id === posting.replaces);
  return other ? t('team.replaces', { name: other.person.name }) : '';
}

export function RosterList({ roster }: { roster: Roster }) {
  return (
    <div class="roster-list">
      {unitsShown(roster).map((unit) => (
        <section key={unit.name.reference} aria-label={unit.name.name}>
          <h3>{unit.name.name}</h3>
          <ul>
            {unit.gaps.map((gap, at) => <li key={at} class="roster-nobody"><Icon name="alert" size={16} /><span>{t('team.nobody-when', { when: stretchWords(gap) })}</span></li>)}
            {postingsOf(roster, unit).map((one) => (
              <li key={one.id}>
                <a href={hrefTo('posting', one.id)}>{one.person.name}</a>
                <span class="hint">{[stretchWords(one), one.team.name, replacesWords(roster, one)].filter(Boolean).join(' · ')}</span>
                <AwayWords posting={one} />
                {one.fresh && <span class="hint">{t('arrival.first-days', { when: stretchWords(one.fresh.days) })}</span>}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

export function RosterTable({ roster, shown }: { roster: Roster; shown: boolean }) {
  return (
    <div class={shown ? 'table-box' : 'unseen'}>
      <table class="work-table">
        <caption class="unseen">{t('team.table')}</caption>
        <thead>
          <tr><th scope="col">{t('team.department')}</th><th scope="col">{t('team.person')}</th><th scope="col">{t('team.team')}</th><th scope="col">{t('team.when')}</th><th scope="col">{t('team.leave')}</th></tr>
        </thead>
        <tbody>
          {unitsShown(roster).flatMap((unit) => [
            ...unit.gaps.map((gap, at) => (
              <tr key={`${unit.name.reference} ${at}`} class="roster-nobody"><th scope="row">{unit.name.name}</th><td>{t('team.nobody')}</td><td /><td>{stretchWords(gap)}</td><td /></tr>
            )),
            ...postingsOf(roster, unit).map((one) => (
              <tr key={one.id}>
                <th scope="row">{unit.name.name}</th>
                <td><a href={hrefTo('posting', one.id)}>{one.person.name}</a></td>
                <td>{one.team.name}</td>
                <td>{stretchWords(one)}</td>
                <td>{[...one.away.map(stretchWords), ...(one.fresh ? [t('arrival.first-days', { when: stretchWords(one.fresh.days) })] : [])].join('; ')}</td>
              </tr>
            )),
          ])}
        </tbody>
      </table>
    </div>
  );
}
