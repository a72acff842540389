// SPDX-License-Identifier: Apache-2.0
// What somebody may say that an operation used (docs/LOGBOOK.md): devices of a department and of its hospital that
// were ever in service, and no patient's own.
import { resourcesOf, search } from './client';
import { DEVICE_KIND, IN_SERVICE, codeIn, localReference, referenceTo } from './codes';
import type { Concept, Extension, Reference, Resource } from './types';

interface Device extends Resource { status?: string; type?: Concept; owner?: Reference; patient?: Reference; deviceName?: { name?: string }[]; serialNumber?: string; extension?: Extension[] }

/** ${own}: of the department itself. */
export interface Usable { reference: string; name: string; kind: string; serial: string; own: boolean }

function wasInService({ status, patient, extension }: Device): boolean {
  return !patient && status !== 'entered-in-error' && (status === 'active' || (extension ?? []).some(({ url }) => url === IN_SERVICE));
}

export async function loadUsable(department: string, hospital: string): Promise<Usable[]> {
  const owners = [...new Set([department, hospital])].filter(Boolean);
  if (owners.length === 0) return [];
  const found = resourcesOf(await search('Device', { organization: owners.join(','), _count: '200' })).filter((one): one is Device => one.resourceType === 'Device');
  return found.filter(wasInService).map((one) => ({
    reference: referenceTo(one), name: one.deviceName?.[0]?.name ?? '', kind: codeIn(one.type, DEVICE_KIND) ?? '', serial: one.serialNumber ?? '', own: localReference(one.owner?.reference) === department,
  }));
}
