// SPDX-License-Identifier: Apache-2.0
// How long until apprentices are independent: the share that was signed off by months since the apprenticeship began, with
// its interval and how many are still counted (Kaplan and Meier; docs/NUMBERS.md says what is hidden). All that is
// told as one curve; or the departments that teach one procedure.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadIndependence, type Group, type Independence, type Step } from '../fhir/independence';
import { procedureName } from '../fhir/logbook';
import { endedQuarters } from '../fhir/numbers';
import { language, t } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import type { Look, Option } from '../lib/programme-chart';
import { hrefTo, route, setQuery } from '../lib/router';
import { now } from '../lib/time';
import { ChartFrame, type Sheet } from './chart-frame';
import { SelectField } from './fields';
import { percent } from './figure-words';
import { Failure, Skeleton } from './notice';
import { amountSays } from './programme-words';
import type { Opened } from './trend-card';

const MONTH = 30; // days: the steps that are told
const TICK = 6; // months
const DASHES = ['solid', [8, 4], [2, 3], [8, 3, 2, 3], [14, 4]] as const;

interface Line { name: string; steps: Step[]; knownTo: number; risk: Map<number, number> }

const monthOf = (days: number) => days / MONTH;
const arrived = (share: number) => 1 - share;

/** The corners of a line that goes in steps: level up to each, then to its new height. */
function corners(line: Line, height: (step: Step) => number): [number, number][] {
  let before = 0;
  const points: [number, number][] = [[0, 0]];
  for (const step of line.steps) {
    points.push([monthOf(step.at), before]);
    before = height(step);
    points.push([monthOf(step.at), before]);
  }
  return [...points, [monthOf(Math.max(line.knownTo, line.steps.at(-1)?.at ?? 0)), before]];
}

function optionOf(lines: readonly Line[]) {
  return (look: Look): Option => {
    const alone = lines.length === 1 ? lines[0] : undefined;
    const most = Math.max(TICK, ...lines.map(({ knownTo }) => monthOf(knownTo)));
    const line = (one: Line, at: number) => ({
      type: 'line', data: corners(one, (step) => arrived(step.dependent)), showSymbol: false, silent: true, lineStyle: { color: look.accent, width: 2.5, type: DASHES[at % DASHES.length] },
      endLabel: { show: lines.length > 1, formatter: one.name, color: look.ink, fontSize: 11, width: 110, overflow: 'break' },
    });
    const limit = (height: (step: Step) => number) => alone ? [{ type: 'line', data: corners(alone, height), showSymbol: false, silent: true, lineStyle: { color: look.strong, width: 1, type: [4, 3] } }] : [];
    const tick = (month: number) => { const risk = alone?.risk.get(month * MONTH); return risk === undefined ? String(month) : `${month}\n${risk}`; };
    return {
      grid: { left: 4, right: lines.length > 1 ? 120 : 12, top: 10, bottom: 30, containLabel: true },
      xAxis: { type: 'value', min: 0, max: Math.ceil(most / TICK) * TICK, interval: TICK, name: t('programme.alone-axis'), nameLocation: 'middle', nameGap: 44, nameTextStyle: { color: look.soft }, axisLabel: { color: look.soft, fontSize: 12, formatter: tick, lineHeight: 15 }, splitLine: { show: false } },
      yAxis: { type: 'value', min: 0, max: 1, splitNumber: 4, axisLabel: { color: look.soft, fontSize: 12, formatter: percent }, splitLine: { lineStyle: { color: look.line } } },
      series: [...lines.map(line), ...limit((step) => arrived(step.high)), ...limit((step) => arrived(step.low))],
    };
  };
}

const toldOf = (found: Independence, code: string) => found.groups.filter((one) => one.code === code && one.persons !== null);
const whereOf = (one: Group) => one.department?.name ?? t('independence.together');

function linesOf(found: Independence, code: string): Line[] {
  const { pooled } = found;
  if (!code) return pooled ? [{ name: '', steps: pooled.steps, knownTo: pooled.knownTo, risk: new Map(pooled.risk.map(({ at, risk }) => [at, risk])) }] : [];
  return toldOf(found, code).map((one) => ({ name: whereOf(one), steps: one.steps, knownTo: one.knownTo, risk: new Map<number, number>() }));
}

function readingOf(found: Independence, code: string, lines: readonly Line[]): string {
  const { pooled } = found;
  if (code) return t('programme.alone-of', { n: lines.length, procedure: procedureName(code, language.value) });
  if (!pooled) return t('independence.few');
  const last = pooled.steps.at(-1);
  const values = { n: pooled.persons, until: amountSays(monthOf(pooled.knownTo)), share: percent(last ? arrived(last.dependent) : 0) };
  return pooled.median === null ? t('programme.alone-not-half', values) : t('programme.alone-half', { ...values, months: amountSays(monthOf(pooled.median)) });
}

function sheetOf(lines: readonly Line[], code: string, open: (opened: Opened) => void): Sheet {
  const year = String(new Date(now.value).getUTCFullYear() - 1);
  const signed = () => open({ indicator: 'independent-practitioners', year: '', stratum: code ? `procedure|${code}` : '' });
  const learning = () => open({ indicator: 'apprenticeships', year, stratum: '' });
  const shares = (step: Step) => `${percent(arrived(step.high))} – ${percent(arrived(step.low))}`;
  return {
    heads: [t('programme.alone-months'), t('independence.at-risk'), t('independence.arrived'), t('independence.interval')],
    rows: lines.flatMap((line) => line.steps.map((step) => ({
      name: [line.name, amountSays(monthOf(step.at))].filter(Boolean).join(', '),
      cells: [{ text: amountSays(step.risk), value: step.risk, open: learning }, { text: percent(arrived(step.dependent)), value: arrived(step.dependent), open: signed }, { text: shares(step), value: shares(step) }],
    }))),
  };
}

/** What the curve is made of: each procedure of each department with as many as may be told. */
function Behind({ groups }: { groups: readonly Group[] }) {
  return (
    <details>
      <summary>{t('programme.alone-behind', { n: groups.length })}</summary>
      <ul>
        {groups.map((one) => (
          <li key={`${one.code} ${one.department?.reference ?? ''}`}>
            {procedureName(one.code, language.value)}, {whereOf(one)}: {t('independence.persons', { n: one.persons ?? 0 })} {one.median === null ? t('independence.median-none-days', { n: one.knownTo }) : t('independence.median-days', { n: one.median })}
          </li>
        ))}
      </ul>
    </details>
  );
}

interface Props { table: boolean; open: (opened: Opened) => void; settled: () => void }

export function UntilAloneCard({ table, open, settled }: Props) {
  const [state, setState] = useState<{ found: Independence | null; problem: string }>({ found: null, problem: '' });
  const latest = useLatest();
  const period = endedQuarters(now.value, 1)[0] ?? '';
  const ask = () => latest(loadIndependence(period, 'days', true)).then((found) => setState({ found, problem: '' }), (error: unknown) => setState({ found: null, problem: sentence(error) })).then(settled);
  useEffect(() => { void ask(); }, [period]);
  const { found, problem } = state;
  const code = found && toldOf(found, route.value.query.get('skill') ?? '').length > 0 ? route.value.query.get('skill') ?? '' : '';
  const lines = found ? linesOf(found, code) : [];
  const option = useMemo(() => optionOf(lines), [found, code, language.value]);
  if (problem) return <Failure text={problem} retry={() => void ask()} />;
  if (!found) return <Skeleton />;
  const told = found.groups.filter((one) => one.persons !== null);
  const names = [...new Set(told.map((one) => one.code))].map((value) => ({ value, label: procedureName(value, language.value) })).sort((one, other) => one.label.localeCompare(other.label));
  const empty = lines.every(({ steps }) => steps.length === 0);
  return (
    <ChartFrame name="until-alone" title={t('programme.alone-in', { period })} reading={readingOf(found, code, lines)} sheet={sheetOf(lines, code, open)} table={table} {...(empty ? {} : { option })}
      definition={<><p>{t('independence.rule')}</p><p>{t('independence.rule-ends')}</p><p>{t('independence.rule-hidden', { least: found.least, steps: found.stepsOf })}</p><p>{t('programme.alone-pooled')}</p></>}>
      {names.length > 0 && <SelectField id="programme-skill" label={t('programme.alone-skill')} value={code} onChange={(value) => setQuery({ skill: value })} options={[{ value: '', label: t('programme.alone-all') }, ...names]} />}
      {told.length > 0 && <Behind groups={code ? toldOf(found, code) : told} />}
      <a class="button button-small" href={hrefTo('independence', '', { period, clock: 'days' })}>{t('programme.alone-page')}</a>
    </ChartFrame>
  );
}
