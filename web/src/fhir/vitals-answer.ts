// SPDX-License-Identifier: Apache-2.0
// What the node says of vital signs ($vitals, docs/VITALS.md): sets taken together, each
// with its NEWS2 and what the altitude means. Nothing is scored here: this only reads.
import { post, read } from './client';
import { CONSCIOUSNESS, DATA_ABSENT, LOINC, concept } from './codes';
import { BLOOD_PRESSURE, CONSCIOUSNESS_LOINC, NUMBER_VITALS, type Consciousness, type NumberVital } from './vitals';
import type { Bundle, Observation, Parameter, Parameters, Patient, Quantity, Resource } from './types';

/** The node's names of the signs that are numbers, and what these pages call them. */
const NUMBERS: Record<string, NumberVital> = {
  respiration: 'breaths',
  saturation: 'saturation',
  'oxygen-flow': 'oxygen',
  systolic: 'systolic',
  diastolic: 'diastolic',
  pulse: 'pulse',
  temperature: 'temperature',
};

export interface Reading {
  sign: string;
  quantity: Quantity | null;
  level: Consciousness | null;
  flag: boolean;
  absent: boolean; // given, and how much was not written down
  notUsed: string; // why it counts for nothing; "" where it counts
  record: string;
}

export type Response = 'none' | 'low' | 'low-medium' | 'medium' | 'high';

export interface Score {
  refused: string; // child, pregnant, age-unknown; "" where there is a score
  total: number;
  complete: boolean;
  missing: string[];
  points: { sign: string; points: number }[];
  scale: number;
  response: Response;
  hours: number | null; // until the signs are taken again
  worse: boolean;
}

export interface Context {
  refused: string; // altitude-not-known, altitude-out-of-range, on-oxygen, infant; ""
  metres: number | null;
  from: string; // observation, hospital, address
  stay: string; // just-arrived, between, settled
  stayFrom: string; // recorded, lives-here, not-known
  days: number | null;
  low: number | null;
  middleLow: number | null;
  middleHigh: number | null;
  deviation: number | null;
  below: boolean;
}

export interface Sickness {
  total: number;
  verdict: string;
  missing: string[];
  brain: boolean;
  lung: boolean;
}

export interface VitalSet {
  at: string;
  readings: Reading[];
  news2: Score;
  context: Context;
  sickness: Sickness | null;
}

export interface VitalsAnswer {
  sets: VitalSet[]; // the newest first
  older: boolean;
}

// ---- reading ----

function part(of: Parameter | undefined, name: string): Parameter | undefined {
  return of?.part?.find((one) => one.name === name);
}

function parts(of: Parameter | undefined, name: string): Parameter[] {
  return of?.part?.filter((one) => one.name === name) ?? [];
}

function codeOf(of: Parameter | undefined, name: string): string {
  return part(of, name)?.valueCode ?? '';
}

function numberOf(of: Parameter | undefined, name: string): number | null {
  const found = part(of, name);
  return found?.valueInteger ?? found?.valueQuantity?.value ?? null;
}

function flagOf(of: Parameter | undefined, name: string): boolean {
  return part(of, name)?.valueBoolean ?? false;
}

function readingOf(one: Parameter): Reading {
  const value = part(one, 'value');
  const level = value?.valueCodeableConcept?.coding?.find((coding) => coding.system === CONSCIOUSNESS)?.code;
  return {
    sign: codeOf(one, 'sign'),
    quantity: value?.valueQuantity ?? null,
    level: (level as Consciousness | undefined) ?? null,
    flag: value?.valueBoolean ?? false,
    absent: part(one, 'absent') !== undefined,
    notUsed: codeOf(one, 'not-used'),
    record: part(one, 'record')?.valueReference?.reference ?? '',
  };
}

function scoreOf(one: Parameter | undefined): Score {
  return {
    refused: codeOf(one, 'refused'),
    total: numberOf(one, 'total') ?? 0,
    complete: flagOf(one, 'complete'),
    missing: parts(one, 'missing').map((missing) => missing.valueCode ?? ''),
    points: parts(one, 'points').map((points) => ({ sign: codeOf(points, 'sign'), points: numberOf(points, 'points') ?? 0 })),
    scale: numberOf(one, 'scale') ?? 1,
    response: (codeOf(one, 'response') || 'none') as Response,
    hours: numberOf(one, 'again-within-hours'),
    worse: flagOf(one, 'worse'),
  };
}

function contextOf(one: Parameter | undefined): Context {
  return {
    refused: codeOf(one, 'refused'),
    metres: numberOf(one, 'altitude'),
    from: codeOf(one, 'altitude-from'),
    stay: codeOf(one, 'stay'),
    stayFrom: codeOf(one, 'stay-from'),
    days: numberOf(one, 'days-since-ascent'),
    low: numberOf(one, 'expected-low'),
    middleLow: numberOf(one, 'expected-middle-low'),
    middleHigh: numberOf(one, 'expected-middle-high'),
    deviation: numberOf(one, 'deviation'),
    below: flagOf(one, 'below-expected'),
  };
}

function sicknessOf(one: Parameter | undefined): Sickness | null {
  if (!one) return null;
  return {
    total: numberOf(one, 'total') ?? 0,
    verdict: codeOf(one, 'verdict'),
    missing: parts(one, 'missing').map((missing) => missing.valueCode ?? ''),
    brain: flagOf(one, 'red-flag-brain'),
    lung: flagOf(one, 'red-flag-lung'),
  };
}

function setOf(one: Parameter): VitalSet {
  return {
    at: part(one, 'time')?.valueDateTime ?? '',
    readings: parts(one, 'value').map(readingOf),
    news2: scoreOf(part(one, 'news2')),
    context: contextOf(part(one, 'context')),
    sickness: sicknessOf(part(one, 'lake-louise')),
  };
}

export function vitalsFrom(answer: Parameters): VitalsAnswer {
  const top = answer.parameter ?? [];
  return {
    sets: top.filter((one) => one.name === 'set').map(setOf),
    older: top.find((one) => one.name === 'older')?.valueBoolean ?? false,
  };
}

/** Of what the case shares: both sides are told the same. */
export async function loadVitals(caseId: string): Promise<VitalsAnswer> {
  return vitalsFrom(await read<Parameters>(`ServiceRequest/${caseId}/$vitals`));
}

/** What the node would say of ${observations} of ${patient}; nothing is stored. */
export async function tryVitals(patient: Patient, observations: Observation[]): Promise<VitalSet | null> {
  const entry = [patient, ...observations].map((resource: Resource) => ({ resource }));
  const bundle: Bundle = { resourceType: 'Bundle', type: 'collection', entry };
  return vitalsFrom(await post<Parameters>('Patient/$vitals', bundle)).sets[0] ?? null;
}

// ---- as records again, for the table of values ----

function numberRecord(id: NumberVital, reading: Reading, at: string): Observation {
  const kind = NUMBER_VITALS[id];
  return {
    resourceType: 'Observation',
    status: 'final',
    code: concept(LOINC, kind.loinc),
    effectiveDateTime: at,
    ...(reading.quantity ? { valueQuantity: reading.quantity } : {}),
    ...(reading.absent ? { dataAbsentReason: concept(DATA_ABSENT, 'unknown') } : {}),
  };
}

/** The set as the table of vital signs takes it: both pressures together. */
export function recordsOf(set: VitalSet): Observation[] {
  const made: Observation[] = [];
  const pressures: Observation[] = [];
  for (const reading of set.readings) {
    const id = NUMBERS[reading.sign];
    if (reading.level) {
      made.push({
        resourceType: 'Observation', status: 'final', code: concept(LOINC, CONSCIOUSNESS_LOINC), effectiveDateTime: set.at,
        valueCodeableConcept: concept(CONSCIOUSNESS, reading.level),
      });
    } else if (id === 'systolic' || id === 'diastolic') pressures.push(numberRecord(id, reading, set.at));
    else if (id) made.push(numberRecord(id, reading, set.at));
  }
  if (pressures.length > 0) {
    const component = pressures.flatMap(({ code, valueQuantity }) => (valueQuantity ? [{ code, valueQuantity }] : []));
    made.push({ resourceType: 'Observation', status: 'final', code: concept(LOINC, BLOOD_PRESSURE), effectiveDateTime: set.at, component });
  }
  return made;
}
