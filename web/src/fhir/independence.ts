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

export interface Independence {
  groups: Group[];
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

export async function loadIndependence(period: string, clock: 'cases' | 'days'): Promise<Independence> {
  const query = new URLSearchParams({ period, clock });
  const { parameter = [] } = await programmeRead<{ parameter?: Part[] }>(`Apprenticeship/$independence?${query.toString()}`);
  const of = reading(parameter);
  const groups = of.all('group').map(groupOf); // those of whom something is told come first
  return { groups: [...groups.filter((one) => one.persons !== null), ...groups.filter((one) => one.persons === null)], stepsOf: of.number('steps-of'), least: of.number('least') };
}
