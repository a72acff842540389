// SPDX-License-Identifier: Apache-2.0
// A rule in words: what it asks for, and what follows from that.
import type { Rule } from '../fhir/rule';
import type { Result } from '../fhir/logbook';
import { language, t } from '../lib/i18n';
import { LEVEL_WORDS, RESULT_WORDS } from './logbook-words';

const ENOUGH = 0.8; // as the engine has it: less often than this, cases in the horizon do not decide

export function percent(share: number): string {
  return new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 1 }).format(share);
}

export function RuleMeaning({ rule }: { rule: Rule }) {
  const { figures: f, meaning } = rule;
  return (
    <>
      <p>{t('log.rule-says', { inadequate: percent(f.inadequate), adequate: percent(f.adequate), limit: meaning.limit.toFixed(2), horizon: f.horizon, alpha: percent(f.alpha) })}</p>
      <p>{t('rule.straight', { n: meaning.straight })} {t('rule.power', { n: f.horizon, power: percent(meaning.power) })}{meaning.power < ENOUGH && <> {t('rule.power-low')}</>}</p>
      <p>{t('log.rule-bayes', { highest: percent(f['highest-rate']), confidence: percent(f.confidence) })} {t('rule.few', { few: meaning.few.join(', ') })}</p>
      <p>{t('log.rule-failure', { failures: rule.failures.map((one: Result) => t(RESULT_WORDS[one])).join(', ') })}</p>
      <p>{t('rule.asks', { volume: f.volume, ratings: f.ratings, level: t(LEVEL_WORDS[f.level] ?? 'log.level-0'), assessors: f.assessors, rotations: f.rotations, share: percent(f['outcome-share']) })}</p>
      <p>{t('rule.counts', { months: f['valid-months'], n: f['recent-cases'], days: f['recent-days'] })}</p>
      <p>{t('rule.watch', { limit: meaning.watchLimit.toFixed(2) })}</p>
    </>
  );
}
