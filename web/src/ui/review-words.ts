// SPDX-License-Identifier: Apache-2.0
// Words of a review: what is rated, what a case asked for, how long after it was sent.
import type { Mark } from '../fhir/review';
import { t, type TextKey } from '../lib/i18n';

export const MARK_LABELS: Record<Mark, TextKey> = { process: 'review.process', value: 'review.value', difficulty: 'review.difficulty' };
export const MARK_QUESTIONS: Record<Mark, TextKey> = {
  process: 'review.process-question', value: 'review.value-question', difficulty: 'review.difficulty-question',
};

const KINDS: Record<string, TextKey> = {
  advice: 'kind.advice', 'second-opinion': 'kind.second-opinion', emergency: 'kind.emergency', mdt: 'kind.mdt', transfer: 'kind.transfer',
  'guided-procedure': 'kind.guided-procedure', rehabilitation: 'kind.rehabilitation',
};

export function kindLabel(kind: string): string {
  return t(KINDS[kind] ?? 'kind.advice');
}

/** "after 2 h 5 min"; of what was before, nothing of how long. */
export function afterWords(minutes: number | null): string {
  if (minutes === null) return '';
  if (minutes <= 0) return t('review.before');
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return t('review.after-days', { days: Math.round(hours / 24) });
  return hours > 0 ? t('review.after-hours', { hours, minutes: minutes % 60 }) : t('review.after-minutes', { minutes });
}
