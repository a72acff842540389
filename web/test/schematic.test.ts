// SPDX-License-Identifier: Apache-2.0
// A schematic map: nothing covers anything, nothing lies outside, what lies far apart keeps its direction.
import assert from 'node:assert/strict';
import test from 'node:test';
import { layOut, type Sheet } from '../src/lib/schematic';

const sheet: Sheet = { wide: 340, high: 200, boxWide: 84, boxHigh: 60 };

function covered(spots: { x: number; y: number }[]): number {
  return spots.flatMap((one, at) => spots.slice(at + 1).filter((other) => Math.abs(one.x - other.x) < sheet.boxWide - 0.1 && Math.abs(one.y - other.y) < sheet.boxHigh - 0.1)).length;
}

test('places in one spot are moved apart, within a sheet that grows', () => {
  const places = Array.from({ length: 21 }, (_, at) => ({ latitude: 29.65 + (at % 3) * 0.01, longitude: 91.1 + (at % 2) * 0.01 }));
  const { spots, high } = layOut(places, sheet);
  assert.equal(covered(spots), 0);
  assert.ok(high >= 6 * sheet.boxHigh);
  for (const { x, y } of spots) assert.ok(x >= 42 - 0.1 && x <= 298.1 && y >= 30 - 0.1 && y <= high - 29.9);
});

test('north stays up and east stays right; the same places give the same drawing', () => {
  const places = [{ latitude: 32.5, longitude: 80.1 }, { latitude: 28.2, longitude: 86 }, { latitude: 31.1, longitude: 97.2 }];
  const { spots } = layOut(places, sheet);
  const [west, south, east] = spots;
  assert.ok(west && south && east && west.x < south.x && south.x < east.x);
  assert.ok(west.y < east.y && east.y < south.y);
  assert.deepEqual(layOut(places, sheet).spots, spots);
});

test('one place lies in the middle', () => {
  assert.deepEqual(layOut([{ latitude: 30, longitude: 90 }], sheet), { spots: [{ x: 170, y: 100 }], high: 200 });
});
