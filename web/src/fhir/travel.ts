// SPDX-License-Identifier: Apache-2.0
// Where patients still travel and why: the figure `transfers` in pairs (docs/DASHBOARD.md), and where the hospitals
// lie that it names.
import { loadDashboard, rangeOf, type Told } from './dashboard';
import { follow, resourcesOf, search } from './client';
import { isType, localReference, referenceTo } from './codes';
import type { Location, Organization, Resource } from './types';

/** One pair as it is told: the parts of its stratum, and how many. */
export interface Pair { stratum: string; parts: string[]; count: number }

export interface InPairs { whole: Told; pairs: Pair[] }

export interface Place { reference: string; name: string; /** The prefecture, else the region. */ area: string; latitude: number | null; longitude: number | null }

export interface Travel { flow: InPairs; path: InPairs; specialty: InPairs; places: Map<string, Place> }

const AXES = ['flow', 'path', 'specialty-path'] as const;
const MOST_PAGES = 10;

async function told(axis: string, first: number, last: number): Promise<InPairs> {
  const [trend] = await loadDashboard({ first, last, measures: ['transfers'], axis });
  const pairs = (trend?.apart ?? []).flatMap(({ code, told: one }) => {
    const count = rangeOf(one)?.[0] ?? 0;
    return one.kind === 'exact' && count > 0 ? [{ stratum: `${axis}|${code}`, parts: code.split('|'), count }] : [];
  });
  return { whole: trend?.whole ?? { kind: 'none' }, pairs: pairs.sort((one, other) => other.count - one.count) };
}

type Positioned = Location & { position?: { latitude?: number; longitude?: number }; partOf?: { reference?: string } };
type Addressed = Organization & { address?: { city?: string; district?: string }[] };

async function allOf(type: string, query: Record<string, string>): Promise<Resource[]> {
  let bundle = await search(type, query);
  const all = resourcesOf(bundle);
  for (let page = 1; page < MOST_PAGES; page++) {
    const more = follow(bundle, 'next');
    if (!more) break;
    bundle = await more;
    all.push(...resourcesOf(bundle));
  }
  return all;
}

/** The hospitals ${references} with their places; who lies nowhere has no position. */
async function placesOf(references: string[]): Promise<Map<string, Place>> {
  if (references.length === 0) return new Map();
  const ids = references.map((one) => one.replace('Organization/', '')).join(',');
  const [organizations, locations] = await Promise.all([
    allOf('Organization', { _id: ids, _elements: 'name,address', _count: '500' }),
    allOf('Location', { organization: ids, 'operational-status:missing': 'true', _elements: 'name,position,managingOrganization,partOf,physicalType', _include: 'Location:partof', _count: '500' }),
  ]);
  const found = locations.filter((one) => isType<Positioned>(one, 'Location'));
  const named = new Map(found.map((one) => [referenceTo(one), one.name ?? '']));
  return new Map(organizations.filter((one) => isType<Addressed>(one, 'Organization')).map((one) => {
    const reference = referenceTo(one);
    const place = found.find(({ managingOrganization, position }) => localReference(managingOrganization?.reference) === reference && position?.latitude !== undefined);
    const [address] = one.address ?? [];
    const name = address?.district ?? address?.city ?? one.name ?? '';
    return [reference, {
      reference, name, area: named.get(localReference(place?.partOf?.reference)) ?? name,
      latitude: place?.position?.latitude ?? null, longitude: place?.position?.longitude ?? null,
    }];
  }));
}

/** Of the years ${first} to ${last}. */
export async function loadTravel(first: number, last: number): Promise<Travel> {
  const [flow, path, specialty] = await Promise.all(AXES.map((axis) => told(axis, first, last)));
  if (!flow || !path || !specialty) throw new Error('Three questions have three answers.');
  const hospitals = new Set([...flow.pairs.flatMap(({ parts }) => parts), ...path.pairs.flatMap(({ parts }) => parts.slice(0, 1))]);
  return { flow, path, specialty, places: await placesOf([...hospitals].filter((one) => one.startsWith('Organization/'))) };
}
