// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bandsOf, type Band, type Cell, type Flow, type FlowWords } from '../src/lib/reason-flow';

const cell = (axis: string, code: string, count: number): Cell => ({ stratum: `${axis}|${code}`, parts: code.split('|'), count });
const WORDS: FlowWords = {
  head: (code) => (code.startsWith('n') ? 'North' : 'South'), reason: (code) => code, reach: (code) => code, path: (parts) => parts.join(' '), cell: ({ parts }) => parts.join(' '),
  together: 'together', elsewhere: 'elsewhere', anyReason: 'any reason', anyReach: 'any reach',
};
/** 60 journeys: of 41 their hospital is told, of 50 their reason, of 30 also how far, of 17 all of it. */
const FLOW: Flow = {
  whole: 60, heads: [cell('hospital', 'n1', 12), cell('hospital', 'n2', 9), cell('hospital', 's1', 20)],
  reasons: [cell('reason', 'able', 35), cell('reason', 'bed', 15)], reaches: [cell('why', 'able|near', 30)],
  paths: [cell('path', 'n1|able|near', 7), cell('path', 's1|able|near', 10)],
};
const said = (bands: readonly Band[]) => bands.map(({ fromWord, toWord, count, rest }) => `${fromWord} ${rest ? '~' : '>'} ${toWord} ${count}`);
const through = (bands: readonly Band[], end: 'from' | 'to', column: string) => bands.filter((one) => one[end].startsWith(column)).reduce((sum, { count }) => sum + count, 0);

test('all journeys are in each column, and what is told only together goes through the middle', () => {
  const bands = bandsOf(FLOW, WORDS);
  assert.deepEqual(said(bands), [
    'South > able 10', 'North > able 7', 'elsewhere ~ together 19', 'North ~ together 14', 'South ~ together 10',
    'together ~ able 18', 'together ~ bed 15', 'together ~ any reason 10',
    'able > near 30', 'bed ~ any reach 15', 'any reason ~ any reach 10', 'able ~ any reach 5',
  ]);
  for (const column of ['0', '2']) assert.equal(through(bands, 'from', column), 60);
  for (const column of ['2', '3']) assert.equal(through(bands, 'to', column), 60);
  for (const end of new Set(bands.map(({ to }) => to)).values()) if (!end.startsWith('3')) assert.equal(through(bands, 'to', end), through(bands, 'from', end), end);
});

test('a band leads to what it is made of; what is nowhere by itself leads nowhere', () => {
  const behind = (from: string, to: string) => bandsOf(FLOW, WORDS).find(({ fromWord, toWord }) => fromWord === from && toWord === to)?.behind.map(({ stratum, count }) => `${stratum} ${count}`);
  assert.deepEqual(behind('North', 'able'), ['path|n1|able|near 7']);
  assert.deepEqual(behind('North', 'together'), ['hospital|n1 12', 'hospital|n2 9']);
  assert.deepEqual(behind('able', 'any reach'), ['reason|able 35']);
  assert.deepEqual(behind('elsewhere', 'together'), []);
});

test('of one hospital alone what is told leads on, and its rest is one grey way', () => {
  const bands = bandsOf({ whole: 12, heads: [cell('hospital', 'n1', 12)], reasons: [], reaches: [], paths: [cell('path', 'n1|able|near', 7)] }, WORDS);
  assert.deepEqual(said(bands), ['North > able 7', 'North ~ together 5', 'together ~ any reason 5', 'able > near 7', 'any reason ~ any reach 5']);
});

test('where not even the whole is told only what is told is drawn', () => {
  assert.deepEqual(said(bandsOf({ ...FLOW, whole: null, reasons: [], reaches: [] }, WORDS)), ['South > able 10', 'North > able 7', 'able > near 17']);
});
