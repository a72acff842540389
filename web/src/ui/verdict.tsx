// SPDX-License-Identifier: Apache-2.0
// What the records say beside what was published, whether both agree, and the records one press away.
import { useState } from 'preact/hooks';
import type { Told, Why } from '../fhir/published';
import { amountIn, numberIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';
import { RowsBehind } from './computed-rows';
import { estimated } from './figure-words';
import { Icon } from './icon';
import { timeWord } from './published-words';
import { amountOf } from './unit-words';

const BEGINNING = '1900'; // as the node asks for what has no start
const WHY_WORDS: Record<Why, TextKey> = {
  'no-definition': 'verdict.no-definition', 'scope-in-words': 'verdict.scope-in-words', 'other-unit': 'verdict.other-unit', 'not-told': 'verdict.not-told', 'partly-told': 'verdict.partly-told',
  steps: 'verdict.steps', nothing: 'verdict.nothing', 'not-read': 'verdict.not-read', 'no-figure': 'verdict.no-figure', 'no-number': 'verdict.no-number', 'no-time': 'verdict.no-time', 'no-number-or-time': 'verdict.no-number-or-time',
  currencies: 'verdict.currencies', 'no-divisor': 'verdict.no-divisor',
};

export function toldValue(told: Told): string {
  if (told.estimate) return estimated(amountOf(Number(told.value).toFixed(0), told.unit));
  return amountOf(told.value, told.unit, told.atMost);
}

const percent = (text: string) => `${amountIn(language.value, text)} %`;

/** Of a share: how many of how many, and between what it lies; "": it is none. */
export function shareSays({ met, of, low, high }: { met: string; of: string; low: string; high: string }): string {
  return met && t('computed.share', { met: amountIn(language.value, met), all: amountIn(language.value, of), low: percent(low), high: percent(high) });
}

/** "hospital: Organization/x"; "": it is of all. */
export const stratumSays = (stratum: string) => stratum.replace('|', ': ');

export function toldTime({ from, until, atEnd, baseUntil }: Told): string {
  const end = timeWord(until);
  const time = atEnd ? t('published.at-end', { time: end }) : !from ? t('verdict.since-beginning', { time: end }) : from === until ? t('published.in', { time: end }) : t('published.during', { from: timeWord(from), until: end });
  return baseUntil ? t('verdict.against', { time, base: timeWord(baseUntil) }) : time;
}

/** Of what was published without a time. */
function yearsWord(told: Told): string {
  if (told.verdict === 'fits-years') return t(told.atEnd ? 'verdict.fits-end' : 'verdict.fits-years', { years: told.years });
  const by = Number(told.by);
  return t(by < 0 ? 'verdict.fits-less' : 'verdict.fits-more', { first: told.lookedFrom, last: told.lookedUntil, time: toldTime(told), n: numberIn(language.value, Math.abs(by), { maximumFractionDigits: 2 }) });
}

export function verdictWord(told: Told): string {
  if (told.verdict === 'matches') return t('verdict.matches');
  if (told.verdict === 'differs') {
    const by = Number(told.by);
    return t(by < 0 ? 'verdict.less' : 'verdict.more', { n: numberIn(language.value, Math.abs(by), { maximumFractionDigits: 2 }) });
  }
  if (told.verdict === 'fits-years' || told.verdict === 'fits-no-year') return yearsWord(told);
  const why = told.why ? t(WHY_WORDS[told.why]) : '';
  return told.value ? t('verdict.no-compare', { why }) : t('verdict.no-compute', { why });
}

export function Verdict({ told }: { told: Told }) {
  const [open, setOpen] = useState(false);
  const period = { from: told.atEnd ? told.until : told.from || BEGINNING, until: told.until };
  return (
    <>
      {told.value && <p>{t('verdict.says', { value: toldValue(told), time: toldTime(told) })}</p>}
      <p class={told.verdict === 'cannot' ? 'hint' : undefined}><Icon name={told.verdict === 'matches' ? 'answered' : told.verdict === 'differs' ? 'alert' : 'info'} size={16} /> {verdictWord(told)}</p>
      {told.value && <p><button type="button" class="button button-small" aria-expanded={open} onClick={() => setOpen(!open)}>{t(open ? 'computed.hide' : 'computed.show')}</button></p>}
      {open && <RowsBehind id={told.asked} period={period} stratum={told.stratum} />}
    </>
  );
}
