// SPDX-License-Identifier: Apache-2.0
// What the makers of records share: names of records, references, codes, and times that
// the program fills in when it loads them (src/app/demo_times.c reads these marks).

import { createHash } from 'node:crypto';

export const BELAY = 'https://belay.health';

export function slug(text) {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}

/** The id of a record of the demonstration: they all begin alike, so that none meets another's. */
export function idOf(...parts) {
  return ['demo', ...parts.map(slug)].join('-');
}

export function refer(type, id, display) {
  return { reference: `${type}/${id}`, ...(display ? { display } : {}) };
}

export function concept(system, code, text) {
  return { coding: [{ system, code }], ...(text ? { text } : {}) };
}

/** An entry that makes the record what it is here, whether it was there or not. */
export function put(resource) {
  return { resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } };
}

const MINUTES = { m: 1, h: 60, d: 24 * 60 };

/** "5h" as minutes. */
export function minutes(span) {
  const match = /^(\d+)([mhd])$/.exec(span);
  if (!match) throw new Error(`"${span}" is no span of time like 6m, 5h or 4d`);
  return Number(match[1]) * MINUTES[match[2]];
}

/** The instant ${span} ago, later by ${more} minutes. */
export function ago(span, more = 0) {
  return `@minutes-${minutes(span) - more}`;
}

/** The birth date of someone of that age: "2d" to the day, "31y" with a birthday, else the year alone. */
export function born(age, birthday) {
  const [, count, unit] = /^(\d+)([yd])$/.exec(age) ?? [];
  if (!count) throw new Error(`"${age}" is no age like 31y or 2d`);
  if (unit === 'd') return `@days-${count}`;
  return birthday ? `@years-${count}-${birthday}` : `@years-${count}`;
}

/** The day so many days from today: -3 is three days ago. */
export function day(count) {
  return count > 0 ? `@ahead-${count}` : `@days-${-count}`;
}

/** The same random-looking id for the same ${name}. */
export function uuid(name) {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** One of our own extensions. */
export function extension(name, value) {
  return { url: `${BELAY}/StructureDefinition/${name}`, ...value };
}
