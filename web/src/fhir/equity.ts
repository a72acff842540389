// SPDX-License-Identifier: Apache-2.0
// Cases for each 1,000 who live there, of a year: by county, by how far it is, by sex or by language; or why there is no
// such number (docs/INDICATORS.md).
import { read } from './client';
import { codeOf } from './dashboard';
import type { Concept, Resource } from './types';

export const RATE = 'cases-per-thousand';
export const AXES = ['county', 'remoteness', 'sex', 'language'] as const;
export type Axis = (typeof AXES)[number];

/** Why there is no rate, as the node says it. */
export interface Why { code: string; text: string }

/** People of one county, sex, language or distance; or everybody. */
export interface Group {
  code: string;
  name: string;
  /** Null: there is none, and ${why} says why. */
  rate: number | null;
  why: Why | null;
  /** Null: so few that they are not told. */
  cases: number | null;
  /** Null: nobody wrote that down. */
  people: number | null;
}

export interface Equity { whole: Group; groups: Group[] }

interface Extension { url: string; valueCode?: string; valueString?: string; valueQuantity?: { value: number }; extension?: Extension[] }
interface Population { code?: Concept; count?: number; extension?: Extension[] }
interface Stratum { value?: Concept; population?: Population[]; measureScore?: { value: number }; extension?: Extension[] }
interface Report extends Resource { group?: (Stratum & { stratifier?: { stratum?: Stratum[] }[] })[] }

function whyOf(one: Stratum | undefined): Why | null {
  const said = one?.extension?.find(({ url }) => url.endsWith('/indicator-no-score'))?.extension;
  return said ? { code: said.find(({ url }) => url === 'code')?.valueCode ?? '', text: said.find(({ url }) => url === 'text')?.valueString ?? '' } : null;
}

function groupOf(one: Stratum | undefined): Group {
  const half = (code: string) => one?.population?.find((population) => codeOf(population.code) === code);
  return {
    code: codeOf(one?.value), name: one?.value?.text ?? codeOf(one?.value), rate: one?.measureScore?.value ?? null, why: whyOf(one),
    cases: half('numerator')?.count ?? null, people: half('denominator')?.extension?.[0]?.valueQuantity?.value ?? null,
  };
}

export async function loadEquity(year: number, axis: Axis): Promise<Equity> {
  const report = await read<Report>(`Measure/${RATE}/$evaluate-measure?periodStart=${year}&periodEnd=${year}&stratifier=${axis}`);
  const group = report.group?.[0];
  return { whole: groupOf(group), groups: (group?.stratifier?.[0]?.stratum ?? []).map(groupOf) };
}

/** The kilometres between which the band ${code} lies, as "100-200-km"; null: it is no band. */
export function bandOf(code: string): [number, number] | null {
  const [, under] = /^under-(\d+)-km$/.exec(code) ?? [];
  const [, least] = /^(\d+)-km-or-more$/.exec(code) ?? [];
  const [, low, high] = /^(\d+)-(\d+)-km$/.exec(code) ?? [];
  if (under) return [0, Number(under)];
  if (least) return [Number(least), Infinity];
  return low && high ? [Number(low), Number(high)] : null;
}
