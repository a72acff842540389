// SPDX-License-Identifier: Apache-2.0
// Who is posted where, over time: of a hospital, with what is wrong with the plan.
import { addDays, dayOf } from '../fhir/team';
import { t, type TextKey } from '../lib/i18n';
import { useKeys } from '../lib/keys';
import { hrefTo, route, setQuery } from '../lib/router';
import { presentInstant } from '../lib/time';
import { hospitalInView } from '../place';
import { SelectField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Notice, Skeleton } from '../ui/notice';
import { RosterChart } from '../ui/roster-chart';
import { RosterList, RosterTable } from '../ui/roster-list';
import { RosterProblems } from '../ui/roster-problems';
import { useHospitals } from '../ui/use-hospitals';
import { mayPlan, useRoster } from '../ui/use-roster';

const SPANS = { quarter: 91, half: 182, year: 365 } as const;
type Span = keyof typeof SPANS;
const SPAN_WORDS: Record<Span, TextKey> = { quarter: 'roster.quarter', half: 'roster.half', year: 'roster.year' };

function spanNow(): Span {
  const wanted = route.value.query.get('span') as Span;
  return wanted in SPANS ? wanted : 'half';
}

function Ways({ from, span }: { from: string; span: Span }) {
  const move = (days: number) => setQuery({ from: addDays(from, days) });
  return (
    <div class="roster-ways">
      <button type="button" class="button" onClick={() => move(-Math.round(SPANS[span] / 2))}><Icon name="back" />{t('roster.earlier')}</button>
      <button type="button" class="button" onClick={() => setQuery({ from: '' })}>{t('roster.now')}</button>
      <button type="button" class="button" onClick={() => move(Math.round(SPANS[span] / 2))}>{t('roster.later')}<Icon name="next" /></button>
      <SelectField id="roster-span" label={t('roster.span')} value={span} onChange={(value) => setQuery({ span: value })} options={(Object.keys(SPANS) as Span[]).map((one) => ({ value: one, label: t(SPAN_WORDS[one]) }))} />
    </div>
  );
}

export function RosterPage({ id }: { id: string }) {
  const hospitals = useHospitals();
  const { query } = route.value;
  const wanted = id ? `Organization/${id}` : hospitalInView();
  const span = spanNow();
  const from = query.get('from') ?? addDays(dayOf(presentInstant()), -30);
  const table = query.get('view') === 'table';
  const { roster, problem, load } = useRoster(wanted, from, addDays(from, SPANS[span]));
  useKeys({ t: () => setQuery({ view: table ? '' : 'table' }) });
  const isEmpty = roster?.postings.length === 0;
  return (
    <div class="page page-roster">
      <div class="page-head">
        <Heading text={t('roster.title')} />
        <a href={hrefTo('teams', '', { hospital: wanted })}>{t('teams.title')}</a>
      </div>
      {hospitals.length > 0 && (
        <SelectField
          id="roster-hospital" label={t('roster.of')} value={wanted} onChange={(hospital) => setQuery({ hospital })}
          options={[...(hospitals.some((one) => one.reference === wanted) ? [] : [{ value: wanted, label: t('hospital.choose') }]), ...hospitals.map((one) => ({ value: one.reference, label: one.name }))]}
        />
      )}
      {!wanted && <Notice kind="info"><p>{t('hospital.none-mine')}</p></Notice>}
      {problem && <Failure text={problem} retry={load} />}
      {wanted && !roster && !problem && <Skeleton rows={6} />}
      {roster && (
        <>
          <section aria-labelledby="roster-problems">
            <h2 id="roster-problems">{t('team.problems')}</h2>
            <RosterProblems problems={roster.problems} mayChange={mayPlan()} />
          </section>
          <section aria-labelledby="roster-who">
            <h2 id="roster-who">{t('roster.who')}</h2>
            <Ways from={from} span={span} />
            {isEmpty && <p class="empty">{t('roster.empty')}</p>}
            {!isEmpty && !table && <RosterChart roster={roster} />}
            {!isEmpty && <RosterTable roster={roster} shown={table} />}
            {!isEmpty && <RosterList roster={roster} />}
            {!isEmpty && <p class="roster-switch"><button type="button" class="button-quiet" onClick={() => setQuery({ view: table ? '' : 'table' })}>{t(table ? 'roster.as-chart' : 'roster.as-table')}</button></p>}
          </section>
        </>
      )}
    </div>
  );
}
