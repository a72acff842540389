// SPDX-License-Identifier: Apache-2.0
// The cards that a page holds folded away (phrases-here.tsx).
import { useState } from 'preact/hooks';
import { t } from '../lib/i18n';
import { PhraseCards, PhraseFilters, type PhraseWish } from './phrase-cards';
import { keepPair, keptPair } from './phrase-choice';

export function PhrasesInside() {
  const [first, second] = keptPair();
  const [wish, setWish] = useState<PhraseWish>({ first, second, topic: 'greetings', text: '' });
  const change = (part: Partial<PhraseWish>) => {
    const next = { ...wish, ...part };
    keepPair(next.first, next.second);
    setWish(next);
  };
  return (
    <>
      <PhraseFilters id="phrases-inside" wish={wish} onChange={change} />
      <div class="phrase-scroll" role="region" aria-label={t('phrases.title')} tabIndex={0}>
        <PhraseCards wish={wish} level={3} />
      </div>
    </>
  );
}
