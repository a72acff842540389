// SPDX-License-Identifier: Apache-2.0
// Figures computed from events (docs/INDICATORS.md): definitions, values, the records behind them.
import { read } from './client';
import { isEstimate } from './dashboard';
import type { Concept, Reference, Resource } from './types';

export interface Definition {
  id: string;
  title: string;
  text: string;
  scope: string;
  /** Amounts of money, each currency for itself. */
  sum: boolean;
  /** Its years are from September to August. */
  academic: boolean;
  /** People are told it in steps of five: what is masked is 1 to 4. */
  steps: boolean;
  scoring: 'count' | 'proportion' | 'values';
}

export interface Value {
  amount: number;
  /** ISO 4217; empty: it is a count. */
  currency: string;
  /** So many or up to four more. */
  atLeast: boolean;
  /** Worked out from what others did. */
  estimate?: true;
  /** No record is behind it: a share or a middle of nothing is no number. */
  nothing?: true;
  share?: Share;
  spread?: Spread;
}

/** A share from 0 to 1, of how many, and between what it lies with 95 %; a share of days has no such interval. */
export interface Share { met: number; all: number; between: { low: number; high: number } | null }

/** Values: how many, nine of ten are at most this; how many of those with a limit are within it. */
export interface Spread { all: number; ninety: number; unit: string; within: number | null; limited: number | null }

export interface Row {
  record: Reference;
  counted: Reference | null;
  from: string;
  until: string;
}

/** A figure that a ratio is made of: of which its rows may be asked for. */
export interface RowsPart { part: 'numerator' | 'times' | 'denominator'; id: string }

export interface Rows {
  /** Empty: it is no ratio. */
  parts: RowsPart[];
  list: Row[];
  /** Those that may not be read; null: from one to four; untold: neither how many nor whether there are any. */
  others: number | 'untold' | null;
  all: number;
}

interface Shape { url: string; valueBoolean?: boolean; valueCode?: string; valueDecimal?: number; valueInteger?: number; extension?: Shape[] }
interface Measure extends Resource { title?: string; description?: string; usage?: string; scoring?: Concept; extension?: Shape[] }
interface Score { value: number; unit?: string; comparator?: string; extension?: Shape[] }
interface Group { population?: { code?: Concept; count?: number }[]; measureScore?: Score; stratifier?: { stratum?: { value?: Concept; measureScore?: Score }[] }[] }
interface Part { name: string; valueCanonical?: string; valueCode?: string; valueInteger?: number; valueReference?: Reference; valueInstant?: string; part?: Part[] }

function definitionOf(measure: Measure): Definition {
  const counts = measure.extension?.[0]?.extension?.find(({ url }) => url === 'counts')?.valueCode;
  const scoring = measure.scoring?.coding?.[0]?.code;
  const disclosure = measure.extension?.[0]?.extension?.find(({ url }) => url === 'disclosure')?.valueCode;
  return {
    id: measure.id ?? '', title: measure.title ?? '', text: measure.description ?? '', scope: measure.usage ?? '', sum: measure.extension?.[0]?.extension?.some(({ url }) => url === 'currency') ?? false, academic: measure.extension?.[0]?.extension?.find(({ url }) => url === 'year')?.valueCode === 'academic',
    steps: disclosure === 'steps',
    scoring: scoring === 'proportion' ? 'proportion' : scoring === 'continuous-variable' && counts === 'every' ? 'values' : 'count',
  };
}

export async function loadDefinitions(): Promise<Definition[]> {
  const bundle = await read<Resource & { entry?: { resource: Measure }[] }>('Measure/$indicators');
  return (bundle.entry ?? []).map(({ resource }) => definitionOf(resource));
}

const periodOf = (from: string, until: string) => `periodStart=${encodeURIComponent(from)}&periodEnd=${encodeURIComponent(until)}`;
const valueOf = (score: Score, money: boolean): Value => ({ amount: score.value, currency: money ? score.unit ?? '' : '', atLeast: score.comparator === '>=', ...(isEstimate(score) ? { estimate: true } : {}) });

function measuredOf(group: Group, score: Score, scoring: Definition['scoring']): Pick<Value, 'share' | 'spread'> {
  if (scoring === 'count') return {};
  const part = (url: string) => score.extension?.[0]?.extension?.find((one) => one.url === url);
  const count = (code: string) => group.population?.find((one) => one.code?.coding?.[0]?.code === code)?.count ?? 0;
  if (scoring === 'proportion') {
    const [low, high] = [part('low')?.valueDecimal, part('high')?.valueDecimal];
    return { share: { met: count('numerator'), all: count('denominator'), between: low === undefined || high === undefined ? null : { low, high } } };
  }
  return {
    spread: {
      all: count('measure-population'), ninety: part('p90')?.valueDecimal ?? score.value, unit: score.unit ?? '',
      within: part('within')?.valueInteger ?? null, limited: part('limited')?.valueInteger ?? null,
    },
  };
}

/** Is the number of the group told, and nothing? Then there is no score, and nothing is masked. */
const isNothing = (group: Group | undefined) => group?.population?.[0]?.count === 0;

/** Empty: it is masked, or few. Of money one value a currency. */
export async function loadValues(one: Definition, from: string, until: string): Promise<Value[]> {
  const more = one.sum ? '&stratifier=currency' : '';
  const report = await read<Resource & { group?: Group[] }>(`Measure/${one.id}/$evaluate-measure?${periodOf(from, until)}${more}`);
  const group = report.group?.[0];
  const strata = group?.stratifier?.[0]?.stratum ?? [];
  if (one.sum && strata.length > 0) return strata.flatMap(({ measureScore }) => (measureScore ? [valueOf(measureScore, true)] : []));
  if (!group?.measureScore) return isNothing(group) ? [{ amount: 0, currency: '', atLeast: false, nothing: true }] : [];
  return [{ ...valueOf(group.measureScore, false), ...measuredOf(group, group.measureScore, one.scoring) }];
}

function rowOf(parts: Part[]): Row {
  const of = (name: string) => parts.find((one) => one.name === name);
  return {
    record: of('record')?.valueReference ?? {}, counted: of('counted')?.valueReference ?? null,
    from: of('from')?.valueInstant ?? '', until: of('until')?.valueInstant ?? '',
  };
}

const PARTS = ['numerator', 'times', 'denominator'] as const;

/** Each figure once, though it may stand above and below the line. */
function partsOf(parts: Part[]): RowsPart[] {
  const all = PARTS.flatMap((part) => parts.filter(({ name, valueCanonical }) => name === part && valueCanonical).map(({ valueCanonical = '' }): RowsPart => ({ part, id: valueCanonical.split('/').pop() ?? '' })));
  return all.filter(({ id }, at) => all.findIndex((one) => one.id === id) === at);
}

export async function loadRows(id: string, from: string, until: string, stratum = '', part = ''): Promise<Rows> {
  const answer = await read<Resource & { parameter?: Part[] }>(`Measure/${id}/$explain?${periodOf(from, until)}${stratum && `&stratum=${encodeURIComponent(stratum)}`}${part && `&part=${part}`}`);
  const parts = answer.parameter ?? [];
  const number = (name: string) => parts.find((one) => one.name === name)?.valueInteger ?? null;
  return { parts: partsOf(parts), list: parts.filter(({ name }) => name === 'row').map(({ part }) => rowOf(part ?? [])), others: parts.some(({ name, valueCode }) => name === 'others' && valueCode === 'not-permitted') ? 'untold' : number('others'), all: number('rows') ?? 0 };
}
