// SPDX-License-Identifier: Apache-2.0
// Vital signs over time: a chart for each question, a table of the same numbers on the key
// t, the numbers as a file. Loaded when it is first opened, with what draws charts.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { VitalSet } from '../fhir/vitals-answer';
import { TREND_COLUMNS, TREND_UNITS, csvOf, isDrawn, trendOf, type TrendColumn, type TrendRow } from '../fhir/vitals-series';
import { chartIn, type ChartLine, type ChartSpec, type Drawn } from '../lib/chart';
import { language, t, type TextKey } from '../lib/i18n';
import { useKeys } from '../lib/keys';
import { DayAndTime } from './time-ago';

const COLUMN_LABELS: Record<TrendColumn, TextKey> = {
  saturation: 'vitals.saturation',
  respiration: 'vitals.breaths',
  pulse: 'vitals.pulse',
  systolic: 'vitals.systolic',
  diastolic: 'vitals.diastolic',
  temperature: 'vitals.temperature',
  score: 'news2.title',
};

interface Question {
  id: string;
  title: TextKey;
  columns: TrendColumn[];
}

const QUESTIONS: Question[] = [
  { id: 'score', title: 'trend.score', columns: ['score'] },
  { id: 'saturation', title: 'trend.saturation', columns: ['saturation'] },
  { id: 'respiration', title: 'trend.respiration', columns: ['respiration'] },
  { id: 'pulse', title: 'trend.pulse', columns: ['pulse'] },
  { id: 'pressure', title: 'trend.pressure', columns: ['systolic', 'diastolic'] },
  { id: 'temperature', title: 'trend.temperature', columns: ['temperature'] },
];

const DAY = 86_400_000;

/** Hours within two days, days beyond. */
function axisTime(rows: TrendRow[]): (instant: number) => string {
  const span = Date.parse(rows.at(-1)?.at ?? '') - Date.parse(rows[0]?.at ?? '');
  const format = new Intl.DateTimeFormat(language.value, span < 2 * DAY ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } : { day: 'numeric', month: 'short' });
  return (instant) => format.format(instant);
}

function lineOf(rows: TrendRow[], column: TrendColumn, named: boolean): ChartLine {
  return {
    name: named ? t(column === 'systolic' ? 'trend.systolic' : 'trend.diastolic') : '',
    points: rows.map((row): [number, number | null] => [Date.parse(row.at), row.values[column] ?? null]),
    step: column === 'score',
  };
}

function bandOf(rows: TrendRow[]): ChartSpec['band'] {
  const known = rows.filter((row) => row.low !== null && row.middle !== null);
  if (known.length < 2) return undefined;
  return {
    name: t('trend.band'),
    low: known.map((row) => [Date.parse(row.at), row.low ?? 0]),
    high: known.map((row) => [Date.parse(row.at), row.middle ?? 0]),
  };
}

function specOf(question: Question, rows: TrendRow[]): ChartSpec {
  const band = question.id === 'saturation' ? bandOf(rows) : undefined;
  return {
    unit: TREND_UNITS[question.columns[0] ?? 'score'] || t('news2.points'),
    lines: question.columns.filter((column) => isDrawn(rows, column)).map((column) => lineOf(rows, column, question.columns.length > 1)),
    time: axisTime(rows),
    ...(band ? { band } : {}),
    ...(question.id === 'saturation' ? { most: 100 } : {}),
    ...(question.id === 'score' ? { least: 0, marks: [{ value: 5, name: t('trend.urgent') }, { value: 7, name: t('trend.emergency') }] } : {}),
  };
}

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function TrendChart({ question, rows, name }: { question: Question; rows: TrendRow[]; name: string }) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  useEffect(() => {
    if (!box.current) return undefined;
    drawn.current = chartIn(box.current);
    return () => drawn.current?.done();
  }, []);
  const spec = specOf(question, rows);
  useEffect(() => drawn.current?.draw(spec), [rows, language.value]);
  const title = t(question.title);
  return (
    <figure class="trend-chart">
      <figcaption>
        <h4>{title}</h4>
        <button type="button" class="link" aria-label={t('trend.svg-of', { title })} onClick={() => save(`${name}-${question.id}.svg`, 'image/svg+xml', drawn.current?.svg() ?? '')}>SVG</button>
      </figcaption>
      <div class="trend-box" ref={box} role="img" aria-label={t('trend.see-table', { title })} />
      {spec.band && <p class="hint trend-band">{t('trend.band-says')}</p>}
    </figure>
  );
}

function TrendTable({ rows }: { rows: TrendRow[] }) {
  const columns = TREND_COLUMNS.filter((column) => rows.some((row) => row.values[column] !== undefined));
  const band = rows.some((row) => row.low !== null);
  return (
    <div class="trend-table" tabIndex={0} role="region" aria-label={t('trend.table-title')}>
      <table>
        <caption class="unseen">{t('trend.table-title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('trend.time')}</th>
            {columns.map((column) => <th scope="col" key={column}>{t(COLUMN_LABELS[column])}{TREND_UNITS[column] && <span class="unit"> {TREND_UNITS[column]}</span>}</th>)}
            {band && <th scope="col">{t('trend.band')} <span class="unit">%</span></th>}
          </tr>
        </thead>
        <tbody>
          {[...rows].reverse().map((row) => (
            <tr key={row.at}>
              <th scope="row"><DayAndTime at={row.at} /></th>
              {columns.map((column) => (
                <td key={column}>{column === 'score' && row.atLeast && row.values.score !== undefined ? `≥ ${row.values.score}` : (row.values[column] ?? '–')}</td>
              ))}
              {band && <td>{row.low === null ? '–' : `${row.low}–${row.middle ?? ''}`}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function VitalsTrend({ sets, older, name }: { sets: VitalSet[]; older: boolean; name: string }) {
  const [table, setTable] = useState(false);
  const rows = trendOf(sets);
  useKeys({ t: () => setTable((shown) => !shown) });
  const drawn = QUESTIONS.filter((question) => question.columns.some((column) => isDrawn(rows, column)));
  return (
    <div class="trend" role="group" aria-labelledby="trend-title">
      <h3 id="trend-title">{t('trend.title')}</h3>
      <p class="trend-acts">
        <button type="button" class="button button-small" aria-pressed={table} aria-keyshortcuts="t" onClick={() => setTable(!table)}>{t('trend.table')} <kbd>t</kbd></button>
        <button type="button" class="button button-small" onClick={() => save(`${name}.csv`, 'text/csv', csvOf(rows))}>CSV</button>
      </p>
      {older && <p class="hint">{t('trend.older')}</p>}
      {table ? <TrendTable rows={rows} /> : <div class="trend-charts">{drawn.map((question) => <TrendChart key={question.id} question={question} rows={rows} name={name} />)}</div>}
    </div>
  );
}
