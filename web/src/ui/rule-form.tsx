// SPDX-License-Identifier: Apache-2.0
// The next version of a procedure's rule: its figures, why, and a one-time code; and what it would mean, before
// anything is written.
import { useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import type { Result } from '../fhir/logbook';
import { COUNTS, SHARES, changeRule, draftOf, tryRule, wrongIn, type Draft, type Figure, type Rule } from '../fhir/rule';
import { t, type TextKey } from '../lib/i18n';
import { SelectField, TextArea, TextField } from './fields';
import { Notice } from './notice';
import { RuleMeaning } from './rule-meaning';
import { useSending } from './use-sending';

const FIGURE_WORDS: Record<Figure, TextKey> = {
  inadequate: 'rule.inadequate', adequate: 'rule.adequate', alpha: 'rule.alpha', 'highest-rate': 'rule.highest', confidence: 'rule.confidence', 'outcome-share': 'rule.outcomes',
  horizon: 'rule.horizon', volume: 'rule.volume', ratings: 'rule.ratings', level: 'rule.level', assessors: 'rule.assessors', rotations: 'rule.rotations',
  'recent-cases': 'rule.recent-cases', 'recent-days': 'rule.recent-days', 'valid-months': 'rule.valid-months',
};

const FAILURES: { value: string; label: TextKey; counted: Result[] }[] = [
  { value: 'all', label: 'rule.failure-all', counted: ['complication', 'serious', 'died'] },
  { value: 'serious', label: 'rule.failure-serious', counted: ['serious', 'died'] },
  { value: 'died', label: 'rule.failure-died', counted: ['died'] },
];

function failureOf(draft: Draft): string {
  return FAILURES.find((one) => one.counted.join() === draft.failures.join())?.value ?? 'serious';
}

function lacksIn(draft: Draft): string {
  const wrong = wrongIn(draft);
  if (wrong) return `rule-${wrong}`;
  if (!draft.source.trim()) return 'rule-source';
  if (!draft.reason.trim()) return 'rule-reason';
  return draft.code.trim() ? '' : 'rule-code';
}

interface Props {
  rule: Rule;
  done: (made: Rule) => void;
  leave: () => void;
}

export function RuleForm({ rule, done, leave }: Props) {
  const [draft, setDraft] = useState(() => draftOf(rule));
  const [tried, setTried] = useState<{ rule: Rule | null; problem: string }>({ rule: null, problem: '' });
  const sending = useSending();
  const change = (part: Partial<Draft>) => { setDraft({ ...draft, ...part }); setTried({ rule: null, problem: '' }); };
  const look = () => tryRule(draft).then((made) => setTried({ rule: made, problem: '' }), (error: unknown) => setTried({ rule: null, problem: sentence(error) }));
  const problem = (id: string, key: TextKey) => (sending.lacks === id ? t(key) : undefined);
  const field = (one: Figure) => (
    <TextField key={one} id={`rule-${one}`} label={t(FIGURE_WORDS[one])} problem={problem(`rule-${one}`, 'rule.number-wrong')} value={draft.figures[one]} onChange={(value) => change({ figures: { ...draft.figures, [one]: value } })} input={{ inputMode: 'decimal', autoComplete: 'off' }} />
  );
  return (
    <form class="sign-form" noValidate aria-label={t('rule.change')} onSubmit={(event) => { event.preventDefault(); void sending.send(lacksIn(draft), () => changeRule(draft).then(done)); }}>
      {SHARES.map(field)}
      {COUNTS.map(field)}
      <SelectField id="rule-failure" label={t('rule.failure')} value={failureOf(draft)} onChange={(value) => change({ failures: FAILURES.find((one) => one.value === value)?.counted ?? draft.failures })} options={FAILURES.map((one) => ({ value: one.value, label: t(one.label) }))} />
      <TextField id="rule-source" label={t('rule.source')} problem={problem('rule-source', 'rule.source-lacks')} value={draft.source} onChange={(source) => change({ source })} />
      <button type="button" class="button" onClick={() => void look()}>{t('rule.try')}</button>
      {tried.problem && <Notice kind="problem"><p>{tried.problem}</p></Notice>}
      {tried.rule && <div role="status"><RuleMeaning rule={tried.rule} /></div>}
      <TextArea id="rule-reason" label={t('sign.reason')} rows={2} problem={problem('rule-reason', 'sign.reason-lacks')} value={draft.reason} onChange={(reason) => setDraft({ ...draft, reason })} />
      <div class="sign-code">
        <TextField id="rule-code" label={t('code.label')} hint={t('rule.code-hint')} problem={problem('rule-code', 'sign.code-lacks')} value={draft.code} onChange={(code) => setDraft({ ...draft, code })} input={{ autocomplete: 'one-time-code', inputMode: 'numeric', spellcheck: false }} />
      </div>
      {sending.failure && <Notice kind="problem"><p>{sending.failure}</p></Notice>}
      <div class="sign-buttons">
        <button type="submit" class="button button-main" disabled={sending.busy}>{t('rule.write', { n: rule.version + 1 })}</button>
        <button type="button" class="button" onClick={leave}>{t('action.cancel')}</button>
      </div>
    </form>
  );
}
