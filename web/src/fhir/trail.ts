// SPDX-License-Identifier: Apache-2.0
// The audit trail: who has seen a patient, a search of all entries, the state of the chain.
import { t, type TextKey } from '../lib/i18n';
import { follow, read, resourcesOf, search } from './client';
import { isType, localReference } from './codes';
import type { AuditEvent, Bundle, Parameter, Parameters, Resource } from './types';

/** One line of the list that a patient may be given. */
export interface Access {
  when: string;
  who: string;
  role: string;
  hospital: string;
  what: string;
  kinds: string[];
  records: number;
  why: string;
}

export interface Accesses {
  /** "Patient/ID", where the patient was asked for by number. */
  patient: string;
  list: Access[];
  next: string;
}

function text(parts: Parameter[] | undefined, name: string): string {
  const part = parts?.find((one) => one.name === name);
  return part?.valueString ?? part?.valueInstant ?? part?.valueUri ?? part?.valueUrl ?? '';
}

function accessOf({ part }: Parameter): Access {
  return {
    when: text(part, 'when'),
    who: text(part, 'who'),
    role: text(part, 'role'),
    hospital: text(part, 'hospital'),
    what: text(part, 'kind'),
    kinds: text(part, 'types').split(', ').filter(Boolean),
    records: part?.find((one) => one.name === 'records')?.valueInteger ?? 0,
    why: text(part, 'why'),
  };
}

async function page(path: string): Promise<Accesses> {
  const answer = await read<Parameters>(path);
  const list = answer.parameter ?? [];
  return {
    patient: text(list, 'patient'),
    list: list.filter((one) => one.name === 'access').map(accessOf),
    next: text(list, 'next'),
  };
}

export function accessesOf(id: string): Promise<Accesses> {
  return page(`Patient/${encodeURIComponent(id)}/$accesses?_count=200`);
}

export function accessesByNumber(number: string): Promise<Accesses> {
  return page(`Patient/$accesses?_count=1&identifier=${encodeURIComponent(number.replace(/[\\,|$]/g, '\\$&'))}`);
}

export function moreAccesses(next: string): Promise<Accesses> {
  return page(next.replace(/^.*?\/fhir\//, ''));
}

const WHAT: Record<string, TextKey> = {
  read: 'what.read',
  'read an earlier version': 'what.vread',
  'found by a search': 'what.search',
  'read the history': 'what.history',
  'read the whole record': 'what.everything',
  'copied out': 'what.export',
  wrote: 'what.create',
  changed: 'what.update',
  deleted: 'what.delete',
  'looked who had access': 'what.look',
};

/** What was done, in words for a patient. */
export function whatWords(what: string): string {
  const key = WHAT[what];
  return key ? t(key) : what;
}

const KINDS: Record<string, TextKey> = {
  Patient: 'kind.patient',
  ServiceRequest: 'kind.request',
  Task: 'kind.task',
  Communication: 'kind.message',
  Observation: 'kind.observation',
  Condition: 'kind.condition',
  DocumentReference: 'kind.document',
  Binary: 'kind.document',
  Media: 'kind.document',
  DiagnosticReport: 'kind.report',
  ImagingStudy: 'kind.image',
  MedicationRequest: 'kind.medication',
  MedicationStatement: 'kind.medication',
  Procedure: 'kind.procedure',
  Encounter: 'kind.encounter',
  Consent: 'kind.consent',
  AllergyIntolerance: 'kind.allergy',
  Immunization: 'kind.immunization',
};

/** What kinds of records, in words; a rare kind keeps its FHIR name. */
export function kindWords(kinds: string[]): string {
  return [...new Set(kinds.map((kind) => {
    const key = KINDS[kind];
    return key ? t(key) : kind;
  }))].join(', ');
}

// ---- the search of auditors ----

export interface TrailQuery {
  person: string;
  patient: string;
  action: string;
  outcome: string;
  from: string;
  until: string;
}

export interface TrailPage {
  events: AuditEvent[];
  more: (() => Promise<TrailPage>) | null;
}

function pageOf(bundle: Bundle): TrailPage {
  const next = follow.bind(null, bundle, 'next');
  const has = bundle.link?.some((link) => link.relation === 'next');
  return {
    events: resourcesOf(bundle).filter((one: Resource) => isType<AuditEvent>(one, 'AuditEvent')),
    more: has ? async () => pageOf(await next()!) : null,
  };
}

/** "changes" and the like stand for several actions of FHIR. */
const ACTIONS: Record<string, Record<string, string>> = {
  read: { action: 'R,E', subtype: 'read,vread,search,history,operation' },
  change: { subtype: 'create,update,delete' },
  'sign-in': { type: '110114' },
  account: { type: '110137' },
  refusal: { type: '110113' },
  copy: { type: '110106' },
  look: { type: '110101' },
};
export const ACTION_NAMES = Object.keys(ACTIONS);

export function isReference(person: string): boolean {
  return /^(Practitioner|Organization)\/\S+$/.test(person);
}

/** ${instant}: where a day begins here. */
export async function searchTrail(query: TrailQuery, instant: (date: string, days?: number) => string): Promise<TrailPage> {
  const asked: Record<string, string | string[]> = { _count: '50', ...(ACTIONS[query.action] ?? {}) };
  const person = query.person.trim();
  if (person) asked[isReference(person) ? 'agent' : 'agent-name'] = person;
  if (query.patient.trim()) asked['patient'] = localReference(query.patient.trim()).replace(/^Patient\//, '');
  if (query.outcome) asked['outcome'] = query.outcome === 'failed' ? '4,8' : '0';
  const dates = [query.from && `ge${instant(query.from)}`, query.until && `lt${instant(query.until, 1)}`].filter(Boolean) as string[];
  if (dates.length > 0) asked['date'] = dates;
  return pageOf(await search('AuditEvent', asked));
}

export function readEvent(id: string): Promise<AuditEvent> {
  return read<AuditEvent>(`AuditEvent/${encodeURIComponent(id)}`);
}

export interface Chain {
  sound: boolean;
  checked: string;
  entries: number;
  head: string;
  faults: { where: string; what: string }[];
}

export async function chainState(): Promise<Chain> {
  const answer = await read<Parameters>('AuditEvent/$chain');
  const list = answer.parameter ?? [];
  return {
    sound: list.find((one) => one.name === 'sound')?.valueBoolean ?? false,
    checked: text(list, 'checked'),
    entries: list.find((one) => one.name === 'entries')?.valueDecimal ?? 0,
    head: text(list, 'head'),
    faults: list.filter((one) => one.name === 'fault').map(({ part }) => ({ where: text(part, 'where'), what: text(part, 'what') })),
  };
}

const DID: Record<string, TextKey> = {
  read: 'what.read',
  vread: 'what.vread',
  search: 'what.search',
  history: 'what.history',
  operation: 'what.everything',
  create: 'what.create',
  update: 'what.update',
  delete: 'what.delete',
  '110122': 'what.sign-in',
  '110123': 'what.sign-out',
  '110106': 'what.export',
  '110101': 'what.look',
  '110113': 'what.refused',
  made: 'what.account-made',
  disabled: 'what.account-off',
  enabled: 'what.account-on',
  reset: 'what.account-reset',
};

export function failed(event: AuditEvent): boolean {
  return (event.outcome ?? '0') !== '0';
}

/** What somebody did, in words. */
export function didWords(event: AuditEvent): string {
  const code = event.subtype?.[0]?.code ?? event.type.code ?? '';
  if (code === '110122' && failed(event)) return t('what.sign-in-failed');
  const key = DID[code] ?? DID[event.type.code ?? ''];
  return key ? t(key) : event.subtype?.[0]?.display ?? event.type.display ?? code;
}

/** The records an entry names, without their versions, each once. */
export function recordsOf(event: AuditEvent): { patients: string[]; records: string[]; accounts: string[] } {
  const entities = event.entity ?? [];
  const named = (patient: boolean) => [...new Set(entities.filter((one) => (one.role?.code === '1') === patient && one.what?.reference).map((one) => localReference(one.what?.reference)))];
  return { patients: named(true), records: named(false), accounts: entities.flatMap((one) => (one.name ? [one.name] : [])) };
}
