// SPDX-License-Identifier: Apache-2.0
// Which steps stand open to whom, and what a step lacks before it is sent.
import assert from 'node:assert/strict';
import test from 'node:test';
import { STEPS, lacking, stepsFor, type StepName } from '../src/fhir/case-step';

function step(name: StepName) {
  const found = STEPS.find((one) => one.name === name);
  assert.ok(found);
  return found;
}

function names(state: Parameters<typeof stepsFor>[0], sides: Parameters<typeof stepsFor>[1]): string[] {
  return stepsFor(state, sides).map((one) => one.name);
}

test('who was asked answers first; who asked replies, follows up and closes', () => {
  assert.deepEqual(names('sent', ['asked']), ['answer', 'ask-back', 'message', 'reroute', 'decline']);
  assert.deepEqual(names('sent', ['asking']), ['message', 'reroute', 'withdraw']);
  assert.deepEqual(names('information-asked', ['asking']), ['inform', 'message', 'reroute', 'withdraw']);
  assert.deepEqual(names('information-asked', ['asked']), ['answer', 'message', 'reroute']);
  assert.deepEqual(names('answered', ['asking']), ['outcome', 'act', 'message', 'lose']);
  assert.deepEqual(names('answered', ['asked']), ['message']);
  assert.deepEqual(names('outcome-known', ['asking']), ['close', 'message']);
});

test('a transfer goes its own way, and no other case does', () => {
  const of = (state: Parameters<typeof stepsFor>[0], side: 'asking' | 'asked') => stepsFor(state, [side], 'transfer').map((one) => one.name);
  assert.deepEqual(of('sent', 'asked'), ['accept-transfer', 'answer', 'ask-back', 'message', 'reroute', 'decline']);
  assert.deepEqual(of('bed-accepted', 'asking'), ['depart', 'message', 'withdraw']);
  assert.deepEqual(of('bed-accepted', 'asked'), ['arrive', 'message', 'decline']);
  assert.deepEqual(of('on-the-way', 'asking'), ['message', 'withdraw']);
  assert.deepEqual(of('on-the-way', 'asked'), ['arrive', 'message']);
  assert.deepEqual(of('arrived', 'asked'), ['return', 'message']);
  assert.deepEqual(of('arrived', 'asking'), ['message']);
  assert.deepEqual(of('back-home', 'asking'), ['outcome', 'message', 'lose']);
  assert.ok(!names('sent', ['asked']).includes('accept-transfer'));
});

test('the note back home asks less of who died', () => {
  assert.equal(lacking(step('return'), { patient: 'better', done: 'x', 'at-home': 'y' }, []), 'medicines');
  assert.equal(lacking(step('return'), { patient: 'died', done: 'x' }, []), null);
  assert.equal(lacking(step('depart'), { means: 'car', escort: 'nobody' }, []), null);
  assert.equal(lacking(step('accept-transfer'), {}, []), 'bed');
});

test('nothing is left to do with a case that has ended, nor for who is on no side', () => {
  for (const state of ['closed', 'declined', 'withdrawn', 'expired'] as const) assert.deepEqual(names(state, ['asking', 'asked']), []);
  assert.deepEqual(names('sent', []), []);
});

test('what a step lacks is told by its first field that does', () => {
  assert.equal(lacking(step('answer'), { assessment: 'x', advice: ' ' }, []), 'advice');
  assert.equal(lacking(step('answer'), { assessment: 'x', advice: 'y', urgency: 'stat', 'can-be-done-here': 'no' }, []), null);
  assert.equal(lacking(step('outcome'), { helpful: 'yes', 'plan-changed': 'false', 'transfer-avoided': 'true', patient: 'better' }, []), null);
  assert.equal(lacking(step('close'), {}, []), null);
});

test('a message says something: words or a file', () => {
  const file = { name: 'x.txt', type: 'text/plain', size: 1, base64: 'eA==' };
  assert.equal(lacking(step('message'), { text: '  ' }, []), 'text');
  assert.equal(lacking(step('message'), {}, [file]), null);
});
