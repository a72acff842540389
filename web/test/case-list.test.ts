// SPDX-License-Identifier: Apache-2.0
// The order of the list, what matches a filter, and where a case stands.
import assert from 'node:assert/strict';
import test from 'node:test';
import { byUrgency, matches, stateOf, type CaseItem } from '../src/fhir/case-list';
import { CASE_STATE, concept, localReference, urgencyOf } from '../src/fhir/codes';
import type { Task } from '../src/fhir/types';

function item(part: Partial<CaseItem>): CaseItem {
  return {
    id: 'x', urgency: 'routine', state: 'sent', patient: undefined, question: '', asker: '', owner: '', mine: false, asked: false, opened: '', changed: '', ...part,
  };
}

function task(part: Partial<Task>): Task {
  return { resourceType: 'Task', status: 'requested', intent: 'order', ...part };
}

test('emergencies first, then those nobody looks at, then whoever waits longest', () => {
  const list = [
    item({ id: 'routine', opened: '2026-01-01' }),
    item({ id: 'young', urgency: 'stat', opened: '2026-01-03' }),
    item({ id: 'urgent', urgency: 'urgent', opened: '2026-01-01' }),
    item({ id: 'taken', urgency: 'stat', state: 'allocated', opened: '2026-01-01' }),
    item({ id: 'old', urgency: 'stat', opened: '2026-01-02' }),
  ];
  assert.deepEqual(list.sort(byUrgency).map((one) => one.id), ['old', 'young', 'taken', 'urgent', 'routine']);
});

test('a filter finds every word, whatever the accents and capitals', () => {
  const one = item({
    question: 'Élan of the Chest',
    patient: { resourceType: 'Patient', name: [{ text: '扎西 Tashi' }], address: [{ city: 'Damxung' }] },
  });
  assert.ok(matches(one, 'elan CHEST'));
  assert.ok(matches(one, '扎西'));
  assert.ok(matches(one, 'damx'));
  assert.ok(!matches(one, 'chest knee'));
});

test('where a case stands is told by its task', () => {
  assert.equal(stateOf(task({})), 'sent');
  assert.equal(stateOf(task({ status: 'on-hold', businessStatus: concept(CASE_STATE, 'information-asked') })), 'information-asked');
  assert.equal(stateOf(task({ status: 'in-progress', businessStatus: concept(CASE_STATE, 'acted-on') })), 'acted-on');
  assert.equal(stateOf(task({ status: 'completed', businessStatus: concept('https://example.org', 'closed') })), 'sent');
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
