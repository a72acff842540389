// SPDX-License-Identifier: Apache-2.0
// Breaking the glass, and its review.
import { operation, programmeSearch, resourcesOf, search } from './client';
import { referenceTo } from './codes';
import type { Reference, Resource } from './types';

export type Verdict = 'justified' | 'unclear' | 'unjustified';

export interface EmergencyAccess extends Resource {
  resourceType: 'EmergencyAccess';
  status: 'waiting' | 'reviewed';
  kind: 'open' | 'send';
  patient: Reference;
  practitioner: Reference;
  organization: Reference;
  department?: Reference[];
  recipient?: Reference;
  reason: string;
  period: { start: string; end: string };
  informed?: Reference[];
  review?: { reviewer: Reference; time: string; verdict: Verdict; word: string };
}

/** Fewer bytes are no reason: the node asks for as many. */
export const REASON_LEAST = 10;

export function longEnough(text: string): boolean {
  return new TextEncoder().encode(text.trim()).length >= REASON_LEAST;
}

/** Open all of the patient's records for an hour: of "Patient/ID", or of the case "ServiceRequest/ID". */
export function breakGlass(record: string, reason: string): Promise<EmergencyAccess> {
  return operation<EmergencyAccess>(`/${record}/$break-glass`, { reason: { valueString: reason } });
}

export function review(access: EmergencyAccess, verdict: Verdict, word: string): Promise<EmergencyAccess> {
  return operation<EmergencyAccess>(`/EmergencyAccess/${access.id ?? ''}/$review`, {
    verdict: { valueCode: verdict }, word: { valueString: word },
  }, '/programme');
}

export async function accesses(status: 'waiting' | 'reviewed'): Promise<EmergencyAccess[]> {
  const found = await programmeSearch('EmergencyAccess', { status, _sort: '-_lastUpdated', _count: '100' });
  return resourcesOf(found) as unknown as EmergencyAccess[];
}

interface Named extends Resource {
  name?: string | { text?: string; given?: string[]; family?: string }[];
}

function inWords(name: Named['name']): string {
  if (typeof name === 'string' || !name) return name ?? '';
  const first = name[0];
  return first?.text ?? [...(first?.given ?? []), first?.family ?? ''].join(' ').trim();
}

/** What people and places are called, by reference. */
export async function namesOf(list: EmergencyAccess[]): Promise<Map<string, string>> {
  const references = new Set(list.flatMap((one) => [one.practitioner, one.organization, one.recipient, one.review?.reviewer, ...(one.department ?? [])]
    .flatMap((ref) => ref?.reference ?? [])));
  const names = new Map<string, string>();
  for (const type of ['Practitioner', 'Organization']) {
    const ids = [...references].filter((ref) => ref.startsWith(`${type}/`)).map((ref) => ref.slice(type.length + 1));
    if (ids.length === 0) continue;
    const found = resourcesOf(await search(type, { _id: ids.join(','), _count: '200' })) as Named[];
    found.forEach((record) => names.set(referenceTo(record), inWords(record.name)));
  }
  return names;
}
