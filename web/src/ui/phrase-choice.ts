// SPDX-License-Identifier: Apache-2.0
// Which two languages somebody reads phrase cards in: chosen once, kept on this device.
import { language } from '../lib/i18n';
import { kept } from '../lib/storage';
import { PHRASE_LANGUAGES, type PhraseLanguage } from '../phrases';

const STORAGE_KEY = 'belay.phrases';

function known(code: string | undefined): PhraseLanguage | undefined {
  return PHRASE_LANGUAGES.find((one) => one === code);
}

/** The reader's own language first; the patient's is Tibetan until another is chosen. */
export function keptPair(): [PhraseLanguage, PhraseLanguage] {
  const [first, second] = (kept.get(STORAGE_KEY) ?? '').split(' ');
  const own = known(first) ?? known(language.value) ?? 'en';
  return [own, known(second) ?? (own === 'bo' ? 'zh' : 'bo')];
}

export function keepPair(first: PhraseLanguage, second: PhraseLanguage): void {
  kept.set(STORAGE_KEY, `${first} ${second}`);
}

/** What the address says, or what was kept. */
export function pairOf(query: URLSearchParams): [PhraseLanguage, PhraseLanguage] {
  const [first, second] = keptPair();
  return [known(query.get('first') ?? undefined) ?? first, known(query.get('second') ?? undefined) ?? second];
}
