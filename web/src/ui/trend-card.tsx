// SPDX-License-Identifier: Apache-2.0
// A figure of the programme over its years, or told apart by batch or hospital: a bar each, with its number. Where
// it is told in steps, a dashed piece stands for what it may be more; a year that is not over is dashed whole.
import { useMemo } from 'preact/hooks';
import { isAny, rangeOf, type Apart, type Told, type Trend } from '../fhir/dashboard';
import type { Definition } from '../fhir/indicators';
import { language, t } from '../lib/i18n';
import type { Look, Option } from '../lib/programme-chart';
import { ChartFrame, type Sheet } from './chart-frame';
import { nameOf, percent } from './figure-words';
import { amountSays, barSays, figureOf, intervalSays, trendSays } from './programme-words';

/** What a press leads to: the rows of a figure, of a year, or of a stratum over all years. */
export interface Opened { indicator: string; year: string; stratum: string }

interface Bar { name: string; told: Told; dashed: boolean; key: string }

const solid = (bar: Bar) => rangeOf(bar.told)?.[0] ?? 0;
const more = (bar: Bar) => (rangeOf(bar.told)?.[1] ?? 0) - solid(bar);

interface Drawing { value: (at: number) => number; coord: (point: [number, number]) => [number, number] }

/** Between what each share lies: a line with two ends. */
function intervals(bars: Bar[], look: Look, lying: boolean): Option[] {
  const data = bars.flatMap(({ told }, at) => (told.kind === 'share' ? [[at, told.low, told.high]] : []));
  if (data.length === 0) return [];
  const renderItem = (_: unknown, draw: Drawing) => {
    const point = (value: number) => draw.coord(lying ? [value, draw.value(0)] : [draw.value(0), value]);
    const [[x1, y1], [x2, y2]] = [point(draw.value(1)), point(draw.value(2))];
    const line = (ax: number, ay: number, bx: number, by: number) => ({ type: 'line', shape: { x1: ax, y1: ay, x2: bx, y2: by }, style: { stroke: look.ink, lineWidth: 1.5 } });
    const ends = lying ? [line(x1, y1 - 4, x1, y1 + 4), line(x2, y2 - 4, x2, y2 + 4)] : [line(x1 - 4, y1, x1 + 4, y1), line(x2 - 4, y2, x2 + 4, y2)];
    return { type: 'group', children: [line(x1, y1, x2, y2), ...ends] };
  };
  return [{ type: 'custom', data, silent: true, encode: lying ? { x: [1, 2], y: 0 } : { x: 0, y: [1, 2] }, renderItem }];
}

function seriesOf(bars: Bar[], look: Look, lying: boolean): Option[] {
  const isShare = bars.some(({ told }) => told.kind === 'share'); // above its interval there is no room
  // with a rim, so that it can be read where it is wider than its bar
  const label = { show: true, position: isShare ? (lying ? 'insideLeft' : 'insideBottom') : lying ? 'right' : 'top', color: look.ink, fontSize: 12, textBorderColor: look.surface, textBorderWidth: 3 };
  const says = (at: number) => { const bar = bars[at]; return bar ? barSays(bar.told) : ''; };
  const common = { type: 'bar', stack: 'one', barMaxWidth: 40, cursor: 'pointer', labelLayout: { hideOverlap: true } };
  const style = (bar: Bar) => (bar.dashed ? { color: look.fill, borderColor: look.accent, borderType: 'dashed', borderWidth: 1 } : { color: look.accent });
  return [
    { ...common, data: bars.map((bar) => ({ value: solid(bar), itemStyle: style(bar), label: { ...label, show: more(bar) === 0, formatter: ({ dataIndex }: { dataIndex: number }) => says(dataIndex) } })) },
    {
      ...common, itemStyle: { color: 'transparent', borderColor: look.accent, borderType: 'dashed', borderWidth: 1 },
      data: bars.map((bar) => ({ value: more(bar) || '-', label: { ...label, show: more(bar) > 0, formatter: ({ dataIndex }: { dataIndex: number }) => says(dataIndex) } })),
    },
    ...intervals(bars, look, lying),
  ];
}

function optionOf(bars: Bar[], lying: boolean, money: boolean) {
  return (look: Look): Option => {
    const names = {
      type: 'category', data: bars.map(({ name }) => name), inverse: lying, axisTick: { show: false }, axisLine: { lineStyle: { color: look.strong } },
      axisLabel: { color: look.soft, fontSize: 12, ...(lying ? { width: Math.min(160, look.wide / 3), overflow: 'break' } : { hideOverlap: true }) },
    };
    const share = bars.some(({ told }) => told.kind === 'share');
    const middle = bars.find(({ told }) => told.kind === 'middle')?.told;
    const values = {
      type: 'value', splitNumber: 3, minInterval: money || share ? 0 : 1, ...(share ? { max: 1 } : {}),
      ...(middle?.kind === 'middle' ? { name: middle.unit, nameTextStyle: { color: look.soft, align: 'left' } } : {}), axisLabel: { color: look.soft, fontSize: 12, formatter: (value: number) => (share ? percent(value) : amountSays(value, true)) }, splitLine: { lineStyle: { color: look.line } },
    };
    return {
      grid: { left: 4, right: lying ? 48 : 16, top: 22, bottom: 4, containLabel: true },
      xAxis: lying ? values : names, yAxis: lying ? names : values, series: seriesOf(bars, look, lying),
    };
  };
}

function barsOf(trend: Trend, running: number, begin: number): Bar[] {
  return trend.years.filter(({ year }) => year >= begin).map(({ year, told }) => ({ name: String(year), told, dashed: year === running, key: String(year) }));
}

const apartName = ({ code, name }: Apart) => (code === 'unknown' ? t('programme.unknown') : name);

function sheetOf(bars: Bar[], head: string, title: string, open: (bar: Bar) => void): Sheet {
  const interval = bars.some(({ told }) => told.kind === 'share');
  const between = (bar: Bar) => (interval ? [{ text: intervalSays(bar.told), value: intervalSays(bar.told) }] : []);
  return {
    heads: [head, title, ...(interval ? [t('programme.interval')] : [])],
    rows: bars.map((bar) => ({ name: bar.dashed ? t('programme.so-far', { year: bar.name }) : bar.name, cells: [figureOf(bar.told, () => open(bar)), ...between(bar)] })),
  };
}

interface Props { trend: Trend; definition: Definition; by: string; /** The year that is not over. */ running: number; begin: number; table: boolean; open: (opened: Opened) => void }

export function titleOf(trend: Trend, definition: Definition): string {
  return trend.currency ? `${nameOf(definition)}, ${trend.currency}` : nameOf(definition);
}

function Words({ definition }: { definition: Definition }) {
  return <><p lang="en">{definition.text}</p>{definition.scope && <p lang="en">{definition.scope}</p>}</>;
}

export function TrendCard({ trend, definition, by, running, begin, table, open }: Props) {
  const title = titleOf(trend, definition);
  const lying = by !== 'year';
  const bars = lying
    ? (trend.apart ?? []).map((one) => ({ name: by === 'batch' && one.code !== 'unknown' ? t('programme.batch-n', { n: one.name }) : apartName(one), told: one.told, dashed: false, key: one.code }))
    : barsOf(trend, running, begin);
  const lead = (bar: Bar | undefined) => {
    if (bar && isAny(bar.told)) open({ indicator: trend.indicator, year: lying ? '' : bar.key, stratum: lying ? `${by}|${bar.key}` : trend.currency ? `currency|${trend.currency}` : '' });
  };
  const empty = !bars.some(({ told }) => isAny(told));
  const option = useMemo(() => optionOf(bars, lying, trend.currency !== ''), [trend, by, begin, language.value]);
  const name = [trend.indicator, trend.currency.toLowerCase(), lying ? by : ''].filter(Boolean).join('-');
  const heads = { year: t('computed.period'), batch: t('programme.batch'), hospital: t('programme.hospital') }[by] ?? '';
  return (
    <ChartFrame name={name} title={title} reading={lying ? t('programme.apart-says', { n: bars.length }) : trendSays({ ...trend, years: trend.years.filter(({ year }) => year >= begin) }, running)} sheet={sheetOf(bars, heads, title, lead)}
      definition={<Words definition={definition} />} {...(empty ? {} : { option })} pressed={(at) => lead(bars[at])} table={table} />
  );
}
