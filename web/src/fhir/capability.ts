// SPDX-License-Identifier: Apache-2.0
// The capability map: Organization/$capability-map and Organization/ID/$capability
// (docs/CAPABILITY.md). The node decides every level; nothing is worked out here but shares.
import { read } from './client';
import type { Coding, Reference, Resource } from './types';

export const LEVELS = ['none', 'by-advice', 'with-expert', 'supervised', 'independent', 'teaches'] as const;
export type Level = (typeof LEVELS)[number];

export interface Counts {
  at: Record<Level, number>; // of none: nothing is told
  listed: number;
  demonstrated: number;
  sustained: number;
  onePerson: number;
  lost: number;
}

export interface Answer {
  code: Coding;
  level: Level;
  withExperts: Level;
  since: string;
  until: string;
  by: Reference | null;
  people: number;
  missing: string;
  listed: boolean;
  demonstrated: boolean;
  sustained: boolean;
}

export interface Dependence {
  index: number | null;
  reached: number;
  independent: number;
  gained: number;
  lost: number;
  remaining: number;
  known: boolean;
  soonest: string;
  middle: string;
  latest: string;
}

export interface MapHospital {
  hospital: Reference;
  all: Counts;
  cells: Map<string, Counts>;
  people: { who: Reference; illnesses: number }[];
  dependence: Dependence | null;
  things: Answer[];
}

export interface CapabilityMap {
  date: string;
  cases: number;
  specialties: { code: string; illnesses: number }[];
  hospitals: MapHospital[];
}

export interface Span {
  from: string;
  until: string;
}

/** A count of operations: exact, or only how many about. */
export type Told = number | 'fewer-than-5' | '5-or-more';

export interface Need extends Answer {
  hands: boolean;
  persons: { who: Reference; unit: Reference; visiting: boolean; term: Span; signedOff: Span | null; learns: Span | null; teaches: Span | null; counts: boolean }[];
  devices: { kind: string; inService: boolean }[];
  noDevice: string[];
  links: { unit: Reference; term: Span; counts: boolean }[];
  operations: { counted: Told; failed: Told; unknown: Told; byVisitors: Told; exact: boolean; open: string[] };
}

export interface Proof {
  hospital: Reference;
  answer: Answer;
  cases: number;
  needs: Need[];
}

interface Parameter {
  name: string;
  valueCode?: string;
  valueInteger?: number;
  valueDecimal?: number;
  valueBoolean?: boolean;
  valueInstant?: string;
  valueCoding?: Coding;
  valueReference?: Reference;
  part?: Parameter[];
}
type Parts = Parameter[] | undefined;
interface Parameters extends Resource {
  parameter?: Parameter[];
}

const part = (list: Parts, name: string) => list?.find((one) => one.name === name);
const parts = (list: Parts, name: string) => (list ?? []).filter((one) => one.name === name);
const integer = (list: Parts, name: string) => part(list, name)?.valueInteger ?? 0;
const flag = (list: Parts, name: string) => part(list, name)?.valueBoolean ?? false;
const instant = (list: Parts, name: string) => part(list, name)?.valueInstant ?? '';
const reference = (list: Parts, name: string): Reference => part(list, name)?.valueReference ?? {};

function levelOf(code: string | undefined): Level {
  return LEVELS.find((one) => one === code) ?? 'none';
}

function countsOf(list: Parts): Counts {
  const at = Object.fromEntries(LEVELS.map((level) => [level, integer(list, level)])) as Record<Level, number>;
  return {
    at, listed: integer(list, 'listed'), demonstrated: integer(list, 'demonstrated'), sustained: integer(list, 'sustained'),
    onePerson: integer(list, 'one-person'), lost: integer(list, 'lost'),
  };
}

function answerOf(list: Parts): Answer {
  const level = levelOf(part(list, 'level')?.valueCode);
  return {
    code: part(list, 'code')?.valueCoding ?? {},
    level,
    withExperts: levelOf(part(list, 'with-experts')?.valueCode ?? level),
    since: instant(list, 'since'),
    until: instant(list, 'until'),
    by: part(list, 'by')?.valueReference ?? null,
    people: integer(list, 'people'),
    missing: part(list, 'missing')?.valueCode ?? '',
    listed: flag(list, 'listed'),
    demonstrated: flag(list, 'demonstrated'),
    sustained: flag(list, 'sustained'),
  };
}

function dependenceOf(list: Parts): Dependence | null {
  if (!list) return null;
  return {
    index: part(list, 'index')?.valueDecimal ?? null,
    reached: integer(list, 'reached'), independent: integer(list, 'independent'),
    gained: integer(list, 'gained'), lost: integer(list, 'lost'), remaining: integer(list, 'remaining'),
    known: flag(list, 'known'), soonest: instant(list, 'soonest'), middle: instant(list, 'middle'), latest: instant(list, 'latest'),
  };
}

function hospitalOf(list: Parts): MapHospital {
  return {
    hospital: reference(list, 'hospital'),
    all: countsOf(list),
    cells: new Map(parts(list, 'cell').map((one) => [part(one.part, 'specialty')?.valueCode ?? '', countsOf(one.part)])),
    people: parts(list, 'person').map((one) => ({ who: reference(one.part, 'who'), illnesses: integer(one.part, 'illnesses') })),
    dependence: dependenceOf(part(list, 'dependence')?.part),
    things: parts(list, 'thing').map((one) => answerOf(one.part)),
  };
}

export function mapFrom(parameters: Parameters): CapabilityMap {
  const all = parameters.parameter;
  return {
    date: instant(all, 'date'),
    cases: integer(part(all, 'rules')?.part, 'cases'),
    specialties: parts(all, 'specialty').map((one) => ({ code: part(one.part, 'code')?.valueCode ?? '', illnesses: integer(one.part, 'illnesses') })),
    hospitals: parts(all, 'hospital').map((one) => hospitalOf(one.part)),
  };
}

function spanOf(list: Parts, name: string): Span | null {
  const found = part(list, name);
  return found ? { from: instant(found.part, 'from'), until: instant(found.part, 'until') } : null;
}

function toldOf(list: Parts, name: string): Told {
  const found = part(list, name);
  const about = found?.valueCode;
  return about === 'fewer-than-5' || about === '5-or-more' ? about : found?.valueInteger ?? 0;
}

const ALWAYS: Span = { from: '', until: '' };

function needOf(list: Parts): Need {
  const operations = part(list, 'operations')?.part;
  return {
    ...answerOf(list),
    hands: flag(list, 'hands'),
    persons: parts(list, 'person').map(({ part: one }) => ({
      who: reference(one, 'who'), unit: reference(one, 'unit'), visiting: flag(one, 'visiting'), term: spanOf(one, 'term') ?? ALWAYS,
      signedOff: spanOf(one, 'signed-off'), learns: spanOf(one, 'learns'), teaches: spanOf(one, 'teaches'), counts: flag(one, 'counts'),
    })),
    devices: parts(list, 'device').map(({ part: one }) => ({ kind: part(one, 'kind')?.valueCode ?? '', inService: flag(one, 'in-service') })),
    noDevice: parts(list, 'no-device').map((one) => one.valueCode ?? ''),
    links: parts(list, 'link').map(({ part: one }) => ({ unit: reference(one, 'unit'), term: spanOf(one, 'term') ?? ALWAYS, counts: flag(one, 'counts') })),
    operations: {
      counted: toldOf(operations, 'counted'), failed: toldOf(operations, 'failed'), unknown: toldOf(operations, 'outcome-unknown'),
      byVisitors: toldOf(operations, 'by-visitors'), exact: flag(operations, 'exact'),
      open: parts(operations, 'operation').map((one) => one.valueReference?.reference ?? ''),
    },
  };
}

export function proofFrom(parameters: Parameters): Proof {
  const all = parameters.parameter;
  return {
    hospital: reference(all, 'hospital'),
    answer: answerOf(all),
    cases: integer(part(all, 'rules')?.part, 'cases'),
    needs: parts(all, 'need').map((one) => needOf(one.part)),
  };
}

export interface MapQuestion {
  date?: string | undefined;
  /** Organization/ID, or "" for all. */
  hospital?: string | undefined;
  specialty?: string | undefined;
  /** "system|code" */
  code?: string | undefined;
  without?: boolean | undefined;
}

function queryOf({ date, hospital, specialty, code, without }: MapQuestion): string {
  const filled = Object.entries({ date, hospital, specialty, code, 'without-experts': without ? 'true' : '' }).filter(([, value]) => value) as [string, string][];
  return new URLSearchParams(filled).toString();
}

export async function loadMap(question: MapQuestion): Promise<CapabilityMap> {
  return mapFrom(await read<Parameters>(`Organization/$capability-map?${queryOf(question)}`));
}

export async function loadProof(hospital: string, question: MapQuestion): Promise<Proof> {
  return proofFrom(await read<Parameters>(`${hospital}/$capability?${queryOf({ ...question, hospital: '', specialty: '' })}`));
}

/** What local people do alone, of counts. */
export function alone(counts: Counts | undefined): number {
  return counts ? counts.at.independent + counts.at.teaches : 0;
}

/** What can be treated there in any way. */
export function reached(counts: Counts | undefined): number {
  return counts ? LEVELS.slice(1).reduce((sum, level) => sum + counts.at[level], 0) : 0;
}
