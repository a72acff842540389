// SPDX-License-Identifier: Apache-2.0
// What the records of a case say: where it stands, what is asked, who somebody is.
import { CASE_KIND, CASE_STATE, CASE_STATES, codeIn, localReference, referenceTo, type CaseState } from './codes';
import { resourcesOf } from './client';
import { nameOf } from './patient';
import type { Bundle, Patient, Reference, Resource, ServiceRequest, Task } from './types';

export function stateOf(task: Task): CaseState {
  const code = codeIn(task.businessStatus, CASE_STATE);
  return CASE_STATES.find((state) => state === code) ?? 'sent';
}

/** The name of who a reference means: as written beside it, else from the record itself. */
export function whoIs(reference: Reference | undefined, records: Map<string, Resource>): string {
  if (reference?.display) return reference.display;
  const record = records.get(localReference(reference?.reference)) as Patient | undefined;
  return record?.name ? nameOf(record) : '';
}

/** What kind of case it is; "" where it does not say. */
export function kindOf(request: ServiceRequest): string {
  return (request.category ?? []).flatMap((one) => codeIn(one, CASE_KIND) ?? [])[0] ?? '';
}

export function questionOf(request: ServiceRequest | undefined): string {
  return request?.reasonCode?.[0]?.text ?? request?.code?.text ?? '';
}

export function byReference(bundle: Bundle): Map<string, Resource> {
  return new Map(resourcesOf(bundle).map((resource) => [referenceTo(resource), resource]));
}
