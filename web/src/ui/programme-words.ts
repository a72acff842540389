// SPDX-License-Identifier: Apache-2.0
// What charts of the programme say in words: a figure as it is told, and what a row of years comes to.
import { rangeOf, type InYear, type Told, type Trend } from '../fhir/dashboard';
import { numberIn } from '../lib/dates';
import { language, t } from '../lib/i18n';
import type { Figure } from './chart-frame';
import { estimated, measure, percent } from './figure-words';

const SHORT_FROM = 10_000;

export function amountSays(amount: number, short = false): string {
  return numberIn(language.value, amount, short && Math.abs(amount) >= SHORT_FROM ? { notation: 'compact', maximumFractionDigits: 1 } : { maximumFractionDigits: 2 });
}

export function toldSays(told: Told, short = false): string {
  if (told.kind === 'refused' || told.kind === 'none') return '–';
  if (told.kind === 'few') return t('computed.few');
  if (told.kind === 'masked') return t('computed.masked');
  if (told.kind === 'share') return percent(told.amount);
  if (told.kind === 'middle') return measure(told.amount, told.unit);
  if (told.kind === 'exact' && told.estimate) return estimated(amountSays(Math.round(told.amount), short));
  const low = amountSays(told.amount, short);
  return told.kind === 'steps' && told.amount > 0 ? (short ? `${low}–${amountSays(told.amount + 4, true)}` : t('computed.range', { low, high: amountSays(told.amount + 4) })) : low;
}

const briefly = (amount: number) => numberIn(language.value, amount, amount < 1000 ? {} : { notation: 'compact', maximumSignificantDigits: 3 });

/** ${amount} or less, of two digits where it has more than three. */
function downOf(amount: number): number {
  const scale = amount < 1000 ? 1 : 10 ** (Math.floor(Math.log10(amount)) - 1);
  return Math.floor(amount / scale) * scale;
}

/** On a bar, where there is little room. */
export function barSays(told: Told): string {
  if (told.kind === 'masked') return '1–4';
  if (told.kind === 'few') return '–';
  if (told.kind === 'middle' && told.unit !== 'minute') return amountSays(told.amount < 100 ? Math.round(told.amount * 10) / 10 : Math.round(told.amount), true); // the axis has the unit
  if (told.kind === 'steps' && told.amount > 0) return told.amount < 100 ? toldSays(told, true) : `${briefly(downOf(told.amount))}+`; // the table has both ends
  return told.kind === 'exact' && told.amount >= SHORT_FROM ? briefly(told.amount) : toldSays(told, true);
}

/** Between what a share lies with 95 %, where ${told} is one. */
export function intervalSays(told: Told): string {
  return told.kind === 'share' && told.low < told.high ? `${percent(told.low)} – ${percent(told.high)}` : '';
}

/** What ${told} is in a table and in a file, and what it leads to. */
export function figureOf(told: Told, open?: () => void): Figure {
  const range = rangeOf(told);
  const value = !range ? '' : range[0] === range[1] ? range[0] : `${range[0]}-${range[1]}`;
  return { text: toldSays(told), value, ...(open && range && range[1] > 0 ? { open } : {}) };
}

const least = ({ told }: InYear) => rangeOf(told)?.[0] ?? 0;

/** From what to what, and when it was most. ${running}: a year that is not over is no end of anything. */
export function trendSays(trend: Trend, running: number): string {
  const all = trend.years.filter(({ year, told }) => year !== running && rangeOf(told));
  const years = all.slice(Math.max(0, all.findIndex(({ told }) => rangeOf(told)?.[1] !== 0))); // from its beginning on
  const first = years[0];
  const last = years.at(-1);
  if (!first || !last || years.every(({ told }) => rangeOf(told)?.[1] === 0)) return t('programme.nothing');
  if (first === last) return t('programme.one-year', { year: String(last.year), value: toldSays(last.told) });
  const peak = years.reduce((best, one) => (least(one) > least(best) ? one : best));
  const values = { first: String(first.year), from: toldSays(first.told), last: String(last.year), to: toldSays(last.told) };
  if (peak === last || peak === first) return t('programme.from-to', values);
  return t('programme.from-to-most', { ...values, peak: String(peak.year), most: toldSays(peak.told) });
}
