// SPDX-License-Identifier: Apache-2.0
// Where a case stands, what a filter finds, and which of its clocks runs.
import assert from 'node:assert/strict';
import test from 'node:test';
import { stateOf } from '../src/fhir/case-facts';
import { CASE_STATE, concept, localReference, urgencyOf } from '../src/fhir/codes';
import type { Task } from '../src/fhir/types';
import { matchesWork } from '../src/fhir/work-filter';
import { clockOf, joined, type WorkItem } from '../src/fhir/worklist';

function item(part: Partial<WorkItem>): WorkItem {
  return {
    id: 'x', state: 'sent', urgency: 'routine', side: 'asked', waits: true, mine: true, kind: 'advice', question: '', patient: { resourceType: 'Patient' },
    hospital: '', hospitalReference: '', asker: '', owner: '', sent: '2026-01-01T00:00:00Z', allocateBy: '', allocated: '', answerBy: '', answered: '', pausedSince: '', changed: '', level: 0, ...part,
  };
}

function task(part: Partial<Task>): Task {
  return { resourceType: 'Task', status: 'requested', intent: 'order', ...part };
}

test('a case that moved on between two pages is shown once, as it is now', () => {
  const pages = joined([item({ id: 'a' }), item({ id: 'b', state: 'sent' })], [item({ id: 'b', state: 'allocated' }), item({ id: 'c' })]);
  assert.deepEqual(pages.map(({ id, state }) => [id, state]), [['a', 'sent'], ['b', 'allocated'], ['c', 'sent']]);
});

test('a filter finds every word, whatever the accents and capitals', () => {
  const one = item({ question: 'Élan of the Chest', hospital: 'Damxung', patient: { resourceType: 'Patient', name: [{ text: '扎西 Tashi' }] } });
  assert.ok(matchesWork(one, 'elan CHEST'));
  assert.ok(matchesWork(one, '扎西'));
  assert.ok(matchesWork(one, 'damx'));
  assert.ok(matchesWork(one, ''));
  assert.ok(!matchesWork(one, 'chest knee'));
});

test('a clock runs until it is taken, then until its first answer, and stands while something is asked', () => {
  const clocks = { allocateBy: '2026-01-01T00:30:00Z', answerBy: '2026-01-02T00:00:00Z' };
  assert.deepEqual(clockOf(item(clocks)), { what: 'take', by: clocks.allocateBy });
  assert.deepEqual(clockOf(item({ ...clocks, state: 'allocated', allocated: '2026-01-01T00:10:00Z' })), { what: 'answer', by: clocks.answerBy });
  assert.equal(clockOf(item({ ...clocks, state: 'information-asked', pausedSince: '2026-01-01T00:20:00Z' })), null);
  assert.equal(clockOf(item({ ...clocks, state: 'answered', answered: '2026-01-01T03:00:00Z' })), null);
});

test('where a case stands is told by its task', () => {
  assert.equal(stateOf(task({})), 'sent');
  assert.equal(stateOf(task({ status: 'on-hold', businessStatus: concept(CASE_STATE, 'information-asked') })), 'information-asked');
});

test('what other systems send is folded into three urgencies', () => {
  assert.equal(urgencyOf('asap'), 'urgent');
  assert.equal(urgencyOf(undefined), 'routine');
  assert.equal(urgencyOf('stat'), 'stat');
});

test('a reference is the same with an address before it or a version behind it', () => {
  assert.equal(localReference('https://node.example/fhir/Patient/7/_history/3'), 'Patient/7');
  assert.equal(localReference('Patient/7'), 'Patient/7');
  assert.equal(localReference(undefined), '');
});
