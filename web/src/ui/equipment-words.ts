// SPDX-License-Identifier: Apache-2.0
// The words of steps and states of equipment.
import type { State, Step } from '../fhir/equipment';
import type { TextKey } from '../lib/i18n';

export const STEP_WORDS: Record<Step, TextKey> = {
  funded: 'equip.step-funded',
  ordered: 'equip.step-ordered',
  arrived: 'equip.step-arrived',
  'site-ready': 'equip.step-site-ready',
  installed: 'equip.step-installed',
  accepted: 'equip.step-accepted',
  trained: 'equip.step-trained',
  'in-service': 'equip.step-in-service',
  'first-patient': 'equip.step-first-patient',
};

export const STATE_WORDS: Record<State, TextKey> = {
  coming: 'equip.state-coming',
  'in-service': 'equip.state-in-service',
  stopped: 'equip.state-stopped',
  unknown: 'equip.state-unknown',
};
