// SPDX-License-Identifier: Apache-2.0
// A MeasureReport of the node becomes tables, and which quarters have ended.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cellKey, endedQuarters, numbersFrom } from '../src/fhir/numbers';

const MASKED = { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' }] };
const value = (code: string, text = code) => ({ coding: [{ code }], text });
const axis = (code: string) => ({ coding: [{ code }] });

test('counts, and hidden ones as such', () => {
  const report = {
    resourceType: 'MeasureReport',
    group: [{
      population: [{ count: 60 }],
      stratifier: [
        { code: [axis('hospital')], stratum: [{ value: value('Organization/a', 'A'), population: [{ count: 0 }] }, { value: value('Organization/b', 'B'), population: [{ _count: MASKED }] }] },
        { code: [axis('urgency')], stratum: [{ value: value('stat'), population: [{ count: 60 }] }] },
        { code: [axis('hospital'), axis('urgency')], stratum: [{ component: [{ value: value('Organization/a') }, { value: value('stat') }], population: [{ _count: MASKED }] }] },
      ],
    }],
  };
  const found = numbersFrom(report);
  assert.equal(found.total, 60);
  assert.deepEqual(found.hospitals, [{ code: 'Organization/a', text: 'A', count: 0 }, { code: 'Organization/b', text: 'B', count: null }]);
  assert.deepEqual(found.values, [{ code: 'stat', text: 'stat', count: 60 }]);
  assert.deepEqual([...found.cells], [[cellKey('Organization/a', 'stat'), null]]);
});

test('the running quarter is not offered', () => {
  assert.deepEqual(endedQuarters(Date.parse('2026-11-22T00:00:00Z'), 4), ['2026-Q3', '2026-Q2', '2026-Q1', '2025-Q4']);
  assert.deepEqual(endedQuarters(Date.parse('2026-12-31T23:59:59Z'), 1), ['2026-Q3']);
  assert.deepEqual(endedQuarters(Date.parse('2027-01-01T00:00:00Z'), 1), ['2026-Q4']);
});
