// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawJourneys, type Known } from '../src/lib/travel-map';

const SIZE = { wide: 800, high: 400, letter: 13 };
const place = (key: string, latitude: number, longitude: number, home = true): Known => ({ key, name: key, latitude, longitude, home });
const PLACES = [place('Nyalam', 28.16, 85.98), place('Tingri', 28.66, 87.12), place('Amdo', 32.26, 91.68), place('Xigaze', 29.27, 88.88, false), place('Lhasa', 29.65, 91.1, false), place('Beijing', 39.9, 116.4, false)];
const spotOf = (spots: { key: string; x: number; y: number; far: boolean }[], key: string) => {
  const found = spots.find((one) => one.key === key);
  assert.ok(found, key);
  return found;
};

test('north is above, east is right, and what lies far outside stands at the edge in its direction', () => {
  const { spots } = drawJourneys(PLACES, [], SIZE);
  assert.ok(spotOf(spots, 'Amdo').y < spotOf(spots, 'Lhasa').y);
  assert.ok(spotOf(spots, 'Nyalam').x < spotOf(spots, 'Tingri').x && spotOf(spots, 'Tingri').x < spotOf(spots, 'Lhasa').x);
  assert.deepEqual(spots.filter(({ far }) => far).map(({ key }) => key), ['Beijing']);
  const far = spotOf(spots, 'Beijing');
  assert.ok(far.x > SIZE.wide - 30 || far.y < 30);
  for (const { x, y } of spots) assert.ok(x >= 0 && x <= SIZE.wide && y >= 0 && y <= SIZE.high);
});

test('an arc is as wide as its number, and one between places that are not known is left out', () => {
  const { arcs } = drawJourneys(PLACES, [{ from: 'Tingri', to: 'Lhasa', count: 40 }, { from: 'Nyalam', to: 'Lhasa', count: 20 }, { from: 'Nyalam', to: 'nowhere', count: 9 }], SIZE);
  assert.equal(arcs.length, 2);
  assert.equal(arcs[0]?.wide, 14);
  assert.equal(arcs[1]?.wide, 7);
});

test('there and back are two bows, and one place alone is drawn too', () => {
  const { arcs } = drawJourneys(PLACES, [{ from: 'Tingri', to: 'Lhasa', count: 5 }, { from: 'Lhasa', to: 'Tingri', count: 5 }], SIZE);
  const [there, back] = arcs;
  assert.ok(there?.label && back?.label && Math.hypot(there.label.x - back.label.x, there.label.y - back.label.y) > SIZE.letter);
  const [alone] = drawJourneys([place('Amdo', 32.26, 91.68)], [], SIZE).spots;
  assert.ok(alone && Number.isFinite(alone.x) && Number.isFinite(alone.y));
});

test('names lie upon no other name', () => {
  const { spots } = drawJourneys(PLACES, [], SIZE);
  const boxes = spots.map(({ name, label }) => ({ x: label.anchor === 'end' ? label.x - name.length * 7 : label.anchor === 'middle' ? label.x - name.length * 3.5 : label.x, y: label.y - 13, wide: name.length * 7, high: 14 }));
  boxes.forEach((one, at) => boxes.slice(at + 1).forEach((other) => assert.ok(one.x + one.wide <= other.x || other.x + other.wide <= one.x || one.y + one.high <= other.y || other.y + other.high <= one.y)));
});

test('hospitals that lie far outside in one place stand in lines, and one without a name takes no line', () => {
  const far = ['First', 'Second', 'Third'].map((key) => place(key, 39.9, 116.4, false));
  const heights = drawJourneys([...PLACES.slice(0, 5), ...far], [], SIZE).spots.filter((spot) => spot.far).map(({ y }) => y).sort((one, other) => one - other);
  assert.equal(heights.length, 3);
  for (const at of [1, 2]) assert.ok((heights[at] ?? 0) - (heights[at - 1] ?? 0) >= 1.5 * SIZE.letter, String(heights));
  const [named, nameless] = drawJourneys([...PLACES, { ...place('Second', 39.9, 116.4, false), name: '' }], [], SIZE).spots.filter((spot) => spot.far);
  assert.equal(named?.y, nameless?.y);
});
