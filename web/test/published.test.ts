// SPDX-License-Identifier: Apache-2.0
// Published figures out of a file: what is read from a line, what is wrong with it, what is there already.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { tableOf } from '../src/fhir/import';
import { COLUMNS, NOTHING, recordOf, saidBy, type Said } from '../src/fhir/published';
import { judge, measureOf, numberOf, placesOf, tidy, timeOf, wrongsOf } from '../src/fhir/published-check';
import { readCsv } from '../src/lib/csv';

const RIGHT: Said = { ...NOTHING, measure: 'local-staff-trained', wording: '5,536 trained', source: 'report', from: '2015', until: '2025', counting: 'total', bound: 'exact', value: '5536', unit: 'persons' };
const wrong = (more: Partial<Said>) => wrongsOf(tidy({ ...RIGHT, ...more })).map((one) => `${one.column} ${one.fault}`).join(', ');
const names = { ...NOTHING, value: '数值' };
const read = (text: string, there: Said[] = []) => {
  const table = tableOf('a.csv', readCsv(text));
  assert.ok(table);
  return judge(table, placesOf(table.head, names), there.map((said, at) => ({ id: String(at), said, problem: '', told: null })));
};

test('numbers and times as people write them', () => {
  assert.deepEqual(['5536', '5,536', '1 300 000', '72.19', '-3', '072'].map(numberOf), ['5536', '5536', '1300000', '72.19', '-3', '72']);
  assert.deepEqual(['', 'many', '1,5', '12,34', '1e3', '5536 people'].map(numberOf), ['', '', '', '', '', '']);
  assert.deepEqual(['2015', '2015-8', '2015/08', '20 Aug 2015', '2015年8月20日'].map(timeOf), ['2015', '2015-08', '2015-08', '2015-08-20', '2015-08-20']);
  assert.deepEqual(['', '0215', '2015-13', '2015-02-30', 'soon', '4/5/2015'].map(timeOf), ['', '', '', '', '', '']);
  assert.equal(measureOf(' Local staff_trained '), 'local-staff-trained');
});

test('each thing that is wrong is named with its column', () => {
  assert.equal(wrong({}), '');
  assert.equal(wrong({ wording: ' ', value: 'many', bound: 'roughly' }), 'wording needed, bound no-bound, value no-number');
  assert.equal(wrong({ from: '' }), 'from needed-from');
  assert.equal(wrong({ from: '', counting: 'STATE' }), '');
  assert.equal(wrong({ from: '2026' }), 'until backwards');
  assert.equal(wrong({ from: '2025-12-31', trend: 'none' }), '');
  assert.equal(wrong({ from: '2025-06-20', until: '2025-06' }), '');
  assert.equal(wrong({ from: '2025-07', until: '2025-06' }), 'until backwards');
  assert.equal(wrong({ until: '4/5/2025' }), 'until unclear');
  assert.equal(wrong({ other: '5' }), 'other-unit needed-unit');
  assert.equal(wrong({ 'other-unit': 'usd' }), 'other needed-other');
  assert.equal(wrong({ other: '5', 'other-unit': 'dollars' }), 'other-unit no-currency');
  assert.equal(wrong({ url: 'javascript:alert(1)' }), 'url no-address');
  assert.equal(wrong({ from: '', until: '' }), ''); // published without a time
  assert.equal(wrong({ until: '' }), 'until needed');
  assert.equal(wrong({ from: '', until: '', asked: 'outpatients', 'asked-until': '2019' }), 'asked-until question-time');
  assert.equal(wrong({ trend: 'up' }), 'trend no-trend');
  assert.equal(wrong({ 'asked-until': '2019' }), 'asked needed');
  assert.equal(wrong({ asked: 'outpatients', 'base-from': '2014' }), 'base-until needed');
  assert.equal(wrong({ asked: 'outpatients', 'asked-stratum': 'hospital' }), 'asked-stratum no-stratum');
});

test('a record says what was said, and keeps what is beside it', () => {
  const said = { ...RIGHT, before: '10', other: '2', 'other-unit': 'USD', scope: 'eight hospitals', asked: 'experts-deployed', 'asked-stratum': 'hospital|Organization/x', 'asked-from': '2019', 'asked-until': '2019', 'base-from': '2014', 'base-until': '2014' };
  assert.deepEqual(saidBy(recordOf('a', said)), said);
  const kept = recordOf('a', RIGHT, { ...recordOf('a', said), status: 'withdrawn', organization: { reference: 'Organization/o' } } as never);
  assert.equal(recordOf('a', { ...said, from: '', until: '' }, recordOf('a', said)).period, undefined);
  assert.deepEqual([kept.status, (kept as never as { organization: unknown }).organization, kept.scope, kept.before], ['withdrawn', { reference: 'Organization/o' }, undefined, undefined]);
});

test('lines of a file: good, broken, twice, and there already', () => {
  const head = 'Measure,wording,source,scope,from,until,counting,bound,数值,unit';
  const line = (value: string) => `local staff trained,w,s,,2015,2025,total,exact,${value},persons`;
  const judged = read([head, line('5'), line('six'), line('5'), line('7'), ''].join('\n'), [{ ...RIGHT, wording: 'w', source: 's', value: '7' }]);
  assert.deepEqual(judged.good.map((one) => [one.line.line, one.said.value]), [[2, '5']]);
  assert.deepEqual(judged.bad.map((one) => [one.line.line, one.wrongs[0]?.column, one.wrongs[0]?.fault]), [[3, 'value', 'no-number'], [4, 'measure', 'twice']]);
  assert.equal(judged.there, 1);
  assert.deepEqual(read('measure,wording\na,b').missing, ['source', 'counting', 'bound', 'value', 'unit']);
});

test('the figures that come with the program can be imported whole', () => {
  const text = readFileSync('../data/published-figures.csv', 'utf8');
  const judged = read(text);
  assert.deepEqual(readCsv(text)[0], [...COLUMNS]);
  assert.deepEqual([judged.good.length, judged.bad, judged.missing], [readCsv(text).length - 1, [], []]);
});
