// SPDX-License-Identifier: Apache-2.0
// Volumes out of a file: what is read of a line, what is wrong with it, what is there already.
import assert from 'node:assert/strict';
import test from 'node:test';
import { tableOf } from '../src/fhir/import';
import { reportOf, volumeId } from '../src/fhir/volumes';
import { judge, placesOf, type Known } from '../src/fhir/volumes-check';
import { readCsv } from '../src/lib/csv';

const KNOWN: Known = {
  organizations: [{ id: 'lhasa', name: 'Lhasa', within: '' }, { id: 'far', name: 'Far', within: '' }, { id: 's1', name: 'Surgery', within: 'lhasa' }, { id: 's2', name: 'Surgery', within: 'far' },
    { id: 'w1', name: 'Ward', within: 's1' }, { id: 'w2', name: 'Ward', within: 'lhasa' }],
  locations: [{ id: 'tibet', name: 'Tibet', within: '' }],
  written: new Map([['outpatients-2021-01-s1', '120'], ['outpatients-2021-02-s1', '130']]),
};

function judged(...lines: string[]) {
  const table = tableOf('', readCsv(['kind,hospital,department,place,month,value', ...lines].join('\n')));
  assert.ok(table);
  return judge(table, placesOf(table.head), KNOWN);
}
const wrong = (line: string) => judged(line).bad.flatMap((one) => one.wrongs.map((each) => `${one.line.line} ${each.column} ${each.fault}`)).join(', ');

test('a line is of a department of its hospital, by name or id', () => {
  assert.deepEqual(judged('outpatients,Lhasa,Surgery,,2021-03,1400', 'inpatients,far,s2,,2021/3,"1,400"', 'surgeries,FAR,,,2021-03-01,0', 'life-expectancy,,,Tibet,2021,72.19', 'population,,,Tibet,2020,"3,648,100"').good.map((one) => `${one.id} ${one.told.value}`),
    ['outpatients-2021-03-s1 1400', 'inpatients-2021-03-s2 1400', 'surgeries-2021-03-far 0', 'life-expectancy-2021-tibet 72.19', 'population-2020-tibet 3648100']);
});

test('each broken line is named with its line and column', () => {
  assert.equal(wrong('visits,Lhasa,Surgery,,2021-03,1'), '2 kind no-kind');
  assert.equal(wrong('outpatients,Lhasa,Eyes,,2021-03,1'), '2 department no-unit');
  assert.equal(wrong('outpatients,Lhasa,Ward,,2021-03,1'), '2 department two-units');
  assert.equal(wrong('outpatients,,Surgery,,2021-13,1.5'), '2 hospital needed, 2 month no-month, 2 value no-number');
  assert.equal(wrong('outpatients,Lhasa,Surgery,,2021,-4'), '2 month no-month, 2 value no-number');
  assert.equal(wrong('outpatients,Lhasa,,,2021-03-02,4'), '2 month no-month');
  assert.equal(wrong('life-expectancy,,,Tibet,2021-03,70'), '2 month no-year');
  assert.equal(wrong('population,,,Tibet,2021-03,1.5'), '2 month no-year, 2 value no-number');
  assert.equal(wrong('life-expectancy,,,Moon,2021,'), '2 place no-unit, 2 value needed');
});

test('a month that is there is not written again, another figure corrects it, and none stands twice', () => {
  const found = judged('outpatients,Lhasa,Surgery,,2021-01,120', 'outpatients,Lhasa,Surgery,,2021-02,131', 'outpatients,Lhasa,s1,,2021-02,132');
  assert.equal(found.there, 1);
  assert.deepEqual(found.good.map((one) => [one.told.value, one.before]), [['131', '130']]);
  assert.deepEqual(found.bad.map((one) => one.wrongs.map((each) => each.fault)), [['twice']]);
});

test('inhabitants can be told by sex or by language, and nothing else can', () => {
  const part = (...lines: string[]) => {
    const table = tableOf('', readCsv(['kind,place,month,sex,language,hospital,value', ...lines].join('\n')));
    assert.ok(table);
    return judge(table, placesOf(table.head), KNOWN);
  };
  const { good, bad } = part('population,Tibet,2020,,,,3648100', 'population,Tibet,2020,Female,,,1730000', 'population,Tibet,2020,,zh-CN,,400000');
  assert.deepEqual([good.map((one) => one.id), bad], [['population-2020-tibet', 'population-2020.sex-female.tibet', 'population-2020.language-zh-CN.tibet'], []]);
  assert.deepEqual(reportOf(good[1]?.told ?? assert.fail()).group, [{ stratifier: [{
    code: [{ coding: [{ system: 'https://belay.health/CodeSystem/indicator-stratum', code: 'sex' }] }],
    stratum: [{ value: { coding: [{ system: 'http://hl7.org/fhir/administrative-gender', code: 'female' }] }, population: [{ code: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/measure-population', code: 'initial-population' }] }, count: 1730000 }] }],
  }] }]);
  const wrongs = part('population,Tibet,2020,woman,,,1', 'population,Tibet,2020,,tibetan,,1', 'population,Tibet,2020,male,bo,,1', 'outpatients,,2020-01,male,,Lhasa,1').bad;
  assert.deepEqual(wrongs.map((one) => one.wrongs.map((each) => `${one.line.line} ${each.column} ${each.fault}`).join()), ['2 sex no-sex', '3 language no-language', '4 language two-parts', '5 sex no-part']);
});

test('columns that must be there are named', () => {
  const table = tableOf('', readCsv('kind,hospital\noutpatients,Lhasa\n'));
  assert.ok(table);
  assert.deepEqual(judge(table, placesOf(table.head), KNOWN).missing, ['month', 'value']);
});

test('the id is what the node wants, 64 characters at most', () => {
  const told = { kind: 'outpatients', of: '0123456789'.repeat(6) + '0123', time: '2025-03', value: '4' } as const;
  assert.equal(volumeId(told), `outpatients-2025-03-${told.of.slice(20)}`.slice(0, 64));
  assert.equal(volumeId(told).length, 64);
  assert.equal(JSON.stringify(reportOf(told)).includes('"period":{"start":"2025-03","end":"2025-03"}'), true);
});
