// SPDX-License-Identifier: Apache-2.0
// Tables as files: what a spreadsheet program reads, and what it must not take for a formula.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { crc32, csvOf, xlsxOf, zipOf } from '../src/lib/table-file';

test('a cell with commas, quotes or lines is quoted; one like a formula is text', () => {
  assert.equal(csvOf([['a,b', 'say "x"', 'one\ntwo'], ['=1+1', '-x', 3]]), '"a,b","say ""x""","one\ntwo"\r\n\'=1+1,\'-x,3\r\n');
});

test('the check sum is that of the standard', () => {
  assert.equal(crc32(new TextEncoder().encode('123456789')), 0xcbf43926); // the check value of CRC-32
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

test('an archive is read by another program, byte for byte', () => {
  assert.deepEqual(unzip(zipOf([['a.txt', 'one'], ['dir/b.txt', 'ལྷ་ས 拉萨']])), { 'a.txt': 'one', 'dir/b.txt': 'ལྷ་ས 拉萨' });
});

test('a sheet holds numbers as numbers and everything else as text', () => {
  const parts = unzip(xlsxOf([['Name', 'n'], ['=cmd <&>', 7]], 'Cases: all'));
  assert.match(parts['xl/worksheets/sheet1.xml'] ?? '', /<t xml:space="preserve">=cmd &lt;&amp;&gt;<\/t>.*<c><v>7<\/v><\/c>/);
  assert.match(parts['xl/workbook.xml'] ?? '', /name="Cases  all"/);
});
