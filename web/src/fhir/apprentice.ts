// SPDX-License-Identifier: Apache-2.0
// Apprenticeships and lineages, as the node answers (docs/APPRENTICES.md).
import { session } from '../session';
import { operation, programmeSearch, read, resourcesOf, search } from './client';
import { isType, localReference, referenceTo } from './codes';
import { colleagues, personOf, reading, type Named, type Part } from './logbook';
import type { Organization, Reference, Resource } from './types';
import { present } from '../lib/time';

export const STATES = ['planned', 'active', 'completed', 'stopped', 'declined'] as const;
export type State = (typeof STATES)[number];
export const VOICES = ['apprentice', 'master', 'learning-department', 'teaching-department'] as const;
export type Voice = (typeof VOICES)[number];
/** Levels that can be aimed at, of the common scale. */
export const TARGETS = [2, 3, 4, 5, 6] as const;

export interface Goal {
  code: string;
  level: number;
}

export interface Agreement {
  by: Named;
  role: Voice;
  on: string;
  until: string;
}

export interface Apprenticeship {
  id: string;
  state: State;
  apprentice: Named;
  master: Named;
  learning: Named;
  teaching: Named;
  from: string;
  until: string;
  proposedEnd: string;
  goals: Goal[];
  agreements: Agreement[];
  notes: { by: Named; on: string; text: string }[];
}

interface Record_ extends Resource {
  status?: State;
  apprentice?: Reference;
  master?: Reference;
  learningDepartment?: Reference;
  teachingDepartment?: Reference;
  period?: { start?: string; end?: string };
  proposedEnd?: string;
  goal?: { procedure?: { coding?: { code?: string }[] }; targetLevel?: number }[];
  agreement?: { party?: Reference; role?: Voice; agreedOn?: string; until?: string }[];
  note?: { authorReference?: Reference; time?: string; text?: string }[];
}

function apprenticeshipOf(record: Record_): Apprenticeship {
  return {
    id: record.id ?? '',
    state: record.status ?? 'planned',
    apprentice: personOf(record.apprentice),
    master: personOf(record.master),
    learning: personOf(record.learningDepartment),
    teaching: personOf(record.teachingDepartment),
    from: record.period?.start ?? '',
    until: record.period?.end ?? '',
    proposedEnd: record.proposedEnd ?? '',
    goals: (record.goal ?? []).map((goal) => ({ code: goal.procedure?.coding?.find((one) => one.code)?.code ?? '', level: goal.targetLevel ?? 0 })),
    agreements: (record.agreement ?? []).map((one) => ({ by: personOf(one.party), role: one.role ?? 'apprentice', on: one.agreedOn ?? '', until: one.until ?? '' })),
    notes: (record.note ?? []).map((one) => ({ by: personOf(one.authorReference), on: one.time ?? '', text: one.text ?? '' })),
  };
}

/** Names of what a record names without saying how it is called. */
async function withNames(list: Apprenticeship[]): Promise<Apprenticeship[]> {
  const all = list.flatMap((one) => [one.apprentice, one.master, one.learning, one.teaching]);
  const bare = [...new Set(all.filter((one) => one.name === one.reference).map((one) => one.reference))];
  const idsOf = (type: string) => bare.filter((one) => one.startsWith(`${type}/`)).map((one) => one.split('/')[1] ?? '').join(',');
  const names = new Map<string, string>();
  for (const type of ['Practitioner', 'Organization']) {
    const ids = idsOf(type);
    if (!ids) continue;
    for (const one of resourcesOf(await search(type, { _id: ids, _count: '200' })) as (Resource & { name?: string | { text?: string; given?: string[]; family?: string }[] })[]) {
      const first = Array.isArray(one.name) ? one.name[0] : undefined;
      const name = typeof one.name === 'string' ? one.name : first?.text ?? [...(first?.given ?? []), first?.family ?? ''].join(' ').trim();
      if (name) names.set(referenceTo(one), name);
    }
  }
  const full = (one: Named): Named => ({ ...one, name: names.get(one.reference) ?? one.name });
  return list.map((one) => ({ ...one, apprentice: full(one.apprentice), master: full(one.master), learning: full(one.learning), teaching: full(one.teaching) }));
}

/** All that I may read: mine, and those of departments that I head; ${query}: of these only. */
export async function loadApprenticeships(query: Record<string, string> = {}): Promise<Apprenticeship[]> {
  const bundle = await programmeSearch('Apprenticeship', { ...query, _count: '200' });
  const found = resourcesOf(bundle).filter((one) => (one.resourceType as string) === 'Apprenticeship').map((one) => apprenticeshipOf(one as Record_));
  return (await withNames(found)).sort((a, b) => b.from.localeCompare(a.from));
}

// ---- who speaks for whom ----

/** Units that I head. */
export function headed(): string[] {
  return (session.value?.posts ?? []).filter((post) => post.role === 'head-of-department').map((post) => post.department ?? post.organization ?? '').filter(Boolean);
}

/** The parts in which I can agree, as the node has it. */
export function myVoices(one: Apprenticeship): Voice[] {
  const me = session.value?.practitioner ?? '';
  if (one.apprentice.reference === me) return ['apprentice'];
  const heads = headed();
  return [
    ...(one.master.reference === me ? ['master' as const] : []),
    ...(heads.includes(one.learning.reference) ? ['learning-department' as const] : []),
    ...(heads.includes(one.teaching.reference) ? ['teaching-department' as const] : []),
  ];
}

/** The parts that have agreed to the apprenticeship, or to the later end that is proposed. */
export function agreed(one: Apprenticeship): Voice[] {
  return one.agreements.filter((a) => (one.proposedEnd ? a.until === one.proposedEnd : !a.until)).map((a) => a.role);
}

/** Over: its period has ended, whatever it says. */
export function isOver(one: Apprenticeship, now = new Date(present())): boolean {
  if (one.state !== 'active') return one.state !== 'planned';
  return one.until !== '' && (one.until.length > 10 ? new Date(one.until) <= now : one.until < now.toISOString().slice(0, 10));
}

/** Is my word asked for? The head of the teaching side is asked where nobody else speaks for the learning one. */
export function waitsForMe(one: Apprenticeship): boolean {
  if (isOver(one) || (one.state === 'active' && !one.proposedEnd)) return false;
  const said = agreed(one);
  const open = myVoices(one).filter((voice) => !said.includes(voice));
  return open.some((voice) => voice !== 'teaching-department') || (open.length > 0 && said.includes('apprentice') && said.includes('master') && !said.includes('learning-department'));
}

// ---- operations ----

export interface Terms {
  id: string;
  apprentice: string;
  master: string;
  learning: string;
  teaching: string;
  goals: Goal[];
  from: string;
  until: string;
  note: string;
}

export async function propose(terms: Terms): Promise<void> {
  const reference = (value: string) => ({ valueReference: { reference: value } });
  await operation('/Apprenticeship/$propose', [
    ['id', { valueId: terms.id }],
    ['apprentice', reference(terms.apprentice)],
    ['master', reference(terms.master)],
    ['learning-department', reference(terms.learning)],
    ['teaching-department', reference(terms.teaching)],
    ...terms.goals.map((goal): [string, object] => ['goal', { part: [{ name: 'procedure', valueCode: goal.code }, { name: 'target-level', valueInteger: goal.level }] }]),
    ['start', { valueDate: terms.from }],
    ['end', { valueDate: terms.until }],
    ...(terms.note.trim() ? [['note', { valueString: terms.note.trim() }] as [string, object]] : []),
  ], '/programme');
}

export async function agree(one: Apprenticeship): Promise<void> {
  await operation(`/Apprenticeship/${one.id}/$agree`, one.proposedEnd ? { end: { valueDate: one.proposedEnd } } : {}, '/programme');
}

export async function extend(one: Apprenticeship, until: string): Promise<void> {
  await operation(`/Apprenticeship/${one.id}/$extend`, { end: { valueDate: until } }, '/programme');
}

export async function stop(one: Apprenticeship, reason: string, completed: boolean): Promise<void> {
  await operation(`/Apprenticeship/${one.id}/$stop`, { reason: { valueString: reason.trim() }, ...(completed ? { completed: { valueBoolean: true } } : {}) }, '/programme');
}

// ---- with whom ----

/** Nobody learns or teaches in one. */
const TEAM = 'https://belay.health/CodeSystem/organization-kind|team';

function units(records: Resource[]): Organization[] {
  return records.filter((one) => isType<Organization>(one, 'Organization'));
}

async function departmentsOf(hospitals: string[]): Promise<Named[]> {
  if (hospitals.length === 0) return [];
  const ids = hospitals.map((one) => one.replace('Organization/', '')).join(',');
  const [tops, below] = await Promise.all([search('Organization', { _id: ids, _count: '200' }), search('Organization', { partof: hospitals.join(','), 'type:not': TEAM, _count: '500' })]);
  const names = new Map(units(resourcesOf(tops)).map((one) => [referenceTo(one), one.name ?? '']));
  return units(resourcesOf(below)).map((one) => ({ reference: referenceTo(one), name: [one.name, names.get(localReference(one.partOf?.reference))].filter(Boolean).join(', ') })).sort((a, b) => a.name.localeCompare(b.name));
}

/** The hospitals that ${units} are or belong to. */
async function hospitalsOf(list: string[]): Promise<string[]> {
  if (list.length === 0) return [];
  const found = units(resourcesOf(await search('Organization', { _id: list.map((one) => one.replace('Organization/', '')).join(','), _count: '200' })));
  return [...new Set(found.map((one) => localReference(one.partOf?.reference) || referenceTo(one)))];
}

interface Affiliation extends Resource {
  active?: boolean;
  organization?: Reference;
  participatingOrganization?: Reference;
}

/** The departments that the department ${unit} of ${hospital} may teach or learn with: of paired hospitals, and of its own. */
export async function partnersOf(unit: string, hospital: string): Promise<Named[]> {
  const ours = [...new Set([unit, hospital])].filter(Boolean);
  const found = await Promise.all(['primary-organization', 'participating-organization'].map((name) => search('OrganizationAffiliation', { [name]: ours.join(','), active: 'true', _count: '100' })));
  const pairs = found.flatMap(resourcesOf) as Affiliation[];
  const ends = pairs.flatMap((one) => [localReference(one.organization?.reference), localReference(one.participatingOrganization?.reference)]).filter((one) => one && !ours.includes(one));
  const hospitals = await hospitalsOf([...new Set(ends)]);
  const [theirs, own] = await Promise.all([departmentsOf(hospitals.filter((one) => one !== hospital)), departmentsOf([hospital])]);
  return [...theirs, ...own];
}

/** Who holds a post in the department ${unit}, or in the whole of its hospital. */
export async function peopleAt(unit: string): Promise<Named[]> {
  const hospitals = await hospitalsOf([unit]);
  return colleagues([...new Set([unit, ...hospitals])], '');
}

// ---- lineage ----

export interface Tie {
  /** '' where I may not read the record. */
  id: string;
  master: Named;
  apprentice: Named;
  learning: Named;
  teaching: Named;
  from: string;
  until: string;
  runs: boolean;
  codes: string[];
}

export interface Lineage {
  person: Named;
  ties: Tie[];
  more: boolean;
}

function tieOf(parts: Part[]): Tie {
  const of = reading(parts);
  return {
    id: of.text('id'),
    master: of.who('master'),
    apprentice: of.who('apprentice'),
    learning: of.who('learning-department'),
    teaching: of.who('teaching-department'),
    from: of.text('from'),
    until: of.text('until'),
    runs: of.text('state') === 'under-way',
    codes: parts.filter((one) => one.name === 'procedure').map((one) => String(one['valueCode'] ?? '')),
  };
}

export async function loadLineage(id: string): Promise<Lineage> {
  const answer = await read<{ parameter?: Part[] }>(`Practitioner/${encodeURIComponent(id)}/$lineage`);
  const of = reading(answer.parameter ?? []);
  return { person: of.who('person'), ties: of.all('tie').map(tieOf), more: of.truth('more') };
}
