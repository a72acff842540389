// SPDX-License-Identifier: Apache-2.0
// How long it takes until apprentices are independent, as the node answers (docs/LOGBOOK.md).
import { programmeRead } from './client';
import { reading, type Named, type Part } from './logbook';

export interface Step {
  at: number;
  risk: number;
  dependent: number;
  low: number;
  high: number;
  arrived: number;
  left: number;
}

export interface Group {
  code: string;
  /** Null: all departments together. */
  department: Named | null;
  /** Null: fewer than may be told of. */
  persons: number | null;
  ended: number | null;
  dependentAtEnd: number;
  median: number | null;
  knownTo: number;
  steps: Step[];
}

/** All groups that are told as one curve, each as far as it is told. */
export interface Pooled { persons: number; groups: number; median: number | null; knownTo: number; steps: Step[]; risk: { at: number; risk: number }[] }

export interface Independence {
  groups: Group[];
  /** Null: not asked for, or nothing is told. */
  pooled: Pooled | null;
  stepsOf: number;
  least: number;
}

/** A count that may be hidden, or not be there. */
function countOf(parts: Part[], name: string): number | null {
  const value = parts.find((one) => one.name === name)?.['valueInteger'];
  return typeof value === 'number' ? value : null;
}

function stepOf(parts: Part[]): Step {
  const of = reading(parts);
  return { at: of.number('at'), risk: of.number('at-risk'), dependent: of.number('dependent'), low: of.number('low'), high: of.number('high'), arrived: of.number('arrived'), left: of.number('left') };
}

function groupOf(parts: Part[]): Group {
  const of = reading(parts);
  return {
    code: of.text('procedure'), department: of.who('department').reference ? of.who('department') : null, persons: countOf(parts, 'persons'), ended: countOf(parts, 'ended'),
    dependentAtEnd: of.number('dependent-at-end'), median: countOf(parts, 'median'), knownTo: of.number('known-to'), steps: of.all('step').map(stepOf),
  };
}

function pooledOf(parts: Part[] | undefined): Pooled | null {
  if (!parts) return null;
  const of = reading(parts);
  const risk = of.all('risk').map((one) => ({ at: reading(one).number('at'), risk: reading(one).number('at-risk') }));
  return { persons: of.number('persons'), groups: of.number('groups'), median: countOf(parts, 'median'), knownTo: of.number('known-to'), steps: of.all('step').map(stepOf), risk };
}

export async function loadIndependence(period: string, clock: 'cases' | 'days', pooled = false): Promise<Independence> {
  const query = new URLSearchParams({ period, clock, ...(pooled ? { pooled: 'true' } : {}) });
  const { parameter = [] } = await programmeRead<{ parameter?: Part[] }>(`Apprenticeship/$independence?${query.toString()}`);
  const of = reading(parameter);
  const groups = of.all('group').map(groupOf); // those of whom something is told come first
  return { groups: [...groups.filter((one) => one.persons !== null), ...groups.filter((one) => one.persons === null)], pooled: pooledOf(of.all('pooled')[0]), stepsOf: of.number('steps-of'), least: of.number('least') };
}
