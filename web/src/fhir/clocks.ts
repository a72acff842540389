// SPDX-License-Identifier: Apache-2.0
// What the clocks of a hospital say, for a time that several hospitals agree on: each
// Location tells how far its clocks are from UTC.
import { resourcesOf, search } from './client';
import { isType, localReference } from './codes';
import type { Extension, Location, Organization, Reference } from './types';

const UTC_OFFSET = 'https://belay.health/StructureDefinition/utc-offset';
const MINUTE = 60_000;

export interface Clock {
  hospital: string;
  offset: number; // minutes ahead of UTC
}

type Placed = Omit<Location, 'extension'> & { managingOrganization?: Reference; extension?: (Extension & { valueInteger?: number })[] };

/** The hospital of each of ${units}, which may be hospitals themselves. */
async function hospitalsOf(units: string[]): Promise<Map<string, string>> {
  const ids = units.map((unit) => unit.replace('Organization/', '')).join(',');
  const found = resourcesOf(await search('Organization', { _id: ids, _include: 'Organization:partof' })).filter((one) => isType<Organization>(one, 'Organization'));
  const named = new Map(found.map((one) => [`Organization/${one.id ?? ''}`, one]));
  return new Map(units.map((unit) => {
    const above = localReference(named.get(unit)?.partOf?.reference);
    const hospital = named.has(above) ? above : unit;
    return [hospital, named.get(hospital)?.name ?? ''];
  }));
}

/** The clocks of the hospitals of ${units}, where they are known. */
export async function clocksOf(units: string[]): Promise<Clock[]> {
  if (units.length === 0) return [];
  const hospitals = await hospitalsOf([...new Set(units)]);
  const places = resourcesOf(await search('Location', { organization: [...hospitals.keys()].join(','), _count: '200' })) as unknown as Placed[];
  return [...hospitals].flatMap(([reference, hospital]) => {
    const offsets = places.filter((one) => localReference(one.managingOrganization?.reference) === reference)
      .flatMap((one) => one.extension?.find((extension) => extension.url === UTC_OFFSET)?.valueInteger ?? []);
    return offsets[0] === undefined ? [] : [{ hospital, offset: offsets[0] }];
  });
}

/** Do the clocks there show another time than those here, at ${instant}? */
export function differs(clock: Clock, instant: string): boolean {
  return clock.offset !== -new Date(instant).getTimezoneOffset();
}

/** ${instant} as a time of UTC that reads as the clocks there do. */
export function shifted(clock: Clock, instant: string): Date {
  return new Date(Date.parse(instant) + clock.offset * MINUTE);
}
