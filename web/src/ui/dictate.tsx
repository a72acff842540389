// SPDX-License-Identifier: Apache-2.0
// A word that is spoken instead of typed, where the browser can turn speech into text on the device
// itself. Where it cannot, or would send what is said to somebody's server, nothing is offered: what
// is said of a colleague or a patient leaves the device for the node alone (docs/adr/0082).
import { useEffect, useRef, useState } from 'preact/hooks';
import { language, t } from '../lib/i18n';

interface Heard {
  results: ArrayLike<ArrayLike<{ transcript: string }>>;
}

interface Recogniser {
  lang: string;
  continuous: boolean;
  processLocally: boolean;
  onresult: ((event: Heard) => void) | null;
  onerror: (() => void) | null;
  onend: (() => void) | null;
  start: () => void;
  stop: () => void;
  abort: () => void;
}

interface Recognition {
  new (): Recogniser;
  available?: (asked: { langs: string[]; processLocally: true }) => Promise<string>;
}

const SPOKEN: Record<string, string> = { en: 'en-US', zh: 'zh-CN', ru: 'ru-RU', bo: 'bo-CN' };

function spoken(): string {
  return SPOKEN[language.value] ?? language.value;
}

/** What turns speech into text here, on this device; null: nothing. */
async function findRecognition(): Promise<Recognition | null> {
  const found = (window as unknown as { SpeechRecognition?: Recognition }).SpeechRecognition;
  if (!found?.available) return null;
  const state = await found.available({ langs: [spoken()], processLocally: true }).catch(() => 'unavailable');
  return state === 'available' ? found : null;
}

function wordsOf(event: Heard): string {
  return Array.from(event.results, (one) => one[0]?.transcript ?? '').join(' ').trim();
}

/** Puts what is said behind ${text}. */
export function Dictate({ text, onText }: { text: string; onText: (text: string) => void }) {
  const [recognition, setRecognition] = useState<Recognition | null>(null);
  const [state, setState] = useState<'still' | 'hears' | 'problem'>('still');
  const running = useRef<Recogniser | null>(null);
  useEffect(() => {
    let here = true;
    void findRecognition().then((found) => { if (here) setRecognition(() => found); });
    return () => {
      here = false;
      running.current?.abort();
    };
  }, [language.value]);
  if (!recognition) return null;
  const start = () => {
    const one = new recognition();
    const before = text.trim();
    Object.assign(one, { lang: spoken(), continuous: true, processLocally: true });
    one.onresult = (event) => onText([before, wordsOf(event)].filter(Boolean).join(' '));
    one.onerror = () => setState('problem');
    one.onend = () => {
      running.current = null;
      setState((now) => (now === 'problem' ? now : 'still'));
    };
    running.current = one;
    setState('hears');
    one.start();
  };
  return (
    <p class="dictate">
      <button type="button" class="button button-small" onClick={() => (state === 'hears' ? running.current?.stop() : start())}>{t(state === 'hears' ? 'dictate.stop' : 'dictate.start')}</button>{' '}
      <span class="hint" role="status">{t(state === 'problem' ? 'dictate.problem' : 'dictate.hint')}</span>
    </p>
  );
}
