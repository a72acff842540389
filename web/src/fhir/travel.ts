// SPDX-License-Identifier: Apache-2.0
// Where patients still travel and why: the figure `transfers` in pairs (docs/DASHBOARD.md), and where the hospitals
// lie that it names.
import { loadDashboard, rangeOf, type Told } from './dashboard';
import { loadSites } from './sites';

/** One pair as it is told: the parts of its stratum, and how many. */
export interface Pair { stratum: string; parts: string[]; count: number }

export interface InPairs { whole: Told; pairs: Pair[] }

export interface Place { reference: string; name: string; /** Where it is, in one word. */ town: string; /** The prefecture, else the region. */ area: string; latitude: number | null; longitude: number | null }

/** By place, specialty, reason, and why and how far, of all journeys; and in pairs. */
export interface Travel { flow: InPairs; path: InPairs; specialty: InPairs; from: InPairs; of: InPairs; reason: InPairs; why: InPairs; places: Map<string, Place> }

const AXES = ['flow', 'path', 'specialty-path', 'hospital', 'specialty', 'reason', 'why'] as const;
const NOBODY_SAID = 'unknown'; // as a stratum that is empty is called

async function told(axis: string, first: number, last: number): Promise<InPairs> {
  const [trend] = await loadDashboard({ first, last, measures: ['transfers'], axis });
  const pairs = (trend?.apart ?? []).flatMap(({ code, told: one }) => {
    const count = rangeOf(one)?.[0] ?? 0;
    return one.kind === 'exact' && count > 0 ? [{ stratum: `${axis}|${code}`, parts: code === NOBODY_SAID ? [''] : code.split('|'), count }] : [];
  });
  return { whole: trend?.whole ?? { kind: 'none' }, pairs: pairs.sort((one, other) => other.count - one.count) };
}

/** The hospitals ${references} with their places; who lies nowhere has no position. */
async function placesOf(references: string[]): Promise<Map<string, Place>> {
  const sites = await loadSites(references);
  const alone = (town: string) => sites.filter((one) => one.town === town).length === 1;
  return new Map(sites.map(({ hospital, name: own, town, area, position }) => {
    const name = town && alone(town) ? town : own; // two of one town are told apart
    return [hospital, { reference: hospital, name, town: town || own, area: area || name, latitude: position?.latitude ?? null, longitude: position?.longitude ?? null }];
  }));
}

/** Of the years ${first} to ${last}. */
export async function loadTravel(first: number, last: number): Promise<Travel> {
  const [flow, path, specialty, from, of, reason, why] = await Promise.all(AXES.map((axis) => told(axis, first, last)));
  if (!flow || !path || !specialty || !from || !of || !reason || !why) throw new Error('Each question has an answer.');
  const hospitals = new Set([...flow.pairs.flatMap(({ parts }) => parts), ...from.pairs.flatMap(({ parts }) => parts), ...path.pairs.flatMap(({ parts }) => parts.slice(0, 1))]);
  return { flow, path, specialty, from, of, reason, why, places: await placesOf([...hospitals].filter((one) => one.startsWith('Organization/'))) };
}
