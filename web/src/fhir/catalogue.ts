// SPDX-License-Identifier: Apache-2.0
// The illnesses and procedures that the network is asked about, read from the text that the node
// gives (docs/CATALOGUE.md), and finding one by a few letters of its name, of another name, or of
// its code. Thousands of names are heavy: ui/use-catalogue.ts fetches them when they are
// needed, and keeps them.

import type { CatalogueEntry } from './catalogue-own';

const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
const PROCEDURE = 'https://belay.health/CodeSystem/procedure';

export interface Thing {
  system: string;
  code: string;
  /** In the catalogue's own language; English in the one that comes with Belay. */
  en: string;
  /** "": it has none. */
  zh: string;
  kind: 'illness' | 'procedure';
}

type Findable = Thing & { words: string };

/** "system|code", as addresses and the node write it. */
export function tokenOf(one: Thing): string {
  return `${one.system}|${one.code}`;
}

/** How it is called for the reader, and the other name, or "". */
export function namesOf(one: CatalogueEntry, language: string): [string, string] {
  if (one.zh === '') return [one.en, ''];
  return language === 'zh' ? [one.zh, one.en] : [one.en, one.zh];
}

function thing(one: CatalogueEntry, also: string, kind: Thing['kind']): Findable {
  const words = [one.en, one.zh, one.code, ...also.split('; ')].filter(Boolean).join('\n').toLowerCase();
  return { system: kind === 'illness' ? ICD : PROCEDURE, ...one, kind, words };
}

/** How well ${words} fit: the name begins so, a word of it does, or it has the letters somewhere. */
function fit(words: string, text: string, word: RegExp): number {
  if (words.startsWith(text)) return 3;
  if (!words.includes(text)) return 0;
  return word.test(words) ? 2 : 1;
}

export class Catalogue {
  readonly version: string;
  readonly procedures: readonly CatalogueEntry[];
  private readonly things: readonly Findable[];
  private readonly byToken: ReadonlyMap<string, Findable>;
  private readonly specialties = new Map<string, CatalogueEntry>();
  private readonly devices = new Map<string, CatalogueEntry>();

  /** ${text}: as the node checked it when it was taken over. */
  constructor(text: string) {
    const illnesses: Findable[] = [];
    const procedures: Findable[] = [];
    const entries: CatalogueEntry[] = [];
    let version = '';
    for (const line of text.split(/\r?\n/)) {
      const [kind = '', code = '', en = '', zh = '', ...more] = line.split('\t');
      const one = { code, en, zh };
      if (kind === 'catalogue') version = code;
      else if (kind === 'specialty') this.specialties.set(code, one);
      else if (kind === 'device') this.devices.set(code, one);
      else if (kind === 'procedure') {
        procedures.push(thing(one, '', kind));
        entries.push({ ...one, hands: more[1] === 'hands' });
      }
      else if (kind === 'illness') illnesses.push(thing(one, more[3] ?? '', kind));
    }
    this.version = version;
    this.procedures = entries;
    this.things = [...illnesses, ...procedures];
    this.byToken = new Map(this.things.map((one) => [tokenOf(one), one]));
  }

  thingOf(token: string): Thing | undefined {
    return this.byToken.get(token);
  }

  specialtyName(code: string, language: string): string | undefined {
    const one = this.specialties.get(code);
    return one && namesOf(one, language)[0];
  }

  deviceName(code: string, language: string): string | undefined {
    const one = this.devices.get(code);
    return one && namesOf(one, language)[0];
  }

  get kindsOfDevice(): readonly CatalogueEntry[] {
    return [...this.devices.values()];
  }

  /** What fits best first; of those that fit alike the shorter name, which is the wider illness. */
  findThings(text: string, most: number): Thing[] {
    const wanted = text.trim().toLowerCase();
    if (wanted === '') return [];
    const word = new RegExp(`(^|[\\s(,])${wanted.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`, 'm');
    return this.things.map((one, at) => ({ one, at, fit: fit(one.words, wanted, word) }))
      .filter((found) => found.fit > 0)
      .sort((a, b) => b.fit - a.fit || a.one.en.length - b.one.en.length || a.at - b.at)
      .slice(0, most)
      .map((found) => found.one);
  }
}
