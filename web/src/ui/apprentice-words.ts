// SPDX-License-Identifier: Apache-2.0
// The words for the codes of apprenticeships.
import type { State, Voice } from '../fhir/apprentice';
import type { TextKey } from '../lib/i18n';

export const STATE_WORDS: Record<State, TextKey> = {
  planned: 'apprentice.planned', active: 'apprentice.active', completed: 'apprentice.completed', stopped: 'apprentice.stopped', declined: 'apprentice.declined',
};
export const VOICE_WORDS: Record<Voice, TextKey> = {
  apprentice: 'apprentice.voice-apprentice', master: 'apprentice.voice-master', 'learning-department': 'apprentice.voice-learning', 'teaching-department': 'apprentice.voice-teaching',
};
