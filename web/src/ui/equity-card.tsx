// SPDX-License-Identifier: Apache-2.0
// Whom help reaches: cases for each 1,000 who live in a county, so far from a hospital of their prefecture, of a sex or
// who speak a language. Where there is no number it is said why.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { AXES, RATE, bandOf, loadEquity, type Axis, type Equity, type Group, type Why } from '../fhir/equity';
import type { Definition } from '../fhir/indicators';
import { numberIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import type { Look, Option } from '../lib/programme-chart';
import { route, setQuery } from '../lib/router';
import { yearOptions } from '../lib/year-options';
import { ChartFrame, type Figure, type Sheet } from './chart-frame';
import { SelectField } from './fields';
import { Failure, Skeleton } from './notice';
import { amountSays } from './programme-words';
import type { Opened } from './trend-card';

const AXIS_WORDS: Record<Axis, TextKey> = { county: 'equity.county', remoteness: 'equity.remoteness', sex: 'equity.sex', language: 'equity.language' };
const WHY_WORDS: Partial<Record<string, TextKey>> = { masked: 'equity.why-masked', 'not-known': 'equity.why-not-known', 'parts-missing': 'equity.why-parts-missing', 'nothing-below': 'equity.why-nothing-below' };
const SEX_WORDS: Partial<Record<string, TextKey>> = { female: 'patient.female', male: 'patient.male', other: 'patient.other' };

const rateSays = (rate: number | null) => (rate === null ? '–' : numberIn(language.value, rate, { maximumSignificantDigits: 3 }));

function whySays(why: Why | null): string {
  const key = why && WHY_WORDS[why.code];
  return key ? t(key) : why?.text ?? '';
}

function languageSays(code: string): string {
  try {
    return new Intl.DisplayNames([language.value], { type: 'language' }).of(code) ?? code;
  } catch {
    return code; // no tag that the browser can read
  }
}

function nameOf(axis: Axis, { code, name }: Group): string {
  if (code === 'unknown') return t('programme.unknown');
  const key = axis === 'sex' && SEX_WORDS[code];
  if (key) return t(key);
  if (axis === 'language') return languageSays(code);
  const band = axis === 'remoteness' ? bandOf(code) : null;
  if (!band) return name;
  const [low, high] = band.map(String) as [string, string];
  return low === '0' ? t('equity.under', { km: high }) : high === 'Infinity' ? t('equity.or-more', { km: low }) : t('equity.between', { low, high });
}

/** Bands by how far they are, others by how much they are; what is not known comes last. */
function sorted(axis: Axis, groups: readonly Group[]): Group[] {
  const far = ({ code }: Group) => bandOf(code)?.[0] ?? Infinity;
  const rate = (one: Group) => one.rate ?? -1;
  const last = ({ code }: Group) => Number(code === 'unknown');
  return [...groups].sort((one, other) => last(one) - last(other) || (axis === 'remoteness' ? far(one) - far(other) : rate(other) - rate(one)));
}

function optionOf(axis: Axis, groups: readonly Group[]) {
  return (look: Look): Option => ({
    grid: { left: 4, right: 56, top: 8, bottom: 4, containLabel: true },
    xAxis: { type: 'value', splitNumber: 3, axisLabel: { color: look.soft, fontSize: 12, formatter: (value: number) => amountSays(value) }, splitLine: { lineStyle: { color: look.line } } },
    yAxis: { type: 'category', inverse: true, data: groups.map((one) => nameOf(axis, one)), axisTick: { show: false }, axisLine: { lineStyle: { color: look.strong } }, axisLabel: { color: look.soft, fontSize: 12, width: Math.min(180, look.wide / 3), overflow: 'break' } },
    series: [{
      type: 'bar', barMaxWidth: 26, cursor: 'pointer', itemStyle: { color: look.accent }, data: groups.map(({ rate }) => rate ?? 0),
      label: { show: true, position: 'right', color: look.ink, fontSize: 12, formatter: ({ dataIndex }: { dataIndex: number }) => rateSays(groups[dataIndex]?.rate ?? null) },
    }],
  });
}

function readingOf(axis: Axis, { whole, groups }: Equity): string {
  const told = groups.filter((one) => one.rate !== null).sort((one, other) => (other.rate ?? 0) - (one.rate ?? 0));
  const [most] = told;
  const least = told.at(-1);
  const all = whole.rate === null ? t('equity.says-no-rate', { why: whySays(whole.why) }) : t('equity.says-all', { value: rateSays(whole.rate) });
  const why = groups.find((one) => one.rate === null && one.code !== 'unknown')?.why ?? null;
  if (!most || !least) return [all, groups.length > 0 ? t('equity.says-none', { why: whySays(why) }) : ''].filter(Boolean).join(' ');
  if (most === least) return [all, t('equity.says-one', { name: nameOf(axis, most), value: rateSays(most.rate) })].join(' ');
  return [all, t('equity.says-apart', { most: nameOf(axis, most), high: rateSays(most.rate), least: nameOf(axis, least), low: rateSays(least.rate) })].join(' ');
}

function sheetOf(axis: Axis, equity: Equity, groups: readonly Group[], lead: (one: Group) => void): Sheet {
  const count = (value: number | null): Figure => ({ text: value === null ? '–' : amountSays(value), value: value ?? '' });
  const line = (name: string, one: Group, open?: () => void) => ({
    name,
    cells: [{ text: rateSays(one.rate), value: one.rate ?? '' }, { ...count(one.cases), ...(open && one.cases ? { open } : {}) }, count(one.people), { text: whySays(one.why), value: whySays(one.why) }],
  });
  return {
    heads: [t(AXIS_WORDS[axis]), t('equity.rate'), t('equity.cases'), t('equity.people'), t('equity.why')],
    rows: [...groups.map((one) => line(nameOf(axis, one), one, () => lead(one))), line(t('equity.all'), equity.whole)],
  };
}

interface Props { first: number; running: number; definitions: readonly Definition[]; table: boolean; open: (opened: Opened) => void; settled: () => void }

export function EquityCard({ first, running, definitions, table, open, settled }: Props) {
  const { query } = route.value;
  const axis = AXES.find((one) => one === query.get('reach')) ?? 'county';
  const year = Number(query.get('reach-year')) || running - 1;
  const [state, setState] = useState<{ found: { axis: Axis; year: number; equity: Equity } | null; problem: string }>({ found: null, problem: '' });
  const latest = useLatest();
  const ask = () => latest(loadEquity(year, axis)).then((equity) => setState({ found: { axis, year, equity }, problem: '' }), (error: unknown) => setState({ found: null, problem: sentence(error) })).then(settled);
  useEffect(() => { void ask(); }, [year, axis]);
  const { found, problem } = state;
  const groups = useMemo(() => (found ? sorted(found.axis, found.equity.groups) : []), [found]);
  const option = useMemo(() => (found ? optionOf(found.axis, groups) : null), [found, groups, language.value]);
  if (problem) return <Failure text={problem} retry={() => void ask()} />;
  if (!found || !option) return <Skeleton />;
  const definition = definitions.find(({ id }) => id === RATE);
  const lead = (one: Group | undefined) => { if (one?.cases) open({ indicator: RATE, year: String(found.year), stratum: `${found.axis}|${one.code}` }); };
  return (
    <ChartFrame name="equity" title={t('equity.in', { year: String(found.year) })} reading={readingOf(found.axis, found.equity)} sheet={sheetOf(found.axis, found.equity, groups, lead)} table={table} {...(groups.some(({ rate }) => rate) ? { option } : {})} pressed={(at) => lead(groups[at])}
      definition={<><p>{t('equity.how')}</p><p>{t('equity.hidden')}</p>{definition && <><p lang="en">{definition.text}</p><p lang="en">{definition.scope}</p></>}</>}>
      <div class="chart-choices">
        <SelectField id="equity-by" label={t('equity.by')} value={axis} onChange={(reach) => setQuery({ reach })} options={AXES.map((value) => ({ value, label: t(AXIS_WORDS[value]) }))} />
        <SelectField id="equity-year" label={t('equity.year')} value={String(year)} onChange={(value) => setQuery({ 'reach-year': value })} options={yearOptions(first, running - 1, year)} />
      </div>
    </ChartFrame>
  );
}
