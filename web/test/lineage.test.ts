// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BOX, draw } from '../src/lib/lineage';

const LINKS = [
  { master: 'old', apprentice: 'me' }, { master: 'older', apprentice: 'old' }, { master: 'other', apprentice: 'me' },
  { master: 'me', apprentice: 'young' }, { master: 'me', apprentice: 'second' }, { master: 'young', apprentice: 'youngest' },
];

test('masters stand above, apprentices below, a row a generation', () => {
  const { spots, links } = draw('me', LINKS);
  const row = (who: string) => spots.find((one) => one.who === who)?.row;
  assert.deepEqual(['older', 'old', 'other', 'me', 'young', 'second', 'youngest'].map(row), [-2, -1, -1, 0, 1, 1, 2]);
  assert.equal(links.length, LINKS.length);
  assert.ok(links.every(({ from, to }) => from.y + BOX.height < to.y), 'a master stands above');
});

test('no two boxes lie upon each other, and all lie within the picture', () => {
  const many = Array.from({ length: 12 }, (_, at) => ({ master: 'me', apprentice: `a${at}` }));
  const { spots, width, height } = draw('me', [...LINKS, ...many]);
  for (const one of spots) {
    assert.ok(one.x >= 0 && one.y >= 0 && one.x + BOX.width <= width && one.y + BOX.height <= height);
    assert.ok(spots.every((other) => other === one || other.row !== one.row || Math.abs(other.x - one.x) >= BOX.width));
  }
});

test('two who taught each other, and twice, are drawn once each way', () => {
  const { spots, links } = draw('me', [{ master: 'me', apprentice: 'you' }, { master: 'you', apprentice: 'me' }, { master: 'me', apprentice: 'you' }]);
  assert.equal(spots.length, 2);
  assert.equal(links.length, 2);
});

test('nobody but oneself is a picture of one box', () => {
  assert.deepEqual(draw('me', []).spots.map((one) => one.who), ['me']);
});
