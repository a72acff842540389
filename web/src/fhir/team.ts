// SPDX-License-Identifier: Apache-2.0
// Teams and their postings: the roster as the node answers it (docs/TEAMS.md), and the records
// that these pages write. Days are written as days: a term and its postings mean the same ones.
import { newUuid } from '../lib/ids';
import { CallError, operation, read, resourcesOf, search, transaction } from './client';
import { AFFILIATION, isType, localReference, referenceTo } from './codes';
import { stateOfPost } from './people';
import { ROLE } from './roles';
import type { Bundle, Extension, Organization, OrganizationAffiliation, Period, Practitioner, PractitionerRole, Reference } from './types';

const BELAY = 'https://belay.health';
export const KIND = `${BELAY}/CodeSystem/organization-kind`;
const BATCH = `${BELAY}/StructureDefinition/team-batch`;
const LEADER = `${BELAY}/StructureDefinition/team-leader`;
const POSTING_TEAM = `${BELAY}/StructureDefinition/posting-team`;
const ARRIVED = `${BELAY}/StructureDefinition/arrived`;
const CHECK = `${BELAY}/StructureDefinition/arrival-check`;
const REPLACES = `${BELAY}/StructureDefinition/replaces`;

export const PROBLEMS = ['clash', 'outside-term', 'beyond-term', 'no-term', 'no-head', 'gap', 'unchecked'] as const;
export type ProblemKind = (typeof PROBLEMS)[number];

export interface Named {
  reference: string;
  name: string;
}

/** From and until are instants, until not included; "" has no end. */
export interface Stretch {
  from: string;
  until: string;
}

export interface Team {
  name: Named;
  batch: number;
  body: Named;
  leader: Named;
  host: Named;
  link: string;
  term: Stretch | null;
}

export interface RosterUnit {
  name: Named;
  here: boolean;
  heads: Named[];
  gaps: Stretch[];
}

export const CHECKS = ['licence', 'privileges', 'altitude-fitness'] as const;
export type CheckKind = (typeof CHECKS)[number];
/** What is entered for somebody; fitness for the altitude is a doctor's own act. */
export const ENTERED = ['licence', 'privileges'] as const;
export type EnteredKind = (typeof ENTERED)[number];
export const OUTCOMES = ['passed', 'conditions', 'failed'] as const;
export type CheckOutcome = (typeof OUTCOMES)[number];

/** Something that was looked at when somebody arrived. */
export interface Check {
  kind: CheckKind;
  outcome: CheckOutcome;
  by: Named;
  on: string;
}

/** The first days at a height, and the duties that do not count in them. */
export interface Fresh extends Stretch {
  /** In the host's days, both included. */
  days: Stretch;
  rule: string;
  altitude: number;
  duties: (Stretch & { why: 'night' | 'solo' })[];
}

export interface Posting extends Stretch {
  checks: Check[];
  fresh: Fresh | null;
  id: string;
  person: Named;
  department: Named;
  team: Named;
  away: Stretch[];
  replaces: string;
  arrived: string;
}

export interface Problem extends Stretch {
  kind: ProblemKind;
  person: Named;
  posting: string;
  other: string;
  department: Named;
  team: Named;
}

export interface Roster extends Stretch {
  now: string;
  teams: Team[];
  units: RosterUnit[];
  postings: Posting[];
  problems: Problem[];
}

// ---- reading ----

interface Part {
  name: string;
  part?: Part[];
  [value: `value${string}`]: unknown;
}

function valueIn(parts: Part[], name: string): unknown {
  const part = parts.find((one) => one.name === name);
  const key = part && Object.keys(part).find((one) => one.startsWith('value'));
  return key ? part[key as `value${string}`] : undefined;
}

function nameOf(value: unknown): Named {
  const reference = value as Reference | undefined;
  const local = localReference(reference?.reference);
  return { reference: local, name: reference?.display ?? local };
}

const textIn = (parts: Part[], name: string) => String(valueIn(parts, name) ?? '');
const namedIn = (parts: Part[], name: string) => nameOf(valueIn(parts, name));
const allIn = (parts: Part[], name: string) => parts.filter((one) => one.name === name).map((one) => one.part ?? []);
const stretchIn = (parts: Part[]): Stretch => ({ from: textIn(parts, 'from'), until: textIn(parts, 'until') });

function teamIn(parts: Part[]): Team {
  const [term] = allIn(parts, 'term');
  return {
    name: namedIn(parts, 'team'), batch: Number(valueIn(parts, 'batch') ?? 0), body: namedIn(parts, 'body'), leader: namedIn(parts, 'leader'),
    host: namedIn(parts, 'host'), link: textIn(parts, 'link'), term: term ? stretchIn(term) : null,
  };
}

function checkIn(parts: Part[]): Check {
  return { kind: textIn(parts, 'kind') as CheckKind, outcome: textIn(parts, 'outcome') as CheckOutcome, by: namedIn(parts, 'by'), on: textIn(parts, 'on') };
}

function freshIn(parts: Part[] | undefined): Fresh | null {
  if (!parts) return null;
  const duties = allIn(parts, 'not-counted').map((one) => ({ ...stretchIn(one), why: textIn(one, 'why') as 'night' | 'solo' }));
  return { ...stretchIn(parts), days: { from: textIn(parts, 'first-day'), until: `${textIn(parts, 'last-day')}T23:59:59.999Z` }, rule: textIn(parts, 'rule'), altitude: Number(valueIn(parts, 'altitude') ?? 0), duties };
}

function postingIn(parts: Part[]): Posting {
  return {
    ...stretchIn(parts), id: textIn(parts, 'id'), person: namedIn(parts, 'person'), department: namedIn(parts, 'department'), team: namedIn(parts, 'team'),
    away: allIn(parts, 'away').map(stretchIn), replaces: textIn(parts, 'replaces'), arrived: textIn(parts, 'arrived'),
    checks: allIn(parts, 'check').map(checkIn), fresh: freshIn(allIn(parts, 'acclimatisation')[0]),
  };
}

function problemIn(parts: Part[]): Problem {
  return {
    ...stretchIn(parts), kind: textIn(parts, 'kind') as ProblemKind, person: namedIn(parts, 'person'), posting: textIn(parts, 'posting'),
    other: textIn(parts, 'other'), department: namedIn(parts, 'department'), team: namedIn(parts, 'team'),
  };
}

function unitIn(parts: Part[]): RosterUnit {
  const heads = parts.filter((one) => one.name === 'head').map((one) => nameOf(one['valueReference']));
  return { name: namedIn(parts, 'unit'), here: valueIn(parts, 'here') === true, heads, gaps: allIn(parts, 'gap').map(stretchIn) };
}

/** Of a hospital, a department or a team; days as a form has them, "" for the usual ones. */
export async function loadRoster(reference: string, from = '', until = ''): Promise<Roster> {
  const query = new URLSearchParams(Object.entries({ from, until }).filter(([, value]) => value)).toString();
  const answer = await read<{ parameter?: Part[] }>(`${reference}/$roster${query ? `?${query}` : ''}`);
  const parts = answer.parameter ?? [];
  return {
    now: textIn(parts, 'now'), from: textIn(parts, 'from'), until: textIn(parts, 'until'), teams: allIn(parts, 'team').map(teamIn),
    units: allIn(parts, 'department').map(unitIn), postings: allIn(parts, 'posting').map(postingIn), problems: allIn(parts, 'problem').map(problemIn),
  };
}

// ---- days ----

const DAY = 86_400_000;

/** The day before ${instant}: the last of a stretch that ends there. */
export function lastDay(instant: string): string {
  return instant ? new Date(Date.parse(instant) - 1000).toISOString().slice(0, 10) : '';
}

export function dayOf(instant: string): string {
  return instant.slice(0, 10);
}

export function daysBetween(from: string, until: string): number {
  return Math.round((Date.parse(until) - Date.parse(from)) / DAY);
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}

/** When both are there; null: never. */
export function overlap(one: Stretch | null, other: Stretch | null): Stretch | null {
  if (!one || !other) return null;
  const from = one.from > other.from ? one.from : other.from;
  const until = !one.until || (other.until && other.until < one.until) ? other.until : one.until;
  return !until || from < until ? { from, until } : null;
}

// ---- writing ----

export interface NewTeam {
  name: string;
  batch: string;
  body: Named;
  host: Named;
  leader: Named | null;
  from: string;
  until: string;
}

function period(from: string, until: string): Period {
  return { ...(from ? { start: from } : {}), ...(until ? { end: until } : {}) };
}

const refer = (one: Named): Reference => ({ reference: one.reference, display: one.name });

interface TeamRecord extends Organization {
  active?: boolean;
  type?: { coding: { system: string; code: string }[] }[];
  extension?: Extension[];
}
interface TermRecord extends OrganizationAffiliation {
  active?: boolean;
  organization?: Reference;
  period?: Period;
}
export interface PostingRecord extends PractitionerRole {
  extension?: Extension[];
  notAvailable?: { description: string; during?: Period }[];
}

/** The team and its term, or neither. Gives the team's reference. */
export async function addTeam(team: NewTeam): Promise<string> {
  const mark = `urn:uuid:${newUuid()}`;
  const batch = Number(team.batch);
  const record: TeamRecord = {
    resourceType: 'Organization', active: true, name: team.name, type: [{ coding: [{ system: KIND, code: 'team' }] }], partOf: refer(team.body),
    extension: [
      ...(batch > 0 ? [{ url: BATCH, valuePositiveInt: batch }] : []),
      ...(team.leader ? [{ url: LEADER, valueReference: refer(team.leader) }] : []),
    ],
  };
  if (record.extension?.length === 0) delete record.extension;
  const term: TermRecord = {
    resourceType: 'OrganizationAffiliation', active: true, organization: refer(team.host), participatingOrganization: { reference: mark, display: team.name },
    code: [{ coding: [{ system: AFFILIATION, code: 'team-at-host' }] }], period: period(team.from, team.until),
  };
  const answer = await transaction([
    { fullUrl: mark, resource: record, request: { method: 'POST', url: 'Organization' } },
    { resource: term, request: { method: 'POST', url: 'OrganizationAffiliation' } },
  ]);
  const id = /Organization\/([^/]+)/.exec(answer.entry?.[0]?.response?.location ?? '')?.[1];
  if (!id) throw new CallError('unsure', '');
  return `Organization/${id}`;
}

/** Another term of a team that is there. */
export async function changeTerm(link: string, from: string, until: string): Promise<void> {
  const record = await read<TermRecord>(`OrganizationAffiliation/${link}`);
  await put({ ...record, period: period(from, until) });
}

async function put(record: TermRecord | PostingRecord): Promise<Bundle> {
  const ifMatch = `W/"${record.meta?.versionId ?? ''}"`;
  return transaction([{ resource: record, request: { method: 'PUT', url: referenceTo(record), ifMatch } }]);
}

export interface NewPosting {
  team: Named;
  person: Named;
  department: Named;
  from: string;
  until: string;
  replaces: string;
}

export async function addPosting(posting: NewPosting): Promise<void> {
  const record: PostingRecord = {
    resourceType: 'PractitionerRole', active: true, practitioner: refer(posting.person), organization: refer(posting.department),
    code: [{ coding: [{ system: ROLE, code: 'expert' }] }], period: period(posting.from, posting.until),
    extension: [
      { url: POSTING_TEAM, valueReference: refer(posting.team) },
      ...(posting.replaces ? [{ url: REPLACES, valueReference: { reference: `PractitionerRole/${posting.replaces}` } }] : []),
    ],
  };
  await transaction([{ resource: record, request: { method: 'POST', url: 'PractitionerRole' } }]);
}

/** The team that a posting is of; null: none. */
export function teamOf(record: PostingRecord): Named | null {
  const team = record.extension?.find((one) => one.url === POSTING_TEAM)?.valueReference;
  return team ? nameOf(team) : null;
}

export function loadPosting(id: string): Promise<PostingRecord> {
  return read<PostingRecord>(`PractitionerRole/${id}`);
}

export async function changePosting(record: PostingRecord, from: string, until: string): Promise<void> {
  await put({ ...record, period: period(from, until) });
}

export async function addLeave(record: PostingRecord, from: string, until: string, why: string): Promise<void> {
  await put({ ...record, notAvailable: [...(record.notAvailable ?? []), { description: why, during: period(from, until) }] });
}

/** The day of arrival, and one check if there is one: it takes the place of an earlier one of its kind. */
export async function enterArrival(record: PostingRecord, arrived: string, check: (Check & { kind: EnteredKind }) | null): Promise<void> {
  const isOld = (one: Extension) => one.url === ARRIVED || (check !== null && one.url === CHECK && one.extension?.some((part) => part.valueCode === check.kind));
  const made: Extension[] = [...(arrived ? [{ url: ARRIVED, valueDate: arrived }] : [])];
  if (check) {
    made.push({
      url: CHECK, extension: [
        { url: 'kind', valueCode: check.kind }, { url: 'outcome', valueCode: check.outcome }, { url: 'by', valueReference: refer(check.by) }, { url: 'on', valueDate: check.on },
      ],
    });
  }
  await put({ ...record, extension: [...(record.extension ?? []).filter((one) => !isOld(one)), ...made] });
}

/** Whoever is signed in decides it, as a doctor. */
export async function decideFitness(posting: string, outcome: CheckOutcome): Promise<void> {
  await operation(`/PractitionerRole/${posting}/$fitness`, { outcome: { valueCode: outcome } });
}

export function arrivedOf(record: PostingRecord): string {
  return record.extension?.find((one) => one.url === ARRIVED)?.valueDate ?? '';
}

// ---- whom and where ----

export interface Found extends Named {
  /** Where the person has a post now; "" nowhere. */
  where: string;
}

/** People whose name has ${text} in it. */
export async function findPeople(text: string): Promise<Found[]> {
  const all = resourcesOf(await search('Practitioner', { 'name:contains': text, _revinclude: 'PractitionerRole:practitioner', _count: '8' }));
  const posts = all.filter((one) => isType<PractitionerRole>(one, 'PractitionerRole')).filter((one) => stateOfPost(one) === 'now');
  return all.filter((one) => isType<Practitioner>(one, 'Practitioner')).map((one) => ({
    reference: referenceTo(one),
    name: nameOfPerson(one),
    where: posts.find((post) => localReference(post.practitioner?.reference) === referenceTo(one))?.organization?.display ?? '',
  }));
}

function nameOfPerson(one: Practitioner): string {
  const [name] = one.name ?? [];
  return name?.text ?? [...(name?.given ?? []), name?.family ?? ''].join(' ').trim();
}

/** The departments of ${hospital}; teams that it sends are none. */
export async function departmentsOf(hospital: string): Promise<Named[]> {
  const bundle = await search('Organization', { 'partof:below': hospital, 'type:not': `${KIND}|team`, _count: '500', _sort: 'name' });
  return resourcesOf(bundle).filter((one) => isType<Organization>(one, 'Organization')).filter((one) => referenceTo(one) !== hospital)
    .map((one) => ({ reference: referenceTo(one), name: one.name ?? '' }));
}
