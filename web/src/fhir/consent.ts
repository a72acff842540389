// SPDX-License-Identifier: Apache-2.0
// A patient's consent to a case that leaves the country: to whom, what for, until when, and
// in which language it was explained. The node refuses a case across a border without one.
import { myPlace } from '../session';
import type { Asked } from './share';
import { REASON_LEAST } from './emergency';
import type { Concept, Reference, Resource } from './types';
import { present } from '../lib/time';

export interface ConsentDraft {
  /** 'cannot': an emergency in which the patient cannot be asked. */
  answer: '' | 'agreed' | 'cannot';
  language: string;
  interpreter: string;
  until: string; // a day
  reason: string; // why it cannot wait
}

export const NO_CONSENT: ConsentDraft = { answer: '', language: '', interpreter: '', until: '', reason: '' };

/** Languages it may have been explained in, by their codes. */
export const EXPLAINED_IN = ['bo', 'zh', 'en', 'ru', 'ug', 'kk', 'ky', 'tg', 'uz', 'mn', 'ne', 'dz', 'ur', 'hi'] as const;

const EXTENSION = 'https://belay.health/StructureDefinition/';
const DAY = 86_400_000;
const USUAL_DAYS = 90;

interface Consent extends Resource {
  resourceType: 'Consent';
  status: string;
  scope: Concept;
  category: Concept[];
  patient: Reference;
  dateTime: string;
  organization?: Reference[];
  policyRule: Concept;
  extension: { url: string; valueCode?: string; valueString?: string }[];
  provision: object;
}

export function usualUntil(now = present()): string {
  return new Date(now + USUAL_DAYS * DAY).toISOString().slice(0, 10);
}

export type ConsentLack = 'answer' | 'language' | 'until' | 'reason' | 'patient';

/** What ${draft} does not say yet; ${known}: the patient is on the node already. */
export function lacksOf(draft: ConsentDraft, known: boolean, now = present()): ConsentLack[] {
  if (draft.answer === 'cannot') {
    if (!known) return ['patient'];
    return new TextEncoder().encode(draft.reason.trim()).length < REASON_LEAST ? ['reason'] : [];
  }
  return [
    ...(draft.language ? [] : ['language' as const]),
    ...(Date.parse(draft.until || usualUntil(now)) > now ? [] : ['until' as const]),
    ...(draft.answer === 'agreed' ? [] : ['answer' as const]),
  ];
}

export function consentFrom(draft: ConsentDraft, patient: Reference, asked: Asked, at: string): Consent {
  const { organization } = myPlace();
  const interpreter = draft.interpreter.trim();
  return {
    resourceType: 'Consent',
    status: 'active',
    scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient,
    dateTime: at,
    ...(organization ? { organization: [{ reference: organization }] } : {}),
    policyRule: { text: 'Until the day named, or until it is taken back.' },
    extension: [
      { url: `${EXTENSION}consent-explained-in`, valueCode: draft.language },
      ...(interpreter ? [{ url: `${EXTENSION}consent-interpreter`, valueString: interpreter }] : []),
    ],
    provision: {
      type: 'permit',
      period: { end: draft.until || usualUntil() },
      purpose: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' }],
      actor: [{
        role: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }] },
        reference: { reference: asked.reference, display: asked.department },
      }],
    },
  };
}
