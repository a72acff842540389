// SPDX-License-Identifier: Apache-2.0
// The people whom I administer, and their posts: PractitionerRoles of my units.
import { session } from '../session';
import { presentInstant } from '../lib/time';
import { CallError, follow, resourcesOf, search, transaction } from './client';
import { codeIn, isType, localReference, referenceTo } from './codes';
import { ROLE, rolesToGive } from './roles';
import type { Bundle, Organization, Period, Practitioner, PractitionerRole, Resource } from './types';

export type PostState = 'now' | 'coming' | 'ended';

export interface Unit {
  reference: string;
  name: string;
  /** "Emergency, Hill Hospital" */
  full: string;
}

export interface PostOf {
  record: PractitionerRole;
  role: string;
  unit: string;
  from: string;
  until: string;
  state: PostState;
}

export interface PersonOf {
  record: Practitioner;
  reference: string;
  name: string;
  otherNames: string[];
  posts: PostOf[];
}

const ADMINISTRATION = ['administrator', 'director', 'head-of-department'];
const TEAM = 'https://belay.health/CodeSystem/organization-kind|team'; // nobody holds a post in one
const MOST_PAGES = 20;
const A_MOMENT = 2000; // a post that begins at once has begun, though clocks differ a little

async function everything(first: Bundle): Promise<Resource[]> {
  const found = resourcesOf(first);
  let next = follow(first, 'next');
  for (let page = 1; next && page < MOST_PAGES; page++) {
    const bundle = await next;
    found.push(...resourcesOf(bundle));
    next = follow(bundle, 'next');
  }
  return found;
}

async function organizations(query: Record<string, string>): Promise<Organization[]> {
  const found = await everything(await search('Organization', { ...query, _count: '500' }));
  return found.filter((one) => isType<Organization>(one, 'Organization'));
}

/** Where my posts administer, and all that is part of it. */
export async function myUnits(): Promise<Unit[]> {
  const posts = (session.value?.posts ?? []).filter((post) => ADMINISTRATION.includes(post.role));
  const tops = posts.map((post) => (post.role === 'head-of-department' ? post.department ?? post.organization : post.organization));
  const found = new Map<string, Organization>();
  const add = (list: Organization[]) => list.forEach((one) => found.set(referenceTo(one), one));
  if (tops.includes(undefined)) add(await organizations({ 'type:not': TEAM }));
  for (const top of new Set(tops)) {
    if (top === undefined || tops.includes(undefined)) continue;
    add(await organizations({ _id: top.replace('Organization/', '') }));
    add(await organizations({ 'partof:below': top, 'type:not': TEAM }));
  }
  const nameOfUnit = (one: Organization): string => {
    const above = one.partOf?.display ?? found.get(localReference(one.partOf?.reference))?.name;
    return [one.name ?? '', above].filter(Boolean).join(', ');
  };
  const units = [...found].map(([reference, one]) => ({ reference, name: one.name ?? reference, full: nameOfUnit(one) || reference }));
  // the hospital first, then its departments
  return units.sort((a, b) => Number(Boolean(found.get(a.reference)?.partOf)) - Number(Boolean(found.get(b.reference)?.partOf)) || a.full.localeCompare(b.full));
}

/** When a period's edge is, in ms: a date alone is a whole day of UTC, as the node reads it. */
function edge(text: string | undefined, end: boolean): number {
  if (!text) return end ? Infinity : -Infinity;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return end ? -Infinity : Infinity;
  if (text.length > 10) return at;
  const date = new Date(at);
  if (!end) return at;
  if (text.length === 4) date.setUTCFullYear(date.getUTCFullYear() + 1);
  else if (text.length === 7) date.setUTCMonth(date.getUTCMonth() + 1);
  else date.setUTCDate(date.getUTCDate() + 1);
  return date.getTime();
}

export function stateOfPost(record: PractitionerRole, at = Date.parse(presentInstant()) + A_MOMENT): PostState {
  if (record.active === false || edge(record.period?.end, true) <= at) return 'ended';
  return edge(record.period?.start, false) > at ? 'coming' : 'now';
}

function postOf(record: PractitionerRole): PostOf {
  return {
    record,
    role: record.code?.map((code) => codeIn(code, ROLE)).find(Boolean) ?? '',
    unit: localReference(record.organization?.reference),
    from: record.period?.start ?? '',
    until: record.period?.end ?? '',
    state: stateOfPost(record),
  };
}

const ORDER: Record<PostState, number> = { now: 0, coming: 1, ended: 2 };

function namesOf(person: Practitioner): string[] {
  return (person.name ?? []).map((name) => name.text ?? [...(name.given ?? []), name.family ?? ''].join(' ').trim()).filter(Boolean);
}

function peopleOf(records: Resource[]): PersonOf[] {
  const people = new Map<string, PersonOf>();
  for (const record of records) {
    if (!isType<Practitioner>(record, 'Practitioner')) continue;
    const [name = record.id ?? '', ...otherNames] = namesOf(record);
    people.set(referenceTo(record), { record, reference: referenceTo(record), name, otherNames, posts: [] });
  }
  for (const record of records) {
    if (!isType<PractitionerRole>(record, 'PractitionerRole')) continue;
    people.get(localReference(record.practitioner?.reference))?.posts.push(postOf(record));
  }
  for (const person of people.values()) person.posts.sort((a, b) => ORDER[a.state] - ORDER[b.state] || b.from.localeCompare(a.from));
  return [...people.values()].sort((a, b) => a.name.localeCompare(b.name));
}

const INCLUDE = { _include: 'PractitionerRole:practitioner', _count: '500' };

/** Everybody with a post in one of ${units}, now, later or before. */
export async function peopleIn(units: Unit[]): Promise<PersonOf[]> {
  if (units.length === 0) return [];
  const bundle = await search('PractitionerRole', { organization: units.map((unit) => unit.reference).join(','), ...INCLUDE });
  return peopleOf(await everything(bundle));
}

/** One person with the posts everywhere: those elsewhere are part of the picture. */
export async function loadPerson(id: string): Promise<PersonOf | null> {
  const bundle = await search('PractitionerRole', { practitioner: `Practitioner/${id}`, ...INCLUDE });
  const [person] = peopleOf(await everything(bundle));
  if (person) return person;
  const alone = peopleOf(resourcesOf(await search('Practitioner', { _id: id })));
  return alone[0] ?? null;
}

/** Whose account is it? As src/app/administration.h has it; the node decides. */
export function whose(person: PersonOf, units: Unit[]): 'mine' | 'ours' | 'others' {
  if (person.reference === session.value?.practitioner) return 'mine';
  const standing = person.posts.filter((post) => post.state !== 'ended');
  const ours = (post: PostOf) => mayGive(post, units);
  const all = standing.length > 0 ? standing.every(ours) : person.posts.some(ours);
  return all ? 'ours' : 'others';
}

/** May I give and end such a post? */
export function mayGive(post: PostOf, units: Unit[]): boolean {
  return rolesToGive().includes(post.role) && units.some((unit) => unit.reference === post.unit);
}

export interface NewPost {
  role: string;
  unit: Unit;
  from: string; // a date as the form has it, "" for at once
  until: string; // the last day, "" for no end
}

/** Where a day begins here, as an instant with its zone: a bare date would be a day of UTC. */
export function dayBegins(date: string, days = 0): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return withZone(new Date(year, month - 1, day + days));
}

function withZone(at: Date): string {
  const two = (n: number) => String(Math.abs(n)).padStart(2, '0');
  const offset = -at.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.trunc(offset / 60))}:${two(offset % 60)}`;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}${zone}`;
}

/** Today's date here, as a form has it. */
export function today(): string {
  return withZone(new Date(presentInstant())).slice(0, 10);
}

/** The last second of the day ${date} here. */
export function endOfDay(date: string): string {
  return withZone(new Date(Date.parse(dayBegins(date, 1)) - 1000));
}

function periodOf(post: NewPost): Period {
  return { start: post.from && post.from !== today() ? dayBegins(post.from) : presentInstant(), ...(post.until ? { end: endOfDay(post.until) } : {}) };
}

function roleRecord(post: NewPost, practitioner: string, name: string): PractitionerRole {
  return {
    resourceType: 'PractitionerRole',
    active: true,
    period: periodOf(post),
    practitioner: { reference: practitioner, display: name },
    organization: { reference: post.unit.reference, display: post.unit.full },
    code: [{ coding: [{ system: ROLE, code: post.role }] }],
  };
}

function idIn(location: string | undefined): string {
  return /Practitioner\/([^/]+)/.exec(location ?? '')?.[1] ?? '';
}

/** A new person and the first post, or neither. Gives the person's id. */
export async function addPerson(name: string, post: NewPost, mark: string): Promise<string> {
  const person: Practitioner = { resourceType: 'Practitioner', active: true, name: [{ text: name }] };
  const answer = await transaction([
    { fullUrl: mark, resource: person, request: { method: 'POST', url: 'Practitioner' } },
    { resource: roleRecord(post, mark, name), request: { method: 'POST', url: 'PractitionerRole' } },
  ]);
  const id = idIn(answer.entry?.[0]?.response?.location);
  if (!id) throw new CallError('unsure', '');
  return id;
}

export async function givePost(person: PersonOf, post: NewPost): Promise<void> {
  await transaction([{ resource: roleRecord(post, person.reference, person.name), request: { method: 'POST', url: 'PractitionerRole' } }]);
}

/** Let ${post} end at ${end}, if nobody changed it in between. */
export async function endPost(post: PostOf, end: string): Promise<void> {
  const url = referenceTo(post.record);
  const ifMatch = `W/"${post.record.meta?.versionId ?? ''}"`;
  const record: PractitionerRole = { ...post.record, period: { ...post.record.period, end } };
  await transaction([{ resource: record, request: { method: 'PUT', url, ifMatch } }]);
}
