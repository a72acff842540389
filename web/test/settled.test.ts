// SPDX-License-Identifier: Apache-2.0
// Many changes are answered once: soon after they settle, never put off for ever, and with a gap.
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { settled } from '../src/lib/settled';

/** Changes every ${every} of ${whole} milliseconds; when each answer came. */
function answers(context: TestContext, every: number, whole: number, gap: number): number[] {
  const told: number[] = [];
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
  const changes = settled(() => told.push(Date.now() - 1_000_000), 60, gap);
  for (let at = 0; at < whole + 10_000; at += 10) {
    if (at < whole && at % every === 0) changes.changed();
    context.mock.timers.tick(10);
  }
  return told;
}

test('the changes of one step are one answer, soon after the last', (context) => {
  assert.deepEqual(answers(context, 20, 100, 2000), [140]);
});

test('changes without a pause do not put the answer off for ever', (context) => {
  assert.deepEqual(answers(context, 20, 2500, 0), [1000, 2000, 2540]);
});

test('answers are a gap apart, and the last change has one', (context) => {
  assert.deepEqual(answers(context, 200, 5000, 2000), [60, 2060, 4060, 6060]);
});

test('nothing is answered once it is stopped', (context) => {
  let told = 0;
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
  const changes = settled(() => (told += 1), 60);
  changes.changed();
  changes.stop();
  context.mock.timers.tick(10_000);
  assert.equal(told, 0);
});
