// SPDX-License-Identifier: Apache-2.0
// Ages, names and registration.
import assert from 'node:assert/strict';
import test from 'node:test';
import { birthDateFrom, patientFrom, type Registration } from '../src/fhir/open-case';
import { ageOf, altitudeOf, escapeValue, nameOf, placeOf } from '../src/fhir/patient';
import type { Patient } from '../src/fhir/types';

const NOON = Date.parse('2026-06-15T12:00:00+08:00');

function born(birthDate: string): Patient {
  return { resourceType: 'Patient', birthDate };
}

function registration(part: Partial<Registration>): Registration {
  return { name: 'A', gender: 'female', age: '', ageUnit: 'years', birthDate: '', identifier: '', place: '', altitude: '', ...part };
}

test('an age is as precise as the date of birth', () => {
  assert.equal(ageOf(born('1968'), NOON), 'about 58 y');
  assert.equal(ageOf(born('1968-06-15'), NOON), '58 y');
  assert.equal(ageOf(born('1968-06-16'), NOON), '57 y');
  assert.equal(ageOf(born('2025-08'), NOON), '10 mo');
  assert.equal(ageOf(born('2026-06-01'), NOON), '14 d');
  assert.equal(ageOf({ resourceType: 'Patient' }, NOON), 'age unknown');
});

test('a name is found whichever way it was written', () => {
  assert.equal(nameOf({ resourceType: 'Patient', name: [{ text: 'བཀྲ་ཤིས' }] }), 'བཀྲ་ཤིས');
  assert.equal(nameOf({ resourceType: 'Patient', name: [{ use: 'old', text: 'B' }, { given: ['Ana', 'Lu'], family: 'Ro' }] }), 'Ana Lu Ro');
  assert.equal(nameOf({ resourceType: 'Patient' }), 'Name unknown');
});

test('an age becomes a date of birth no more precise than it is', () => {
  const at = new Date(NOON);
  assert.equal(birthDateFrom(registration({ age: '58' }), at), '1968');
  assert.equal(birthDateFrom(registration({ age: '7', ageUnit: 'months' }), at), '2025-11');
  assert.equal(birthDateFrom(registration({ age: '20', ageUnit: 'days' }), at), '2026-05-26');
  assert.equal(birthDateFrom(registration({ age: '58', birthDate: '1970-01-02' }), at), '1970-01-02');
  assert.equal(birthDateFrom(registration({ age: 'old' }), at), undefined);
});

test('what was not given is not written', () => {
  assert.deepEqual(patientFrom(registration({ gender: '' })), { resourceType: 'Patient', name: [{ text: 'A' }], gender: 'unknown' });
});

test('place and altitude come back as they were written', () => {
  const patient = patientFrom(registration({ place: ' Damxung ', altitude: '4300' }));
  assert.equal(placeOf(patient), 'Damxung');
  assert.equal(altitudeOf(patient), 4300);
  assert.equal(altitudeOf(patientFrom(registration({ place: 'Damxung', altitude: 'high' }))), null);
});

test('a search value means itself', () => {
  assert.equal(escapeValue('a,b|c$d\\e'), 'a\\,b\\|c\\$d\\\\e');
});
