// SPDX-License-Identifier: Apache-2.0
// Which hospital a department belongs to, and what it is called.
import { resourcesOf, search } from './client';
import { isType, localReference } from './codes';
import type { Organization } from './types';

export interface Hospital {
  reference: string;
  name: string;
}

/** The hospitals of ${units}, each once; units may be hospitals themselves. */
export async function hospitalsOf(units: string[]): Promise<Hospital[]> {
  if (units.length === 0) return [];
  const ids = units.map((unit) => unit.replace('Organization/', '')).join(',');
  const found = resourcesOf(await search('Organization', { _id: ids, _include: 'Organization:partof' })).filter((one) => isType<Organization>(one, 'Organization'));
  const named = new Map(found.map((one) => [`Organization/${one.id ?? ''}`, one]));
  const hospitals = new Set(units.map((unit) => {
    const above = localReference(named.get(unit)?.partOf?.reference);
    return named.has(above) ? above : unit;
  }));
  return [...hospitals].map((reference) => ({ reference, name: named.get(reference)?.name ?? '' }));
}
