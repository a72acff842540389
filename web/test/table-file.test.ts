// SPDX-License-Identifier: Apache-2.0
// Tables as files: what a spreadsheet program reads, and what it must not take for a formula.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { csvOf } from '../src/lib/table-file';
import { dayOfSerial, isDayFormat, xlsxOf } from '../src/lib/xlsx';

test('a cell with commas, quotes or lines is quoted; one like a formula is text', () => {
  assert.equal(csvOf([['a,b', 'say "x"', 'one\ntwo'], ['=1+1', '-x', 3]]), '"a,b","say ""x""","one\ntwo"\r\n\'=1+1,\'-x,3\r\n');
});

/** Read ${archive} by Python's zipfile, which nobody here wrote: names and texts. */
function unzip(archive: Uint8Array): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'belay-zip-'));
  try {
    writeFileSync(join(folder, 'a.zip'), archive);
    const script = 'import json,sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(json.dumps({n: z.read(n).decode() for n in z.namelist()}))';
    return JSON.parse(execFileSync('python3', ['-c', script, join(folder, 'a.zip')], { encoding: 'utf8' })) as Record<string, string>;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a sheet holds numbers as numbers and everything else as text', () => {
  const parts = unzip(xlsxOf([['Name', 'n'], ['=cmd <&>', 7]], 'Cases: all'));
  assert.match(parts['xl/worksheets/sheet1.xml'] ?? '', /<t xml:space="preserve">=cmd &lt;&amp;&gt;<\/t>.*<c><v>7<\/v><\/c>/);
  assert.match(parts['xl/workbook.xml'] ?? '', /name="Cases  all"/);
});

test('the same table gives the same file', () => {
  assert.deepEqual(xlsxOf([['a', 1]], 'x'), xlsxOf([['a', 1]], 'x'));
});

test('the number of a day is counted as spreadsheets count it', () => {
  assert.equal(dayOfSerial(45418, false), '2024-05-06');
  assert.equal(dayOfSerial(45418.75, false), '2024-05-06');
  assert.equal(dayOfSerial(1, false), '1900-01-01');
  assert.equal(dayOfSerial(59, false), '1900-02-28'); // number 60 is the day that never was
  assert.equal(dayOfSerial(61, false), '1900-03-01');
  assert.equal(dayOfSerial(43956, true), '2024-05-06');
});

test('a format of a cell writes a day, or it does not', () => {
  for (const format of ['yyyy-mm-dd', 'd/m/yy', '[$-804]yyyy"年"m"月"d"日"', 'mmm', 'dddd']) assert.ok(isDayFormat(format), format);
  for (const format of ['0.00', '#,##0 "days"', '[Red]0', 'h:mm', '0\\d']) assert.ok(!isDayFormat(format), format);
});
