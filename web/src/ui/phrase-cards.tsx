// SPDX-License-Identifier: Apache-2.0
// Phrase cards in two languages side by side: the reader's and the listener's. Which two,
// which topic and what is searched come from whoever shows them.
import { LANGUAGES, t, type TextKey } from '../lib/i18n';
import { shortDate } from '../lib/time';
import { TOPICS, checkers, finds, type Phrase, type PhraseLanguage } from '../phrases';
import { SelectField } from './fields';
import { Icon } from './icon';

const TOPIC_LABELS: Record<string, TextKey> = {
  greetings: 'phrases.greetings',
  consent: 'phrases.consent',
  examination: 'phrases.examination',
  pain: 'phrases.pain',
  obstetrics: 'phrases.obstetrics',
  emergency: 'phrases.emergency',
};

export interface PhraseWish {
  first: PhraseLanguage;
  second: PhraseLanguage;
  /** "" is all of them. */
  topic: string;
  text: string;
}

function Card({ card, first, second }: { card: Phrase; first: PhraseLanguage; second: PhraseLanguage }) {
  const names = checkers(card, [first, second]);
  return (
    <li class="phrase">
      <p class="phrase-first" lang={first}>{card[first]}</p>
      <p class="phrase-second" lang={second}>{card[second]}</p>
      <p class="hint phrase-checked">
        {names.length > 0
          ? t('phrases.checked', { names: names.map((one) => `${one.by}, ${shortDate(one.on)}`).join('; ') })
          : <><Icon name="alert" size={16} /> {t('phrases.unchecked')}</>}
      </p>
    </li>
  );
}

/** What to show, as fields; ${id} keeps two of these on one page apart. */
export function PhraseFilters({ id, wish, onChange }: { id: string; wish: PhraseWish; onChange: (change: Partial<PhraseWish>) => void }) {
  const languages = LANGUAGES.map(({ code, name }) => ({ value: code, label: name }));
  const topics = [{ value: '', label: t('phrases.all') }, ...TOPICS.map(({ topic }) => ({ value: topic, label: t(TOPIC_LABELS[topic] ?? 'phrases.all') }))];
  return (
    <div class="phrase-filters">
      <SelectField id={`${id}-first`} label={t('phrases.first')} value={wish.first} options={languages} onChange={(value) => onChange({ first: value as PhraseLanguage })} />
      <SelectField id={`${id}-second`} label={t('phrases.second')} value={wish.second} options={languages} onChange={(value) => onChange({ second: value as PhraseLanguage })} />
      <SelectField id={`${id}-topic`} label={t('phrases.topic')} value={wish.topic} options={topics} onChange={(topic) => onChange({ topic })} />
      <div class="field">
        <label for={`${id}-text`}>{t('phrases.search')}</label>
        <input id={`${id}-text`} type="search" value={wish.text} onInput={(event) => onChange({ text: event.currentTarget.value })} />
      </div>
    </div>
  );
}

export function PhraseCards({ wish, level }: { wish: PhraseWish; level: 2 | 3 }) {
  const shown = TOPICS
    .filter(({ topic }) => wish.topic === '' || wish.topic === topic)
    .map((topic) => ({ ...topic, cards: topic.cards.filter((card) => finds(card, wish.text)) }))
    .filter(({ cards }) => cards.length > 0);
  const Title = level === 2 ? 'h2' : 'h3';
  const count = shown.reduce((sum, { cards }) => sum + cards.length, 0);
  return (
    <>
      <p class="unseen" role="status">{t('phrases.count', { n: count })}</p>
      {count === 0 && <p>{t('phrases.none', { text: wish.text })}</p>}
      {shown.map(({ topic, cards }) => (
        <section key={topic} class="phrase-topic" aria-label={t(TOPIC_LABELS[topic] ?? 'phrases.all')}>
          <Title>{t(TOPIC_LABELS[topic] ?? 'phrases.all')}</Title>
          <ul class="phrase-list">
            {cards.map((card) => <Card key={card.id} card={card} first={wish.first} second={wish.second} />)}
          </ul>
        </section>
      ))}
    </>
  );
}
