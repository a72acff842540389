// SPDX-License-Identifier: Apache-2.0
// Figures computed from events (docs/INDICATORS.md): definitions, values, the records behind them.
import { read } from './client';
import type { Concept, Reference, Resource } from './types';

export interface Definition {
  id: string;
  title: string;
  text: string;
  scope: string;
  /** Amounts of money, each currency for itself. */
  sum: boolean;
}

export interface Value {
  amount: number;
  /** ISO 4217; empty: it is a count. */
  currency: string;
  /** So many or up to four more. */
  atLeast: boolean;
}

export interface Row {
  record: Reference;
  counted: Reference | null;
  from: string;
  until: string;
}

export interface Rows {
  list: Row[];
  /** Those that may not be read; null: from one to four. */
  others: number | null;
  all: number;
}

interface Shape { url: string; valueCode?: string; extension?: Shape[] }
interface Measure extends Resource { title?: string; description?: string; usage?: string; extension?: Shape[] }
interface Score { value: number; unit?: string; comparator?: string }
interface Group { measureScore?: Score; stratifier?: { stratum?: { value?: Concept; measureScore?: Score }[] }[] }
interface Part { name: string; valueInteger?: number; valueReference?: Reference; valueInstant?: string; part?: Part[] }

function definitionOf(measure: Measure): Definition {
  const counts = measure.extension?.[0]?.extension?.find(({ url }) => url === 'counts')?.valueCode;
  return { id: measure.id ?? '', title: measure.title ?? '', text: measure.description ?? '', scope: measure.usage ?? '', sum: counts === 'sum' };
}

export async function loadDefinitions(): Promise<Definition[]> {
  const bundle = await read<Resource & { entry?: { resource: Measure }[] }>('Measure/$indicators');
  return (bundle.entry ?? []).map(({ resource }) => definitionOf(resource));
}

const periodOf = (from: string, until: string) => `periodStart=${encodeURIComponent(from)}&periodEnd=${encodeURIComponent(until)}`;
const valueOf = (score: Score, money: boolean): Value => ({ amount: score.value, currency: money ? score.unit ?? '' : '', atLeast: score.comparator === '>=' });

/** Empty: it is masked, from one to four. Of money one value a currency. */
export async function loadValues(one: Definition, from: string, until: string): Promise<Value[]> {
  const more = one.sum ? '&stratifier=currency' : '';
  const report = await read<Resource & { group?: Group[] }>(`Measure/${one.id}/$evaluate-measure?${periodOf(from, until)}${more}`);
  const group = report.group?.[0];
  const strata = group?.stratifier?.[0]?.stratum ?? [];
  if (one.sum && strata.length > 0) return strata.flatMap(({ measureScore }) => (measureScore ? [valueOf(measureScore, true)] : []));
  return group?.measureScore ? [valueOf(group.measureScore, false)] : [];
}

function rowOf(parts: Part[]): Row {
  const of = (name: string) => parts.find((one) => one.name === name);
  return {
    record: of('record')?.valueReference ?? {}, counted: of('counted')?.valueReference ?? null,
    from: of('from')?.valueInstant ?? '', until: of('until')?.valueInstant ?? '',
  };
}

export async function loadRows(id: string, from: string, until: string): Promise<Rows> {
  const answer = await read<Resource & { parameter?: Part[] }>(`Measure/${id}/$explain?${periodOf(from, until)}`);
  const parts = answer.parameter ?? [];
  const number = (name: string) => parts.find((one) => one.name === name)?.valueInteger ?? null;
  return { list: parts.filter(({ name }) => name === 'row').map(({ part }) => rowOf(part ?? [])), others: number('others'), all: number('rows') ?? 0 };
}
