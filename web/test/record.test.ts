// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { OUR_TYPES, recordLines, type Anything, type Line } from '../src/fhir/record';

test('our own types are those of the definitions, in their order', () => {
  const lines = readFileSync('../definitions/types.txt', 'utf8').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  assert.deepEqual(OUR_TYPES, lines);
});

const OPERATION = {
  resourceType: 'Procedure', id: 'p-1', meta: { versionId: '1' }, status: 'completed',
  code: { coding: [{ system: 'https://belay.health/CodeSystem/procedure', code: 'appendectomy' }] },
  performedDateTime: '2026-02-13T14:15:00.000Z',
  performer: [{ function: { coding: [{ code: 'operator' }] }, actor: { reference: 'Practitioner/a', display: 'Yangzom' } }],
  extension: [
    { url: 'https://belay.health/StructureDefinition/operation-department', valueReference: { reference: 'Organization/d' } },
    { url: 'https://belay.health/StructureDefinition/operation-follow-up', extension: [{ url: 'at', valueCode: 'day-30' }, { url: 'result', valueCode: 'well' }] },
  ],
} as unknown as Anything;

const lineOf = (lines: readonly Line[], name: string) => lines.find((one) => one.name === name);

test('an operation in words: what, when, who as what, where, how it went on', () => {
  const lines = recordLines(OPERATION, 'en');
  assert.equal(lineOf(lines, 'What')?.text, 'Appendectomy');
  assert.equal(lineOf(lines, 'Done')?.moment, '2026-02-13T14:15:00.000Z');
  const part = lineOf(lines, 'Took part')?.lines ?? [];
  assert.deepEqual(part, [{ name: 'As', text: 'operator' }, { name: 'Who', reference: 'Practitioner/a', text: 'Yangzom' }]);
  assert.equal(lineOf(lines, 'Department')?.reference, 'Organization/d');
  assert.deepEqual(lineOf(lines, 'Looked at afterwards')?.lines, [{ name: 'Which look', text: 'day 30' }, { name: 'Result', text: 'well' }]);
});

test('nothing that a record says is left out, whatever its kind', () => {
  const lines = recordLines({ resourceType: 'Funding', id: 'f', payment: [{ on: '2026-06-28', amount: 620000.5, use: 'equipment' }], strange: { deep: [true, { far: 'yes' }] } } as unknown as Anything, 'en');
  assert.deepEqual(lineOf(lines, 'Payment')?.lines, [{ name: 'On', moment: '2026-06-28' }, { name: 'Amount', text: '620000.5' }, { name: 'Used for', text: 'equipment' }]);
  assert.deepEqual(lineOf(lines, 'strange')?.lines, [{ name: 'deep', text: 'yes' }, { name: 'deep', text: 'yes' }]);
});
