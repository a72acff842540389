// SPDX-License-Identifier: Apache-2.0
// What each step of a case is called, why one takes it, and what its questions and answers
// say. Keys stand here in full, so that the check of the catalogues sees them.
import type { StepName } from '../fhir/case-step';
import type { TextKey } from '../lib/i18n';

export interface StepWords {
  title: TextKey;
  why: TextKey;
  send: TextKey;
  /** Of the fields, and of the codes of a field as "field.code". */
  of: Record<string, TextKey>;
}

export const STEP_WORDS: Record<StepName, StepWords> = {
  accept: { title: 'step.accept', why: 'step.accept-why', send: 'step.accept', of: {} },
  answer: {
    title: 'step.answer', why: 'step.answer-why', send: 'step.answer-send',
    of: {
      assessment: 'step.assessment', advice: 'step.advice', urgency: 'step.urgency', 'can-be-done-here': 'step.here',
      'urgency.stat': 'urgency.stat', 'urgency.urgent': 'urgency.urgent', 'urgency.routine': 'urgency.routine',
      'can-be-done-here.yes': 'step.here-yes', 'can-be-done-here.with-help': 'step.here-help', 'can-be-done-here.no': 'step.here-no',
    },
  },
  'ask-back': { title: 'step.ask-back', why: 'step.ask-back-why', send: 'step.ask-back-send', of: { text: 'step.ask-back-text' } },
  inform: { title: 'step.inform', why: 'step.inform-why', send: 'step.inform-send', of: { text: 'step.inform-text' } },
  message: { title: 'step.message', why: 'step.message-why', send: 'step.message-send', of: { text: 'step.message-text' } },
  act: { title: 'step.act', why: 'step.act-why', send: 'step.act-send', of: { text: 'step.act-text' } },
  outcome: {
    title: 'step.outcome', why: 'step.outcome-why', send: 'step.outcome-send',
    of: {
      helpful: 'step.helpful', 'helpful.yes': 'step.yes', 'helpful.partly': 'step.partly', 'helpful.no': 'step.no',
      'plan-changed': 'step.plan-changed', 'transfer-avoided': 'step.transfer-avoided',
      patient: 'step.patient', 'patient.better': 'step.better', 'patient.same': 'step.same', 'patient.worse': 'step.worse',
      'patient.died': 'step.died', 'patient.unknown': 'step.unknown', text: 'step.outcome-text',
    },
  },
  'accept-transfer': { title: 'step.take', why: 'step.take-why', send: 'step.take-send', of: { bed: 'step.bed', text: 'step.send-along' } },
  depart: {
    title: 'step.depart', why: 'step.depart-why', send: 'step.depart-send',
    of: {
      means: 'step.means', 'means.ambulance': 'step.ambulance', 'means.car': 'step.car', 'means.bus': 'step.bus', 'means.plane': 'step.plane', 'means.other': 'step.other',
      escort: 'step.escort', 'escort.doctor': 'step.doctor', 'escort.nurse': 'step.nurse', 'escort.family': 'step.family', 'escort.nobody': 'step.nobody',
      left: 'step.left', expected: 'step.expected', text: 'step.depart-text',
    },
  },
  arrive: { title: 'step.arrive', why: 'step.arrive-why', send: 'step.arrive-send', of: { bed: 'step.arrive-bed', text: 'step.arrive-text' } },
  return: {
    title: 'step.return', why: 'step.return-why', send: 'step.return-send',
    of: {
      patient: 'step.patient', 'patient.better': 'step.better', 'patient.same': 'step.same', 'patient.worse': 'step.worse', 'patient.died': 'step.died',
      done: 'step.done', 'at-home': 'step.at-home', medicines: 'step.medicines', 'seen-again': 'step.seen-again',
    },
  },
  'guide-step': { title: 'step.guide-step', why: 'step.guide-step-why', send: 'step.guide-step-send', of: { text: 'step.guide-step-text' } },
  close: { title: 'step.close', why: 'step.close-why', send: 'step.close', of: {} },
  lose: { title: 'step.lose', why: 'step.lose-why', send: 'step.lose-send', of: {} },
  reroute: { title: 'step.reroute', why: 'step.reroute-why', send: 'step.reroute-send', of: { to: 'step.reroute-to', reason: 'step.reroute-reason' } },
  decline: { title: 'step.decline', why: 'step.decline-why', send: 'step.decline-send', of: { reason: 'step.decline-reason', alternative: 'step.decline-alternative' } },
  withdraw: { title: 'step.withdraw', why: 'step.withdraw-why', send: 'step.withdraw-send', of: { reason: 'step.withdraw-reason' } },
};
