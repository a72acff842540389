// SPDX-License-Identifier: Apache-2.0
// What a consent across a border must say before a case is sent, and the record of it; and
// that every part of a case is made once, however often it is sent.
import assert from 'node:assert/strict';
import test from 'node:test';
import { NO_CONSENT, consentFrom, lacksOf } from '../src/fhir/consent';
import { onceOnly } from '../src/fhir/outgoing';

const NOW = Date.parse('2026-11-22T08:00:00Z');
const ASKED = { reference: 'Organization/liver', department: 'Liver surgery', hospital: 'Example', country: 'CN', abroad: true };

test('a consent names its language, ends in the future, and is agreed to', () => {
  assert.deepEqual(lacksOf(NO_CONSENT, true, NOW), ['language', 'answer']);
  assert.deepEqual(lacksOf({ ...NO_CONSENT, answer: 'agreed', language: 'kk', until: '2026-11-21' }, true, NOW), ['until']);
  assert.deepEqual(lacksOf({ ...NO_CONSENT, answer: 'agreed', language: 'kk' }, false, NOW), []);
});

test('without the patient it goes only for a patient who is known, and with a reason', () => {
  assert.deepEqual(lacksOf({ ...NO_CONSENT, answer: 'cannot', reason: 'Bleeding liver, no relative' }, false, NOW), ['patient']);
  assert.deepEqual(lacksOf({ ...NO_CONSENT, answer: 'cannot', reason: 'now' }, true, NOW), ['reason']);
  assert.deepEqual(lacksOf({ ...NO_CONSENT, answer: 'cannot', reason: '肝脏出血，联系不到家属' }, true, NOW), []);
});

test('the record says to whom, what for, until when and in which language, and who interpreted', () => {
  const draft = { ...NO_CONSENT, answer: 'agreed' as const, language: 'kk', interpreter: 'Dana, nurse', until: '2027-01-31' };
  const consent = JSON.parse(JSON.stringify(consentFrom(draft, { reference: 'Patient/1' }, ASKED, '2026-11-22T08:00:00Z')));
  assert.equal(consent.provision.type, 'permit');
  assert.equal(consent.provision.period.end, '2027-01-31');
  assert.equal(consent.provision.purpose[0].code, 'TREAT');
  assert.equal(consent.provision.actor[0].reference.reference, 'Organization/liver');
  assert.deepEqual(consent.extension.map((one: { valueCode?: string; valueString?: string }) => one.valueCode ?? one.valueString), ['kk', 'Dana, nurse']);
});

test('an entry is created only where none has its identifier, beside those it has', () => {
  const entry = onceOnly({ resource: { resourceType: 'Patient', identifier: [{ value: 'DX-1' }] } as never }, 'u-1');
  assert.equal(entry.request?.ifNoneExist, 'identifier=urn:ietf:rfc:3986|urn:uuid:u-1');
  assert.deepEqual((entry.resource as never as { identifier: unknown }).identifier, [{ value: 'DX-1' }, { system: 'urn:ietf:rfc:3986', value: 'urn:uuid:u-1' }]);
  const answers = onceOnly({ resource: { resourceType: 'QuestionnaireResponse' } }, 'u-2').resource as never as { identifier: { value: string } };
  assert.equal(answers.identifier.value, 'urn:uuid:u-2'); // R4 has one there, not a list
});
