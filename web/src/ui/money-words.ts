// SPDX-License-Identifier: Apache-2.0
// What money is used for, in words.
import type { Use } from '../fhir/gaps';
import type { TextKey } from '../lib/i18n';

export const USE_WORDS: Record<Use, TextKey> = {
  equipment: 'money.use-equipment', building: 'money.use-building', training: 'money.use-training', people: 'money.use-people', running: 'money.use-running', other: 'money.use-other',
};
