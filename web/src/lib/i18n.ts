// SPDX-License-Identifier: Apache-2.0
// Every visible text comes from a catalogue (web/i18n). English travels with the first
// page and stands in for a text another language lacks; others load when chosen.
import { signal } from '@preact/signals';
import english from '../../i18n/en.json';
import { kept } from './storage';

export type TextKey = keyof typeof english.texts;
type Texts = Record<string, string>;

export interface Language {
  code: string;
  name: string;
  load: () => Promise<{ texts: Texts; meta: { translation: string } }>;
}

export const LANGUAGES: readonly Language[] = [
  { code: 'en', name: 'English', load: async () => english },
  { code: 'zh', name: '中文', load: async () => (await import('../../i18n/zh.json')).default },
];

const STORAGE_KEY = 'belay.language';
const texts = signal<Texts>(english.texts);

export const language = signal('en');
/** True while the chosen catalogue was translated by a machine and no reader has checked it. */
export const machineMade = signal(false);

/** The text for ${key} in the chosen language, with {name} replaced from ${values}. */
export function t(key: TextKey, values?: Record<string, string | number>): string {
  const text = texts.value[key] ?? english.texts[key];
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

function preferred(): string {
  const stored = kept.get(STORAGE_KEY);
  const wishes = stored ? [stored] : navigator.languages;
  for (const wish of wishes) {
    const found = LANGUAGES.find((entry) => wish.toLowerCase().startsWith(entry.code));
    if (found) return found.code;
  }
  return 'en';
}

export async function chooseLanguage(code: string, remember = true): Promise<void> {
  const chosen = LANGUAGES.find((entry) => entry.code === code);
  if (!chosen) return;
  const loaded = await chosen.load();
  texts.value = loaded.texts;
  machineMade.value = loaded.meta.translation === 'machine';
  language.value = code;
  document.documentElement.lang = code === 'zh' ? 'zh-CN' : code;
  if (remember) kept.set(STORAGE_KEY, code);
}

/** Call once before the first page is drawn. A catalogue that will not load leaves English. */
export async function startLanguage(): Promise<void> {
  await chooseLanguage(preferred(), false).catch(() => undefined);
}
