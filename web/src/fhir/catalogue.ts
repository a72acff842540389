// SPDX-License-Identifier: Apache-2.0
// The illnesses and procedures that the network is asked about (data/illnesses.json), and
// finding one by a few letters of its name, of another name, or of its code.
import catalogue from '../../../data/illnesses.json';

const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
const PROCEDURE = 'https://belay.health/CodeSystem/procedure';

export interface Thing {
  system: string;
  code: string;
  en: string;
  zh: string;
  kind: 'illness' | 'procedure';
}

interface Entry {
  code: string;
  en: string;
  zh: string;
  also?: string[];
}

const illnesses: Entry[] = catalogue.illnesses;
const procedures: Entry[] = catalogue.procedures;

const THINGS: readonly (Thing & { words: string })[] = [
  ...illnesses.map((one) => thing(one, ICD, 'illness')),
  ...procedures.map((one) => thing(one, PROCEDURE, 'procedure')),
];

function thing(one: Entry, system: string, kind: Thing['kind']): Thing & { words: string } {
  const words = [one.en, one.zh, one.code, ...(one.also ?? [])].join('\n').toLowerCase();
  return { system, code: one.code, en: one.en, zh: one.zh, kind, words };
}

/** "system|code", as addresses and the node write it. */
export function tokenOf(one: Thing): string {
  return `${one.system}|${one.code}`;
}

export function thingOf(token: string): Thing | undefined {
  return THINGS.find((one) => tokenOf(one) === token);
}

/** The two names, the reader's first. */
export function namesOf(one: Thing, language: string): [string, string] {
  return language === 'zh' ? [one.zh, one.en] : [one.en, one.zh];
}

/** How well ${one} fits: its name begins so, a word of it does, or it has the letters somewhere. */
function fit(words: string, text: string): number {
  if (words.startsWith(text)) return 3;
  if (new RegExp(`(^|[\\s(,])${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`, 'm').test(words)) return 2;
  return words.includes(text) ? 1 : 0;
}

export function findThings(text: string, most: number): Thing[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  return THINGS.map((one, at) => ({ one, at, fit: fit(one.words, wanted) }))
    .filter((found) => found.fit > 0)
    .sort((a, b) => b.fit - a.fit || a.at - b.at)
    .slice(0, most)
    .map((found) => found.one);
}
