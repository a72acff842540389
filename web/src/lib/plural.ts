// SPDX-License-Identifier: Apache-2.0
// Forms of a text for numbers: {"one": "…", "few": "…", "many": "…", "other": "…"}. Which
// one is taken follows from the number by the language's own rules.
import { localesOf } from './dates';

export type Forms = Partial<Record<Intl.LDMLPluralRule, string>>;
export type Text = string | Forms;

/** The form of ${text} for ${n} in ${language}; a text without forms is itself. */
export function formOf(text: Text, language: string, n: string | number | undefined): string {
  if (typeof text === 'string') return text;
  const count = Number(n);
  const rule = Number.isFinite(count) ? new Intl.PluralRules(localesOf(language)).select(count) : 'other';
  return text[rule] ?? text.other ?? '';
}
