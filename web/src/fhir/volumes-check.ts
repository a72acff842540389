// SPDX-License-Identifier: Apache-2.0
// A file of volumes: what each line says, what is wrong with it, and what is written down already. The node has the
// last word.
import type { Line, Table } from './import';
import { numberOf, timeOf } from './published-check';
import { cellsIn, judgeLines, placesIn, type Judged as JudgedIn, type Places as PlacesIn, type Wrong as WrongIn } from './table-check';
import { KINDS, LIFE, POPULATION, isOfPlace, volumeId, type Kind, type Told, type Unit } from './volumes';

export const COLUMNS = ['kind', 'hospital', 'department', 'place', 'month', 'sex', 'language', 'value'] as const;
export type Column = (typeof COLUMNS)[number];
const NEEDED: readonly Column[] = ['kind', 'month', 'value'];
export type Fault = 'needed' | 'no-kind' | 'no-unit' | 'two-units' | 'no-month' | 'no-year' | 'no-number' | 'no-part' | 'two-parts' | 'no-sex' | 'no-language' | 'twice';

type Wrong = WrongIn<Column, Fault>;

export interface GoodRow {
  id: string;
  line: Line;
  told: Told;
  /** What is written down so far; "": nothing. */
  before: string;
}

export type Judged = JudgedIn<Column, Fault, GoodRow>;
export type Places = PlacesIn<Column>;

/** What is known here: by what a line names hospitals, departments and places. */
export interface Known {
  organizations: readonly Unit[];
  locations: readonly Unit[];
  /** The figure by the id of its record. */
  written: ReadonlyMap<string, string>;
}

const plain = (text: string) => text.trim().normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');

export const placesOf = (head: readonly string[]): Places => placesIn(COLUMNS, head, (column) => column);

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

const SEXES = ['female', 'male', 'other'];
const MOST_CODE = 16;
const isLanguage = (text: string) => text.length <= MOST_CODE && /^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(text);

/** Of whom it is, where a cell says so. */
function partOf(reading: Reading, kind: Kind | undefined): Told['part'] {
  const { language } = reading.said;
  const sex = plain(reading.said.sex);
  if (!sex && !language) return undefined;
  const name = sex ? 'sex' : 'language';
  if (kind && kind !== POPULATION) wrong(reading, name, 'no-part');
  else if (sex && language) wrong(reading, 'language', 'two-parts');
  else if (sex ? !SEXES.includes(sex) : !isLanguage(language)) wrong(reading, name, sex ? 'no-sex' : 'no-language');
  return { name, code: sex || language };
}

function read(line: Line, places: Places, known: Known): { reading: Reading; told: Told } {
  const reading: Reading = { said: cellsIn(COLUMNS, line, places), wrongs: [] };
  const { said } = reading;
  const kind = KINDS.find((each) => each === plain(said.kind).replaceAll(' ', '-'));
  const place = kind !== undefined && isOfPlace(kind);
  if (!kind) wrong(reading, 'kind', said.kind ? 'no-kind' : 'needed');
  const of = !kind ? '' : place ? one(reading, 'place', known.locations) : unitOf(reading, known);
  const time = timeOf(said.month).replace(/^(\d{4}-\d{2})-01$/, '$1'); // as a spreadsheet makes a day of a month
  const part = partOf(reading, kind);
  const value = numberOf(said.value);
  if (time.length !== (place ? 4 : 7)) wrong(reading, 'month', said.month ? (place ? 'no-year' : 'no-month') : 'needed');
  if (!value || Number(value) < 0 || (kind !== LIFE && !/^\d+$/.test(value))) wrong(reading, 'value', said.value ? 'no-number' : 'needed');
  return { reading, told: { kind: kind as Kind, of, time, value, ...(part && { part }) } };
}

/** Which lines can be written down, and which say what is there already. */
export function judge(table: Table, places: Places, known: Known): Judged {
  return judgeLines(table, NEEDED.filter((column) => places[column] < 0), (line) => {
    const { reading: { said, wrongs }, told } = read(line, places, known);
    const id = wrongs.length === 0 ? volumeId(told) : '';
    const before = known.written.get(id) ?? '';
    return { wrongs, key: id, there: before !== '' && Number(before) === Number(told.value), good: { id, line, told, before }, twice: { column: 'month', text: said.month, fault: 'twice' } };
  });
}
