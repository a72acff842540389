// SPDX-License-Identifier: Apache-2.0
// Numbers of cases, for who sees no patient: ServiceRequest/$caseload (docs/NUMBERS.md).
import { read } from './client';
import type { Concept, Resource } from './types';

export const AXES = ['hospital', 'urgency', 'status', 'month', 'department', 'kind'] as const;
export type Axis = (typeof AXES)[number];

/** A count, or null where it is hidden. */
export type Count = number | null;

export interface Line {
  code: string;
  text: string;
  count: Count;
}

export interface Numbers {
  total: Count;
  hospitals: Line[];
  values: Line[]; // of the other axis; empty by hospital alone
  /** Cells by "hospital code|value code". */
  cells: Map<string, Count>;
}

interface Population {
  count?: number;
}
interface Stratum {
  value?: Concept;
  component?: { value: Concept }[];
  population?: Population[];
}
interface MeasureReport extends Resource {
  group?: { population?: Population[]; stratifier?: { code?: Concept[]; stratum?: Stratum[] }[] }[];
}

function countOf(population: Population[] | undefined): Count {
  return population?.[0]?.count ?? null;
}

function codeOf(concept: Concept | undefined): string {
  return concept?.coding?.[0]?.code ?? '';
}

function linesOf(strata: Stratum[]): Line[] {
  return strata.map((one) => ({ code: codeOf(one.value), text: one.value?.text ?? '', count: countOf(one.population) }));
}

export function cellKey(hospital: string, value: string): string {
  return `${hospital}|${value}`;
}

export function numbersFrom(report: MeasureReport): Numbers {
  const group = report.group?.[0];
  const found: Numbers = { total: countOf(group?.population), hospitals: [], values: [], cells: new Map() };
  for (const { code, stratum } of group?.stratifier ?? []) {
    const axes = (code ?? []).map(codeOf);
    if (axes.length > 1) {
      for (const one of stratum ?? []) {
        const [hospital, value] = (one.component ?? []).map((part) => codeOf(part.value));
        found.cells.set(cellKey(hospital ?? '', value ?? ''), countOf(one.population));
      }
    } else if (axes[0] === 'hospital') found.hospitals = linesOf(stratum ?? []);
    else found.values = linesOf(stratum ?? []);
  }
  return found;
}

export async function loadNumbers(period: string, axis: Axis): Promise<Numbers> {
  const by = axis === 'hospital' ? 'hospital' : `hospital,${axis}`;
  return numbersFrom(await read<MeasureReport>(`ServiceRequest/$caseload?period=${encodeURIComponent(period)}&by=${by}`));
}

/** The last quarters that have ended (UTC), the newest first: "2026-Q3". */
export function endedQuarters(now: number, many: number): string[] {
  const date = new Date(now);
  const running = date.getUTCFullYear() * 4 + Math.floor(date.getUTCMonth() / 3);
  return Array.from({ length: many }, (_, back) => {
    const quarter = running - 1 - back;
    return `${Math.floor(quarter / 4)}-Q${(quarter % 4) + 1}`;
  });
}
