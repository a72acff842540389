// SPDX-License-Identifier: Apache-2.0
// The phrase cards of data/phrases: what they are, who checked them, how one is found.
import consent from '../../data/phrases/consent.json';
import emergency from '../../data/phrases/emergency.json';
import examination from '../../data/phrases/examination.json';
import greetings from '../../data/phrases/greetings.json';
import obstetrics from '../../data/phrases/obstetrics.json';
import pain from '../../data/phrases/pain.json';

export const PHRASE_LANGUAGES = ['en', 'zh', 'bo', 'ru'] as const;
export type PhraseLanguage = (typeof PHRASE_LANGUAGES)[number];

/** Somebody who speaks the language has read the text and stands for it. */
export interface Checked {
  by: string;
  on: string;
}

export interface Phrase extends Record<PhraseLanguage, string> {
  id: string;
  checked: Partial<Record<PhraseLanguage, Checked>>;
}

export interface Topic {
  topic: string;
  made: Record<PhraseLanguage, string>;
  cards: Phrase[];
}

export const TOPICS = [greetings, consent, examination, pain, obstetrics, emergency] as readonly Topic[];

/** Capitals, accents and doubled spaces make no difference; signs of scripts that need them stay. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** Is every word of ${text} in the card, in any of its languages? */
export function finds(card: Phrase, text: string): boolean {
  const hay = fold(PHRASE_LANGUAGES.map((language) => card[language]).join(' '));
  return fold(text).split(' ').every((word) => hay.includes(word));
}

/** Who checked the texts of ${languages}: the names, or none while one of them is unchecked. */
export function checkers(card: Phrase, languages: readonly PhraseLanguage[]): Checked[] {
  const all = languages.map((language) => card.checked[language]);
  return all.every((one) => one !== undefined) ? all.filter((one) => one !== undefined) : [];
}
