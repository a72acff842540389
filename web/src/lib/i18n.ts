// SPDX-License-Identifier: Apache-2.0
// Every visible text comes from a catalogue (web/i18n). English travels with the first
// page and stands in for a text another language lacks; others load when chosen.
//
// A text may have forms for numbers (plural.ts): the one for {n} is taken.
import { signal } from '@preact/signals';
import english from '../../i18n/en.json';
import { formOf, type Text } from './plural';
import { kept } from './storage';

export type TextKey = keyof typeof english.texts;
type Texts = Record<string, Text>;

export interface Language {
  code: string;
  name: string;
  load: () => Promise<{ texts: Texts; meta: { translation: string } }>;
}

export const LANGUAGES: readonly Language[] = [
  { code: 'en', name: 'English', load: async () => english },
  { code: 'zh', name: '中文', load: async () => (await import('../../i18n/zh.json')).default },
  { code: 'bo', name: 'བོད་ཡིག · Bod yig', load: async () => (await import('../../i18n/bo.json')).default },
  { code: 'ru', name: 'Русский', load: async () => (await import('../../i18n/ru.json')).default },
];

const STORAGE_KEY = 'belay.language';
const source: Texts = english.texts;
const texts = signal<Texts>(source);

export const language = signal('en');
/** True while the chosen catalogue was translated by a machine and no reader has checked it. */
export const machineMade = signal(false);
/** How many texts the chosen catalogue lacks: they stand in English. */
export const inEnglish = signal(0);

/** The text for ${key} in the chosen language, with {name} replaced from ${values}. */
export function t(key: TextKey, values?: Record<string, string | number>): string {
  const own = texts.value[key];
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

export async function chooseLanguage(code: string, remember = true): Promise<void> {
  const chosen = known(code);
  if (!chosen) return;
  const loaded = await chosen.load();
  texts.value = loaded.texts;
  machineMade.value = loaded.meta.translation === 'machine';
  inEnglish.value = Object.keys(source).filter((key) => !(key in loaded.texts)).length;
  language.value = chosen.code;
  document.documentElement.lang = chosen.code === 'zh' ? 'zh-CN' : chosen.code;
  if (remember) kept.set(STORAGE_KEY, chosen.code);
}

/** Call once before the first page is drawn. A catalogue that will not load leaves English. */
export async function startLanguage(): Promise<void> {
  await chooseLanguage(preferred(), false).catch(() => undefined);
}
