// SPDX-License-Identifier: Apache-2.0
// Vital signs: what is typed, what is written, how it is shown again.
import assert from 'node:assert/strict';
import test from 'node:test';
import { NO_VITALS, hintFor, isBlocked, numberFrom, observationsFrom, vitalLines, type NumberVital, type VitalsDraft } from '../src/fhir/vitals';

function typed(numbers: Partial<Record<NumberVital, string>>, rest: Partial<VitalsDraft> = {}): VitalsDraft {
  return { ...NO_VITALS, ...rest, numbers };
}

function shown(draft: VitalsDraft, years: number | null = 40, altitude: number | null = null): string[] {
  return vitalLines(observationsFrom(draft, {}), { years, altitude }).map((line) => `${line.id} ${line.value} ${line.unit} ${line.mark ?? '-'}`);
}

test('numbers are taken as people type them', () => {
  assert.equal(numberFrom('36,8'), 36.8);
  assert.equal(numberFrom('３７'), 37);
  assert.ok(Number.isNaN(numberFrom('96/58')));
  assert.ok(Number.isNaN(numberFrom('')));
});

test('a slip is told from a rare value', () => {
  const hint = (id: NumberVital, text: string, more = {}) => hintFor(id, text, typed({ [id]: text, ...more }));
  assert.equal(hint('pulse', '72'), null);
  assert.equal(hint('saturation', '101')?.blocks, true);
  assert.equal(hint('temperature', '98.6')?.blocks, true);
  assert.match(hint('temperature', '98.6')?.text ?? '', /37\.0/);
  assert.equal(hint('pulse', '245')?.blocks, false);
  assert.match(hint('diastolic', '130', { systolic: '80' })?.text ?? '', /swapped/);
  assert.equal(isBlocked(typed({ pulse: 'fast' })), true);
  assert.equal(isBlocked(typed({ pulse: '245' })), false);
});

test('every value is written with its code and unit, and read again', () => {
  const draft = typed({ breaths: '24', saturation: '91', systolic: '96', diastolic: '58', pulse: '112', temperature: '36,8', oxygen: '3' }, { supply: 'oxygen', consciousness: 'voice' });
  const observations = observationsFrom(draft, {});
  for (const one of observations) {
    assert.equal(one.category?.[0]?.coding?.[0]?.code, 'vital-signs');
    for (const quantity of [one.valueQuantity, ...(one.component ?? []).map((part) => part.valueQuantity)]) {
      if (quantity) assert.equal(quantity.system, 'http://unitsofmeasure.org');
    }
  }
  assert.deepEqual(shown(draft), [
    'consciousness Responds to voice  other', 'breaths 24 /min high', 'saturation 91 % low', 'oxygen 3 L/min -',
    'pulse 112 /min high', 'pressure 96/58 mmHg low', 'temperature 36.8 °C -',
  ]);
});

test('room air is a flow of nothing, and oxygen of unknown flow says so', () => {
  assert.deepEqual(shown(typed({}, { supply: 'air' })), ['oxygen Room air  -']);
  assert.deepEqual(shown(typed({}, { supply: 'oxygen' })), ['oxygen On oxygen, flow not given  -']);
  assert.deepEqual(shown(typed({ oxygen: '4' }, { supply: '' })), []);
});

test('a child and a person of unknown age are not marked by adult ranges', () => {
  assert.deepEqual(shown(typed({ pulse: '130' }), 3), ['pulse 130 /min -']);
  assert.deepEqual(shown(typed({ pulse: '130' }), null), ['pulse 130 /min -']);
});

test('a low saturation high up is marked, with the altitude beside it', () => {
  const lines = vitalLines(observationsFrom(typed({ saturation: '86' }), {}), { years: 50, altitude: 4300 });
  assert.equal(lines[0]?.mark, 'low');
  assert.match(lines[0]?.note ?? '', /4,300/);
});
