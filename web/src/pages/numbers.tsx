// SPDX-License-Identifier: Apache-2.0
// How many cases there were, for coordinators and directors: plain tables with bars, in
// which what could single out a patient is hidden.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { AXES, cellKey, endedQuarters, loadNumbers, type Axis, type Count, type Line, type Numbers } from '../fhir/numbers';
import { dateIn, datesIn, numberIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';
import { hrefTo, route, setQuery } from '../lib/router';
import { now } from '../lib/time';
import { Heading } from '../ui/heading';
import { Failure, Skeleton } from '../ui/notice';

const QUARTERS = 12;
const AXIS_WORDS: Record<Axis, TextKey> = {
  hospital: 'numbers.by-hospital',
  urgency: 'numbers.by-urgency',
  status: 'numbers.by-status',
  month: 'numbers.by-month',
  department: 'numbers.by-department',
  kind: 'numbers.by-kind',
};
const CODE_WORDS: Record<string, TextKey> = {
  stat: 'urgency.stat',
  urgent: 'urgency.urgent',
  routine: 'urgency.routine',
  waiting: 'state.waiting',
  taken: 'state.taken',
  'question-back': 'state.question-back',
  answered: 'state.answered',
  withdrawn: 'numbers.withdrawn',
  advice: 'numbers.advice',
  none: 'numbers.no-department',
  other: 'numbers.by-name',
};
/** More columns than these are no table for a page: the axis stands alone. */
const WIDE: readonly Axis[] = ['department'];

function labelOf(axis: Axis, line: Line): string {
  if (axis === 'month') {
    const date = new Date(`${line.code}-15T12:00:00Z`);
    return Number.isNaN(date.getTime()) ? line.code : dateIn(language.value, date, { month: 'short', year: 'numeric', timeZone: 'UTC' });
  }
  const word = axis === 'hospital' ? undefined : CODE_WORDS[line.code];
  return word ? t(word) : line.text || line.code;
}

/** "2026-Q3" as people say it: Jul – Sept 2026. */
function quarterName(period: string): string {
  const [year = '', quarter = ''] = period.split('-Q');
  const first = new Date(Date.UTC(Number(year), Number(quarter) * 3 - 3, 15));
  const last = new Date(Date.UTC(Number(year), Number(quarter) * 3 - 1, 15));
  return datesIn(language.value, first, last, { month: 'short', year: 'numeric', timeZone: 'UTC' });
}

function CountCell({ count, strong }: { count: Count; strong?: boolean }) {
  if (count === null) return <td class="count-hidden"><span aria-hidden="true">•</span><span class="unseen">{t('numbers.hidden')}</span></td>;
  return <td class={strong ? 'count-strong' : undefined}>{numberIn(language.value, count)}</td>;
}

function Bar({ count, most }: { count: Count; most: number }) {
  return (
    <td class="bar-cell" aria-hidden="true">
      {count !== null && count > 0 && (
        <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none"><rect width={(100 * count) / most} height="10" /></svg>
      )}
    </td>
  );
}

interface TableProps {
  title: string;
  axis: Axis;
  lines: Line[];
  total: Count;
}

function BarTable({ title, axis, lines, total }: TableProps) {
  const most = Math.max(1, ...lines.map((line) => line.count ?? 0));
  return (
    <table class="numbers numbers-bars">
      <caption>{title}</caption>
      <thead class="unseen"><tr><th scope="col">{title}</th><th scope="col">{t('numbers.cases')}</th></tr></thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.code}>
            <th scope="row">{labelOf(axis, line)}</th>
            <CountCell count={line.count} />
            <Bar count={line.count} most={most} />
          </tr>
        ))}
      </tbody>
      <tfoot><tr><th scope="row">{t('numbers.all')}</th><CountCell count={total} strong /><td class="bar-cell" aria-hidden="true" /></tr></tfoot>
    </table>
  );
}

/** Hospitals down, the other axis across. It may be wider than a phone: it scrolls by itself. */
function CrossTable({ axis, found }: { axis: Axis; found: Numbers }) {
  const title = t('numbers.cross', { axis: t(AXIS_WORDS[axis]) });
  return (
    <div class="numbers-scroll" role="region" aria-label={title} tabIndex={0}>
      <table class="numbers">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t('numbers.by-hospital')}</th>
            {found.values.map((line) => <th key={line.code} scope="col">{labelOf(axis, line)}</th>)}
            <th scope="col">{t('numbers.all')}</th>
          </tr>
        </thead>
        <tbody>
          {found.hospitals.map((hospital) => (
            <tr key={hospital.code}>
              <th scope="row">{hospital.text}</th>
              {found.values.map((line) => <CountCell key={line.code} count={found.cells.get(cellKey(hospital.code, line.code)) ?? null} />)}
              <CountCell count={hospital.count} strong />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('numbers.all')}</th>
            {found.values.map((line) => <CountCell key={line.code} count={line.count} strong />)}
            <CountCell count={found.total} strong />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Tables({ axis, found }: { axis: Axis; found: Numbers }) {
  const lines = axis === 'hospital' ? found.hospitals : found.values;
  if (found.total === 0) return <p class="empty">{t('numbers.none')}</p>;
  return (
    <>
      {lines.length > 0 ? <BarTable title={t(AXIS_WORDS[axis])} axis={axis} lines={lines} total={found.total} /> : <p class="empty">{t('numbers.too-few')}</p>}
      {axis !== 'hospital' && !WIDE.includes(axis) && found.hospitals.length > 1 && found.values.length > 1 && <CrossTable axis={axis} found={found} />}
      <Explained />
    </>
  );
}

function Explained() {
  return (
    <div class="numbers-note">
      <p><span class="count-hidden" aria-hidden="true">•</span> {t('numbers.note')}</p>
      <details>
        <summary>{t('numbers.why')}</summary>
        <p>{t('numbers.why-small')}</p>
        <p>{t('numbers.why-others')}</p>
        <p>{t('numbers.why-ended')}</p>
      </details>
    </div>
  );
}

interface Loaded {
  what: string;
  found: Numbers | null;
  problem: string;
}

function useNumbers(period: string, axis: Axis): Loaded & { retry: () => void } {
  const what = `${period} ${axis}`;
  const [loaded, setLoaded] = useState<Loaded>({ what: '', found: null, problem: '' });
  const [again, setAgain] = useState(0);
  useEffect(() => {
    let stale = false;
    loadNumbers(period, axis).then(
      (found) => { if (!stale) setLoaded({ what, found, problem: '' }); },
      (error: unknown) => { if (!stale) setLoaded({ what, found: null, problem: sentence(error) }); },
    );
    return () => { stale = true; };
  }, [what, again]);
  const shown = loaded.what === what ? loaded : { what, found: null, problem: '' };
  return { ...shown, retry: () => { setLoaded({ what: '', found: null, problem: '' }); setAgain(again + 1); } };
}

export function NumbersPage() {
  const quarters = endedQuarters(now.value, QUARTERS);
  const period = quarters.find((one) => one === route.value.query.get('period')) ?? quarters[0] ?? '';
  const axis = AXES.find((one) => one === route.value.query.get('by')) ?? 'hospital';
  const { found, problem, retry } = useNumbers(period, axis);
  return (
    <div class="page page-numbers">
      <Heading text={t('numbers.title')} />
      <p class="numbers-period print-only">{quarterName(period)}</p>
      <div class="filters">
        <nav class="tabs" aria-label={t('numbers.choose')}>
          {AXES.map((one) => (
            <a key={one} href={hrefTo('numbers', '', { period, by: one })} aria-current={one === axis ? 'true' : undefined}>{t(AXIS_WORDS[one])}</a>
          ))}
        </nav>
        <label class="numbers-quarter">
          <span>{t('numbers.quarter')}</span>
          <select value={period} onChange={(event) => setQuery({ period: event.currentTarget.value })}>
            {quarters.map((one) => <option key={one} value={one}>{quarterName(one)}</option>)}
          </select>
        </label>
      </div>
      {problem && <Failure text={problem} retry={retry} />}
      {!found && !problem && <Skeleton rows={5} />}
      {found && <Tables axis={axis} found={found} />}
    </div>
  );
}
