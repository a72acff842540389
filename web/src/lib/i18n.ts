// SPDX-License-Identifier: Apache-2.0
// Every visible text comes from a catalogue (web/i18n). English travels with the first
// page and stands in for a text another language lacks; others load when chosen.
//
// The build cuts the catalogues (web/texts.mjs): a language's file holds the texts of the first
// pages, and what an import() brings has its texts in a part that withTexts() waits for.
// Where nothing is cut, as in the unit tests, the file holds them all and there are no parts.
//
// A text may have forms for numbers (plural.ts): the one for {n} is taken.
import { signal } from '@preact/signals';
import english from '../../i18n/en.json';
import { formOf, type Text } from './plural';
import { kept } from './storage';

export type TextKey = keyof typeof english.texts;
type Texts = Record<string, Text>;

/** The texts of a part, and the English ones of those that its language lacks. */
interface Part {
  texts: Texts;
  english: Texts;
}

interface Catalogue {
  texts: Texts;
  meta: { translation: string };
  /** How many texts the whole catalogue lacks. */
  lacking?: number;
  parts?: Record<string, () => Promise<{ default: Part }>>;
}

export interface Language {
  code: string;
  name: string;
  load: () => Promise<Catalogue>;
}

export const LANGUAGES: readonly Language[] = [
  { code: 'en', name: 'English', load: async () => english },
  { code: 'zh', name: '中文', load: async () => (await import('../../i18n/zh.json')).default },
  { code: 'bo', name: 'བོད་ཡིག · Bod yig', load: async () => (await import('../../i18n/bo.json')).default },
  { code: 'ru', name: 'Русский', load: async () => (await import('../../i18n/ru.json')).default },
];

const STORAGE_KEY = 'belay.language';
const source: Texts = { ...english.texts }; // what English has been needed so far
const texts = signal<Texts>(source);
const needed = new Set<string>(); // parts that a page has asked for
let chosen: Catalogue = english;

export const language = signal('en');
/** True while the chosen catalogue was translated by a machine and no reader has checked it. */
export const machineMade = signal(false);
/** How many texts the chosen catalogue lacks: they stand in English. */
export const inEnglish = signal(0);

/** The text for ${key} in the chosen language, with {name} replaced from ${values}. */
export function t(key: TextKey, values?: Record<string, string | number>): string {
  const own = texts.value[key];
  if (own === undefined && source[key] === undefined) console.error(`no text: ${key}`); // the browser test fails on it
  const text = formOf(own ?? source[key] ?? '', own === undefined ? 'en' : language.value, values?.['n']);
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

function known(wish: string): Language | undefined {
  return LANGUAGES.find((entry) => wish.toLowerCase().split('-')[0] === entry.code);
}

function preferred(): string {
  const stored = kept.get(STORAGE_KEY);
  const wishes = stored ? [stored] : navigator.languages;
  for (const wish of wishes) {
    const found = known(wish);
    if (found) return found.code;
  }
  return 'en';
}

async function partOf(catalogue: Catalogue, name: string): Promise<Texts> {
  const part = (await catalogue.parts?.[name]?.())?.default;
  Object.assign(source, part?.english);
  return part?.texts ?? {};
}

/** All of ${catalogue} that is needed now. */
async function gather(catalogue: Catalogue): Promise<Texts> {
  const names = [...needed];
  const parts = await Promise.all(names.map((name) => partOf(catalogue, name)));
  return needed.size > names.length ? gather(catalogue) : Object.assign({}, catalogue.texts, ...parts);
}

/** What ${loading} brings, once the texts of ${part} are there in the chosen language. The build writes the calls. */
export async function withTexts<Module>(part: string, loading: Promise<Module>): Promise<Module> {
  const bring = async (): Promise<void> => {
    const asked = chosen;
    const found = await partOf(asked, part);
    if (asked !== chosen) return bring(); // another was chosen meanwhile
    texts.value = { ...texts.value, ...found };
  };
  needed.add(part);
  const [module] = await Promise.all([loading, bring()]);
  return module;
}

export async function chooseLanguage(code: string, remember = true): Promise<void> {
  const wanted = known(code);
  if (!wanted) return;
  const catalogue = await wanted.load();
  texts.value = await gather(catalogue);
  chosen = catalogue;
  machineMade.value = catalogue.meta.translation === 'machine';
  inEnglish.value = catalogue.lacking ?? 0;
  language.value = wanted.code;
  document.documentElement.lang = wanted.code === 'zh' ? 'zh-CN' : wanted.code;
  if (remember) kept.set(STORAGE_KEY, wanted.code);
}

/** Call once before the first page is drawn. A catalogue that will not load leaves English. */
export async function startLanguage(): Promise<void> {
  await chooseLanguage(preferred(), false).catch(() => undefined);
}
