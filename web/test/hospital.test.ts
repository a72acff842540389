// SPDX-License-Identifier: Apache-2.0
// Who is on duty, by hours told in the time of the place.
import assert from 'node:assert/strict';
import test from 'node:test';
import { isOnDuty } from '../src/fhir/hospital';
import type { PractitionerRole } from '../src/fhir/types';

type Post = Parameters<typeof isOnDuty>[0];
const post = (part: Partial<Post>): Post => ({ resourceType: 'PractitionerRole', ...part }) as PractitionerRole as Post;
const MONDAY = '2026-03-09'; // UTC+8: what is 00:30 UTC is 08:30 there

test('hours are of the place, not of the reader', () => {
  const day = post({ availableTime: [{ daysOfWeek: ['mon'], availableStartTime: '08:00:00', availableEndTime: '18:00:00' }] });
  assert.equal(isOnDuty(day, 480, `${MONDAY}T00:30:00Z`), true);
  assert.equal(isOnDuty(day, 480, `${MONDAY}T10:30:00Z`), false);
  assert.equal(isOnDuty(day, 300, `${MONDAY}T00:30:00Z`), false);
});

test('a night goes on into the next day', () => {
  const night = post({ availableTime: [{ daysOfWeek: ['sun'], availableStartTime: '20:00:00', availableEndTime: '08:00:00' }] });
  assert.equal(isOnDuty(night, 480, '2026-03-08T22:00:00Z'), true); // Monday, 06:00 there
  assert.equal(isOnDuty(night, 480, `${MONDAY}T14:00:00Z`), false); // Monday, 22:00 there
});

test('all day is all day; leave ends it; without hours or a clock nothing is told', () => {
  assert.equal(isOnDuty(post({ availableTime: [{ allDay: true }] }), 480, `${MONDAY}T20:00:00Z`), true);
  const away = { availableTime: [{ allDay: true }], notAvailable: [{ during: { start: '2026-03-01', end: '2026-03-20' } }] };
  assert.equal(isOnDuty(post(away), 480, `${MONDAY}T20:00:00Z`), false);
  assert.equal(isOnDuty(post({}), 480, `${MONDAY}T20:00:00Z`), null);
  assert.equal(isOnDuty(post({ availableTime: [{ allDay: true }] }), null, `${MONDAY}T20:00:00Z`), null);
});
