// SPDX-License-Identifier: Apache-2.0
// Volumes of months and figures of places, and what changed with assistance (docs/VOLUMES.md).
import { follow, read, resourcesOf, search, transaction } from './client';
import { readParts, type Named, type Part, type Parts } from './parts';
import type { Concept, Quantity, Reference, Resource } from './types';

export const VOLUMES = ['outpatients', 'inpatients', 'surgeries'] as const;
export type Volume = (typeof VOLUMES)[number];
export const LIFE = 'life-expectancy';
export const POPULATION = 'population';
export const KINDS = [...VOLUMES, LIFE, POPULATION] as const;
export type Kind = (typeof KINDS)[number];

const MEASURE = 'https://belay.health/Measure/';
const MOST_PAGES = 200;

/** Is ${kind} of a place and a year, and not of a hospital and a month? */
export const isOfPlace = (kind: Kind) => kind === LIFE || kind === POPULATION;
const measureOf = (kind: Kind) => `${MEASURE}${isOfPlace(kind) ? 'context' : 'volume'}-${kind}`;

/** An Organization or a Location: what a volume can be of. */
export interface Unit {
  id: string;
  name: string;
  /** What it is part of; "": nothing. */
  within: string;
}

export interface Month {
  month: string;
  value: number;
  fitted: number | null;
  without: number | null;
}

export interface Estimate {
  value: number;
  low: number;
  high: number;
}

export interface Year {
  year: number;
  value: number;
  low: number;
  high: number;
}

/** Why something cannot be told, as the node says it; "told": it is. */
export type Reason = 'told' | 'no-pairing' | 'few-before' | 'few-since' | 'no-comparison' | 'no-baseline' | 'alike';

export interface Effect {
  unit: Named;
  hospital: Named;
  reason: Reason;
  began: string;
  firstMonth: string;
  baseline: Year | null;
  latest: Year | null;
  growth: number;
  last: Estimate;
  slope: Estimate;
  difference: { reason: Reason; compared: number; grown: Estimate; apart: Estimate };
  months: Month[];
}

const STRATA = 'https://belay.health/CodeSystem/indicator-stratum';

/** Of whom inhabitants can be told, with where the codes are from. */
export const PART_SYSTEMS = { sex: 'http://hl7.org/fhir/administrative-gender', language: 'urn:ietf:bcp:47' } as const;
export type PartName = keyof typeof PART_SYSTEMS;

interface Population {
  code?: Concept;
  count?: number;
}

interface MeasureReport extends Resource {
  status?: string;
  type?: string;
  measure?: string;
  period?: { start: string; end: string };
  reporter?: Reference;
  subject?: Reference;
  group?: { population?: Population[]; measureScore?: Quantity; stratifier?: { code?: Concept[]; stratum?: { value?: { text?: string; coding?: { system?: string; code?: string }[] }; population?: Population[] }[] }[] }[];
}

async function everything(type: string, query: Record<string, string>): Promise<Resource[]> {
  let bundle = await search(type, { ...query, _count: '1000' });
  const found = resourcesOf(bundle);
  for (let page = 1; page < MOST_PAGES; page++) {
    const next = follow(bundle, 'next');
    if (!next) break;
    bundle = await next;
    found.push(...resourcesOf(bundle));
  }
  return found;
}

const idIn = (reference: string | undefined) => (reference ?? '').split('/').at(-1) ?? '';

export async function loadUnits(type: 'Organization' | 'Location'): Promise<Unit[]> {
  const found = (await everything(type, { _elements: 'name,partOf' })) as (Resource & { name?: string; partOf?: Reference })[];
  return found.map((one) => ({ id: one.id ?? '', name: one.name ?? '', within: idIn(one.partOf?.reference) }));
}

/** What is written down of ${kind} already: the figure by the id of its record. */
export async function loadWritten(kind: Kind): Promise<Map<string, string>> {
  const found = (await everything('MeasureReport', { measure: measureOf(kind), status: 'complete' })) as MeasureReport[];
  return new Map(found.map(({ id, group: [group] = [] }) => [id ?? '', String(group?.population?.[0]?.count ?? group?.stratifier?.[0]?.stratum?.[0]?.population?.[0]?.count ?? group?.measureScore?.value ?? '')]));
}

/** Departments and hospitals of which months are written down, as a figure tells them. */
export async function loadReporters(kind: Volume): Promise<Named[]> {
  const report = await read<MeasureReport>(`Measure/${kind}/$evaluate-measure?periodStart=1970&periodEnd=2199&stratifier=department`);
  return (report.group?.[0]?.stratifier?.[0]?.stratum ?? []).map((one) => ({ reference: one.value?.coding?.[0]?.code ?? '', name: one.value?.text ?? '' }));
}

const estimateIn = (parts: Parts | undefined): Estimate => ({ value: parts?.number('value') ?? 0, low: parts?.number('low') ?? 0, high: parts?.number('high') ?? 0 });
const yearIn = (parts: Parts | undefined): Year | null => (parts ? { ...estimateIn(parts), year: parts.number('year') } : null);

function monthIn(parts: Parts): Month {
  const number = (name: string) => (parts.has(name) ? parts.number(name) : null);
  return { month: parts.text('month'), value: parts.number('value'), fitted: number('fitted'), without: number('without') };
}

export async function loadEffect(kind: Volume, unit: string): Promise<Effect> {
  const answer = await read<{ parameter?: Part[] }>(`Measure/${kind}/$effect?unit=${encodeURIComponent(unit)}`);
  const parts = readParts(answer.parameter ?? []);
  const [interrupted] = parts.all('interrupted');
  const [difference] = parts.all('difference');
  return {
    unit: parts.who('unit'), hospital: parts.who('hospital'), began: parts.text('began'), firstMonth: parts.text('first-month'),
    reason: (parts.text('reason') || interrupted?.text('reason') || 'no-pairing') as Reason,
    baseline: yearIn(parts.all('baseline')[0]), latest: yearIn(parts.all('latest')[0]), growth: parts.number('growth'),
    last: estimateIn(interrupted?.all('last')[0]), slope: estimateIn(interrupted?.all('slope')[0]),
    difference: { reason: (difference?.text('reason') ?? 'no-pairing') as Reason, compared: difference?.number('compared') ?? 0, grown: estimateIn(difference?.all('grown')[0]), apart: estimateIn(difference?.all('apart')[0]) },
    months: parts.all('month').map(monthIn),
  };
}

// ---- writing down ----

/** What a line says, once it is known to be right. */
export interface Told {
  kind: Kind;
  of: string; // the id of the Organization or Location
  time: string; // 2021-03, or 2021
  /** Of which part of the inhabitants; none: of all. */
  part?: { name: PartName; code: string };
  value: string;
}

/** The id that the node wants: what it is of. */
export function volumeId(told: Told): string {
  const head = `${told.kind}-${told.time}${told.part ? `.${told.part.name}-${told.part.code}.` : '-'}`;
  return head + told.of.slice(-(64 - head.length));
}

export function reportOf(told: Told): MeasureReport {
  const population = [{ code: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-population', code: 'initial-population' }] }, count: Number(told.value) }];
  const { part } = told;
  return {
    resourceType: 'MeasureReport', id: volumeId(told), status: 'complete', type: 'summary', measure: measureOf(told.kind),
    period: { start: told.time, end: told.time },
    ...(isOfPlace(told.kind) ? { subject: { reference: `Location/${told.of}` } } : { reporter: { reference: `Organization/${told.of}` } }),
    group: [told.kind === LIFE
      ? { measureScore: { value: Number(told.value), unit: 'year' } }
      : part
        ? { stratifier: [{ code: [{ coding: [{ system: STRATA, code: part.name }] }], stratum: [{ value: { coding: [{ system: PART_SYSTEMS[part.name], code: part.code }] }, population }] }] }
        : { population }],
  };
}

/** All of them or none, each under its id: a second try writes nothing twice. */
export async function saveVolumes(all: readonly Told[]): Promise<void> {
  await transaction(all.map((one) => ({ resource: reportOf(one), request: { method: 'PUT', url: `MeasureReport/${volumeId(one)}` } })));
}
