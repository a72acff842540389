// SPDX-License-Identifier: Apache-2.0
// Which records are proposed to be shared, and which are chosen to begin with.
import assert from 'node:assert/strict';
import test from 'node:test';
import { OBSERVATION_CATEGORY, concept } from '../src/fhir/codes';
import { describe, propose, recordsOf, type Shareable } from '../src/fhir/share-rule';

const NOW = Date.parse('2026-11-22T08:00:00Z');
const DAY = 86_400_000;
const before = (days: number) => new Date(NOW - days * DAY).toISOString();

let made = 0;
function record(resourceType: string, part: Partial<Shareable>): Shareable {
  return { resourceType, id: `r${made++}`, ...part };
}
function observation(category: string, code: string, days: number, part: Partial<Shareable> = {}): Shareable {
  return record('Observation', {
    status: 'final', category: [concept(OBSERVATION_CATEGORY, category)], code: concept('http://loinc.org', code, code), effectiveDateTime: before(days), ...part,
  });
}
const status = (code: string) => concept('any', code);
const titles = (items: { title: string }[]) => items.map((item) => item.title);
const chosen = (records: Shareable[]) => titles(propose(records, NOW).filter((item) => item.chosen));
const offered = (records: Shareable[]) => titles(propose(records, NOW));

test('allergies that hold go along, whatever their age; refuted and mistaken ones are not offered', () => {
  const list = [
    record('AllergyIntolerance', { code: { text: 'Penicillin' }, clinicalStatus: status('active'), recordedDate: '1999-01-01' }),
    record('AllergyIntolerance', { code: { text: 'Latex' } }),
    record('AllergyIntolerance', { code: { text: 'Nuts' }, clinicalStatus: status('resolved') }),
    record('AllergyIntolerance', { code: { text: 'Iodine' }, verificationStatus: status('refuted') }),
    record('AllergyIntolerance', { code: { text: 'Bees' }, verificationStatus: status('entered-in-error') }),
  ];
  assert.deepEqual(chosen(list).sort(), ['Latex', 'Penicillin']);
  assert.deepEqual(offered(list).sort(), ['Latex', 'Penicillin']);
});

test('conditions: those of now are chosen, those of the past are there to be added', () => {
  const list = [
    record('Condition', { code: { text: 'Diabetes' }, clinicalStatus: status('active'), recordedDate: '2001-01-01' }),
    record('Condition', { code: { text: 'Pneumonia' }, clinicalStatus: status('resolved'), recordedDate: '2019-01-01' }),
    record('Condition', { code: { text: 'Gout' }, clinicalStatus: status('relapse') }),
  ];
  assert.deepEqual(chosen(list).sort(), ['Diabetes', 'Gout']);
  assert.deepEqual(offered(list).sort(), ['Diabetes', 'Gout', 'Pneumonia']);
});

test('medicines: those of now are chosen, those that ended lately offered, older ones not', () => {
  const list = [
    record('MedicationRequest', { status: 'active', medicationCodeableConcept: { text: 'Metformin' }, authoredOn: before(2000) }),
    record('MedicationRequest', { status: 'completed', medicationCodeableConcept: { text: 'Amoxicillin' }, authoredOn: before(20) }),
    record('MedicationStatement', { status: 'stopped', medicationCodeableConcept: { text: 'Aspirin' }, dateAsserted: before(120) }),
    record('MedicationRequest', { status: 'entered-in-error', medicationCodeableConcept: { text: 'Warfarin' }, authoredOn: before(1) }),
  ];
  assert.deepEqual(chosen(list), ['Metformin']);
  assert.deepEqual(offered(list).sort(), ['Amoxicillin', 'Metformin']);
});

test('vital signs and tests: of each the newest; chosen while it is recent', () => {
  const list = [
    observation('vital-signs', 'pulse', 3), observation('vital-signs', 'pulse', 1), observation('vital-signs', 'weight', 20), observation('vital-signs', 'height', 31),
    observation('laboratory', 'hb', 10), observation('laboratory', 'hb', 2), observation('laboratory', 'hiv', 300), observation('laboratory', 'old', 400),
    observation('social-history', 'smoking', 1),
  ];
  const items = propose(list, NOW);
  assert.deepEqual(titles(items), ['pulse', 'weight', 'hb', 'hiv']);
  assert.equal(items[0]?.at, before(1));
  assert.deepEqual(chosen(list), ['pulse', 'hb']);
});

test('a report takes its results along, and they are not offered twice', () => {
  const results = [observation('laboratory', 'hb', 10), observation('laboratory', 'wbc', 10)];
  const report = record('DiagnosticReport', {
    status: 'final', code: { text: 'Blood count' }, effectiveDateTime: before(10), result: [...results.map((one) => ({ reference: `Observation/${one.id ?? ''}` })), { reference: 'Observation/elsewhere' }],
  });
  const items = propose([...results, report], NOW);
  assert.deepEqual(titles(items), ['Blood count']);
  assert.deepEqual(recordsOf(items, [items[0]?.key ?? '']), [`DiagnosticReport/${report.id ?? ''}`, ...results.map((one) => `Observation/${one.id ?? ''}`)]);
  assert.deepEqual(recordsOf(items, []), []);
});

test('reports, images and documents: 90 days chosen, two years offered', () => {
  const document = (name: string, days: number) => record('DocumentReference', { status: 'current', description: name, date: before(days) });
  const list = [document('letter', 80), document('scan', 100), document('ancient', 800), record('ImagingStudy', { status: 'available', description: 'CT chest', started: before(5) })];
  assert.deepEqual(chosen(list), ['CT chest', 'letter']);
  assert.deepEqual(offered(list), ['CT chest', 'letter', 'scan']);
});

test('at most thirty are chosen to begin with', () => {
  const list = Array.from({ length: 40 }, (_, n) => record('Condition', { code: { text: `c${n}` }, clinicalStatus: status('active') }));
  assert.equal(chosen(list).length, 30);
  assert.equal(offered(list).length, 40);
});

test('a line says what was found', () => {
  const pressure = record('Observation', {
    code: { text: 'Blood pressure' }, component: [{ code: {}, valueQuantity: { value: 96, unit: 'mmHg' } }, { code: {}, valueQuantity: { value: 58, unit: 'mmHg' } }], effectiveDateTime: '2026-01-02',
  });
  assert.deepEqual(describe(pressure), { title: 'Blood pressure', detail: '96 mmHg / 58 mmHg', at: '2026-01-02' });
  assert.equal(describe(record('AllergyIntolerance', { code: { text: 'Latex' }, reaction: [{ manifestation: [{ text: 'Rash' }] }] })).detail, 'Rash');
  assert.equal(describe(record('Condition', {})).title, 'Condition');
});
