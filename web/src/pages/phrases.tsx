// SPDX-License-Identifier: Apache-2.0
// Phrase cards: what is said to a patient, in two languages side by side, to be searched,
// shown and printed. The cards come with the pages, so they are there without a link.
import { t } from '../lib/i18n';
import { route, setQuery } from '../lib/router';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Notice } from '../ui/notice';
import { PhraseCards, PhraseFilters, type PhraseWish } from '../ui/phrase-cards';
import { keepPair, pairOf } from '../ui/phrase-choice';

export function PhrasesPage() {
  const { query } = route.value;
  const [first, second] = pairOf(query);
  const wish: PhraseWish = { first, second, topic: query.get('topic') ?? '', text: query.get('text') ?? '' };
  const change = (part: Partial<PhraseWish>) => {
    const next = { ...wish, ...part };
    keepPair(next.first, next.second);
    setQuery({ ...next });
  };
  return (
    <div class="page page-wide phrases-page">
      <div class="page-head">
        <Heading text={t('phrases.title')} />
        <button type="button" class="button" onClick={() => window.print()}><Icon name="print" />{t('action.print')}</button>
      </div>
      <Notice kind="info"><p>{t('phrases.lead')}</p></Notice>
      <PhraseFilters id="phrases" wish={wish} onChange={change} />
      <PhraseCards wish={wish} level={2} />
    </div>
  );
}
