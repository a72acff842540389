// SPDX-License-Identifier: Apache-2.0
// What somebody says of a published figure, in a form or in a line of a file: put into the form in
// which it is kept, and what is wrong with it. The node has the last word.
import { isUnclear, dayOf } from '../lib/day-order';
import { newUuid } from '../lib/ids';
import type { Line, Table } from './import';
import { BOUNDS, COLUMNS, COUNTINGS, NOTHING, TRENDS, type Column, type Figure, type Said } from './published';
import { cellsIn, judgeLines, placesIn, type Judged as JudgedIn, type Places as PlacesIn, type Wrong as WrongIn } from './table-check';

export const FAULTS = ['needed', 'needed-from', 'needed-unit', 'needed-other', 'no-number', 'no-time', 'unclear', 'no-counting', 'no-bound', 'no-trend', 'no-address', 'no-currency', 'no-stratum', 'question-time', 'backwards', 'twice'] as const;
export type FaultOfLine = (typeof FAULTS)[number];

export type Wrong = WrongIn<Column, FaultOfLine>;

const NEEDED: readonly Column[] = ['measure', 'wording', 'source', 'counting', 'bound', 'value', 'unit'];
const CODES: readonly [Column, readonly string[], FaultOfLine][] = [['counting', COUNTINGS, 'no-counting'], ['bound', BOUNDS, 'no-bound'], ['trend', TRENDS, 'no-trend']];
const NUMBERS: readonly Column[] = ['value', 'before', 'other'];
const TIMES: readonly Column[] = ['published', 'from', 'until', 'asked-from', 'asked-until', 'base-from', 'base-until'];
const QUESTION: readonly Column[] = ['asked-stratum', 'asked-from', 'asked-until', 'base-from', 'base-until'];

/** Digits as records have them: "5,536" is 5536; "" where it is no number. */
export function numberOf(text: string): string {
  const bare = text.trim().normalize('NFKC');
  const grouped = /^-?\d{1,3}([, ]\d{3})+(\.\d+)?$/.test(bare) ? bare.replace(/[, ]/g, '') : bare;
  return /^-?\d+(\.\d+)?$/.test(grouped) ? String(Number(grouped)) : '';
}

/** A year, a month or a day as records have them; "" where it is none. */
export function timeOf(text: string): string {
  const bare = text.trim().normalize('NFKC');
  const short = /^(\d{4})(?:[-/.](\d{1,2}))?$/.exec(bare);
  if (!short) return dayOf(bare, '');
  if (!short[2]) return Number(short[1]) >= 1000 ? bare : '';
  return Number(short[2]) >= 1 && Number(short[2]) <= 12 ? `${short[1]}-${short[2].padStart(2, '0')}` : '';
}

/** "Local staff trained" is local-staff-trained. */
export function measureOf(text: string): string {
  return text.trim().normalize('NFKC').toLowerCase().replace(/[\s_]+/g, '-');
}

/** ${said} as it is kept; what cannot be read stays as it was typed, for wrongsOf. */
export function tidy(said: Said): Said {
  const each = Object.fromEntries(COLUMNS.map((column) => [column, said[column].trim()])) as Said;
  for (const column of NUMBERS) each[column] = numberOf(each[column]) || each[column];
  for (const column of TIMES) each[column] = timeOf(each[column]) || each[column];
  for (const [column] of CODES) each[column] = each[column].toLowerCase();
  return { ...each, measure: measureOf(each.measure), asked: measureOf(each.asked), trend: each.trend === 'none' ? '' : each.trend, 'other-unit': each['other-unit'].toUpperCase() };
}

/** The last day that ${time} can mean, to compare with. */
const endOf = (time: string) => time + '-12-31'.slice(time.length === 4 ? 0 : time.length === 7 ? 3 : 6);

/** All that is wrong in ${said}, which is tidy, in the order of the columns. */
export function wrongsOf(said: Said): Wrong[] {
  const found = new Map<Column, FaultOfLine>();
  const wrong = (column: Column, fault: FaultOfLine) => { if (!found.has(column)) found.set(column, fault); };
  NEEDED.filter((column) => !said[column]).forEach((column) => wrong(column, 'needed'));
  if (said.counting === 'total' && said.until && !said.from) wrong('from', 'needed-from');
  if (said.from && !said.until) wrong('until', 'needed');
  for (const one of ['asked-until', 'base-until'] as const) if (said[one] && !said.until) wrong(one, 'question-time');
  if (said.other && !said['other-unit']) wrong('other-unit', 'needed-unit');
  if (said['other-unit'] && !said.other) wrong('other', 'needed-other');
  if (!said.asked && QUESTION.some((column) => said[column])) wrong('asked', 'needed');
  for (const one of ['asked', 'base'] as const) if (said[`${one}-from`] && !said[`${one}-until`]) wrong(`${one}-until`, 'needed');
  if (said['asked-stratum'] && !/^[^|]+\|./.test(said['asked-stratum'])) wrong('asked-stratum', 'no-stratum');
  for (const column of NUMBERS) if (said[column] && !numberOf(said[column])) wrong(column, 'no-number');
  for (const column of TIMES) if (said[column] && !timeOf(said[column])) wrong(column, isUnclear([said[column]]) ? 'unclear' : 'no-time');
  for (const [column, codes, fault] of CODES) if (said[column] && !codes.includes(said[column])) wrong(column, fault);
  if (said.url && !/^https?:\/\/\S+$/i.test(said.url)) wrong('url', 'no-address');
  if (said['other-unit'] && !/^[A-Z]{3}$/.test(said['other-unit'])) wrong('other-unit', 'no-currency');
  if (said.from && said.until && !found.has('from') && !found.has('until') && said.from > endOf(said.until)) wrong('until', 'backwards');
  return COLUMNS.flatMap((column) => {
    const fault = found.get(column);
    return fault ? [{ column, text: said[column], fault }] : [];
  });
}

// ---- a file ----

export interface GoodRow {
  id: string;
  line: Line;
  said: Said;
}

export type Judged = JudgedIn<Column, FaultOfLine, GoodRow>;
export type Places = PlacesIn<Column>;

/** Where each column stands in ${head}; -1: nowhere. ${named}: other names by which one is known. */
export const placesOf = (head: readonly string[], named: Record<Column, string>): Places => placesIn(COLUMNS, head, (column) => named[column]);

const keyOf = (said: Said) => JSON.stringify(COLUMNS.map((column) => said[column]));

/** Which lines can be written down. Each gets its id here, so that a second try is the first. */
export function judge(table: Table, places: Places, there: readonly Figure[]): Judged {
  const known = new Set(there.map((one) => keyOf(tidy(one.said))));
  return judgeLines(table, NEEDED.filter((column) => places[column] < 0), (line) => {
    const said = tidy({ ...NOTHING, ...cellsIn(COLUMNS, line, places) });
    const key = keyOf(said);
    return { wrongs: wrongsOf(said), key, there: known.has(key), good: { id: newUuid(), line, said }, twice: { column: 'measure', text: said.measure, fault: 'twice' } };
  });
}
