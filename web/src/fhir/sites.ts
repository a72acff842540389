// SPDX-License-Identifier: Apache-2.0
// Where hospitals stand: the place of each with its position, and what it lies in, for a drawing.
import { resourcesOf, search } from './client';
import { isType, localReference, referenceTo } from './codes';
import type { Location, Organization } from './types';

export interface Site {
  hospital: string; // "Organization/ID"
  name: string;
  /** Of the town; "" where none is written down. */
  place: string;
  /** Of its address: the district, else the city; "" likewise. */
  town: string;
  /** What its place lies in: the prefecture, else the region; "" likewise. */
  area: string;
  /** Null: not written down. */
  position: { latitude: number; longitude: number } | null;
}

const MANY = '1000';
const AT_ONCE = 60; // hospitals in one question: an address has its length

interface Placed { latitude?: number; longitude?: number }
type Addressed = Organization & { address?: { city?: string; district?: string }[] };
type Within = Location & { partOf?: { reference?: string } };

async function someSites(hospitals: string[]): Promise<Site[]> {
  const ids = hospitals.map((one) => one.replace('Organization/', '')).join(',');
  const [organisations, places] = await Promise.all([
    search('Organization', { _id: ids, _elements: 'name,address', _count: MANY }),
    search('Location', { organization: hospitals.join(','), 'near:missing': 'false', _elements: 'name,position,managingOrganization,partOf', _include: 'Location:partof', _count: MANY }),
  ]);
  const towns = resourcesOf(places).filter((one) => isType<Within>(one, 'Location'));
  const named = new Map(towns.map((one) => [referenceTo(one), one.name ?? '']));
  return resourcesOf(organisations).filter((one) => isType<Addressed>(one, 'Organization')).map((one) => {
    const hospital = `Organization/${one.id ?? ''}`;
    const own = towns.filter(({ managingOrganization }) => localReference(managingOrganization?.reference) === hospital);
    const town = own.find(({ position }) => (position as Placed | undefined)?.latitude !== undefined);
    const { latitude, longitude } = (town?.position ?? {}) as Placed;
    const [address] = one.address ?? [];
    return {
      hospital, name: one.name ?? hospital, place: town?.name ?? '', town: address?.district ?? address?.city ?? '', area: named.get(localReference(town?.partOf?.reference)) ?? '',
      position: latitude === undefined || longitude === undefined ? null : { latitude, longitude },
    };
  });
}

/** The hospitals ${hospitals} ("Organization/ID"), in the order of their names. */
export async function loadSites(hospitals: readonly string[]): Promise<Site[]> {
  const parts = Array.from({ length: Math.ceil(hospitals.length / AT_ONCE) }, (_, at) => hospitals.slice(at * AT_ONCE, (at + 1) * AT_ONCE));
  const found = await Promise.all(parts.map(someSites));
  return found.flat().sort((one, other) => one.name.localeCompare(other.name));
}
