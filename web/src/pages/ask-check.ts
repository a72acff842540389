// SPDX-License-Identifier: Apache-2.0
// What must be set right before a case can be opened, in the order of the page.
import { ageInYears } from '../fhir/patient';
import { NO_CONSENT, lacksOf, type ConsentLack } from '../fhir/consent';
import { birthDateFrom, isAbroad, type CaseDraft, type Registration } from '../fhir/open-case';
import { NUMBER_VITALS, hintFor, numberFrom, type NumberVital } from '../fhir/vitals';
import { t, type TextKey } from '../lib/i18n';
import { present } from '../lib/time';

export interface Problem {
  field: string; // id of the control to go to
  text: string;
}

const OLDEST = 125;
const HIGHEST = 9000;
const DEEPEST = -450;

export function checkRegistration(registration: Registration): Problem[] {
  const problems: Problem[] = [];
  if (!registration.name.trim()) problems.push({ field: 'reg-name', text: t('check.name') });
  if (!registration.gender) problems.push({ field: 'reg-sex', text: t('check.sex') });
  if (registration.birthDate) {
    const years = ageInYears(registration.birthDate);
    const future = Date.parse(registration.birthDate) > present();
    if (future || years === null || years > OLDEST) problems.push({ field: 'reg-born', text: t('check.born') });
  } else if (registration.age.trim()) {
    const age = numberFrom(registration.age);
    const years = ageInYears(birthDateFrom(registration));
    if (!(age >= 0) || years === null || years > OLDEST) problems.push({ field: 'reg-age', text: t('check.age') });
  } else {
    problems.push({ field: 'reg-age', text: t('check.age-missing') });
  }
  const altitude = registration.altitude.trim() ? numberFrom(registration.altitude) : 0;
  if (!(altitude >= DEEPEST && altitude <= HIGHEST)) problems.push({ field: 'reg-altitude', text: t('check.altitude') });
  return problems;
}

const CONSENT: Record<ConsentLack, { field: string; text: TextKey }> = {
  answer: { field: 'consent-agreed', text: 'consent.agreed-missing' },
  language: { field: 'consent-language', text: 'consent.language-missing' },
  until: { field: 'consent-until', text: 'consent.until-missing' },
  reason: { field: 'consent-reason', text: 'consent.reason-missing' },
  patient: { field: 'consent-reason', text: 'consent.register-first' },
};

/** The node would refuse it at the border: said before, where it can be set right. */
function checkConsent(draft: CaseDraft): Problem[] {
  if (!isAbroad(draft)) return [];
  return lacksOf(draft.consent ?? NO_CONSENT, draft.patient !== null).map((lack) => ({ field: CONSENT[lack].field, text: t(CONSENT[lack].text) }));
}

export function checkDraft(draft: CaseDraft): Problem[] {
  const problems: Problem[] = [];
  if (draft.registration) problems.push(...checkRegistration(draft.registration));
  else if (!draft.patient) problems.push({ field: 'patient', text: t('check.patient') });
  if (!draft.question.trim()) problems.push({ field: 'question', text: t('check.question') });
  if (!draft.urgency) problems.push({ field: 'urgency', text: t('check.urgency') });
  for (const [id, text] of Object.entries(draft.vitals.numbers)) {
    const hint = hintFor(id as NumberVital, text, draft.vitals);
    if (hint?.blocks) {
      const label = t(NUMBER_VITALS[id as NumberVital].label);
      problems.push({ field: `vital-${id}`, text: t('check.vital', { label, hint: hint.text }) });
    }
  }
  problems.push(...checkConsent(draft));
  return problems;
}
