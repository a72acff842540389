// SPDX-License-Identifier: Apache-2.0
// A patient under shared watch: what both sides agreed on, and the alerts (docs/VITALS.md).
import { operation, resourcesOf, search } from './client';
import { localReference } from './codes';
import type { Side } from './case-step';
import type { Extension, Patient, Reference, Resource } from './types';
import { present } from '../lib/time';

const BELAY = 'https://belay.health';
const RECORD = `${BELAY}/CodeSystem/case-record`;
const ALERT = `${BELAY}/StructureDefinition/watch-alert`;
const SEEN = `${BELAY}/StructureDefinition/watch-seen`;
const TERMS = `${BELAY}/StructureDefinition/watch`;
const DAY = 24 * 3600_000;

export const BANDS = ['single-3', '5', '7'] as const;
export type Band = (typeof BANDS)[number];

export interface Watch {
  id: string;
  /** The case. */
  request: string;
  patient: string;
  from: string;
  until: string;
  every: number;
  rise: number;
  band: Band;
  /** Why there is no score: child, pregnant, age-unknown; "" where there is one. */
  refused: string;
}

export interface Seen {
  side: Side;
  by: string;
  at: string;
}

export interface Alert {
  id: string;
  request: string;
  patient: string;
  sent: string;
  reason: 'rose' | 'reached' | 'overdue';
  before: number | null;
  total: number | null;
  seen: Seen[];
}

interface Plan extends Resource {
  extension?: Part[];
  subject?: Reference;
  period?: { start?: string; end?: string };
  activity?: { reference?: Reference }[];
}

interface Message extends Resource {
  extension?: Part[];
  subject?: Reference;
  basedOn?: Reference[];
  sent?: string;
}

type Part = Extension & { valueInteger?: number; valuePositiveInt?: number; extension?: Part[] };

function partsOf(extensions: Part[] | undefined, url: string): Part[][] {
  return (extensions ?? []).filter((one) => one.url === url).map((one) => one.extension ?? []);
}

function part(parts: Part[], name: string): Part | undefined {
  return parts.find((one) => one.url === name);
}

function idIn(reference: Reference | undefined): string {
  return localReference(reference?.reference).split('/')[1] ?? '';
}

function watchOf(plan: Plan): Watch {
  const terms = partsOf(plan.extension, TERMS)[0] ?? [];
  return {
    id: plan.id ?? '', request: idIn(plan.activity?.[0]?.reference), patient: idIn(plan.subject), from: plan.period?.start ?? '', until: plan.period?.end ?? '',
    every: part(terms, 'every')?.valuePositiveInt ?? 0, rise: part(terms, 'rise')?.valuePositiveInt ?? 2,
    band: (part(terms, 'band')?.valueCode ?? '5') as Band, refused: part(terms, 'refused')?.valueCode ?? '',
  };
}

function alertOf(message: Message): Alert {
  const told = partsOf(message.extension, ALERT)[0] ?? [];
  return {
    id: message.id ?? '', request: idIn(message.basedOn?.[0]), patient: idIn(message.subject), sent: message.sent ?? '',
    reason: (part(told, 'reason')?.valueCode ?? 'rose') as Alert['reason'],
    before: part(told, 'before')?.valueInteger ?? null, total: part(told, 'total')?.valueInteger ?? null,
    seen: partsOf(message.extension, SEEN).map((one) => ({
      side: (part(one, 'side')?.valueCode ?? 'asking') as Side, by: part(one, 'by')?.valueReference?.display ?? '', at: part(one, 'at')?.valueInstant ?? '',
    })),
  };
}

export interface Watching {
  watches: Watch[];
  alerts: Alert[];
  patients: Map<string, Patient>;
}

/** Watches under way and alerts of the last days: of one case, or of all I see. */
export async function watching(request = ''): Promise<Watching> {
  const [plans, messages] = await Promise.all([
    search('CarePlan', {
      category: `${RECORD}|watch`, status: 'active', _include: 'CarePlan:subject', _count: '100', ...(request ? { 'activity-reference': `ServiceRequest/${request}` } : {}),
    }),
    search('Communication', {
      category: `${RECORD}|alert`, sent: `ge${new Date(present() - 14 * DAY).toISOString()}`, _sort: '-sent', _count: '100',
      ...(request ? { 'based-on': `ServiceRequest/${request}` } : {}),
    }),
  ]);
  const all = resourcesOf(plans);
  return {
    watches: all.filter((one) => one.resourceType === 'CarePlan').map((one) => watchOf(one as Plan)),
    alerts: resourcesOf(messages).filter((one) => one.resourceType === 'Communication').map((one) => alertOf(one as Message)),
    patients: new Map(all.filter((one) => one.resourceType === 'Patient').map((one) => [one.id ?? '', one as Patient])),
  };
}

export interface Terms {
  id: string;
  hours: number;
  every: number;
  rise: number;
  band: Band;
}

export function beginWatch(request: string, terms: Terms): Promise<unknown> {
  return operation(`/ServiceRequest/${request}/$watch`, {
    id: { valueId: terms.id }, until: { valueInstant: new Date(present() + terms.hours * 3600_000).toISOString() }, every: { valuePositiveInt: terms.every },
    rise: { valuePositiveInt: terms.rise }, band: { valueCode: terms.band },
  });
}

export function endWatch(request: string, id: string): Promise<unknown> {
  return operation(`/ServiceRequest/${request}/$end-watch`, { id: { valueId: id } });
}

export function acknowledge(alert: Alert): Promise<unknown> {
  return operation(`/ServiceRequest/${alert.request}/$acknowledge`, { alert: { valueId: alert.id } });
}
