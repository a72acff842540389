// SPDX-License-Identifier: Apache-2.0
// Why patients travel and how far, in words.
import { t, type TextKey } from '../lib/i18n';

export const REASONS = ['no-equipment', 'nobody-able', 'no-capacity', 'patient-wish', 'other'] as const;
export type Reason = (typeof REASONS)[number];

const REASON_WORDS: Record<string, TextKey> = {
  'no-equipment': 'travel.no-equipment', 'nobody-able': 'travel.nobody-able', 'no-capacity': 'travel.no-capacity', 'patient-wish': 'travel.patient-wish', other: 'travel.other',
};
const REACH_WORDS: Record<string, TextKey> = { prefecture: 'travel.prefecture', region: 'travel.region', beyond: 'travel.beyond' };

/** Of a reason that nobody gave it says so. */
export function reasonWord(code: string): string {
  return t(REASON_WORDS[code] ?? 'travel.unsaid');
}

export function reachWord(code: string): string {
  return t(REACH_WORDS[code] ?? 'travel.unknown-reach');
}
