// SPDX-License-Identifier: Apache-2.0
// The part of the Ask page that is there when a case leaves the country: the patient's
// consent, or why it cannot be asked for.
import { EXPLAINED_IN, NO_CONSENT, usualUntil, type ConsentDraft } from '../fhir/consent';
import type { CaseDraft } from '../fhir/open-case';
import type { Asked } from '../fhir/share';
import { language, t } from '../lib/i18n';
import { SelectField, TextArea, TextField } from './fields';

interface Props {
  draft: CaseDraft;
  asked: Asked;
  problems: Partial<Record<string, string>>;
  change: (part: Partial<CaseDraft>) => void;
}

export function nameOfAsked(asked: Asked): string {
  return [asked.department, asked.hospital].filter(Boolean).join(', ');
}

function named(kind: 'language' | 'region', code: string): string {
  try {
    return new Intl.DisplayNames([language.value], { type: kind }).of(code) ?? code;
  } catch {
    return code;
  }
}

type Change = (part: Partial<ConsentDraft>) => void;

function Agreed({ value, asked, problems, change }: { value: ConsentDraft; asked: Asked; problems: Props['problems']; change: Change }) {
  const languages = EXPLAINED_IN.map((code) => ({ value: code, label: named('language', code) })).sort((a, b) => a.label.localeCompare(b.label));
  return (
    <>
      <dl class="consent-facts">
        <div><dt>{t('consent.what-for')}</dt><dd>{t('consent.treatment')}</dd></div>
        <div><dt>{t('consent.to')}</dt><dd>{nameOfAsked(asked)}{asked.country && ` (${named('region', asked.country)})`}</dd></div>
      </dl>
      <SelectField id="consent-language" label={t('consent.language')} problem={problems['consent-language']} value={value.language} onChange={(code) => change({ language: code })} options={[{ value: '', label: '' }, ...languages]} />
      <TextField id="consent-interpreter" label={t('consent.interpreter')} hint={t('consent.interpreter-hint')} optional={t('form.optional')} value={value.interpreter} onChange={(interpreter) => change({ interpreter })} input={{ autocomplete: 'off' }} />
      <TextField id="consent-until" label={t('consent.until')} problem={problems['consent-until']} value={value.until || usualUntil()} onChange={(until) => change({ until })} input={{ type: 'date', min: new Date().toISOString().slice(0, 10) }} />
      {problems['consent-agreed'] && <p class="problem" id="consent-agreed-problem">{problems['consent-agreed']}</p>}
      <label class="check-line consent-agreed">
        <input id="consent-agreed" type="checkbox" checked={value.answer === 'agreed'} aria-describedby={problems['consent-agreed'] ? 'consent-agreed-problem' : undefined} onChange={(event) => change({ answer: event.currentTarget.checked ? 'agreed' : '' })} />
        {t('consent.agreed')}
      </label>
    </>
  );
}

export function AskConsent({ draft, asked, problems, change }: Props) {
  const value = draft.consent ?? NO_CONSENT;
  const set: Change = (part) => change({ consent: { ...value, ...part } });
  const cannot = value.answer === 'cannot';
  return (
    <section aria-labelledby="part-consent">
      <h2 id="part-consent">{t('consent.title')}</h2>
      <p>{t('consent.why', { name: nameOfAsked(asked) })}</p>
      {cannot
        ? <TextArea id="consent-reason" rows={2} label={t('consent.reason')} hint={t('consent.reason-hint')} problem={problems['consent-reason']} value={value.reason} onChange={(reason) => set({ reason })} />
        : <Agreed value={value} asked={asked} problems={problems} change={set} />}
      {draft.urgency === 'stat' && (
        <button type="button" class="link" onClick={() => set({ answer: cannot ? '' : 'cannot' })}>{t(cannot ? 'consent.can' : 'consent.cannot')}</button>
      )}
    </section>
  );
}
