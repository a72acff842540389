// SPDX-License-Identifier: Apache-2.0
// The illnesses and procedures that the network is asked about (data/illnesses and
// data/procedures.json), and finding one by a few letters of its name, of another name, or of
// its code. Three thousand names are heavy: ui/use-catalogue.ts loads this file when it is
// needed, and nothing else imports more than types of it.
import infections from '../../../data/illnesses/A-B-infections.tsv';
import growths from '../../../data/illnesses/C-D-growths-and-blood.tsv';
import glands from '../../../data/illnesses/E-glands-and-nutrition.tsv';
import mind from '../../../data/illnesses/F-mind.tsv';
import nerves from '../../../data/illnesses/G-nerves.tsv';
import senses from '../../../data/illnesses/H-eye-and-ear.tsv';
import circulation from '../../../data/illnesses/I-circulation.tsv';
import breathing from '../../../data/illnesses/J-breathing.tsv';
import digestion from '../../../data/illnesses/K-digestion.tsv';
import skin from '../../../data/illnesses/L-skin.tsv';
import bones from '../../../data/illnesses/M-bones-and-joints.tsv';
import urinary from '../../../data/illnesses/N-urinary-and-genital.tsv';
import birth from '../../../data/illnesses/O-pregnancy-and-birth.tsv';
import newborn from '../../../data/illnesses/P-newborn.tsv';
import malformations from '../../../data/illnesses/Q-malformations.tsv';
import symptoms from '../../../data/illnesses/R-symptoms.tsv';
import injuries from '../../../data/illnesses/S-T-injuries.tsv';
import { devices, procedures, specialties } from '../../../data/procedures.json';

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
  also?: string;
}

/** The illnesses of a chapter: a line each, columns with tabs between, behind a line that names them. */
function readChapter(text: string): Entry[] {
  return text.trimEnd().split('\n').slice(1).map((line) => {
    const [code = '', en = '', zh = '', , , , also = ''] = line.split('\t');
    return { code, en, zh, also };
  });
}

const illnesses = [infections, growths, glands, mind, nerves, senses, circulation, breathing, digestion, skin, bones, urinary, birth, newborn, malformations, symptoms, injuries].flatMap(readChapter);

const THINGS: readonly (Thing & { words: string })[] = [
  ...illnesses.map((one) => thing(one, ICD, 'illness')),
  ...procedures.map((one: Entry) => thing(one, PROCEDURE, 'procedure')),
];

function thing(one: Entry, system: string, kind: Thing['kind']): Thing & { words: string } {
  const words = [one.en, one.zh, one.code, ...(one.also ?? '').split('; ')].join('\n').toLowerCase();
  return { system, code: one.code, en: one.en, zh: one.zh, kind, words };
}

/** "system|code", as addresses and the node write it. */
export function tokenOf(one: Thing): string {
  return `${one.system}|${one.code}`;
}

export function thingOf(token: string): Thing | undefined {
  return THINGS.find((one) => tokenOf(one) === token);
}

function named(list: readonly { code: string; en: string; zh: string }[], code: string, language: string): string | undefined {
  const one = list.find((entry) => entry.code === code);
  return language === 'zh' ? one?.zh : one?.en;
}

export function specialtyName(code: string, language: string): string | undefined {
  return named(specialties, code, language);
}

export function deviceName(code: string, language: string): string | undefined {
  return named(devices, code, language);
}

/** The two names, the reader's first. */
export function namesOf(one: Thing, language: string): [string, string] {
  return language === 'zh' ? [one.zh, one.en] : [one.en, one.zh];
}

/** How well ${words} fit: the name begins so, a word of it does, or it has the letters somewhere. */
function fit(words: string, text: string, word: RegExp): number {
  if (words.startsWith(text)) return 3;
  if (!words.includes(text)) return 0;
  return word.test(words) ? 2 : 1;
}

/** What fits best first; of those that fit alike the shorter name, which is the wider illness. */
export function findThings(text: string, most: number): Thing[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const word = new RegExp(`(^|[\\s(,])${wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`, 'm');
  return THINGS.map((one, at) => ({ one, at, fit: fit(one.words, wanted, word) }))
    .filter((found) => found.fit > 0)
    .sort((a, b) => b.fit - a.fit || a.one.en.length - b.one.en.length || a.at - b.at)
    .slice(0, most)
    .map((found) => found.one);
}
