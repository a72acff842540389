// SPDX-License-Identifier: Apache-2.0
// Reading tables that spreadsheets write: encodings, separators, quotes, days.
import assert from 'node:assert/strict';
import test from 'node:test';
import { decode, readCsv } from '../src/lib/csv';
import { dayOf, isUnclear, ordersOf } from '../src/lib/day-order';

const bytes = (...list: number[]) => new Uint8Array(list);

test('a file says its encoding, or is read as what it can be', () => {
  assert.deepEqual(decode(bytes(0xef, 0xbb, 0xbf, 0x61)), { text: 'a', encoding: 'utf-8', guessed: false });
  assert.deepEqual(decode(bytes(0xff, 0xfe, 0x61, 0)), { text: 'a', encoding: 'utf-16le', guessed: false });
  assert.deepEqual(decode(new TextEncoder().encode('手术')), { text: '手术', encoding: 'utf-8', guessed: false });
  const chinese = bytes(0xca, 0xd6, 0xca, 0xf5); // 手术 as a Chinese spreadsheet saves it
  assert.deepEqual(decode(chinese), { text: '手术', encoding: 'gb18030', guessed: true });
  assert.equal(decode(bytes(0xc4, 0xe5, 0xed, 0xfc), 'windows-1251').text, 'День');
});

test('commas, semicolons, tabs and bars; quotes and lines in them', () => {
  assert.deepEqual(readCsv('a,b\r\n1,"x, ""y"""\r\n'), [['a', 'b'], ['1', 'x, "y"']]);
  assert.deepEqual(readCsv('\ufeffa;b;c\n1,5;2;3'), [['a', 'b', 'c'], ['1,5', '2', '3']]);
  assert.deepEqual(readCsv('a\tb\n1\t2\n'), [['a', 'b'], ['1', '2']]);
  assert.deepEqual(readCsv('a|b\n1|2'), [['a', 'b'], ['1', '2']]);
  assert.deepEqual(readCsv('a,b\r"one\r\ntwo",2\r'), [['a', 'b'], ['one\r\ntwo', '2']]);
  assert.deepEqual(readCsv('sep=;\r\na;b\r\n1;2'), [[], ['a', 'b'], ['1', '2']]);
  assert.deepEqual(readCsv('a,b\n\n1,'), [['a', 'b'], [''], ['1', '']]);
  assert.deepEqual(readCsv('a,b\nthe 6" nail,2'), [['a', 'b'], ['the 6" nail', '2']]);
});

test('days that need no habit', () => {
  for (const text of ['2024-05-06', '2024/5/6', '2024.05.06', '2024年5月6日', '20240506', '6 May 2024', '06-May-2024', 'May 6, 2024', '6 мая 2024', '2024-05-06 09:30', '2024-05-06T09:30:00Z', '6-May-24']) {
    assert.equal(dayOf(text, ''), '2024-05-06', text);
  }
  for (const text of ['', 'soon', '2024-02-30', '31/4/2024', '2024', '45418', '0206-05-06']) assert.equal(dayOf(text, ''), '', text);
});

test('what stands first is read off the column, or asked', () => {
  assert.deepEqual(ordersOf(['6/5/2024', '13/5/2024']), ['dmy']);
  assert.deepEqual(ordersOf(['6/5/2024', '5/13/2024']), ['mdy']);
  assert.equal(isUnclear(['6/5/2024', '13/5/2024']), false);
  assert.equal(isUnclear(['6/5/2024', '7/5/2024']), true);
  assert.equal(isUnclear(['13/5/2024', '5/13/2024']), false); // both are clear by themselves
  assert.equal(isUnclear(['6/5/2024', '13/5/2024', '5/13/2024']), true); // no habit fits all
  assert.equal(isUnclear(['5/5/2024', '2024-05-06']), false);
  assert.equal(isUnclear(['24-05-06']), true); // which is the year?
  assert.equal(dayOf('6.5.2024', 'dmy'), '2024-05-06');
  assert.equal(dayOf('5/6/24', 'mdy'), '2024-05-06');
  assert.equal(dayOf('24-05-06', 'ymd'), '2024-05-06');
  assert.equal(dayOf('5/6/98', 'mdy'), '1998-05-06');
  assert.equal(dayOf('13/5/2024', ''), '2024-05-13');
  assert.equal(dayOf('5/13/2024', 'dmy'), '');
});
