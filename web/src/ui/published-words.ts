// SPDX-License-Identifier: Apache-2.0
// The words of published figures: what they are of, what they say, and what contradicts in them.
import type { Bound, Column, Contradiction, Counting, Figure, Likeness, Said, Trend } from '../fhir/published';
import type { FaultOfLine } from '../fhir/published-check';
import { amountIn, numberIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';
import { shortDate } from '../lib/time';

/** In the order of the page; a measure that is not here is shown as it is written, behind them. */
export const MEASURES: Readonly<Record<string, TextKey>> = {
  'sending-hospitals': 'published.m-sending', 'experts-deployed': 'published.m-experts', 'local-staff-trained': 'published.m-trained', 'outbound-training': 'published.m-outbound',
  'departments-twinned': 'published.m-departments', 'hospital-pairs': 'published.m-pairs', 'independent-practitioners': 'published.m-independent',
  'techniques-introduced': 'published.m-techniques', 'technique-gaps-filled': 'published.m-gaps', 'serious-illnesses-treatable-in-region': 'published.m-serious',
  'moderate-illnesses-treatable-locally': 'published.m-moderate', outpatients: 'published.m-outpatients', inpatients: 'published.m-inpatients', surgeries: 'published.m-surgeries',
  'life-expectancy': 'published.m-life', funding: 'published.m-funding', 'telemedicine-links': 'published.m-links', agreements: 'published.m-agreements',
  'international-patients': 'published.m-patients', 'international-beds': 'published.m-beds', students: 'published.m-students', 'experts-abroad': 'published.m-abroad',
};

export const COLUMN_WORDS: Record<Column, TextKey> = {
  measure: 'published.measure', wording: 'published.wording', source: 'published.source', url: 'published.url', published: 'published.on', scope: 'published.scope', from: 'published.from',
  until: 'published.until', counting: 'published.counting', bound: 'published.bound', value: 'published.value', unit: 'published.unit', trend: 'published.trend', before: 'published.before',
  other: 'published.other', 'other-unit': 'published.other-unit', asked: 'published.asked', 'asked-stratum': 'published.asked-stratum', 'asked-from': 'published.asked-from',
  'asked-until': 'published.asked-until', 'base-from': 'published.base-from', 'base-until': 'published.base-until',
};
export const COUNTING_WORDS: Record<Counting, TextKey> = { total: 'published.total', state: 'published.state' };
export const BOUND_WORDS: Record<Bound, TextKey> = { exact: 'published.exact', over: 'published.over', nearly: 'published.nearly', about: 'published.about' };
export const TREND_WORDS: Record<Trend, TextKey> = { none: 'published.no-trend', rose: 'published.rose', fell: 'published.fell' };
const VALUE_WORDS: Record<Bound, TextKey> = { exact: 'published.is-exact', over: 'published.is-over', nearly: 'published.is-nearly', about: 'published.is-about' };

export const WRONG_WORDS: Record<FaultOfLine, TextKey> = {
  needed: 'published.w-needed', 'needed-from': 'published.w-from', 'needed-unit': 'published.w-unit', 'needed-other': 'published.w-other', 'no-number': 'published.w-number', 'no-time': 'published.w-time',
  unclear: 'published.w-unclear', 'no-counting': 'published.w-code', 'no-bound': 'published.w-code', 'no-trend': 'published.w-code', 'no-address': 'published.w-address',
  'no-currency': 'published.w-currency', 'no-stratum': 'published.w-stratum', 'question-time': 'published.w-question-time', backwards: 'published.w-backwards', twice: 'published.w-twice',
};
export const REMEDY_WORDS: Record<FaultOfLine, TextKey> = {
  needed: 'published.do-needed', 'needed-from': 'published.do-from', 'needed-unit': 'published.do-currency', 'needed-other': 'published.do-other', 'no-number': 'published.do-number', 'no-time': 'published.do-time',
  unclear: 'published.do-time', 'no-counting': 'published.do-counting', 'no-bound': 'published.do-bound', 'no-trend': 'published.do-trend', 'no-address': 'published.do-address',
  'no-currency': 'published.do-currency', 'no-stratum': 'published.do-stratum', 'question-time': 'published.do-question-time', backwards: 'published.do-backwards', twice: 'published.do-twice',
};

export function measureWord(code: string): string {
  const key = MEASURES[code];
  return key ? t(key) : code.replaceAll('-', ' ');
}

/** Those of ${figures} by measure, in the order of the page. */
export function byMeasure(figures: readonly Figure[]): [string, Figure[]][] {
  const order = Object.keys(MEASURES);
  const place = (code: string) => (order.includes(code) ? order.indexOf(code) : order.length);
  const groups = new Map<string, Figure[]>();
  for (const one of figures) groups.set(one.said.measure, [...(groups.get(one.said.measure) ?? []), one]);
  return [...groups].sort(([a], [b]) => place(a) - place(b) || a.localeCompare(b));
}

/** A year, a month or a day. */
export const timeWord = (time: string) => (time.length > 7 ? shortDate(time.slice(0, 10)) : time);

export function valueWord(said: Said): string {
  const n = amountIn(language.value, said.value);
  return `${t(VALUE_WORDS[said.bound as Bound] ?? 'published.is-exact', { n })} ${said.unit}`;
}

export function periodWord(said: Said): string {
  if (!said.until) return t('published.no-time-said');
  if (said.counting === 'state' || !said.from) return said.until.length > 7 ? t('published.at', { time: timeWord(said.until) }) : t('published.at-end', { time: said.until });
  if (said.from === said.until) return t('published.in', { time: timeWord(said.until) });
  return t('published.during', { from: timeWord(said.from), until: timeWord(said.until) });
}

/** By what the reader knows it: who published it, and when. */
export function sourceWord(said: Said): string {
  return said.published ? t('published.source-on', { source: said.source, time: timeWord(said.published) }) : said.source;
}

const rate = (value: number) => numberIn(language.value, value, { maximumFractionDigits: 3 });

function ofItself(found: Contradiction, said: Said): string {
  if (found.fault === 'own-verb-is-wrong') {
    const numbers = { before: amountIn(language.value, said.before), value: amountIn(language.value, said.value) };
    return said.trend === 'rose' ? t('published.c-own-rose', numbers) : t('published.c-own-fell', numbers);
  }
  return t('published.c-rate', { unit: said.unit, other: said['other-unit'], rate: rate(found.rate), lowest: rate(found.lowest), highest: rate(found.highest) });
}

/** What ${found} says at ${figure}, one of its two, in a sentence; ${another}: the other one. */
export function contradictionWord(found: Contradiction, figure: Figure, another: Figure): string {
  const names = { source: sourceWord(another.said), value: valueWord(another.said), time: periodWord(another.said) };
  const isOne = found.one === figure.id;
  switch (found.fault) {
    case 'more-is-less': return isOne ? t('published.c-more', names) : t('published.c-less', names);
    case 'two-values': return t('published.c-two', names);
    case 'two-units': return t('published.c-units', { ...names, unit: figure.said.unit, other: another.said.unit });
    case 'verb-is-wrong':
      if (isOne) return t('published.c-after', names);
      return figure.said.trend === 'rose' ? t('published.c-rose', names) : t('published.c-fell', names);
    default: return ofItself(found, figure.said);
  }
}

/** A sentence for each contradiction in which ${figure} is. */
export function contradictionsOf(figure: Figure, all: readonly Figure[], found: readonly Contradiction[]): string[] {
  return found.filter((one) => one.one === figure.id || one.other === figure.id).flatMap((one) => {
    const another = all.find((each) => each.id === (one.one === figure.id ? one.other : one.one));
    return another ? [contradictionWord(one, figure, another)] : [];
  });
}

const scopeWord = (said: Said) => said.scope || t('published.scope-unsaid');

/** A sentence for each figure that seems to contradict ${figure}, and whose words for its scope are others. */
export function likenessesOf(figure: Figure, all: readonly Figure[], found: readonly Likeness[]): string[] {
  return found.filter((one) => one.one === figure.id || one.other === figure.id).flatMap((one) => {
    const another = all.find((each) => each.id === (one.one === figure.id ? one.other : one.one));
    if (!another) return [];
    return [t('published.looks-wrong', { source: sourceWord(another.said), value: valueWord(another.said), time: periodWord(another.said), scope: scopeWord(figure.said), other: scopeWord(another.said) })];
  });
}
