// SPDX-License-Identifier: Apache-2.0
// Two zones: the reader's (Asia/Shanghai, UTC+8) and the patient's.
import assert from 'node:assert/strict';
import test from 'node:test';
import { beside, differs, timeThere, zoneName } from '../src/lib/zone';

const NOON = '2026-03-10T04:00:00Z'; // 12:00 of the reader

test('nothing stands beside a time that both clocks show, or where no clock is known', () => {
  assert.equal(differs(NOON, 480), false);
  assert.equal(differs(NOON, null), false);
  assert.equal(beside(NOON, 480), '');
  assert.equal(beside('', 300), '');
  assert.equal(beside('not a time', 300), '');
});

test('another zone is told with its distance from UTC', () => {
  assert.equal(beside(NOON, 300), "at the patient's 09:00 (UTC+5)");
  assert.equal(timeThere(NOON, 345), '09:45');
  assert.equal(zoneName(345), 'UTC+5:45');
  assert.equal(zoneName(-210), 'UTC−3:30');
});

test('where it is another day there, the day is told', () => {
  const late = '2026-03-09T17:30:00Z'; // 01:30 on the tenth for the reader, 22:30 on the ninth there
  assert.match(timeThere(late, 300), /22:30/);
  assert.match(timeThere(late, 300), /9/);
  assert.equal(timeThere('2026-03-09T20:00:00Z', 300), '01:00'); // the tenth in both
});
