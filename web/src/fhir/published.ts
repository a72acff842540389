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
] as const;
export type Column = (typeof COLUMNS)[number];
export type Said = Record<Column, string>;

export interface Figure {
  id: string;
  said: Said;
  /** Why it cannot be compared; "": it is. */
  problem: string;
}

export interface Contradiction {
  fault: Fault;
  one: string;
  other: string;
  rate: number;
  lowest: number;
  highest: number;
}

export interface Published {
  figures: Figure[];
  contradictions: Contradiction[];
  withdrawn: Figure[];
}

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
  period: { start?: string; end?: string };
  counting: string;
  bound: string;
  value: number;
  unit: string;
  trend?: string;
  before?: number;
  other?: { value: number; currency: string };
}

export const NOTHING: Said = Object.fromEntries(COLUMNS.map((column) => [column, ''])) as Said;

function figureIn(parts: Parts): Figure {
  const said = Object.fromEntries(COLUMNS.map((column) => [column, parts.text(column)])) as Said;
  return { id: parts.text('id'), said: { ...said, trend: said.trend === 'none' ? '' : said.trend }, problem: parts.text('problem') };
}

export function saidBy(record: PublishedFigure): Said {
  const number = (value: number | undefined) => (value === undefined ? '' : String(value));
  return {
    measure: record.measure, wording: record.wording, source: record.source, url: record.url ?? '', published: record.publishedOn ?? '', scope: record.scope ?? '',
    from: record.period.start ?? '', until: record.period.end ?? '', counting: record.counting, bound: record.bound, value: number(record.value), unit: record.unit,
    trend: !record.trend || record.trend === 'none' ? '' : record.trend, before: number(record.before), other: number(record.other?.value), 'other-unit': record.other?.currency ?? '',
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
    withdrawn: withdrawn.map((one) => ({ id: one.id ?? '', said: saidBy(one), problem: '' })),
  };
}

export function readFigure(id: string): Promise<PublishedFigure> {
  return programmeRead<PublishedFigure>(`PublishedFigure/${id}`);
}

/** ${said} as a record; what ${before} has beside it is kept. */
export function recordOf(id: string, said: Said, before?: PublishedFigure): PublishedFigure {
  const { url: _url, publishedOn: _on, scope: _scope, trend: _trend, before: _before, other: _other, ...kept } = before ?? ({} as PublishedFigure);
  return {
    ...kept,
    resourceType: 'PublishedFigure', id, status: before?.status ?? 'active', measure: said.measure, wording: said.wording, source: said.source,
    ...(said.url ? { url: said.url } : {}),
    ...(said.published ? { publishedOn: said.published } : {}),
    ...(said.scope ? { scope: said.scope } : {}),
    period: { ...(said.from ? { start: said.from } : {}), end: said.until },
    counting: said.counting, bound: said.bound, value: Number(said.value), unit: said.unit,
    ...(said.trend ? { trend: said.trend } : {}),
    ...(said.before ? { before: Number(said.before) } : {}),
    ...(said.other ? { other: { value: Number(said.other), currency: said['other-unit'] } } : {}),
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
