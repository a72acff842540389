// SPDX-License-Identifier: Apache-2.0
// Hospitals beside each other, with the limits within which they would lie by chance (docs/DASHBOARD.md).
import { read } from './client';
import { readParts, type Named, type Part, type Parts } from './parts';

export interface Point extends Named {
  /** Where it stands along the picture: the larger, the narrower the limits. */
  size: number;
  /** The share, for the mix of its cases where that is taken into account; or how much it grew. */
  value: number;
  limits: [number, number];
  wide: [number, number];
  /** Of the share: how many of how many; of growth: since and before. */
  part: number;
  whole: number;
  /** How many by the share of all, where the mix is taken into account. */
  expected: number | null;
}

export interface Funnel {
  /** What all of them come to. */
  middle: number;
  /** 1: they differ by no more than chance. */
  dispersion: number;
  leftOut: number;
  points: Point[];
  grows: boolean;
}

function pointOf(parts: Parts, grows: boolean): Point {
  const mixed = parts.has('adjusted');
  return {
    ...parts.who('reference'), size: parts.number('size'), value: parts.number(grows ? 'growth' : mixed ? 'adjusted' : 'share'),
    limits: [parts.number('limit-low'), parts.number('limit-high')], wide: [parts.number('wide-low'), parts.number('wide-high')],
    part: parts.number(grows ? 'since' : 'numerator'), whole: parts.number(grows ? 'before' : 'denominator'), expected: mixed ? parts.number('expected') : null,
  };
}

/** Those of ${indicator} in the years ${first} to ${last}; ${mix}: the stratum whose mix is taken into account, or "". */
export async function loadFunnel(indicator: string, { first, last, mix }: { first: number; last: number; mix: string }): Promise<Funnel> {
  const answer = await read<{ parameter?: Part[] }>(`Measure/${indicator}/$funnel?periodStart=${first}&periodEnd=${last}${mix && `&mix=${mix}`}`);
  const parts = readParts(answer.parameter ?? []);
  const grows = parts.has('first');
  return {
    middle: parts.number(grows ? 'growth' : 'share'), dispersion: parts.number('dispersion'), leftOut: parts.number('left-out'), grows,
    points: parts.all('hospital').map((one) => pointOf(one, grows)).sort((a, b) => b.size - a.size),
  };
}

export type Where = 'within' | 'between' | 'outside';

export function whereOf({ value, limits, wide }: Point): Where {
  const out = ([low, high]: [number, number]) => value < low || value > high;
  return out(wide) ? 'outside' : out(limits) ? 'between' : 'within';
}

const Z_95 = 1.959963984540054;
const Z_998 = 3.090232306167813;

/** The limits at each of ${sizes}, as the node computes those of a hospital (src/engine/effect/funnel.h). */
export function curvesOf({ middle, dispersion, grows }: Funnel, sizes: readonly number[]): { low: number[]; high: number[]; wideLow: number[]; wideHigh: number[] } {
  const times = 1 + middle;
  const at = (size: number, z: number) => {
    if (grows) return times * Math.exp(z * Math.sqrt((dispersion * (1 + 1 / times)) / size)) - 1;
    return Math.min(1, Math.max(0, middle + z * Math.sqrt((dispersion * middle * (1 - middle)) / size)));
  };
  const all = (z: number) => sizes.map((size) => at(size, z));
  return { low: all(-Z_95), high: all(Z_95), wideLow: all(-Z_998), wideHigh: all(Z_998) };
}
