// SPDX-License-Identifier: Apache-2.0
// A number with what it counts: the form follows from the number by the language's own rules, not from how it is printed.
import assert from 'node:assert/strict';
import test from 'node:test';
import definitions from '../../definitions/indicators.json';
import { chooseLanguage } from '../src/lib/i18n';
import { amountOf } from '../src/ui/unit-words';

Object.assign(globalThis, { document: { documentElement: {} } }); // where the chosen language is told to the browser

async function say(language: string, ...amounts: [string, string, string?][]): Promise<string[]> {
  await chooseLanguage(language, false);
  return amounts.map((one) => amountOf(...one).replace(/[\u00a0\u202f]/g, ' '));
}

test('no hospital, one, and many', async () => {
  assert.deepEqual(await say('en', ['0', 'hospital'], ['1', 'hospital'], ['203', 'hospital'], ['1', 'person'], ['21', 'study'], ['1.5', 'year'], ['1', 'person', '5']),
    ['0 hospitals', '1 hospital', '203 hospitals', '1 person', '21 studies', '1.5 years', '1 to 5 persons']);
  assert.deepEqual(await say('ru', ['0', 'hospital'], ['1', 'hospital'], ['21', 'hospital'], ['1203', 'hospital'], ['1205', 'hospital'], ['72.19', 'year']),
    ['0 больниц', '1 больница', '21 больница', '1 203 больницы', '1 205 больниц', '72,19 года']);
  assert.deepEqual(await say('zh', ['203', 'hospital'], ['1', 'person']), ['203 家医院', '1 人']);
  assert.deepEqual(await say('bo', ['1', 'hospital'], ['3', 'day']), ['སྨན་ཁང་ 1', 'ཉིན་ 3']);
});

test('what has no words stands as it is', async () => {
  assert.deepEqual(await say('en', ['920000000', 'CNY'], ['73.71', '%'], ['3', 'gadget'], ['3', '']), ['920,000,000 CNY', '73.71 %', '3 gadget', '3']);
});

test('every unit that an indicator counts in has its words', async () => {
  const text = JSON.stringify(definitions);
  const units = new Set([...text.matchAll(/"url":"unit","valueString":"([a-z-]+)"/g)].map(([, unit]) => unit ?? ''));
  assert.ok(units.size > 20);
  const russian = await say('ru', ...[...units].map((unit): [string, string] => ['5', unit]));
  assert.deepEqual(russian.filter((one) => /[a-z]/.test(one)), []);
});
