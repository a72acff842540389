// SPDX-License-Identifier: Apache-2.0
// The programme at a glance (docs/DASHBOARD.md): what its records come to, year by year, as pictures that lead to the
// records behind each number. All figures are asked for at once.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { beginOf, isAny, loadDashboard, type Trend } from '../fhir/dashboard';
import { loadDefinitions, type Definition } from '../fhir/indicators';
import { t } from '../lib/i18n';
import { useKeys } from '../lib/keys';
import { useLatest } from '../lib/latest';
import { addStyle } from '../lib/page-style';
import { route, setQuery } from '../lib/router';
import { now } from '../lib/time';
import { yearOptions } from '../lib/year-options';
import style from '../style/programme.page.css';
import { RowsBehind } from '../ui/computed-rows';
import { SelectField } from '../ui/fields';
import { nameOf } from '../ui/figure-words';
import { Heading } from '../ui/heading';
import { HospitalsCompared } from '../ui/hospitals-compared';
import { Failure, Skeleton } from '../ui/notice';
import { LOOP_MEASURES, LoopPicture } from '../ui/loop-picture';
import { ProgrammeMore } from '../ui/programme-more';
import { TravelSection } from '../ui/travel-section';
import { TrendCard, titleOf, type Opened } from '../ui/trend-card';

addStyle(style);

const YEARS = 20; // at most; what lies before the first record is not shown
const BRIEF: readonly string[] = [
  'experts-deployed', 'independent-practitioners', 'techniques-introduced', 'departments-twinned', 'local-staff-trained', 'technique-gaps-filled', 'equipment', 'funding',
];
const AXES: readonly string[] = ['batch', 'hospital'];

/** ${by}: what they are told apart by; while another is asked for they are still told as of their own. */
interface Found { trends: Trend[]; definitions: Definition[]; by: string }

/** In the order of the page; of all figures those of which nothing is told come last. */
function chosenOf(trends: Trend[], all: boolean, by: string): Trend[] {
  const place = ({ indicator }: Trend) => BRIEF.indexOf(indicator);
  const wanted = by === 'year' ? trends : trends.filter(({ apart }) => apart);
  const brief = wanted.filter((one) => place(one) >= 0).sort((one, other) => place(one) - place(other));
  const others = wanted.filter((one) => place(one) < 0);
  const empty = ({ years }: Trend) => !years.some(({ told }) => isAny(told));
  return all || by !== 'year' ? [...brief, ...others.filter((one) => !empty(one)), ...others.filter(empty)] : brief;
}

function Rows({ opened, found, first, last }: { opened: Opened; found: Found; first: number; last: number }) {
  const one = found.definitions.find(({ id }) => id === opened.indicator);
  if (!one) return null;
  const trend = found.trends.find(({ indicator, currency }) => indicator === one.id && (!currency || opened.stratum === `currency|${currency}`));
  const when = opened.year || t('programme.years', { first: String(first), last: String(last) });
  return (
    <section class="chart-rows" aria-labelledby="programme-rows">
      <h2 id="programme-rows" tabIndex={-1}>{t('programme.rows-of', { title: trend ? titleOf(trend, one) : nameOf(one), when })}</h2>
      <RowsBehind id={one.id} period={{ from: opened.year || String(first), until: opened.year || String(last) }} stratum={opened.stratum} />
      <button type="button" class="button button-small" onClick={() => setQuery({ of: '', in: '', only: '' })}>{t('computed.hide')}</button>
    </section>
  );
}

function Choices({ by, all, year, first, last }: { by: string; all: boolean; year: number; first: number; last: number }) {
  return (
    <div class="chart-choices">
      <SelectField id="programme-by" label={t('programme.by')} value={by} onChange={(value) => setQuery({ by: value })} options={[
        { value: 'year', label: t('computed.period') }, { value: 'batch', label: t('programme.batch') }, { value: 'hospital', label: t('programme.hospital') },
      ]} />
      {by === 'year' && <SelectField id="programme-show" label={t('programme.show')} value={all ? 'all' : ''} onChange={(value) => setQuery({ show: value })} options={[{ value: '', label: t('programme.brief') }, { value: 'all', label: t('programme.all') }]} />}
      {by === 'year' && <SelectField id="programme-year" label={t('programme.loop-year')} value={String(year)} onChange={(value) => setQuery({ year: value })} options={yearOptions(first, last, year)} />}
    </div>
  );
}

/** The year of ${definition} that is not over: an academic one ends in August. */
function runningOf(definition: Definition): number {
  const today = new Date(now.value);
  return today.getUTCFullYear() + (definition.academic && today.getUTCMonth() >= 8 ? 1 : 0);
}

/** Where a number was pressed, its rows are brought there. */
function open({ indicator, year, stratum }: Opened): void {
  setQuery({ of: indicator, in: year, only: stratum });
  requestAnimationFrame(() => document.getElementById('programme-rows')?.focus());
}

export function ProgrammePage() {
  const running = new Date(now.value).getUTCFullYear();
  const first = running - YEARS + 1;
  const { query } = route.value;
  const wanted = query.get('by') ?? '';
  const by = AXES.includes(wanted) ? wanted : 'year';
  const all = query.get('show') === 'all';
  const year = Number(query.get('year')) || running - 1;
  const [state, setState] = useState<{ found: Found | null; problem: string }>({ found: null, problem: '' });
  const [table, setTable] = useState(false);
  useKeys({ t: () => setTable((shown) => !shown) });
  const latest = useLatest();
  // all of them take the node ten times as long as those that are shown first
  const measures = by === 'year' && !all ? [...BRIEF, ...LOOP_MEASURES] : [];
  const ask = () => Promise.all([loadDashboard({ first, last: running, measures, axis: by === 'year' ? '' : by }), loadDefinitions()]);
  const load = () => latest(ask()).then(([trends, definitions]) => setState({ found: { trends, definitions, by }, problem: '' }), (error: unknown) => setState({ found: null, problem: sentence(error) }));
  useEffect(() => { void load(); }, [by, all, running]);
  const { found, problem } = state;
  const begin = useMemo(() => (found ? beginOf(found.trends, running) : first), [found]);
  const opened = query.get('of') ? { indicator: query.get('of') ?? '', year: query.get('in') ?? '', stratum: query.get('only') ?? '' } : null;
  const journeys = found?.definitions.find(({ id }) => id === 'transfers');
  const chosen = found ? chosenOf(found.trends, all, found.by) : [];
  return (
    <div class="page page-wide page-programme">
      <Heading text={t('programme.title')} />
      <p class="hint">{t('programme.why')}</p>
      <Choices by={by} all={all} year={year} first={begin} last={running - 1} />
      {problem && <Failure text={problem} retry={() => void load()} />}
      {!found && !problem && <Skeleton />}
      {found && opened && <Rows opened={opened} found={found} first={begin} last={running} />}
      {found?.by === 'year' && by === 'year' && <LoopPicture trends={found.trends} definitions={found.definitions} year={year} table={table} open={open} />}
      {found && by === 'hospital' && <HospitalsCompared definitions={found.definitions} running={running} table={table} />}
      {found && (
        <section aria-labelledby="programme-trends" aria-busy={found.by !== by}>
          <h2 id="programme-trends">{t(found.by === 'year' ? 'programme.trends' : 'programme.apart')}</h2>
          <button type="button" class="button button-small" aria-pressed={table} aria-keyshortcuts="t" onClick={() => setTable(!table)}>{t('programme.tables')} <kbd>t</kbd></button>
          <div class="charts">
            {chosen.map((trend) => {
              const definition = found.definitions.find(({ id }) => id === trend.indicator);
              return definition && <TrendCard key={`${trend.indicator} ${trend.currency} ${found.by}`} trend={trend} definition={definition} by={found.by} running={runningOf(definition)} begin={begin} table={table} open={open} />;
            })}
          </div>
        </section>
      )}
      {found && by === 'year' && <ProgrammeMore first={begin} running={running} definitions={found.definitions} table={table} open={open} />}
      {journeys && by === 'year' && <TravelSection first={Math.min(begin, running - 1)} last={running - 1} definition={journeys} table={table} />}
    </div>
  );
}
