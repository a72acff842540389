// SPDX-License-Identifier: Apache-2.0
// The code systems and codes these pages write and look for.
import type { Coding, Concept, Priority, Resource } from './types';

export const LOINC = 'http://loinc.org';
export const UCUM = 'http://unitsofmeasure.org';
export const URI_IDENTIFIER = 'urn:ietf:rfc:3986';
export const OBSERVATION_CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';
export const DATA_ABSENT = 'http://terminology.hl7.org/CodeSystem/data-absent-reason';
export const AFFILIATION = 'https://belay.health/CodeSystem/affiliation';
export const DEVICE_KIND = 'https://belay.health/CodeSystem/device-kind';
export const IN_SERVICE = 'https://belay.health/StructureDefinition/in-service';
export const CASE_KIND = 'https://belay.health/CodeSystem/case-kind';
export const CASE_STATE = 'https://belay.health/CodeSystem/case-state';
export const CASE_SIDES = 'https://belay.health/StructureDefinition/case-sides';
export const CASE_STEP = 'https://belay.health/StructureDefinition/case-step';
export const OPINION_ATTACHMENT = 'https://belay.health/StructureDefinition/opinion-attachment';
export const MESSAGE_KIND = 'https://belay.health/CodeSystem/message-kind';
export const MESSAGE_PART = 'https://belay.health/StructureDefinition/message-part';
export const CASE_OUTPUT = 'https://belay.health/CodeSystem/case-output';
export const BED_STATE = 'http://terminology.hl7.org/CodeSystem/v2-0116';
export const TRANSFER_REASON = 'https://belay.health/StructureDefinition/transfer-reason';
export const CASE_INTENT = 'https://belay.health/StructureDefinition/case-intent';
export const CASE_COMPLETENESS = 'https://belay.health/StructureDefinition/case-completeness';
export const BED_TRANSFER = 'https://belay.health/StructureDefinition/bed-transfer';
export const PLACE_KIND = 'http://terminology.hl7.org/CodeSystem/location-physical-type';
export const CONSCIOUSNESS = 'https://belay.health/CodeSystem/consciousness';
export const ALTITUDE = 'https://belay.health/StructureDefinition/altitude';

/** What a case asks of those it is sent to, as ServiceRequest.category. */
export const CASE_KINDS = ['advice', 'emergency', 'second-opinion', 'mdt', 'transfer', 'guided-procedure', 'rehabilitation'] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

/** Where a case stands, as Task.businessStatus; Task.status alone cannot say who waits for whom (docs/CASES.md). */
export const CASE_STATES = ['sent', 'allocated', 'information-asked', 'answered', 'acted-on', 'outcome-known', 'closed', 'declined', 'withdrawn', 'expired',
  'bed-accepted', 'on-the-way', 'arrived', 'back-home'] as const; // the last are of transfers
export type CaseState = (typeof CASE_STATES)[number];
/** What this page writes into a case: an opinion, a question back, or anything else that is said. */
export type MessageKind = 'answer' | 'question' | 'message';

/** Of a transfer that is under way with a bed. */
const OF_JOURNEY: ReadonlySet<CaseState> = new Set<CaseState>(['bed-accepted', 'on-the-way', 'arrived', 'back-home']);
const WITH_ANSWER: ReadonlySet<CaseState> = new Set<CaseState>(['answered', 'acted-on', 'outcome-known', 'closed']);
const ENDED: ReadonlySet<CaseState> = new Set<CaseState>(['closed', 'declined', 'withdrawn', 'expired']);

export function hasAnswer(state: CaseState): boolean {
  return WITH_ANSWER.has(state);
}

/** Is there a word of the other side's that the asker came for? */
export function hasNews(state: CaseState): boolean {
  return hasAnswer(state) || OF_JOURNEY.has(state);
}

export function hasEnded(state: CaseState): boolean {
  return ENDED.has(state);
}
/** The three urgencies offered; what other systems send is folded into them. */
export type Urgency = 'stat' | 'urgent' | 'routine';

export function urgencyOf(priority: Priority | undefined): Urgency {
  if (priority === 'stat') return 'stat';
  return priority === 'urgent' || priority === 'asap' ? 'urgent' : 'routine';
}

export function concept(system: string, code: string, text?: string): Concept {
  const coding: Coding = { system, code };
  return text === undefined ? { coding: [coding] } : { coding: [coding], text };
}

export function codeIn(value: Concept | undefined, system: string): string | undefined {
  return value?.coding?.find((coding) => coding.system === system)?.code;
}

export function isType<T extends Resource>(resource: Resource | undefined, type: T['resourceType']): resource is T {
  return resource?.resourceType === type;
}

/** "Patient/7" from a reference, without a version or the address of a server before it. */
export function localReference(reference: string | undefined): string {
  const parts = (reference ?? '').replace(/\/_history\/.*$/, '').split('/');
  return parts.slice(-2).join('/');
}

export function referenceTo(resource: Resource): string {
  return `${resource.resourceType}/${resource.id ?? ''}`;
}
