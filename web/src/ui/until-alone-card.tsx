// SPDX-License-Identifier: Apache-2.0
// How long until apprentices are independent: the share that was signed off by months since the apprenticeship began, with
// its interval and how many are still counted (Kaplan and Meier; docs/NUMBERS.md says what is hidden). All that is
// told as one curve; or the departments that teach one procedure.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadIndependence, type Independence, type Step } from '../fhir/independence';
import { procedureName } from '../fhir/logbook';
import { endedQuarters } from '../fhir/numbers';
import { language, t } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import type { Look, Option } from '../lib/programme-chart';
import { hrefTo, route, setQuery } from '../lib/router';
import { now } from '../lib/time';
import { ApprenticesBehind, GroupsBehind, keyOf, openGroup, whereOf } from './alone-behind';
import { ChartFrame, type Sheet } from './chart-frame';
import { SelectField } from './fields';
import { percent } from './figure-words';
import { Failure, Skeleton } from './notice';
import { amountSays } from './programme-words';
import type { Opened } from './trend-card';

const MONTH = 30; // days: the steps that are told
const TICK = 6; // months
const LABEL = 36; // pixels that a number below the axis takes
const DASHES = ['solid', [8, 4], [2, 3], [8, 3, 2, 3], [14, 4]] as const;

/** ${group}: what it is told of; "": of several together. */
interface Line { name: string; group: string; steps: Step[]; knownTo: number; risk: Map<number, number> }

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
    const small = look.wide < 480;
    const ends = lines.length > 1 ? 120 : 12;
    const every = TICK * Math.max(1, Math.ceil((most / TICK) * (LABEL / Math.max(LABEL, look.wide - ends - 60))));
    const line = (one: Line, at: number) => ({
      type: 'line', data: corners(one, (step) => arrived(step.dependent)), showSymbol: false, triggerLineEvent: true, cursor: 'pointer', lineStyle: { color: look.accent, width: 2.5, type: DASHES[at % DASHES.length] },
      endLabel: { show: lines.length > 1, formatter: one.name, color: look.ink, fontSize: 11, width: 110, overflow: 'break' },
    });
    const limit = (height: (step: Step) => number) => alone ? [{ type: 'line', data: corners(alone, height), showSymbol: false, silent: true, lineStyle: { color: look.strong, width: 1, type: [4, 3] } }] : [];
    const tick = (month: number) => { const risk = alone?.risk.get(month * MONTH); return risk === undefined ? String(month) : `${month}\n${amountSays(risk)}`; };
    return {
      grid: { left: 4, right: ends, top: 10, bottom: small ? 46 : 30, containLabel: true },
      xAxis: { type: 'value', min: 0, max: Math.ceil(most / every) * every, interval: every, name: small ? t('programme.alone-axis').replace(/[;；།]\s*/, '\n') : t('programme.alone-axis'), nameLocation: 'middle', nameGap: 44, nameTextStyle: { color: look.soft, ...(small ? { lineHeight: 15, verticalAlign: 'top', padding: [-8, 0, 0, 0] } : {}) }, axisLabel: { color: look.soft, fontSize: 12, formatter: tick, lineHeight: 15 }, splitLine: { show: false } },
      yAxis: { type: 'value', min: 0, max: 1, interval: 0.25, axisLabel: { color: look.soft, fontSize: 12, formatter: percent }, splitLine: { lineStyle: { color: look.line } } },
      series: [...lines.map(line), ...limit((step) => arrived(step.high)), ...limit((step) => arrived(step.low))],
    };
  };
}

const toldOf = (found: Independence, code: string) => found.groups.filter((one) => one.code === code && one.persons !== null);

function linesOf(found: Independence, code: string): Line[] {
  const { pooled } = found;
  if (!code) return pooled ? [{ name: '', group: '', steps: pooled.steps, knownTo: pooled.knownTo, risk: new Map(pooled.risk.map(({ at, risk }) => [at, risk])) }] : [];
  return toldOf(found, code).map((one) => ({ name: whereOf(one), group: keyOf(one), steps: one.steps, knownTo: one.knownTo, risk: new Map<number, number>() }));
}

function readingOf(found: Independence, code: string, lines: readonly Line[]): string {
  const { pooled } = found;
  if (code) return t('programme.alone-of', { n: lines.length, procedure: procedureName(code, language.value) });
  if (!pooled) return t('independence.few');
  const last = pooled.steps.at(-1);
  const values = { n: pooled.persons, persons: amountSays(pooled.persons), until: amountSays(monthOf(pooled.knownTo)), share: percent(last ? arrived(last.dependent) : 0) };
  return pooled.median === null ? t('programme.alone-not-half', values) : t('programme.alone-half', { ...values, months: amountSays(monthOf(pooled.median)) });
}

function sheetOf(lines: readonly Line[], code: string, open: (opened: Opened) => void, behind: (line: Line) => void): Sheet {
  const signed = () => open({ indicator: 'independent-practitioners', year: '', stratum: code ? `procedure|${code}` : '' });
  const shares = (step: Step) => `${percent(arrived(step.high))} – ${percent(arrived(step.low))}`;
  return {
    heads: [t('programme.alone-months'), t('independence.at-risk'), t('independence.arrived'), t('independence.interval')],
    rows: lines.flatMap((line) => line.steps.map((step) => ({
      name: [line.name, amountSays(monthOf(step.at))].filter(Boolean).join(', '),
      cells: [{ text: amountSays(step.risk), value: step.risk, open: () => behind(line) }, { text: percent(arrived(step.dependent)), value: arrived(step.dependent), open: signed }, { text: shares(step), value: shares(step) }],
    }))),
  };
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
  const [shown, setShown] = useState(false);
  const option = useMemo(() => optionOf(lines), [found, code, language.value]);
  if (problem) return <Failure text={problem} retry={() => void ask()} />;
  if (!found) return <Skeleton />;
  const told = found.groups.filter((one) => one.persons !== null);
  const names = [...new Set(told.map((one) => one.code))].map((value) => ({ value, label: procedureName(value, language.value) })).sort((one, other) => one.label.localeCompare(other.label));
  const others = (one: string) => told.flatMap(({ code: procedure, department }) => (procedure === one && department ? [department.reference] : []));
  const opened = told.find((one) => keyOf(one) === route.value.query.get('apprentices'));
  const behind = ({ group }: Line) => {
    if (group) return openGroup(group);
    setShown(true); // of several: which of them?
    requestAnimationFrame(() => document.getElementById('alone-groups')?.focus());
  };
  const empty = lines.every(({ steps }) => steps.length === 0);
  return (
    <ChartFrame name="until-alone" title={t('programme.alone-in', { period })} reading={readingOf(found, code, lines)} sheet={sheetOf(lines, code, open, behind)} table={table} {...(empty ? {} : { option })} pressed={(_, __, series) => { const line = lines[series]; if (line) behind(line); }}
      definition={<><p>{t('independence.rule')}</p><p>{t('independence.rule-ends')}</p><p>{t('independence.rule-hidden', { least: found.least, steps: found.stepsOf })}</p><p>{t('programme.alone-pooled')}</p><p>{t('programme.alone-press')}</p></>}>
      {names.length > 0 && <SelectField id="programme-skill" label={t('programme.alone-skill')} value={code} onChange={(value) => setQuery({ skill: value })} options={[{ value: '', label: t('programme.alone-all') }, ...names]} />}
      {told.length > 0 && <GroupsBehind groups={code ? toldOf(found, code) : told} shown={shown} show={setShown} />}
      {opened && <ApprenticesBehind group={opened} others={others(opened.code)} period={period} />}
      <a class="button button-small" href={hrefTo('independence', '', { period, clock: 'days' })}>{t('programme.alone-page')}</a>
    </ChartFrame>
  );
}
