// SPDX-License-Identifier: Apache-2.0
// Forms for numbers by each language's own rules, dates where the browser knows no Tibetan.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import russian from '../i18n/ru.json';
import { dateIn, numberIn } from '../src/lib/dates';
import { formOf } from '../src/lib/plural';

const INSTANT = new Date('2026-03-05T07:08:09Z');

test('russian counts in four forms', () => {
  const years = russian.texts['patient.age-years'];
  const said = [1, 2, 5, 11, 21, 22, 25].map((n) => formOf(years, 'ru', n).replace('{n}', String(n)));
  assert.deepEqual(said, ['1 год', '2 года', '5 лет', '11 лет', '21 год', '22 года', '25 лет']);
});

test('a number that comes as text, and none at all', () => {
  assert.equal(formOf({ one: 'a', other: 'b' }, 'en', '1'), 'a');
  assert.equal(formOf({ one: 'a', other: 'b' }, 'en', undefined), 'b');
  assert.equal(formOf('plain', 'en', 3), 'plain');
});

test('numbers as the language writes them', () => {
  assert.equal(numberIn('en', 1234.5), '1,234.5');
  assert.equal(numberIn('ru', 12345.5), '12\u00a0345,5');
});

test('a Tibetan date never falls back to the language of the machine', () => {
  const known = Intl.DateTimeFormat.supportedLocalesOf;
  Intl.DateTimeFormat.supportedLocalesOf = () => [];
  try {
    assert.equal(dateIn('bo', INSTANT, { dateStyle: 'full', timeStyle: 'long', timeZone: 'UTC' }), '2026 ལོའི་ཟླ་ 3 ཚེས་ 5 གཟའ་ཕུར་བུ། 07:08:09 UTC');
    assert.equal(dateIn('bo', INSTANT, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Shanghai' }), 'ཟླ་ 3 ཚེས་ 5 15:08');
    assert.equal(dateIn('bo', INSTANT, { month: 'short', year: 'numeric', timeZone: 'UTC' }), '2026 ལོའི་ཟླ་ 3');
  } finally {
    Intl.DateTimeFormat.supportedLocalesOf = known;
  }
});
