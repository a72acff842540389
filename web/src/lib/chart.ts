// SPDX-License-Identifier: Apache-2.0
// Lines over time by ECharts: only the parts used, as SVG, loaded when the first chart is
// shown. Colours come from the style sheet at each drawing, so that charts follow dark,
// light and paper.
import { LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([LineChart, GridComponent, MarkLineComponent, SVGRenderer]);

export interface ChartLine {
  name: string;
  points: [number, number | null][]; // instant, value; null breaks the line
  dashed?: boolean;
  step?: boolean;
  plain?: boolean; // without a mark at each point
}
export interface ChartSpec {
  unit: string;
  lines: ChartLine[];
  /** Between two lines: what is expected, under its own name. */
  band?: { name: string; low: [number, number][]; high: [number, number][] };
  /** Values that mean something, named at the line's end. */
  marks?: { value: number; name: string }[];
  least?: number; // of the axis
  most?: number;
  time: (instant: number) => string;
  /** What the axis below counts, where it is no time. */
  across?: string;
}

export interface Drawn {
  draw: (spec: ChartSpec) => void;
  svg: () => string;
  done: () => void;
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function lineSeries(line: ChartLine, at: number) {
  const tint = colour(at === 0 ? '--accent' : '--ink-soft');
  return {
    type: 'line' as const,
    name: line.name,
    data: line.points,
    step: line.step ? ('end' as const) : (false as const),
    symbol: line.plain ? 'none' : at === 0 ? 'circle' : 'emptyCircle',
    symbolSize: 6,
    showAllSymbol: true,
    silent: true,
    animation: false,
    lineStyle: { color: tint, width: 2, type: line.dashed ? ('dashed' as const) : ('solid' as const) },
    itemStyle: { color: tint },
    endLabel: { show: line.name !== '', formatter: line.name, color: tint, fontSize: 12, distance: 6 },
  };
}

/** The band as two stacked lines: nothing up to its lower end, colour from there to the upper. */
function bandSeries(band: NonNullable<ChartSpec['band']>) {
  const common = { type: 'line' as const, stack: 'band', symbol: 'none', silent: true, animation: false };
  return [
    { ...common, name: '', data: band.low, lineStyle: { color: colour('--amber-line'), width: 1, type: 'dashed' as const } },
    {
      ...common,
      name: band.name,
      data: band.low.map(([instant, low], at): [number, number] => [instant, (band.high[at]?.[1] ?? low) - low]),
      lineStyle: { opacity: 0 },
      areaStyle: { color: colour('--band'), opacity: 1 },
    },
  ];
}

function optionOf(spec: ChartSpec) {
  const ink = colour('--ink-soft');
  const grid = colour('--line');
  const marks = (spec.marks ?? []).map(({ value, name }) => ({ yAxis: value, name }));
  const lines = spec.lines.map(lineSeries);
  const first = lines[0];
  return {
    animation: false,
    textStyle: { color: ink, fontSize: 12, fontFamily: getComputedStyle(document.body).fontFamily.replaceAll('"', "'") },
    grid: { left: 44, right: spec.lines.some((line) => line.name !== '') ? 72 : 20, top: 26, bottom: spec.across ? 44 : 26 },
    xAxis: {
      type: spec.across ? ('value' as const) : ('time' as const),
      ...(spec.across ? { name: spec.across, nameLocation: 'middle' as const, nameGap: 24, nameTextStyle: { color: ink } } : {}),
      splitNumber: 3,
      axisLabel: { color: ink, fontSize: 12, hideOverlap: true, formatter: spec.time },
      axisLine: { lineStyle: { color: colour('--line-strong') } },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value' as const,
      name: spec.unit,
      nameTextStyle: { color: ink, align: 'right' as const, padding: [0, 6, 0, 0] },
      scale: true,
      splitNumber: 4,
      ...(spec.least === undefined ? {} : { min: spec.least }),
      ...(spec.most === undefined ? {} : { max: spec.most }),
      axisLabel: { color: ink, fontSize: 12 },
      splitLine: { lineStyle: { color: grid } },
    },
    series: [
      ...(spec.band ? bandSeries(spec.band) : []),
      ...(first && marks.length > 0
        ? [{
            ...first,
            markLine: {
              silent: true, symbol: 'none', animation: false, data: marks, lineStyle: { color: colour('--amber-line'), type: 'dotted' as const },
              label: { position: 'insideStartTop' as const, formatter: '{b}', color: ink, fontSize: 12 },
            },
          }, ...lines.slice(1)]
        : lines),
    ],
  };
}

/** A chart in ${box}, as wide as it is and always drawn in the colours of the moment. */
export function chartIn(box: HTMLElement): Drawn {
  const chart = init(box, null, { renderer: 'svg' });
  let spec: ChartSpec | null = null;
  const draw = () => {
    if (!spec) return;
    chart.setOption(optionOf(spec), { notMerge: true });
    chart.getZr().flush();
  };
  const media = ['(prefers-color-scheme: dark)', 'print'].map((query) => window.matchMedia(query));
  const resized = new ResizeObserver(() => {
    chart.resize();
    chart.getZr().flush();
  });
  media.forEach((one) => one.addEventListener('change', draw));
  resized.observe(box);
  return {
    draw: (next) => {
      spec = next;
      draw();
    },
    svg: () => chart.renderToSVGString(),
    done: () => {
      media.forEach((one) => one.removeEventListener('change', draw));
      resized.disconnect();
      chart.dispose();
    },
  };
}
