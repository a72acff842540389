// SPDX-License-Identifier: Apache-2.0
// Many figures year by year, in one answer (docs/DASHBOARD.md).
import { read } from './client';
import type { Concept, Resource } from './types';

/** A figure as it is told: exactly, as a share with its interval, as the middle of values, in steps, from 1 to 4, too few of what is measured, or not at all. */
export type Told =
  | { kind: 'exact'; amount: number; unit: string; estimate?: true }
  | { kind: 'share'; amount: number; low: number; high: number; all: number }
  | { kind: 'middle'; amount: number; unit: string; all: number }
  | { kind: 'steps'; amount: number; unit: string }
  | { kind: 'masked' }
  | { kind: 'few' }
  | { kind: 'refused' }
  | { kind: 'none' };

export interface InYear { year: number; told: Told }
export interface Apart { code: string; name: string; told: Told }

/** A figure and its years; of money one for each currency. */
export interface Trend {
  indicator: string;
  /** ISO 4217; empty: it is no money. */
  currency: string;
  whole: Told;
  years: InYear[];
  /** By the stratum that was asked for; null: it is not told apart by that. */
  apart: Apart[] | null;
}

interface Part { url: string; valueDecimal?: number; valueBoolean?: boolean; extension?: Part[] }
interface Score { value: number; unit?: string; comparator?: string; extension?: Part[] }
interface Population { code?: Concept; count?: number; _count?: { extension?: { valueCode?: string }[] } }
interface Figure { population?: Population[]; measureScore?: Score }
export interface Stratum extends Figure { value?: Concept; component?: { value?: Concept }[] }
interface Stratifier { code?: Concept[]; stratum?: Stratum[] }
export interface Report extends Resource { measure: string; extension?: { url: string; valueString?: string }[]; group?: (Figure & { stratifier?: Stratifier[] })[] }

export const codeOf = (concept: Concept | undefined) => concept?.coding?.[0]?.code ?? '';

const ESTIMATE = 'https://belay.health/StructureDefinition/indicator-estimate';

/** Did nobody see what the score ${of} tells, but does it follow from what others did? */
export const isEstimate = (of: { extension?: { url: string; valueBoolean?: boolean }[] }) => of.extension?.some(({ url, valueBoolean }) => url === ESTIMATE && valueBoolean) ?? false;

/**
 * What population and score of ${one} say; a ratio of two figures has a unit, as a share has not. What is hidden is 1 to 4
 * only where all is told in ${steps}: elsewhere a larger number is hidden too, if a small one could be worked out from it.
 */
export function toldOf(one: Figure | undefined, steps = false): Told {
  const reason = one?.population?.find(({ _count }) => _count)?._count?.extension?.[0]?.valueCode;
  if (reason === 'not-permitted') return { kind: 'refused' };
  const of = (code: string) => one?.population?.find((population) => codeOf(population.code) === code);
  const has = (code: string) => of(code) !== undefined;
  const measured = has('denominator') || has('measure-population') || has('measure-observation'); // of few neither share nor middle is told
  if (reason === 'masked') return { kind: steps && !measured ? 'masked' : 'few' };
  const score = one?.measureScore;
  if (!score) return { kind: 'none' };
  const part = (url: string) => score.extension?.[0]?.extension?.find((one) => one.url === url)?.valueDecimal;
  if (has('numerator') && !score.unit) return { kind: 'share', amount: score.value, low: part('low') ?? score.value, high: part('high') ?? score.value, all: of('denominator')?.count ?? 0 };
  if (has('measure-population')) return { kind: 'middle', amount: score.value, unit: score.unit ?? '', all: of('measure-population')?.count ?? 0 };
  return { kind: score.comparator === '>=' ? 'steps' : 'exact', amount: score.value, unit: score.unit ?? '', ...(isEstimate(score) ? { estimate: true } : {}) };
}

/** What ${report} tells by the stratifier ${name} alone. */
export const by = (report: Report, name: string) => report.group?.[0]?.stratifier?.find(({ code }) => codeOf(code?.[0]) === name)?.stratum;

export function apartOf(report: Report, axis: string): Apart[] | null {
  const strata = axis ? by(report, axis) : undefined;
  return strata?.map((one) => ({ code: codeOf(one.value), name: one.value?.text ?? codeOf(one.value), told: toldOf(one) })) ?? null;
}

/** Each currency for itself: a year without a payment in it is nothing, where the year is told at all. */
function moneyOf(report: Report, indicator: string, first: number, last: number): Trend[] {
  const strata = by(report, 'year') ?? [];
  const yearOf = (one: Stratum) => Number(codeOf(one.component?.[0]?.value) || codeOf(one.value));
  const currencies = [...new Set(strata.map((one) => codeOf(one.component?.[1]?.value)).filter(Boolean))].sort();
  const years = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const inYear = (currency: string, year: number): InYear => {
    const mine = strata.filter((one) => yearOf(one) === year);
    const refused = mine.find((one) => !one.component);
    const found = mine.find((one) => codeOf(one.component?.[1]?.value) === currency);
    return { year, told: found ? toldOf(found) : refused ? toldOf(refused) : { kind: 'exact', amount: 0, unit: currency } };
  };
  return currencies.map((currency) => ({
    indicator, currency, apart: null,
    whole: toldOf(by(report, 'currency')?.find(({ value }) => codeOf(value) === currency) ?? report.group?.[0]),
    years: years.map((year) => inYear(currency, year)),
  }));
}

/** The id of what ${report} is of. */
export const indicatorOf = (report: Report) => report.measure.split('|')[0]?.split('/').pop() ?? '';

function trendsOf(report: Report, first: number, last: number, axis: string): Trend[] {
  const indicator = indicatorOf(report);
  const years = by(report, 'year') ?? [];
  const whole = report.group?.[0];
  const steps = [whole, ...years].some((one) => one?.measureScore?.comparator === '>=');
  if (years.some(({ component }) => component)) return moneyOf(report, indicator, first, last);
  return [{
    indicator, currency: '', whole: toldOf(whole, steps), apart: apartOf(report, axis),
    years: years.map((one) => ({ year: Number(codeOf(one.value)), told: toldOf(one, steps) })),
  }];
}

/** ${yearly}: by the axis each year too. */
export interface Asked { first: number; last: number; measures?: readonly string[]; axis?: string; stratum?: string; yearly?: boolean }

export async function readReports({ first, last, measures = [], axis = '', stratum = '', yearly = false }: Asked): Promise<Report[]> {
  const query = new URLSearchParams({ periodStart: String(first), periodEnd: String(last) });
  if (measures.length > 0) query.set('measure', measures.join(','));
  if (axis) query.set('stratifier', axis);
  if (yearly) query.set('yearly', 'true');
  if (stratum) query.set('stratum', stratum);
  const bundle = await read<Resource & { entry?: { resource: Report }[] }>(`Measure/$dashboard?${query.toString()}`);
  return (bundle.entry ?? []).map(({ resource }) => resource);
}

export async function loadDashboard(asked: Asked): Promise<Trend[]> {
  return (await readReports(asked)).flatMap((report) => trendsOf(report, asked.first, asked.last, asked.axis ?? ''));
}

/** The least and the most that ${told} allows; null: nothing is known. */
export function rangeOf(told: Told): [number, number] | null {
  if (told.kind === 'masked') return [1, 4];
  if (told.kind === 'steps') return [told.amount, told.amount + 4];
  return told.kind === 'refused' || told.kind === 'none' || told.kind === 'few' ? null : [told.amount, told.amount];
}

/** Is there anything in ${told}, of which nought and nothing at all are none? */
export const isAny = (told: Told) => (rangeOf(told)?.[1] ?? 0) > 0;

/** The first year of which several of ${trends} tell something, or one tells something new in it and in the next, as experts
 *  who come every year: what was there before the programme, as a device bought long ago, does not stretch the years. Where
 *  no year is so, the first of any; ${last} where none tells anything. */
export function beginOf(trends: readonly Trend[], last: number): number {
  const lasting = ({ years }: Trend) => years.every(({ told: one }) => one.kind === 'exact' && one.amount > 0 && one.amount === rangeOf(years[0]?.told ?? one)?.[0]);
  const changing = trends.filter((trend) => !lasting(trend));
  const told = changing.flatMap(({ years }) => years.filter(({ told: one }) => isAny(one)).map(({ year }) => year)).sort((one, other) => one - other);
  const fresh = changing.map(({ years }) => new Set(years.filter(({ told: one }, at) => isAny(one) && rangeOf(one)?.[1] !== rangeOf(years[at - 1]?.told ?? { kind: 'none' })?.[1]).map(({ year }) => year)));
  return told.find((year, at) => told[at + 1] === year || fresh.some((years) => years.has(year) && years.has(year + 1))) ?? told[0] ?? last;
}
