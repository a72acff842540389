// SPDX-License-Identifier: Apache-2.0
// Who can treat a patient, nearest to home first: ServiceRequest/$route (docs/ROUTING.md).
import { read } from './client';
import type { Reference, Resource } from './types';

export const URGENCIES = ['routine', 'urgent', 'emergency'] as const;
export type RouteUrgency = (typeof URGENCIES)[number];
export const STATES = ['altitude-illness', 'needs-oxygen', 'unstable'] as const;
export type RouteState = (typeof STATES)[number];

export interface RouteQuestion {
  /** "system|code" of an illness or a procedure. */
  code: string;
  urgency: RouteUrgency;
  /** "Patient/ID", whose hospital is asked from. */
  patient?: string;
  /** "Organization/ID"; without either, the hospital of whoever asks. */
  hospital?: string;
  states?: readonly RouteState[];
  mayTravel?: boolean;
  language?: string;
}

export interface RouteReason {
  code: string;
  against: boolean;
  value: number | null;
  limit: number | null;
  person: string;
  text: string;
}

export interface RoutePlace {
  latitude: number | null;
  longitude: number | null;
  altitude: number | null;
}

/** Minutes that half, and nine of ten, of so many answers took. */
export interface RoutePace {
  median: number;
  ninety: number;
  count: number;
}

export interface RouteOption extends RoutePlace {
  kind: string;
  hospital: Reference;
  place: string;
  /** Whom to ask. */
  unit: Reference;
  unitHospital: string;
  person: string;
  safe: boolean;
  minutes: number;
  decidedBy: string;
  rise: number | null;
  /** How soon the unit answers; null: not known. */
  pace: RoutePace | null;
  reasons: RouteReason[];
}

export interface RouteAnswer {
  from: RoutePlace & { hospital: Reference; place: string };
  season: string;
  total: number;
  options: RouteOption[];
}

interface Parameter {
  name: string;
  valueCode?: string;
  valueString?: string;
  valueBoolean?: boolean;
  valueInteger?: number;
  valueDecimal?: number;
  valueReference?: Reference;
  part?: Parameter[];
}
interface Parameters extends Resource {
  parameter?: Parameter[];
}

function part(list: Parameter[] | undefined, name: string): Parameter | undefined {
  return list?.find((one) => one.name === name);
}

function placeOf(list: Parameter[] | undefined): RoutePlace {
  const number = (name: string) => part(list, name)?.valueDecimal ?? null;
  return { latitude: number('latitude'), longitude: number('longitude'), altitude: number('altitude') };
}

function reasonOf(list: Parameter[] | undefined): RouteReason {
  return {
    code: part(list, 'code')?.valueCode ?? '',
    against: part(list, 'against')?.valueBoolean ?? false,
    value: part(list, 'value')?.valueInteger ?? null,
    limit: part(list, 'limit')?.valueInteger ?? null,
    person: part(list, 'person')?.valueReference?.display ?? '',
    text: part(list, 'text')?.valueString ?? '',
  };
}

function paceOf(list: Parameter[] | undefined): RoutePace | null {
  const number = (name: string) => part(list, name)?.valueInteger ?? 0;
  return list ? { median: number('median'), ninety: number('ninety'), count: number('count') } : null;
}

function optionOf(list: Parameter[] | undefined): RouteOption {
  return {
    ...placeOf(list),
    kind: part(list, 'kind')?.valueCode ?? '',
    hospital: part(list, 'hospital')?.valueReference ?? {},
    place: part(list, 'place')?.valueReference?.display ?? '',
    unit: part(list, 'unit')?.valueReference ?? {},
    unitHospital: part(list, 'unit-hospital')?.valueReference?.display ?? '',
    person: part(list, 'person')?.valueReference?.display ?? '',
    safe: part(list, 'safe')?.valueBoolean ?? false,
    minutes: part(list, 'minutes')?.valueInteger ?? 0,
    decidedBy: part(list, 'decided-by')?.valueCode ?? '',
    rise: part(list, 'rise')?.valueInteger ?? null,
    pace: paceOf(part(list, 'answer')?.part),
    reasons: (list ?? []).filter((one) => one.name === 'reason').map((one) => reasonOf(one.part)),
  };
}

export function answerFrom(parameters: Parameters): RouteAnswer {
  const all = parameters.parameter ?? [];
  const from = part(all, 'from')?.part;
  return {
    from: { ...placeOf(from), hospital: part(from, 'hospital')?.valueReference ?? {}, place: part(from, 'place')?.valueReference?.display ?? '' },
    season: part(all, 'season')?.valueCode ?? '',
    total: part(all, 'total')?.valueInteger ?? 0,
    options: all.filter((one) => one.name === 'option').map((one) => optionOf(one.part)),
  };
}

export async function findRoute(question: RouteQuestion, count = 12): Promise<RouteAnswer> {
  const query = new URLSearchParams({ code: question.code, urgency: question.urgency, count: String(count) });
  if (question.patient) query.set('patient', question.patient);
  else if (question.hospital) query.set('hospital', question.hospital);
  if (question.mayTravel === false) query.set('may-travel', 'false');
  if (question.states?.length) query.set('state', question.states.join(','));
  if (question.language) query.set('language', question.language);
  return answerFrom(await read<Parameters>(`ServiceRequest/$route?${query.toString()}`));
}
