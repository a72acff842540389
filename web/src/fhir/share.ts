// SPDX-License-Identifier: Apache-2.0
// What a case shares beside itself: the records of the patient that it lists as
// supportingInfo, and whom they are shown to.
import { kept } from '../lib/storage';
import { myPlace } from '../session';
import { read, resourcesOf, search, transaction } from './client';
import { AFFILIATION, codeIn, localReference, referenceTo } from './codes';
import { propose, type ShareItem, type Shareable } from './share-rule';
import type { OrganizationAffiliation, Patient, Reference, Resource, ServiceRequest } from './types';
import { present } from '../lib/time';

const DAY = 86_400_000;
const TWIN_KEY = 'belay.twin'; // names of departments, nothing of patients

interface Organization extends Resource {
  name?: string;
  partOf?: Reference;
  address?: { country?: string }[];
}

/** The department that stands by mine: whom a case is sent to. None: it stays in my hospital. */
export async function twinOf(department: string | null): Promise<Reference[]> {
  if (!department) return [];
  const query = { 'primary-organization': department, active: 'true', _count: '20' };
  const found = resourcesOf(await search('OrganizationAffiliation', query)) as OrganizationAffiliation[];
  const pair = found.find((one) => one.code?.some((code) => codeIn(code, AFFILIATION) === 'department-pair'));
  const twin = pair?.participatingOrganization ? [pair.participatingOrganization] : [];
  kept.set(TWIN_KEY, JSON.stringify({ department, twin }));
  return twin;
}

/** What twinOf said last of this department, for when there is no link; null: nothing is known. */
export function rememberedTwin(department: string | null): Reference[] | null {
  try {
    const last = JSON.parse(kept.get(TWIN_KEY) ?? '{}') as { department?: string; twin?: Reference[] };
    return last.department === department && last.twin ? last.twin : null;
  } catch {
    return null;
  }
}

/** Who is asked, in words; hospital is "" where the name says it already. */
export interface Asked {
  reference: string;
  department: string;
  hospital: string;
  country: string; // ISO 3166 code; "" not known
  abroad?: boolean; // not known to be in the country of the patient's hospital
}

async function organization(reference: string): Promise<Organization | null> {
  return read<Organization>(reference).catch(() => null);
}

export async function askedOf(performer: Reference | undefined): Promise<Asked | null> {
  const reference = localReference(performer?.reference);
  if (!reference.startsWith('Organization/')) return null;
  const unit = await organization(reference);
  const above = unit?.partOf?.reference ? await organization(localReference(unit.partOf.reference)) : null;
  return {
    reference, department: unit?.name ?? performer?.display ?? reference, hospital: above?.name ?? '', country: countryOf(unit) || countryOf(above),
  };
}

function countryOf(unit: Organization | null): string {
  return unit?.address?.find((address) => address.country)?.country?.trim().toUpperCase() ?? '';
}

/** Whom a case of mine would go to, where ${to} was chosen or nobody; null: nobody outside my hospital. */
export async function whoIsAsked(patient: Patient | null = null, to: Reference | null = null): Promise<Asked | null> {
  const asked = await askedOf(to ?? (await twinOf(myPlace().department))[0]);
  const home = localReference(patient?.managingOrganization?.reference) || myPlace().organization;
  if (!asked || !home) return asked;
  const here = countryOf(await organization(home));
  return { ...asked, abroad: here === '' || here !== asked.country };
}

function since(days: number): string {
  return `ge${new Date(present() - days * DAY).toISOString().slice(0, 10)}`;
}

/** The records of ${patient} that can be proposed; the rule is share-rule.ts's. */
export async function proposals(patient: Patient): Promise<ShareItem[]> {
  const about = { patient: referenceTo(patient), _count: '200' };
  const looks: [string, Record<string, string>][] = [
    ['AllergyIntolerance', about],
    ['Condition', about],
    ['MedicationRequest', about],
    ['MedicationStatement', about],
    ['Observation', { ...about, category: 'vital-signs', date: since(31), _sort: '-date' }],
    ['Observation', { ...about, category: 'laboratory', date: since(366), _sort: '-date' }],
    ['DiagnosticReport', { ...about, date: since(731), _include: 'DiagnosticReport:result' }],
    ['ImagingStudy', { ...about, started: since(731) }],
    ['DocumentReference', { ...about, date: since(731) }],
  ];
  const found = await Promise.all(looks.map(([type, query]) => search(type, query)));
  const records = new Map(found.flatMap(resourcesOf).map((record) => [referenceTo(record), record as Shareable])); // none twice
  return propose([...records.values()], present());
}

/** ${references} as the case lists them. */
export function sharedReferences(items: ShareItem[], references: readonly string[]): Reference[] {
  return references.map((reference) => {
    const item = items.find((one) => one.key === reference);
    return item ? { reference, display: item.title } : { reference };
  });
}

/** The case lists ${shared} from now on; a conflict where somebody changed it meanwhile. */
export async function writeShared(request: ServiceRequest, shared: Reference[]): Promise<void> {
  const { supportingInfo, ...rest } = request;
  const resource: ServiceRequest = shared.length > 0 ? { ...rest, supportingInfo: shared } : rest;
  void supportingInfo;
  await transaction([{
    resource,
    request: { method: 'PUT', url: referenceTo(request), ifMatch: `W/"${request.meta?.versionId ?? ''}"` },
  }]);
}
