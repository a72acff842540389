// SPDX-License-Identifier: Apache-2.0
// How far the clocks of hospitals are ahead of UTC, as their places tell. Asked for together,
// once, when somebody first needs them; until then, and where nothing is told, null.
import { signal } from '@preact/signals';
import { resourcesOf, search } from './client';
import { isType, localReference } from './codes';
import type { Location } from './types';

const UTC_OFFSET = 'https://belay.health/StructureDefinition/utc-offset';
const AT_ONCE = 40; // hospitals in one question

const known = signal<ReadonlyMap<string, number | null>>(new Map());
const asked = new Set<string>();
let wanted: string[] = [];

function aheadOf(place: Location): number | null {
  return place.extension?.find((one) => one.url === UTC_OFFSET)?.valueInteger ?? null;
}

async function learn(hospitals: string[]): Promise<void> {
  const query = { organization: hospitals.join(','), 'operational-status:missing': 'true', _elements: 'extension,managingOrganization', _count: '500' };
  const places = resourcesOf(await search('Location', query)).filter((one) => isType<Location>(one, 'Location'));
  const next = new Map(known.value);
  for (const hospital of hospitals) {
    const own = places.filter((one) => localReference(one.managingOrganization?.reference) === hospital);
    next.set(hospital, own.map(aheadOf).find((ahead) => ahead !== null) ?? null);
  }
  known.value = next;
}

function askForAll(): void {
  const all = wanted;
  wanted = [];
  for (let at = 0; at < all.length; at += AT_ONCE) {
    const some = all.slice(at, at + AT_ONCE);
    learn(some).catch(() => some.forEach((one) => asked.delete(one))); // asked again by whoever needs it next
  }
}

/** Minutes that the clocks of ${hospital} ("Organization/ID") are ahead of UTC; null: not known (yet). */
export function clockOfHospital(hospital: string): number | null {
  const ahead = known.value.get(hospital); // whoever draws this is drawn again when it is known
  if (ahead !== undefined || hospital === '' || asked.has(hospital)) return ahead ?? null;
  asked.add(hospital);
  if (wanted.length === 0) queueMicrotask(askForAll);
  wanted.push(hospital);
  return null;
}
