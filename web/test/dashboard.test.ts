// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginOf, type Told, type Trend } from '../src/fhir/dashboard';

const trend = (indicator: string, amounts: readonly number[]): Trend => ({
  indicator, currency: '', whole: { kind: 'none' }, apart: null, years: amounts.map((amount, at) => ({ year: 2010 + at, told: { kind: 'exact', amount, unit: '' } satisfies Told })),
});

test('the years begin where several figures tell something', () => {
  assert.equal(beginOf([trend('equipment', [0, 3, 3, 4]), trend('techniques-introduced', [0, 0, 5, 5])], 2013), 2012);
  assert.equal(beginOf([trend('equipment', [0, 3, 3, 4])], 2013), 2011);
  assert.equal(beginOf([trend('equipment', [0, 0, 0, 0])], 2013), 2013);
});

test('the years begin where one figure goes on from year to year: experts who came before anything else was counted are not left out', () => {
  const experts = trend('experts-deployed', [0, 1, 2, 3, 0, 0, 0]);
  assert.equal(beginOf([experts, trend('equipment', [0, 0, 0, 0, 0, 3, 3]), trend('techniques-introduced', [0, 0, 0, 0, 0, 5, 5])], 2016), 2011);
  assert.equal(beginOf([trend('equipment', [1, 1, 1, 1, 1, 3, 3]), trend('techniques-introduced', [0, 0, 0, 0, 4, 5, 5])], 2016), 2014);
});

test('what is the same in every year, as what the catalogue lists, does not begin the years', () => {
  const listed = [trend('serious-illnesses-listed-in-region', [804, 804, 804, 804]), trend('minor-illnesses-listed-in-county', [53, 53, 53, 53])];
  assert.equal(beginOf([...listed, trend('equipment', [0, 3, 3, 4]), trend('techniques-introduced', [0, 0, 5, 5])], 2013), 2012);
});
