// SPDX-License-Identifier: Apache-2.0
// What levels, specialties, illnesses and devices of the capability map are called.
import type { Level } from '../fhir/capability';
import { namesOf } from '../fhir/catalogue';
import type { Coding } from '../fhir/types';
import { language, t, type TextKey } from '../lib/i18n';
import type { Catalogue } from './use-catalogue';

/** The catalogue, once it is there. */
export type Words = Catalogue | null;

const LEVEL_WORDS: Record<Level, TextKey> = {
  none: 'map.level-none',
  'by-advice': 'map.level-by-advice',
  'with-expert': 'map.level-with-expert',
  supervised: 'map.level-supervised',
  independent: 'map.level-independent',
  teaches: 'map.level-teaches',
};

export function levelWord(level: Level): string {
  return t(LEVEL_WORDS[level]);
}

export function specialtyWord(words: Words, code: string): string {
  return words?.specialtyName(code, language.value) ?? code;
}

export function deviceWord(words: Words, code: string): string {
  return words?.deviceName(code, language.value) ?? code;
}

export function thingWord(words: Words, { system = '', code = '', display = '' }: Coding): string {
  const thing = words?.thingOf(`${system}|${code}`);
  return thing ? namesOf(thing, language.value)[0] : display || code;
}

/** Of six shades that of ${share}; the number stands beside it. */
export function shadeOf(share: number): number {
  return share === 0 ? 0 : Math.min(5, 1 + Math.floor(share * 5));
}
