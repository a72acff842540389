// SPDX-License-Identifier: Apache-2.0
// A picture on a stage: what stays in place when it is enlarged, how far it goes, its greys.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ALL_GREYS, WHOLE, WIDTHS, filterOf, fitScale, greysWithin, moved, quarterTurn, within, zoomed } from '../src/lib/view-box';

const picture = { width: 4000, height: 3000 };
const stage = { width: 1000, height: 600 };

/** What a browser makes of the grey ${value} (0 to 1) by ${filter}: each step is cut off. */
function seen(filter: string, value: number): number {
  let grey = value;
  for (const [, name, amount] of filter.matchAll(/(\w+)\(([\d.]+)\)/g)) {
    const by = Number(amount);
    if (name === 'brightness') grey *= by;
    else if (name === 'contrast') grey = by * (grey - 0.5) + 0.5;
    else grey = 1 - grey;
    grey = Math.min(1, Math.max(0, grey));
  }
  return grey;
}

test('the whole picture stands on the stage, and a small one is not blown up', () => {
  assert.equal(fitScale(picture, stage, 0), 0.2);
  assert.equal(fitScale(picture, stage, 1), 0.15);
  assert.equal(fitScale({ width: 100, height: 50 }, stage, 0), 1);
});

test('what lies under the finger stays there', () => {
  const at = { x: 200, y: -100 };
  const before = zoomed(WHOLE, 4, { x: 0, y: 0 }, picture, stage);
  const after = zoomed(before, 2, at, picture, stage);
  const under = (view: typeof after) => ({ x: (at.x - view.x) / view.zoom, y: (at.y - view.y) / view.zoom });
  assert.deepEqual(under(after), under(before));
});

test('no farther out than the whole, no deeper than eight points for one', () => {
  assert.equal(zoomed(WHOLE, 0.5, { x: 9, y: 9 }, picture, stage).zoom, 1);
  assert.equal(zoomed(WHOLE, 1e9, { x: 0, y: 0 }, picture, stage).zoom * fitScale(picture, stage, 0), 8);
});

test('an edge does not leave the stage empty', () => {
  const deep = zoomed(WHOLE, 2, { x: 0, y: 0 }, picture, stage);
  const far = moved(deep, { x: 1e6, y: -1e6 }, picture, stage);
  assert.deepEqual([far.x, far.y], [300, -300]); // 1600 x 1200 on 1000 x 600
  assert.deepEqual(within({ ...WHOLE, x: 40 }, picture, stage), WHOLE);
});

test('four quarters are a whole turn', () => {
  let view = zoomed(WHOLE, 4, { x: 100, y: 50 }, picture, stage);
  const first = view;
  for (let quarter = 0; quarter < 4; quarter++) view = quarterTurn(view, picture, stage);
  assert.equal(view.turn, 0);
  assert.ok(Math.abs(view.x) <= Math.abs(first.x) + 1);
});

test('the greys chosen reach from black to white, wherever they lie', () => {
  for (const level of [5, 20, 50, 80, 95]) {
    for (const width of [WIDTHS.least, 20, 60, 100, 180]) {
      const filter = filterOf({ level, width, invert: false });
      for (let grey = 0; grey <= 1; grey += 0.05) {
        const wanted = Math.min(1, Math.max(0, (grey - level / 100) / (width / 100) + 0.5));
        assert.ok(Math.abs(seen(filter, grey) - wanted) < 0.01, `${level}/${width} at ${grey}: ${seen(filter, grey)}, not ${wanted}`);
      }
    }
  }
});

test('nothing is done to a picture that nobody changed; what is asked stays within bounds', () => {
  assert.equal(filterOf(ALL_GREYS), 'none');
  assert.equal(filterOf({ ...ALL_GREYS, invert: true }), 'invert(1)');
  assert.deepEqual(greysWithin({ level: -7, width: 0, invert: true }), { level: 0, width: WIDTHS.least, invert: true });
});
