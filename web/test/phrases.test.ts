// SPDX-License-Identifier: Apache-2.0
// Phrase cards: whole in every language, each in its own script, found however it is typed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHRASE_LANGUAGES, TOPICS, checkers, finds, type Phrase } from '../src/phrases';

const cards = TOPICS.flatMap((topic) => topic.cards);
const SCRIPT = { en: /^[\p{Script=Latin}\p{N}\p{P}\s]+$/u, zh: /\p{Script=Han}/u, bo: /^[\p{Script=Tibetan}\s…X]+$/u, ru: /^[\p{Script=Cyrillic}\p{N}\p{P}\s]+$/u };

test('every card has four languages, each in its own script, and a name of its own', () => {
  assert.ok(cards.length >= 120, `${cards.length} cards`);
  assert.equal(new Set(cards.map((card) => card.id)).size, cards.length);
  for (const card of cards) for (const language of PHRASE_LANGUAGES) assert.match(card[language], SCRIPT[language], `${card.id} ${language}`);
});

test('a card is checked when both texts shown are', () => {
  const by = { by: 'Example Reader', on: '2026-01-02' };
  const card: Phrase = { ...cards[0]!, checked: { bo: by } };
  assert.deepEqual(checkers(card, ['bo', 'zh']), []);
  assert.deepEqual(checkers({ ...card, checked: { bo: by, zh: by } }, ['bo', 'zh']), [by, by]);
  for (const one of cards) for (const [language, who] of Object.entries(one.checked)) assert.ok(who.by && /^\d{4}-\d\d-\d\d$/.test(who.on), `${one.id} ${language}`);
});

test('a card is found by words of any language, without capitals and accents', () => {
  const found = (text: string) => cards.filter((card) => finds(card, text)).map((card) => card.id);
  assert.deepEqual(found('HÉLLO.'), ['greetings-hello']);
  assert.deepEqual(found('ваш ребенок родился'), ['obstetrics-born']);
  assert.deepEqual(found('深吸气'), ['examination-breathe-in']);
  assert.ok(found('ན་ཟུག').length > 5);
  assert.deepEqual(found('no such words'), []);
});
