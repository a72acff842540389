// SPDX-License-Identifier: Apache-2.0
// Figures that were published, and what contradicts in them, as the node tells it (docs/FIGURES.md).
import { programmePut, programmeRead, programmeSearch, resourcesOf, transaction } from './client';
import { readParts, type Part, type Parts } from './parts';
import type { Resource } from './types';

export const COUNTINGS = ['total', 'state'] as const;
export type Counting = (typeof COUNTINGS)[number];
export const BOUNDS = ['exact', 'over', 'nearly', 'about'] as const;
export type Bound = (typeof BOUNDS)[number];
export const TRENDS = ['none', 'rose', 'fell'] as const;
export type Trend = (typeof TRENDS)[number];
export type Fault = 'more-is-less' | 'two-values' | 'verb-is-wrong' | 'own-verb-is-wrong' | 'two-units' | 'rate-impossible';

/** What a form or a line of a file says of a figure, each as it is typed: "" where nothing is said. In the order of a file's columns. */
export const COLUMNS = [
  'measure', 'wording', 'source', 'url', 'published', 'scope', 'from', 'until', 'counting', 'bound', 'value', 'unit', 'trend', 'before', 'other', 'other-unit',
  'asked', 'asked-stratum', 'asked-from', 'asked-until', 'base-from', 'base-until',
] as const;
export type Column = (typeof COLUMNS)[number];
export type Said = Record<Column, string>;

export interface Figure {
  id: string;
  said: Said;
  /** Why it cannot be compared; "": it is. */
  problem: string;
  /** What the records say for the same; null: nobody asked. */
  told: Told | null;
}

export const WHYS = [
  'no-definition', 'scope-in-words', 'other-unit', 'not-told', 'partly-told', 'steps', 'nothing', 'not-read', 'no-figure', 'no-number', 'no-time', 'no-number-or-time',
  'currencies', 'no-divisor',
] as const;
export type Why = (typeof WHYS)[number];

/** A figure of ours, and whether it is what was published. Numbers as texts: "" where there is none. */
export interface Told {
  asked: string;
  stratum: string;
  from: string;
  until: string;
  baseUntil: string;
  /** What there is at the end of its time, not what happened in it. */
  atEnd: boolean;
  value: string;
  atMost: string;
  unit: string;
  /** Nobody saw it: it was worked out from what others did. */
  estimate: boolean;
  /** Of what was published without a time: whether it fits any year. */
  verdict: 'matches' | 'differs' | 'fits-years' | 'fits-no-year' | 'cannot';
  by: string;
  /** The years that fit, as in "2017-2020, 2023", and those that were looked at. */
  years: string;
  lookedFrom: string;
  lookedUntil: string;
  why: Why | '';
}

export interface Contradiction {
  fault: Fault;
  one: string;
  other: string;
  rate: number;
  lowest: number;
  highest: number;
}

/** What looks like a contradiction: ${other} is of a later time and says less, but whose figures they are is said in other words. */
export interface Likeness {
  one: string;
  other: string;
}

export interface Published {
  figures: Figure[];
  contradictions: Contradiction[];
  likenesses: Likeness[];
  withdrawn: Figure[];
}

interface Period { start?: string; end?: string }

/** The record as it is kept. */
export interface PublishedFigure extends Resource {
  resourceType: 'PublishedFigure';
  status: 'active' | 'withdrawn';
  measure: string;
  wording: string;
  source: string;
  url?: string;
  publishedOn?: string;
  scope?: string;
  /** Missing: it was published without a time. */
  period?: Period;
  counting: string;
  bound: string;
  value: number;
  unit: string;
  trend?: string;
  before?: number;
  other?: { value: number; currency: string };
  asked?: { measure: string; stratum?: string; period?: Period; base?: Period };
}

export const NOTHING: Said = Object.fromEntries(COLUMNS.map((column) => [column, ''])) as Said;

function figureIn(parts: Parts): Figure {
  const said = Object.fromEntries(COLUMNS.map((column) => [column, parts.text(column)])) as Said;
  return { id: parts.text('id'), said: { ...said, trend: said.trend === 'none' ? '' : said.trend }, problem: parts.text('problem'), told: parts.all('computed').map(toldIn)[0] ?? null };
}

export function toldIn(parts: Parts): Told {
  return {
    asked: parts.text('asked'), stratum: parts.text('stratum'), from: parts.text('from'), until: parts.text('until'), baseUntil: parts.text('base-until'), atEnd: parts.text('rule') === 'at-end',
    value: parts.text('value'), atMost: parts.text('at-most'), unit: parts.text('unit'), estimate: parts.text('kind') === 'estimate', verdict: parts.text('verdict') as Told['verdict'], by: parts.text('by'), years: parts.text('years'), lookedFrom: parts.text('looked-from'), lookedUntil: parts.text('looked-until'), why: parts.text('why') as Told['why'],
  };
}

export function saidBy(record: PublishedFigure): Said {
  const number = (value: number | undefined) => (value === undefined ? '' : String(value));
  return {
    measure: record.measure, wording: record.wording, source: record.source, url: record.url ?? '', published: record.publishedOn ?? '', scope: record.scope ?? '',
    from: record.period?.start ?? '', until: record.period?.end ?? '', counting: record.counting, bound: record.bound, value: number(record.value), unit: record.unit,
    trend: !record.trend || record.trend === 'none' ? '' : record.trend, before: number(record.before), other: number(record.other?.value), 'other-unit': record.other?.currency ?? '',
    asked: record.asked?.measure ?? '', 'asked-stratum': record.asked?.stratum ?? '', 'asked-from': record.asked?.period?.start ?? '', 'asked-until': record.asked?.period?.end ?? '',
    'base-from': record.asked?.base?.start ?? '', 'base-until': record.asked?.base?.end ?? '',
  };
}

const contradictionIn = (parts: Parts): Contradiction => ({
  fault: parts.text('fault') as Fault, one: parts.text('one'), other: parts.text('other'), rate: parts.number('rate'), lowest: parts.number('lowest'), highest: parts.number('highest'),
});

/** All that stands, what contradicts in it, and what was taken back. */
export async function loadPublished(): Promise<Published> {
  const [answer, gone] = await Promise.all([
    programmeRead<{ parameter?: Part[] }>('PublishedFigure/$compare'),
    programmeSearch('PublishedFigure', { status: 'withdrawn', _count: '1000' }),
  ]);
  const parts = readParts(answer.parameter ?? []);
  const withdrawn = resourcesOf(gone).flatMap((one) => (one.resourceType === 'PublishedFigure' ? [one as PublishedFigure] : []));
  return {
    figures: parts.all('figure').map(figureIn),
    contradictions: parts.all('contradiction').map(contradictionIn),
    likenesses: parts.all('notice').map((one) => ({ one: one.text('one'), other: one.text('other') })),
    withdrawn: withdrawn.map((one) => ({ id: one.id ?? '', said: saidBy(one), problem: '', told: null })),
  };
}

export function readFigure(id: string): Promise<PublishedFigure> {
  return programmeRead<PublishedFigure>(`PublishedFigure/${id}`);
}

const periodOf = (start: string, end: string): Period => ({ ...(start ? { start } : {}), ...(end ? { end } : {}) });

function askedOf(said: Said): Pick<PublishedFigure, 'asked'> {
  if (!said.asked) return {};
  return {
    asked: {
      measure: said.asked, ...(said['asked-stratum'] ? { stratum: said['asked-stratum'] } : {}),
      ...(said['asked-until'] ? { period: periodOf(said['asked-from'], said['asked-until']) } : {}), ...(said['base-until'] ? { base: periodOf(said['base-from'], said['base-until']) } : {}),
    },
  };
}

/** ${said} as a record; what ${before} has beside it is kept. */
export function recordOf(id: string, said: Said, before?: PublishedFigure): PublishedFigure {
  const { url: _url, publishedOn: _on, scope: _scope, period: _period, trend: _trend, before: _before, other: _other, asked: _asked, ...kept } = before ?? ({} as PublishedFigure);
  return {
    ...kept,
    resourceType: 'PublishedFigure', id, status: before?.status ?? 'active', measure: said.measure, wording: said.wording, source: said.source,
    ...(said.url ? { url: said.url } : {}),
    ...(said.published ? { publishedOn: said.published } : {}),
    ...(said.scope ? { scope: said.scope } : {}),
    ...(said.until ? { period: periodOf(said.from, said.until) } : {}),
    counting: said.counting, bound: said.bound, value: Number(said.value), unit: said.unit,
    ...(said.trend ? { trend: said.trend } : {}),
    ...(said.before ? { before: Number(said.before) } : {}),
    ...(said.other ? { other: { value: Number(said.other), currency: said['other-unit'] } } : {}),
    ...askedOf(said),
  };
}

/** A new one under ${id}, the same at each try; or ${before} corrected, if it is still as it was read. */
export async function saveFigure(id: string, said: Said, before?: PublishedFigure): Promise<void> {
  await programmePut(recordOf(id, said, before), before?.meta?.versionId ?? '');
}

/** Take it back, or let it stand again. */
export async function setStanding(id: string, stands: boolean): Promise<void> {
  const record = await readFigure(id);
  await programmePut({ ...record, status: stands ? 'active' : 'withdrawn' }, record.meta?.versionId ?? '');
}

/** All of ${figures} or none, each under its id: a second try writes nothing twice. */
export async function saveAll(figures: readonly { id: string; said: Said }[]): Promise<void> {
  await transaction(figures.map((one) => ({ resource: recordOf(one.id, one.said), request: { method: 'PUT', url: `PublishedFigure/${one.id}` } })), '/programme');
}
