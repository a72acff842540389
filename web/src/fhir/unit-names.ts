// SPDX-License-Identifier: Apache-2.0
// What hospitals and departments are called, asked for together and once each.
import { signal } from '@preact/signals';
import { resourcesOf, search } from './client';
import { isType, localReference, referenceTo } from './codes';
import type { Organization } from './types';

const known = signal<ReadonlyMap<string, string>>(new Map());
const asked = new Set<string>();
let wanted: string[] = [];

async function learn(units: string[]): Promise<void> {
  const found = resourcesOf(await search('Organization', { _id: units.map((one) => one.split('/')[1] ?? '').join(','), _include: 'Organization:partof', _elements: 'name,partOf', _count: '200' }));
  const all = new Map(found.filter((one) => isType<Organization>(one, 'Organization')).map((one) => [referenceTo(one), one]));
  const fullName = (one: Organization | undefined) => [one?.name, all.get(localReference(one?.partOf?.reference))?.name].filter(Boolean).join(', ');
  known.value = new Map([...known.value, ...units.map((unit) => [unit, fullName(all.get(unit))] as const)]);
}

/** The name of ${unit} ("Organization/ID"), a department's with its hospital's; "" until it is known, and where there is none. */
export function unitName(unit: string): string {
  const name = known.value.get(unit); // whoever draws this is drawn again when it is known
  if (name !== undefined || !unit.startsWith('Organization/') || asked.has(unit)) return name ?? '';
  asked.add(unit);
  if (wanted.length === 0) {
    queueMicrotask(() => {
      const all = wanted;
      wanted = [];
      learn(all).catch(() => all.forEach((one) => asked.delete(one)));
    });
  }
  wanted.push(unit);
  return '';
}
