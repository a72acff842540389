// SPDX-License-Identifier: Apache-2.0
// What every check of a file has in common: where its columns stand, what a cell says, and which lines can be
// written down, which cannot and why, and which say what is there already.
import { cellOf, type Line, type Table } from './import';

export interface Wrong<Column, Fault> {
  column: Column;
  text: string;
  fault: Fault;
}

export interface BadRow<Column, Fault> {
  line: Line;
  wrongs: Wrong<Column, Fault>[];
}

export interface Judged<Column, Fault, Good> {
  good: Good[];
  bad: BadRow<Column, Fault>[];
  /** Lines that say what is written down already. */
  there: number;
  /** Columns that must be there and are not. */
  missing: Column[];
}

export type Places<Column extends string> = Record<Column, number>;

const plain = (text: string) => text.trim().normalize('NFKC').toLowerCase().replace(/[\s_]+/g, '-');

/** Where each of ${columns} stands in ${head}; -1: nowhere. ${named}: another name by which one is known. */
export function placesIn<Column extends string>(columns: readonly Column[], head: readonly string[], named: (column: Column) => string): Places<Column> {
  const heads = head.map(plain);
  return Object.fromEntries(columns.map((column) => {
    const at = heads.indexOf(column);
    return [column, at >= 0 ? at : heads.indexOf(plain(named(column)))];
  })) as Places<Column>;
}

/** What ${line} says in each of ${columns}; "" where it has none. */
export function cellsIn<Column extends string>(columns: readonly Column[], line: Line, places: Places<Column>): Record<Column, string> {
  return Object.fromEntries(columns.map((column) => [column, cellOf(line, places[column])])) as Record<Column, string>;
}

/** What one line comes to: what is wrong in it; else by what it is known again, and whether it is there already. */
export interface Verdict<Column, Fault, Good> {
  wrongs: Wrong<Column, Fault>[];
  key: string;
  there: boolean;
  good: Good;
  /** What is wrong where a line before said the same. */
  twice: Wrong<Column, Fault>;
}

export function judgeLines<Column extends string, Fault, Good>(table: Table, missing: Column[], read: (line: Line) => Verdict<Column, Fault, Good>): Judged<Column, Fault, Good> {
  const judged: Judged<Column, Fault, Good> = { good: [], bad: [], there: 0, missing };
  const seen = new Set<string>();
  if (missing.length > 0) return judged;
  for (const line of table.lines) {
    const one = read(line);
    if (one.wrongs.length > 0) {
      judged.bad.push({ line, wrongs: one.wrongs });
      continue;
    }
    if (seen.has(one.key)) judged.bad.push({ line, wrongs: [one.twice] });
    else if (one.there) judged.there++;
    else judged.good.push(one.good);
    seen.add(one.key);
  }
  return judged;
}
