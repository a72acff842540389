// SPDX-License-Identifier: Apache-2.0
// Days as people write them in tables. What stands first, day or month, is a habit: a column
// says it itself where one of its days is above 12, and where none does, somebody is asked.
import { present } from './time';

export const ORDERS = ['dmy', 'mdy', 'ymd'] as const;
export type Order = (typeof ORDERS)[number];

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const RUSSIAN = ['янв', 'фев', 'мар', 'апр', 'ма', 'июн', 'июл', 'авг', 'сен', 'окт', 'ноя', 'дек'];

function isoOf(year: number, month: number, day: number): string {
  const date = new Date(Date.UTC(year, month - 1, day));
  const same = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same && year >= 1000 ? date.toISOString().slice(0, 10) : '';
}

function fullYear(text: string): number {
  const year = Number(text);
  if (text.length > 2) return year;
  return year + (year > (new Date(present()).getFullYear() % 100) + 1 ? 1900 : 2000);
}

function monthOf(word: string): number {
  const small = word.toLowerCase();
  const english = MONTHS.findIndex((name) => small.startsWith(name));
  return (english >= 0 ? english : RUSSIAN.findIndex((name) => small.startsWith(name))) + 1;
}

/** ${text} without the time of day behind it. */
function bare(text: string): string {
  return text.trim().replace(/[T\s]+\d{1,2}[:.]\d{2}([:.]\d{2}(\.\d+)?)?\s*([ap]\.?m\.?)?(Z|[+-]\d{2}:?\d{2})?$/i, '').trim();
}

/** Three numbers whose order is a habit: "4/5/2024"; null: it is written otherwise. */
function numbers(text: string): [string, string, string] | null {
  const found = /^(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{2}|\d{4})\.?$/.exec(text);
  return found ? [found[1] ?? '', found[2] ?? '', found[3] ?? ''] : null;
}

function inOrder([first, second, third]: [string, string, string], order: Order): string {
  if (order === 'ymd') return third.length === 2 ? isoOf(fullYear(first), Number(second), Number(third)) : '';
  const [day, month] = order === 'dmy' ? [first, second] : [second, first];
  return isoOf(fullYear(third), Number(month), Number(day));
}

/** Written in a way that needs no habit; "" is not, or is no day. */
function plainDay(text: string): string {
  const year = /^(\d{4})\s*(?:[-/.\s]|年)\s*(\d{1,2})\s*(?:[-/.\s]|月)\s*(\d{1,2})\s*日?$/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (year) return isoOf(Number(year[1]), Number(year[2]), Number(year[3]));
  const word = /^(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]*([\p{L}]{3,})\.?,?[\s-]*(\d{4}|\d{2})(?:\s*г\.?)?$/u.exec(text);
  if (word) return isoOf(fullYear(word[3] ?? ''), monthOf(word[2] ?? ''), Number(word[1]));
  const american = /^([\p{L}]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$/u.exec(text);
  return american ? isoOf(Number(american[3]), monthOf(american[1] ?? ''), Number(american[2])) : '';
}

/** The day that ${text} means, as 2024-05-06; "" where it means none. */
export function dayOf(text: string, order: Order | ''): string {
  const short = bare(text);
  const three = numbers(short);
  if (!three) return plainDay(short);
  if (order) return inOrder(three, order);
  const found = new Set(ORDERS.map((one) => inOrder(three, one)).filter(Boolean)); // 5/5/2024 means one day in any order
  return found.size === 1 ? [...found][0] ?? '' : '';
}

/** The orders in which all of ${texts} are days; of none of them any need be: [] . */
export function ordersOf(texts: readonly string[]): Order[] {
  const unclear = texts.map((text) => numbers(bare(text))).filter((one) => one !== null);
  if (unclear.length === 0) return [];
  return ORDERS.filter((order) => unclear.every((one) => inOrder(one, order) !== ''));
}

/** Must somebody be asked? Yes, where several orders fit, or none fits all of them. */
export function isUnclear(texts: readonly string[]): boolean {
  const unclear = texts.map(bare).filter((one) => numbers(one) !== null);
  return unclear.some((one) => dayOf(one, '') === '') && ordersOf(texts).length !== 1;
}
