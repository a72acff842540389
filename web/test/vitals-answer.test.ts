// SPDX-License-Identifier: Apache-2.0
// What the node says of vital signs: read as it is, drawn and written out as it is, and
// never made up where it says nothing.
import assert from 'node:assert/strict';
import test from 'node:test';
import { recordsOf, vitalsFrom, type VitalSet } from '../src/fhir/vitals-answer';
import { csvOf, isDrawn, trendOf } from '../src/fhir/vitals-series';
import { vitalLines } from '../src/fhir/vitals';
import type { Parameter, Parameters } from '../src/fhir/types';

function value(sign: string, valueQuantity: object, more: Parameter[] = []): Parameter {
  return { name: 'value', part: [{ name: 'sign', valueCode: sign }, { name: 'value', valueQuantity }, ...more] };
}

const percent = (number: number) => ({ value: number, unit: '%', system: 'http://unitsofmeasure.org', code: '%' });
const pressure = (number: number) => ({ value: number, unit: 'mmHg', system: 'http://unitsofmeasure.org', code: 'mm[Hg]' });

function set(at: string, values: Parameter[], news2: Parameter[], context: Parameter[] = []): Parameter {
  return { name: 'set', part: [{ name: 'time', valueDateTime: at }, ...values, { name: 'news2', part: news2 }, { name: 'context', part: context }] };
}

const SCORED: Parameter[] = [
  { name: 'total', valueInteger: 3 }, { name: 'complete', valueBoolean: false },
  { name: 'points', part: [{ name: 'sign', valueCode: 'saturation' }, { name: 'points', valueInteger: 3 }] },
  { name: 'missing', valueCode: 'pulse' }, { name: 'response', valueCode: 'low-medium' }, { name: 'again-within-hours', valueInteger: 1 },
];
const EXPECTED: Parameter[] = [
  { name: 'altitude', valueQuantity: { value: 3658 } }, { name: 'altitude-from', valueCode: 'hospital' },
  { name: 'expected-low', valueQuantity: percent(83.2) }, { name: 'expected-middle-high', valueQuantity: percent(91.4) },
  { name: 'deviation', valueQuantity: percent(-0.2) },
];

function answer(...sets: Parameter[]): VitalSet[] {
  const parameters: Parameters = { resourceType: 'Parameters', parameter: [{ name: 'older', valueBoolean: false }, ...sets] };
  return vitalsFrom(parameters).sets;
}

test('a set is read as the node says it', () => {
  const [only] = answer(set('2026-07-13T09:00:00+08:00', [value('saturation', percent(88))], SCORED, EXPECTED));
  assert.equal(only?.news2.total, 3);
  assert.equal(only?.news2.complete, false);
  assert.deepEqual(only?.news2.missing, ['pulse']);
  assert.equal(only?.news2.response, 'low-medium');
  assert.equal(only?.context.metres, 3658);
  assert.equal(only?.context.deviation, -0.2);
  assert.equal(only?.context.days, null);
  assert.equal(only?.sickness, null);
});

test('a refused score is no score: no total stands, no point is drawn', () => {
  const refused: Parameter[] = [{ name: 'refused', valueCode: 'child' }];
  const sets = answer(set('2026-07-13T09:00:00Z', [value('saturation', percent(88))], refused));
  assert.equal(sets[0]?.news2.refused, 'child');
  assert.equal(trendOf(sets)[0]?.values.score, undefined);
});

test('what the node did not use is not drawn', () => {
  const sets = answer(set('2026-07-13T09:00:00Z', [value('saturation', percent(881), [{ name: 'not-used', valueCode: 'impossible' }])], SCORED));
  assert.equal(trendOf(sets)[0]?.values.saturation, undefined);
});

test('lines go from the oldest on, and one point is no line', () => {
  const rows = trendOf(answer(
    set('2026-07-13T11:00:00Z', [value('saturation', percent(90))], SCORED, EXPECTED),
    set('2026-07-13T09:00:00Z', [value('saturation', percent(88)), value('pulse', { value: 80 })], SCORED),
  ));
  assert.deepEqual(rows.map((row) => row.values.saturation), [88, 90]);
  assert.deepEqual(rows.map((row) => row.low), [null, 83.2]);
  assert.equal(isDrawn(rows, 'saturation'), true);
  assert.equal(isDrawn(rows, 'pulse'), false);
});

test('the file has the same numbers, and says what is the least and what is not validated', () => {
  const lines = csvOf(trendOf(answer(set('2026-07-13T09:00:00+08:00', [value('saturation', percent(88))], SCORED, EXPECTED)))).trimEnd().split('\r\n');
  assert.equal(lines.length, 2);
  assert.match(lines[0] ?? '', /^time,saturation \(%\),.*,NEWS2,.*not validated/);
  assert.equal(lines[1], '2026-07-13T09:00:00+08:00,88,,,,,,3,yes,83.2,91.4');
});

test('both pressures of a set stand in one line again', () => {
  const [only] = answer(set('2026-07-13T09:00:00Z', [value('systolic', pressure(96)), value('diastolic', pressure(58))], SCORED));
  const lines = vitalLines(only ? recordsOf(only) : [], { years: 40, altitude: null });
  assert.deepEqual(lines.map((line) => `${line.value} ${line.unit} ${line.mark ?? ''}`), ['96/58 mmHg low']);
});
