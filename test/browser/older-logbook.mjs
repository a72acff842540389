// SPDX-License-Identifier: Apache-2.0
// An older logbook comes in: from a CSV as a Chinese spreadsheet saves it, on a phone, with
// days that can be read in two ways, words to be asked about and lines that cannot be taken;
// they come back as a file, are put right and taken; and from an XLSX with a cell of each kind.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessible, fits, picture } from './lib/browser.mjs';
import { check, eventually, exactly, field, reads, step } from './lib/report.mjs';

const HEAD = ['Date', 'Operation', 'Role', 'Consultant', 'Outcome', 'Hospital', 'My remarks'];
const LINES = [
  ['4/5/2021', 'Appendectomy', 'surgeon', 'Dr Old; retired', 'well', 'Far Hospital', '"quoted"'],
  ['5/5/2021', 'Lap. appendix', 'PS', '', '', 'Far Hospital', ''],
  ['6/5/2021', 'Lap. appendix', 'PS', '', 'died', 'Far Hospital', 'two\nlines'],
  ['', 'Appendectomy', 'surgeon', '', '', '', ''],
  ['7/5/2021', 'Magic', 'surgeon', '', '', '', ''],
  ['8/5/2091', 'Appendectomy', 'surgeon', '', '', '', ''],
];

function csv(rows, separator) {
  return rows.map((row) => row.map((cell) => (/["\n;,]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(separator)).join('\r\n') + '\r\n';
}

/** Written by Python's zipfile, as other programs write it: shared texts, days as numbers, gaps, a hidden sheet, a prefix before each name. */
function workbook(path) {
  const x = (name, text, attributes = '') => `<x:${name}${attributes}>${text}</x:${name}>`;
  const main = ' xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"';
  const shared = ['Date', 'Operation', 'Role', 'Chest &amp; drain', 'surgeon'].map((text) => x('si', x('t', text))).join('') + x('si', x('r', x('t', 'Append')) + x('r', x('t', 'ectomy')));
  const row = (at, cells) => x('row', cells, ` r="${at}"`);
  const text = (at, n) => x('c', x('v', n), ` r="${at}" t="s"`);
  const parts = {
    '_rels/.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>',
    'xl/workbook.xml': x('workbook', x('sheets', x('sheet', '', ' name="Secret" sheetId="2" state="hidden" r:id="b"') + x('sheet', '', ' name="Book" sheetId="1" r:id="a"')), main),
    'xl/_rels/workbook.xml.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Target="worksheets/one.xml"/><Relationship Id="b" Target="/xl/worksheets/two.xml"/></Relationships>',
    'xl/sharedStrings.xml': x('sst', shared, main),
    'xl/styles.xml': x('styleSheet', x('numFmts', x('numFmt', '', ' numFmtId="170" formatCode="d\\-mmm\\-yyyy"')) + x('cellXfs', x('xf', '', ' numFmtId="0"') + x('xf', '', ' numFmtId="14"') + x('xf', '', ' numFmtId="170"')), main),
    'xl/worksheets/one.xml': x('worksheet', x('sheetData',
      row(3, text('A3', 0) + text('C3', 1) + text('D3', 2))
      + row(5, x('c', x('v', '44684'), ' r="A5" s="1"') + text('C5', 5) + text('D5', 4))
      + row(6, x('c', x('v', '44685.5'), ' r="A6" s="2"') + text('C6', 3) + x('c', x('is', x('t', 'surgeon')), ' r="D6" t="inlineStr"'))), main),
    'xl/worksheets/two.xml': x('worksheet', x('sheetData', ''), main),
  };
  const script = 'import json,sys,zipfile\nwith zipfile.ZipFile(sys.argv[1],"w",zipfile.ZIP_DEFLATED) as z:\n  for n,t in json.load(sys.stdin).items(): z.writestr(n,t)';
  execFileSync('python3', ['-c', script, path], { input: JSON.stringify(parts) });
  return path;
}

async function look(page, name) {
  await fits(page);
  await accessible(page);
  await picture(page, name);
}

async function choose(page, file) {
  await page.locator('#import-file').setInputFiles(file);
}

async function fromCsv(page, folder) {
  const file = join(folder, 'book.csv');
  const rest = join(folder, 'rest.csv');
  await step('older logbook: a file of semicolons: its columns are found, what is unclear is asked', async () => {
    await page.getByRole('link', { name: 'Import an older logbook' }).click();
    await page.getByRole('heading', { name: 'Import an older logbook', level: 1 }).waitFor();
    writeFileSync(file, '\ufeff' + csv([HEAD, ...LINES], ';'));
    await choose(page, file);
    await page.getByText('book.csv: 6 lines').waitFor();
    await field(page.getByLabel('With', { exact: false }).first(), '3', 'the consultant is not found');
    await page.getByRole('group', { name: /What does “4\/5\/2021” mean/ }).getByLabel('The day, then the month').check();
    await page.getByLabel('“Lap. appendix”').selectOption('appendectomy');
    await page.getByLabel('“PS”').selectOption('operator');
    await look(page, 'phone-import-choices');
  });
  await step('older logbook: a dry run names what would be taken, and each line that is not', async () => {
    await page.getByRole('button', { name: 'Show what would be taken' }).click();
    await page.getByText('3 lines would be taken').waitFor();
    await exactly(3, page.locator('.import-bad > li'));
    const rows = await page.locator('.import-bad > li').allInnerTexts();
    check(/^Line 5\s+Date\s+Nothing stands here/.test(rows[0]) && /^Line 6\s+Operation\s+“?Magic/.test(rows[1]) && /^Line 7\s+Date\s+“?8\/5\/2091”?\s+This day has not come yet/.test(rows[2]), rows.join('\n'));
    await look(page, 'phone-import-preview');
  });
  await step('older logbook: the good lines are taken, the others come back as a file', async () => {
    await page.getByRole('button', { name: 'Take 3 lines' }).click();
    await page.getByText('3 lines were taken').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.import-save').getByRole('button', { name: 'CSV' }).click()]);
    await download.saveAs(rest);
    const text = readFileSync(rest, 'utf8');
    check(text.startsWith('\ufeffDate,Operation') && text.includes('Magic') && text.includes('Nothing stands here'), text);
  });
  await step('older logbook: the same file again writes nothing twice; what was put right is taken', async () => {
    await choose(page, file);
    await page.getByRole('group', { name: /What does “4\/5\/2021” mean/ }).getByLabel('The day, then the month').check();
    await page.getByLabel('“Lap. appendix”').selectOption('appendectomy');
    await page.getByLabel('“PS”').selectOption('operator');
    await page.getByRole('button', { name: 'Show what would be taken' }).click();
    await page.getByText('3 lines were taken before').waitFor();
    await eventually(() => page.getByRole('button', { name: 'Take 0 lines' }).isDisabled(), 'what was taken can be taken twice');
    writeFileSync(rest, readFileSync(rest, 'utf8').replace('Magic', 'Hernia repair'));
    await choose(page, rest);
    await page.getByRole('group', { name: /What does “7\/5\/2021” mean/ }).getByLabel('The day, then the month').check();
    await page.getByRole('button', { name: 'Show what would be taken' }).click();
    await page.getByRole('button', { name: 'Take 1 line' }).click();
    await page.getByText('1 line was taken').waitFor();
  });
}

async function fromXlsx(page, folder) {
  await step('older logbook: an XLSX of another program, and one that is none', async () => {
    writeFileSync(join(folder, 'no.xlsx'), 'PK\u0003\u0004 and nothing behind it');
    await choose(page, join(folder, 'no.xlsx'));
    await page.getByText('This file cannot be read as XLSX or CSV.').waitFor();
    await choose(page, workbook(join(folder, 'book.xlsx')));
    await page.getByText('book.xlsx: 2 lines').waitFor();
    await page.getByLabel('“Chest & drain”').selectOption('chest-drainage');
    await page.getByRole('button', { name: 'Show what would be taken' }).click();
    await page.getByRole('button', { name: 'Take 2 lines' }).click();
    await page.getByText('2 lines were taken').waitFor();
  });
  await step('older logbook: what was imported stands in the logbook, marked, and counts for nothing', async () => {
    await page.locator('.notice-good').getByRole('link', { name: 'My logbook' }).click();
    await page.getByRole('heading', { name: 'My logbook', level: 1 }).waitFor();
    await page.getByRole('article').filter({ hasText: 'Hernia repair' }).getByText('Imported 1').waitFor();
    const rows = page.locator('.log-rows > li');
    const imported = rows.filter({ hasText: 'it counts for no curve' });
    const older = page.getByRole('button', { name: 'Older ones' });
    await rows.first().waitFor();
    await eventually(async () => { // page by page, as long as there is one
      if (await imported.count() >= 6) return true;
      if (await older.count() === 0) return false;
      const before = await rows.count();
      await older.click();
      await rows.nth(before).waitFor();
      return false;
    }, async () => `${await imported.count()} rows are marked`);
    await exactly(6, imported);
    await reads(imported.filter({ hasText: 'Appendectomy' }), /May 3, 2022/);
    await look(page, 'phone-logbook-imported');
  });
}

export async function olderLogbook({ page }) {
  const folder = mkdtempSync(join(tmpdir(), 'belay-import-'));
  try {
    await fromCsv(page, folder);
    await fromXlsx(page, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
