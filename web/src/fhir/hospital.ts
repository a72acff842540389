// SPDX-License-Identifier: Apache-2.0
// What the directory says of one hospital: departments, who helps whom, people and their
// posts, beds, equipment and what is signed off. The records that routing uses; no patient.
import { entryOf } from './catalogue-names';
import { presentInstant } from '../lib/time';
import { follow, resourcesOf, search } from './client';
import { AFFILIATION, DEVICE_KIND, codeIn, isType, localReference, referenceTo } from './codes';
import { stateOfPost } from './people';
import { ROLE } from './roles';
import type { Bundle, Concept, Coding, Extension, Location, Organization, OrganizationAffiliation, Period, Practitioner, PractitionerRole, Reference, Resource } from './types';

const PROCEDURE = 'https://belay.health/CodeSystem/procedure';
const UTC_OFFSET = 'https://belay.health/StructureDefinition/utc-offset';
const PLACE_KIND = 'http://terminology.hl7.org/CodeSystem/location-physical-type';
const TEAM = 'https://belay.health/CodeSystem/organization-kind|team';
const MOST = '500';
const MOST_PAGES = 10;
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface Hours { daysOfWeek?: string[]; allDay?: boolean; availableStartTime?: string; availableEndTime?: string }
interface Post extends PractitionerRole { availableTime?: Hours[]; notAvailable?: { during?: Period }[] }
interface Person extends Practitioner { qualification?: { code: Concept; period?: Period }[] }
interface Pairing extends OrganizationAffiliation { organization?: Reference; period?: Period; active?: boolean }
interface Device extends Resource { status?: string; type?: Concept; expirationDate?: string }
interface Place extends Location { position?: { altitude?: number }; extension?: Extension[]; operationalStatus?: Coding }

export interface Named {
  code: string;
  en: string;
  zh: string;
}

export interface Colleague {
  name: string;
  role: string;
  /** Null: no hours of duty are told. */
  onDuty: boolean | null;
  until: string; // of the post; "" without end
}

export interface Department {
  reference: string;
  name: string;
  people: Colleague[];
}

/** Two units, one of which helps the other. */
export interface Pair {
  kind: string;
  ours: Reference;
  theirs: Reference;
  since: string;
}

export interface HospitalFacts {
  reference: string;
  name: string;
  place: string;
  altitude: number | null;
  departments: Department[];
  helpedBy: Pair[];
  helps: Pair[];
  beds: { free: number; all: number } | null;
  /** What somebody with a post here is signed off in now. */
  abilities: (Named & { people: number })[];
  equipment: (Named & { working: boolean })[];
}

async function everything(type: string, query: Record<string, string>): Promise<Resource[]> {
  let bundle: Bundle | null = await search(type, { ...query, _count: MOST });
  const found: Resource[] = [];
  for (let page = 0; bundle && page < MOST_PAGES; page++) {
    found.push(...resourcesOf(bundle));
    const next = follow(bundle, 'next');
    bundle = next ? await next : null;
  }
  return found;
}

function holds(period: Period | undefined, at: string): boolean {
  return (!period?.start || period.start <= at) && (!period?.end || period.end.slice(0, 10) >= at.slice(0, 10));
}

function minutesOf(time: string | undefined): number {
  const [hours = 0, minutes = 0] = (time ?? '').split(':').map(Number);
  return hours * 60 + minutes;
}

/** Is whoever holds ${post} on duty at ${at}, where clocks are ${ahead} minutes ahead of UTC? Null: not told. */
export function isOnDuty(post: Post, ahead: number | null, at: string): boolean | null {
  if (!post.availableTime?.length || ahead === null) return null;
  if (post.notAvailable?.some((one) => one.during && holds(one.during, at))) return false;
  const there = new Date(Date.parse(at) + ahead * 60_000);
  const minute = there.getUTCHours() * 60 + there.getUTCMinutes();
  const isDay = (hours: Hours, back: number) => !hours.daysOfWeek?.length || hours.daysOfWeek.includes(DAYS[(there.getUTCDay() + 7 - back) % 7] ?? '');
  return post.availableTime.some((hours) => {
    if (hours.allDay || !hours.availableStartTime) return isDay(hours, 0);
    const from = minutesOf(hours.availableStartTime);
    const until = minutesOf(hours.availableEndTime);
    if (until > from) return isDay(hours, 0) && minute >= from && minute < until;
    return (isDay(hours, 0) && minute >= from) || (isDay(hours, 1) && minute < until); // over midnight
  });
}

function colleagueOf(post: Post, ahead: number | null, at: string): Colleague {
  return {
    name: post.practitioner?.display ?? '',
    role: post.code?.map((one) => codeIn(one, ROLE)).find(Boolean) ?? '',
    onDuty: isOnDuty(post, ahead, at),
    until: post.period?.end ?? '',
  };
}

function pairOf(one: Pairing, oursFirst: boolean): Pair {
  const helped = one.organization ?? {};
  const helper = one.participatingOrganization ?? {};
  return {
    kind: one.code?.map((code) => codeIn(code, AFFILIATION)).find(Boolean) ?? '',
    ours: oursFirst ? helped : helper,
    theirs: oursFirst ? helper : helped,
    since: one.period?.start ?? '',
  };
}

function isPairing(one: Resource): one is Pairing {
  return isType<OrganizationAffiliation>(one, 'OrganizationAffiliation') && (one as Pairing).active !== false;
}

function namedOf(kind: 'procedures' | 'devices', code: string): Named {
  const { en = code, zh = '' } = entryOf(kind, code) ?? {};
  return { code, en, zh: zh || en };
}

function abilitiesOf(people: Person[], at: string): HospitalFacts['abilities'] {
  const counts = new Map<string, number>();
  for (const person of people) {
    const codes = (person.qualification ?? []).filter((one) => holds(one.period, at)).flatMap((one) => codeIn(one.code, PROCEDURE) ?? []);
    for (const code of new Set(codes)) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts].map(([code, count]) => ({ ...namedOf('procedures', code), people: count })).sort((a, b) => a.en.localeCompare(b.en));
}

function equipmentOf(found: Device[], at: string): HospitalFacts['equipment'] {
  const kinds = new Map<string, boolean>();
  for (const one of found) {
    const code = codeIn(one.type, DEVICE_KIND);
    const working = one.status === 'active' && (!one.expirationDate || one.expirationDate >= at.slice(0, one.expirationDate.length));
    if (code) kinds.set(code, working || (kinds.get(code) ?? false));
  }
  return [...kinds].map(([code, working]) => ({ ...namedOf('devices', code), working })).sort((a, b) => a.en.localeCompare(b.en));
}

function bedsOf(places: Place[]): HospitalFacts['beds'] {
  const beds = places.filter((one) => codeIn(one.physicalType, PLACE_KIND) === 'bd' && (one.status ?? 'active') === 'active');
  return beds.length > 0 ? { free: beds.filter((one) => one.operationalStatus?.code === 'U').length, all: beds.length } : null;
}

/** The hospital of ${reference}, a hospital or a unit of one; null: there is none. */
async function hospitalOf(reference: string): Promise<Organization | null> {
  let one: Organization | undefined;
  let next = reference;
  for (let step = 0; next && step < 5; step++) {
    const found = resourcesOf(await search('Organization', { _id: next.replace('Organization/', '') }));
    one = found.find((record) => isType<Organization>(record, 'Organization')) as Organization | undefined;
    next = localReference(one?.partOf?.reference);
  }
  return one ?? null;
}

/** Null: there is no such hospital. */
export async function loadHospital(reference: string): Promise<HospitalFacts | null> {
  const hospital = await hospitalOf(reference);
  if (!hospital) return null;
  const own = referenceTo(hospital);
  const units = (await everything('Organization', { 'partof:below': own, 'type:not': TEAM })).filter((one) => isType<Organization>(one, 'Organization')).filter((one) => referenceTo(one) !== own);
  const all = [own, ...units.map(referenceTo)].join(',');
  const [posts, places, helped, helping, equipment] = await Promise.all([
    everything('PractitionerRole', { organization: all, _include: 'PractitionerRole:practitioner' }),
    everything('Location', { organization: all }),
    everything('OrganizationAffiliation', { 'primary-organization': all }),
    everything('OrganizationAffiliation', { 'participating-organization': all }),
    everything('Device', { organization: all }),
  ]);
  const at = presentInstant();
  const standing = posts.filter((one) => isType<PractitionerRole>(one, 'PractitionerRole')).filter((one) => stateOfPost(one) === 'now') as Post[];
  const holders = new Set(standing.map((one) => localReference(one.practitioner?.reference)));
  const people = posts.filter((one) => isType<Practitioner>(one, 'Practitioner')).filter((one) => holders.has(referenceTo(one))) as Person[];
  const locations = places.filter((one) => isType<Location>(one, 'Location')) as Place[];
  const town = locations.find((one) => localReference(one.managingOrganization?.reference) === own && one.position);
  const ahead = town?.extension?.find((one) => one.url === UTC_OFFSET)?.valueInteger ?? null;
  const peopleOf = (unit: string) => standing.filter((one) => localReference(one.organization?.reference) === unit).map((one) => colleagueOf(one, ahead, at))
    .sort((a, b) => a.name.localeCompare(b.name));
  return {
    reference: own,
    name: hospital.name ?? own,
    place: town?.name ?? '',
    altitude: town?.position?.altitude ?? null,
    departments: [hospital, ...units].map((one) => ({ reference: referenceTo(one), name: one.name ?? '', people: peopleOf(referenceTo(one)) }))
      .filter((one) => one.reference !== own || one.people.length > 0),
    helpedBy: helped.filter(isPairing).map((one) => pairOf(one, true)),
    helps: helping.filter(isPairing).map((one) => pairOf(one, false)),
    beds: bedsOf(locations),
    abilities: abilitiesOf(people, at),
    equipment: equipmentOf(equipment as Device[], at),
  };
}
