// SPDX-License-Identifier: Apache-2.0
// A funnel as a picture: a point each hospital, the line of all, limits of 95 % dashed and of 99.8 % drawn through. Who
// is outside is a named diamond, so that nothing hangs on colour.
import { curvesOf, whereOf, type Funnel, type Point, type Where } from '../fhir/funnel';
import type { Look, Option } from './programme-chart';

const STEPS = 60;

function sizesOf(points: readonly Point[]): number[] {
  const sizes = points.map(({ size }) => size);
  const least = Math.min(...sizes) * 0.6;
  const most = Math.max(...sizes) * 1.15;
  return Array.from({ length: STEPS }, (_, at) => least * (most / least) ** (at / (STEPS - 1)));
}

/** So far up and down as the points and the narrower limits of the smallest reach. */
function reachOf(funnel: Funnel, sizes: readonly number[]): { min: number; max: number } {
  const { wideLow, wideHigh } = curvesOf(funnel, [sizes[STEPS - 1] ?? 1, Math.min(...funnel.points.map(({ size }) => size))]);
  const all = [...funnel.points.map(({ value }) => value), ...wideLow, ...wideHigh];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = (high - low) * 0.08;
  return funnel.grows ? { min: low - room, max: high + room } : { min: Math.max(0, low - room), max: Math.min(1, high + room) };
}

function symbolOf(where: Where, look: Look): Option {
  if (where === 'outside') return { symbol: 'diamond', symbolSize: 14, itemStyle: { color: look.ink } };
  if (where === 'between') return { symbol: 'circle', symbolSize: 9, itemStyle: { color: look.surface, borderColor: look.ink, borderWidth: 2 } };
  return { symbol: 'circle', symbolSize: 8, itemStyle: { color: look.accent } };
}

export function funnelOption(funnel: Funnel, says: (value: number) => string, sizeSays: (size: number) => string) {
  const sizes = sizesOf(funnel.points);
  const curves = curvesOf(funnel, sizes);
  const { min, max } = reachOf(funnel, sizes);
  return (look: Look): Option => {
    const line = (values: readonly number[], style: Option, name: string): Option => ({
      type: 'line', silent: true, symbol: 'none', lineStyle: { color: look.soft, width: 1.2, ...style }, clip: true,
      data: sizes.map((size, at) => [size, values[at] ?? 0]).filter((point) => (point[1] ?? 0) >= min && (point[1] ?? 0) <= max),
      endLabel: { show: name !== '', formatter: name, color: look.soft, fontSize: 11, distance: 3 },
    });
    const points = {
      type: 'scatter', cursor: 'pointer', z: 5,
      data: funnel.points.map((point) => {
        const where = whereOf(point);
        const right = point.size > (sizes[STEPS - 1] ?? 0) * 0.55;
        return {
          value: [point.size, point.value], name: point.name, ...symbolOf(where, look),
          label: { show: where === 'outside', formatter: point.name, color: look.ink, fontSize: 12, position: right ? 'left' : 'right', width: Math.max(90, look.wide / 3), overflow: 'break', align: right ? 'right' : 'left' },
        };
      }),
      labelLayout: { hideOverlap: false, moveOverlap: 'shiftY' },
    };
    const axis = { axisLine: { lineStyle: { color: look.strong } }, splitLine: { lineStyle: { color: look.line } } };
    return {
      grid: { left: 4, right: 52, top: 14, bottom: 4, containLabel: true },
      xAxis: { type: 'value', min: 0, splitNumber: 3, ...axis, axisLabel: { color: look.soft, fontSize: 12, hideOverlap: true, formatter: sizeSays } },
      yAxis: { type: 'value', min, max, splitNumber: 4, ...axis, axisLabel: { color: look.soft, fontSize: 12, showMinLabel: false, showMaxLabel: false, formatter: says } },
      series: [
        points, line(sizes.map(() => funnel.middle), { color: look.strong, width: 1.5 }, says(funnel.middle)), line(curves.low, { type: 'dashed' }, ''), line(curves.high, { type: 'dashed' }, '95 %'),
        line(curves.wideLow, {}, ''), line(curves.wideHigh, {}, '99.8 %'),
      ],
    };
  };
}
