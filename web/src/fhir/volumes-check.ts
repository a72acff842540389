// SPDX-License-Identifier: Apache-2.0
// A file of volumes: what each line says, what is wrong with it, and what is written down already. The node has the
// last word.
import type { Line, Table } from './import';
import { numberOf, timeOf } from './published-check';
import { KINDS, LIFE, volumeId, type Kind, type Told, type Unit } from './volumes';

export const COLUMNS = ['kind', 'hospital', 'department', 'place', 'month', 'value'] as const;
export type Column = (typeof COLUMNS)[number];
export type Fault = 'needed' | 'no-kind' | 'no-unit' | 'two-units' | 'no-month' | 'no-year' | 'no-number' | 'twice';

export interface Wrong {
  column: Column;
  text: string;
  fault: Fault;
}

export interface BadRow {
  line: Line;
  wrongs: Wrong[];
}

export interface GoodRow {
  id: string;
  line: Line;
  told: Told;
  /** What is written down so far; "": nothing. */
  before: string;
}

export interface Judged {
  good: GoodRow[];
  bad: BadRow[];
  there: number;
  missing: Column[];
}

export type Places = Record<Column, number>;

/** What is known here: by what a line names hospitals, departments and places. */
export interface Known {
  organizations: readonly Unit[];
  locations: readonly Unit[];
  /** The figure by the id of its record. */
  written: ReadonlyMap<string, string>;
}

const plain = (text: string) => text.trim().normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');

export function placesOf(head: readonly string[]): Places {
  const heads = head.map(plain);
  return Object.fromEntries(COLUMNS.map((column) => [column, heads.indexOf(column)])) as Places;
}

/** Those of ${units} that ${text} names, by id or by name. */
function named(units: readonly Unit[], text: string): Unit[] {
  const byId = units.filter((one) => one.id === text);
  return byId.length > 0 ? byId : units.filter((one) => plain(one.name) === plain(text));
}

interface Reading {
  said: Record<Column, string>;
  wrongs: Wrong[];
}

function wrong(reading: Reading, column: Column, fault: Fault): void {
  if (!reading.wrongs.some((one) => one.column === column)) reading.wrongs.push({ column, text: reading.said[column], fault });
}

/** The one that ${column} names among ${units}; "": none, which is said. */
function one(reading: Reading, column: Column, units: readonly Unit[]): string {
  const text = reading.said[column];
  const found = named(units, text);
  if (!text) wrong(reading, column, 'needed');
  else if (found.length !== 1) wrong(reading, column, found.length === 0 ? 'no-unit' : 'two-units');
  return found.length === 1 ? (found[0]?.id ?? '') : '';
}

function isWithin(units: readonly Unit[], unit: Unit, top: string): boolean {
  for (let at: Unit | undefined = unit, depth = 0; at && depth < 10; depth++) {
    if (at.within === top) return true;
    at = units.find((other) => other.id === at?.within);
  }
  return false;
}

function unitOf(reading: Reading, known: Known): string {
  const hospital = one(reading, 'hospital', known.organizations.filter((each) => !each.within));
  if (!reading.said.department || !hospital) return hospital;
  return one(reading, 'department', known.organizations.filter((each) => isWithin(known.organizations, each, hospital)));
}

function read(line: Line, places: Places, known: Known): { reading: Reading; told: Told } {
  const cell = (column: Column) => (places[column] < 0 ? '' : (line.cells[places[column]] ?? '').trim().replace(/^'(?=[=+\-@])/, ''));
  const reading: Reading = { said: Object.fromEntries(COLUMNS.map((column) => [column, cell(column)])) as Record<Column, string>, wrongs: [] };
  const { said } = reading;
  const kind = KINDS.find((each) => each === plain(said.kind).replaceAll(' ', '-'));
  const life = kind === LIFE;
  if (!kind) wrong(reading, 'kind', said.kind ? 'no-kind' : 'needed');
  const of = !kind ? '' : life ? one(reading, 'place', known.locations) : unitOf(reading, known);
  const time = timeOf(said.month);
  const value = numberOf(said.value);
  if (time.length !== (life ? 4 : 7)) wrong(reading, 'month', said.month ? (life ? 'no-year' : 'no-month') : 'needed');
  if (!value || Number(value) < 0 || (!life && !/^\d+$/.test(value))) wrong(reading, 'value', said.value ? 'no-number' : 'needed');
  return { reading, told: { kind: kind as Kind, of, time, value } };
}

/** Which lines can be written down, and which say what is there already. */
export function judge(table: Table, places: Places, known: Known): Judged {
  const judged: Judged = { good: [], bad: [], there: 0, missing: (['kind', 'month', 'value'] as const).filter((column) => places[column] < 0) };
  const seen = new Set<string>();
  if (judged.missing.length > 0) return judged;
  for (const line of table.lines) {
    const { reading, told } = read(line, places, known);
    const id = reading.wrongs.length === 0 ? volumeId(told) : '';
    const before = known.written.get(id) ?? '';
    if (id && seen.has(id)) wrong(reading, 'month', 'twice');
    if (reading.wrongs.length > 0) judged.bad.push({ line, wrongs: reading.wrongs });
    else if (before !== '' && Number(before) === Number(told.value)) judged.there++;
    else judged.good.push({ id, line, told, before });
    if (id) seen.add(id);
  }
  return judged;
}
