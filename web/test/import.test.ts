// SPDX-License-Identifier: Apache-2.0
// An older logbook: columns by their names, words, and what is wrong with which line.
import assert from 'node:assert/strict';
import test from 'node:test';
import { LEAVE, firstChoices, guessColumns, judge, orderToAsk, tableOf, unknownWords, type Choices, type Table } from '../src/fhir/import';

function table(...rows: string[][]): Table {
  const found = tableOf('book.csv', rows);
  assert.ok(found);
  return found;
}

const HEAD = ['Date', 'Operation', 'Role', 'Consultant', 'Outcome', 'Case no'];

test('columns are found by their names, in several languages, each once', () => {
  assert.deepEqual(guessColumns(HEAD), { day: 0, procedure: 1, part: 2, with: 3, result: 4, number: 5, step: -1, place: -1, note: -1 });
  const chinese = guessColumns(['手术日期', '手术名称', '角色', '带教医生', '结局', '病案号', '备注']);
  assert.deepEqual([chinese.day, chinese.procedure, chinese.part, chinese.with, chinese.result, chinese.number, chinese.note], [0, 1, 2, 3, 4, 5, 6]);
  const russian = guessColumns(['Дата', 'Операция', 'Роль', 'Исход']);
  assert.deepEqual([russian.day, russian.procedure, russian.part, russian.result], [0, 1, 2, 3]);
});

test('a title above the table is left out; lines keep the numbers that a spreadsheet shows', () => {
  const found = table(['Logbook of 2024'], [], HEAD, ['2024-05-06', 'Appendectomy', 'Surgeon'], ['', ''], ['2024-05-07', 'appendectomy', '一助']);
  assert.deepEqual(found.head, HEAD);
  assert.deepEqual(found.lines.map((one) => one.line), [4, 6]);
  const judged = judge(found, firstChoices(found));
  assert.deepEqual(judged.good.map((one) => [one.day, one.code, one.part]), [['2024-05-06', 'appendectomy', 'operator'], ['2024-05-07', 'appendectomy', 'assistant']]);
  assert.equal(tableOf('x', [['one'], ['two']]), null);
});

test('a word that means nothing is asked about, once, and can be left out', () => {
  const found = table(HEAD, ['2024-05-06', 'Lap. appendix', 'PS'], ['2024-05-07', 'Lap. appendix', 'PS'], ['2024-05-08', 'Hernia repair', 'surgeon']);
  const first = firstChoices(found);
  assert.deepEqual(unknownWords(found, first, 'procedure'), [{ text: 'Lap. appendix', lines: 2 }]);
  assert.deepEqual(judge(found, first).bad.map((one) => [one.line.line, one.field, one.problem]), [[2, 'procedure', 'unknown'], [3, 'procedure', 'unknown']]);
  const said: Choices = { ...first, words: { procedure: { 'Lap. appendix': 'appendectomy' }, part: { PS: LEAVE }, result: {} } };
  assert.deepEqual(judge(found, said).bad.map((one) => [one.line.line, one.field, one.problem]), [[2, 'part', 'left'], [3, 'part', 'left']]);
  assert.equal(judge(found, { ...said, words: { ...said.words, part: { PS: 'operator' } } }).good.length, 3);
});

test('what is wrong is named with its line and column', () => {
  const found = table(
    HEAD, ['', 'Appendectomy', 'surgeon'], ['31/4/2024', 'Appendectomy', 'surgeon'], ['2024-05-06', '', 'surgeon'], ['2024-05-06', 'Appendectomy', ''], ['2024-05-06', 'Appendectomy', 'surgeon', '', 'fine'],
  );
  assert.deepEqual(judge(found, firstChoices(found)).bad.map((one) => [one.line.line, one.field, one.problem, one.text]), [
    [2, 'day', 'needed', ''], [3, 'day', 'no-date', '31/4/2024'], [4, 'procedure', 'needed', ''], [5, 'part', 'needed', ''], [6, 'result', 'unknown', 'fine'],
  ]);
});

test('day or month first is read off the column, or asked', () => {
  const told = table(HEAD, ['6/5/2024', 'Appendectomy', 'surgeon'], ['16/5/2024', 'Appendectomy', 'surgeon']);
  assert.deepEqual(judge(told, firstChoices(told)).good.map((one) => one.day), ['2024-05-06', '2024-05-16']);
  const unclear = table(HEAD, ['6/5/2024', 'Appendectomy', 'surgeon']);
  const first = firstChoices(unclear);
  assert.deepEqual(orderToAsk(unclear, first), { example: '6/5/2024', orders: ['dmy', 'mdy'] });
  assert.equal(orderToAsk(told, firstChoices(told)), null);
  assert.deepEqual(judge(unclear, first).bad.map((one) => one.problem), ['unclear']);
  assert.equal(judge(unclear, { ...first, order: 'mdy' }).good[0]?.day, '2024-06-05');
});

test('where no column says my part, one choice holds for all lines', () => {
  const found = table(['Date', 'Operation'], ['2024-05-06', 'Appendectomy']);
  const first = firstChoices(found);
  assert.deepEqual(judge(found, first).bad.map((one) => [one.field, one.problem]), [['part', 'needed']]);
  assert.equal(judge(found, { ...first, part: 'assistant' }).good[0]?.part, 'assistant');
});
