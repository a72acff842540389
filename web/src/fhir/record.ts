// SPDX-License-Identifier: Apache-2.0
// Any record in words: all that it says, line by line, under names that people know. For pages that lead from a figure
// down to what it counts; a kind of record with a page of its own is shown better there.
import { t, type TextKey } from '../lib/i18n';
import { history, read, resourcesOf, search } from './client';
import { isType, localReference, referenceTo } from './codes';
import { procedureName } from './logbook';
import { roleName, ROLE } from './roles';
import type { Bundle, Coding, Concept, Organization, Practitioner, Reference, Resource } from './types';

/** In the order of definitions/types.txt: kinds of records that are ours, in a space of their own. */
export const OUR_TYPES: readonly string[] = [
  'Apprenticeship', 'EmergencyAccess', 'CaseReview', 'Course', 'Enrolment', 'Handover', 'SignOff', 'Funding', 'PairingPulse', 'PublishedFigure', 'ProcedureRule', 'Report', 'Publication',
];

/** What stands behind a name: a text, a moment, another record, or lines of its own. */
export interface Line {
  name: string;
  text?: string;
  moment?: string;
  reference?: string;
  lines?: Line[];
}

/** A record as it came, whatever it holds. */
export type Anything = Resource & Record<string, unknown>;

const PROCEDURE = 'https://belay.health/CodeSystem/procedure';
/** Of every record, or of the machine alone. */
const LEFT_OUT = ['resourceType', 'id', 'meta', 'text', 'contained', 'language', 'implicitRules', 'url'];
const MOMENT = /^\d{4}(-\d{2}(-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?)?)?$/;
const VALUE = /^value[A-Z]/;

/** What people call what a record says; what has no name here has its own. */
const FIELDS: Record<string, TextKey | undefined> = {
  active: 'fact.active', agreement: 'fact.agreement', aim: 'fact.aim', amount: 'fact.amount', apprentice: 'fact.apprentice',
  'arrival-check': 'fact.arrival-check', arrived: 'fact.arrived', as: 'fact.as', 'assisted-in': 'fact.assisted-in', at: 'fact.at',
  authoredOn: 'fact.authored-on', bought: 'fact.bought', by: 'fact.by', code: 'fact.code', committedOn: 'fact.committed-on', condition: 'fact.condition',
  course: 'fact.course', currency: 'fact.currency', department: 'fact.department', display: 'fact.display', end: 'fact.end',
  enrolledOn: 'fact.enrolled-on', evidence: 'fact.evidence', focus: 'fact.focus', function: 'fact.function', funder: 'fact.funder', goal: 'fact.goal',
  identifier: 'fact.identifier', 'in-service': 'fact.in-service', kind: 'fact.kind', lastModified: 'fact.last-modified',
  learningDepartment: 'fact.learning-department', location: 'fact.location', master: 'fact.master', name: 'fact.name', note: 'fact.note', on: 'fact.on',
  organiser: 'fact.organiser', organization: 'fact.organization', outcome: 'fact.outcome', output: 'fact.output', owner: 'fact.owner',
  'pairing-goal': 'fact.pairing-goal', participatingOrganization: 'fact.participating-organization', party: 'fact.party', passed: 'fact.passed',
  payment: 'fact.payment', performed: 'fact.performed', performer: 'fact.performer', period: 'fact.period', person: 'fact.person',
  procedure: 'fact.procedure', proposed: 'fact.proposed', rate: 'fact.rate', recipient: 'fact.recipient', recorder: 'fact.recorder',
  replaces: 'fact.replaces', requester: 'fact.requester', result: 'fact.result', role: 'fact.role', signature: 'fact.signature', since: 'fact.since',
  source: 'fact.source', start: 'fact.start', status: 'fact.status', subject: 'fact.subject', supervisor: 'fact.supervisor', target: 'fact.target',
  targetLevel: 'fact.target-level', teacher: 'fact.teacher', teachingDepartment: 'fact.teaching-department', team: 'fact.team', title: 'fact.title',
  type: 'fact.type', use: 'fact.use', used: 'fact.used', value: 'fact.value', what: 'fact.what', when: 'fact.when', who: 'fact.who',
  word: 'fact.word',
  actor: 'fact.who', practitioner: 'fact.person', 'follow-up': 'fact.follow-up',
};

/** "operation-department" and "learningDepartment" in words. */
function nameOf(key: string): string {
  const last = key.replace(/^.*\//, '');
  const short = last.replace(/^(operation|posting|performed|sign-off)-?(?=[a-z])/, '').replace(/^(performed|onset|value)[A-Z].*$/, '$1');
  const known = FIELDS[last] ?? FIELDS[short];
  return known ? t(known) : last.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/-/g, ' ').toLowerCase();
}

function codingText(coding: Coding, language: string): string {
  if (coding.system === PROCEDURE && coding.code) return procedureName(coding.code, language);
  if (coding.system === ROLE) return roleName(coding.code);
  return coding.display ?? coding.code?.replace(/-/g, ' ') ?? '';
}

function conceptText(concept: Concept, language: string): string {
  return concept.coding?.map((one) => codingText(one, language)).filter(Boolean).join(', ') || (concept.text ?? '');
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** An extension is named by its address and holds one value, or extensions. */
function extensionLines(one: Record<string, unknown>, language: string): Line[] {
  const name = String(one['url'] ?? '');
  const key = Object.keys(one).find((member) => VALUE.test(member));
  if (key) return linesOf(name, one[key], language);
  return [{ name: nameOf(name), lines: membersOf(one, language) }];
}

function objectLines(name: string, value: Record<string, unknown>, language: string): Line[] {
  if (typeof value['reference'] === 'string') {
    const reference = value as Reference;
    return [{ name: nameOf(name), reference: localReference(reference.reference), text: reference.display ?? '' }];
  }
  if (Array.isArray(value['coding'])) return [{ name: nameOf(name), text: conceptText(value, language) }];
  if (typeof value['system'] === 'string' && typeof value['code'] === 'string') return [{ name: nameOf(name), text: codingText(value, language) }];
  const lines = membersOf(value, language);
  const [only] = lines;
  if (only && lines.length === 1) return [{ ...only, name: nameOf(name) }];
  return lines.length > 0 ? [{ name: nameOf(name), lines }] : [];
}

function linesOf(name: string, value: unknown, language: string): Line[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => (name === 'extension' && isObject(one) ? extensionLines(one, language) : linesOf(name, one, language)));
  if (isObject(value)) return objectLines(name, value, language);
  if (typeof value === 'boolean') return [{ name: nameOf(name), text: t(value ? 'record.yes' : 'record.no') }];
  if (typeof value === 'number') return [{ name: nameOf(name), text: String(value) }];
  if (typeof value !== 'string' || value === '') return [];
  return MOMENT.test(value) ? [{ name: nameOf(name), moment: value }] : [{ name: nameOf(name), text: name === 'procedure' ? procedureName(value, language) : value.replace(/^[a-z]+(-[a-z0-9]+)+$/, (code) => code.replace(/-/g, ' ')) }];
}

function membersOf(value: Record<string, unknown>, language: string): Line[] {
  return Object.entries(value).filter(([key]) => !LEFT_OUT.includes(key)).flatMap(([key, one]) => linesOf(key, one, language));
}

/** All that ${record} says; what it says of itself, such as its id, is left out. */
export function recordLines(record: Anything, language: string): Line[] {
  return membersOf(record, language);
}

function referencesIn(lines: readonly Line[]): string[] {
  return lines.flatMap((line) => [...(line.reference && !line.text ? [line.reference] : []), ...referencesIn(line.lines ?? [])]);
}

async function namesOf(type: 'Practitioner' | 'Organization', references: string[]): Promise<[string, string][]> {
  const ids = [...new Set(references)].filter((one) => one.startsWith(`${type}/`)).map((one) => one.slice(type.length + 1));
  if (ids.length === 0) return [];
  const found = resourcesOf(await search(type, { _id: ids.slice(0, 100).join(','), _count: '100' }));
  return found.map((one) => {
    if (isType<Organization>(one, 'Organization')) return [referenceTo(one), one.name ?? ''];
    const name = isType<Practitioner>(one, 'Practitioner') ? one.name?.[0] : undefined;
    return [referenceTo(one), name?.text ?? [...(name?.given ?? []), name?.family ?? ''].join(' ').trim()];
  });
}

export interface Told {
  record: Anything;
  /** By reference, of people and places that the record does not name itself. */
  names: Map<string, string>;
  /** When each version was written, the latest first. */
  written: string[];
}

/** What ${reference} says; its history is left empty where it may not be read. */
export async function loadRecord(reference: string, language: string): Promise<Told> {
  const space = OUR_TYPES.includes(reference.split('/')[0] ?? '') ? '/programme' : '/fhir';
  const record = await read<Anything>(reference, space);
  const references = referencesIn(recordLines(record, language));
  const past: Promise<Bundle> = space === '/fhir' ? history(reference) : read<Bundle>(`${reference}/_history?_count=100`, space);
  const [people, places, versions] = await Promise.all([namesOf('Practitioner', references), namesOf('Organization', references), past.then(resourcesOf, () => [])]);
  return { record, names: new Map([...people, ...places]), written: versions.map((one) => one.meta?.lastUpdated ?? '').filter(Boolean) };
}
