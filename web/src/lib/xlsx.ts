// SPDX-License-Identifier: Apache-2.0
// A table as an XLSX file (ECMA-376: a few XML parts in a ZIP archive), to write and to read.
// Reading takes what spreadsheets and reporting programs produce: shared and inline texts,
// numbers, days by the format of the cell, rows and cells that are left out. Formulas are
// never worked out: the value that was stored with them counts.
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import type { Cell } from './table-file';

const FIRST_DAY = new Date(1980, 0, 1); // of what a ZIP archive can say
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

function xml(text: string): string {
  const plain = text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, ''); // no XML holds these
  return plain.replace(/[&<>"]/g, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[one] ?? one);
}

function sheetOf(rows: readonly (readonly Cell[])[]): string {
  const cell = (one: Cell) => (typeof one === 'number' ? `<c><v>${one}</v></c>` : `<c t="inlineStr"><is><t xml:space="preserve">${xml(one)}</t></is></c>`);
  const lines = rows.map((row) => `<row>${row.map(cell).join('')}</row>`).join('');
  return `${HEAD}<worksheet xmlns="${MAIN}"><sheetData>${lines}</sheetData></worksheet>`;
}

/** One sheet. A string stays a string: nothing in it is a formula. */
export function xlsxOf(rows: readonly (readonly Cell[])[], sheet: string): Uint8Array<ArrayBuffer> {
  const name = xml(sheet.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31));
  const files: [string, string][] = [
    ['[Content_Types].xml', `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${SHEET}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${SHEET}.worksheet+xml"/></Types>`],
    ['_rels/.rels', `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`],
    ['xl/workbook.xml', `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${name}" sheetId="1" r:id="rId1"/></sheets></workbook>`],
    ['xl/_rels/workbook.xml.rels', `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`],
    ['xl/worksheets/sheet1.xml', sheetOf(rows)],
  ];
  const packed = Object.fromEntries(files.map(([path, text]) => [path, strToU8(text)]));
  return new Uint8Array(zipSync(packed, { mtime: FIRST_DAY })); // the same table gives the same file
}

// ---- reading ----

export interface Sheet {
  name: string;
  rows: string[][];
}

const MOST_BYTES = 64 << 20; // of a part, unpacked: a small archive can hold an endless one
const DAY = 86_400_000;
/** Formats of cells that every program knows as a day, by their number. */
const DAY_FORMATS = new Set([14, 15, 16, 17, 22, ...Array.from({ length: 10 }, (_, n) => 27 + n), ...Array.from({ length: 9 }, (_, n) => 50 + n)]);

function unpack(bytes: Uint8Array): Map<string, string> {
  const parts = unzipSync(bytes, {
    filter: (file) => {
      if (file.originalSize > MOST_BYTES) throw new Error('too large');
      return /\.(xml|rels)$/.test(file.name);
    },
  });
  return new Map(Object.entries(parts).map(([name, content]) => [name.replace(/^\//, ''), strFromU8(content)]));
}

function parse(text: string | undefined): Document | null {
  if (!text) return null;
  const document = new DOMParser().parseFromString(text, 'application/xml');
  return document.getElementsByTagName('parsererror').length > 0 ? null : document;
}

/** By local names: some programs write a prefix before each. */
function all(from: Document | Element | null, name: string): Element[] {
  return from ? [...from.getElementsByTagNameNS('*', name)] : [];
}

/** The text of an entry, which may be in pieces; how it is to be pronounced is left out. */
function textOf(element: Element): string {
  return all(element, 't').filter((one) => one.parentElement?.localName !== 'rPh').map((one) => one.textContent ?? '').join('');
}

/** Does ${format} write a day, a month or a year? Words in it and colours do not count. */
export function isDayFormat(format: string): boolean {
  const bare = format.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '');
  return /[yd年月日]/i.test(bare) || /m{3,}/i.test(bare);
}

/** Which styles of cells show a day. */
function dayStyles(styles: Document | null): boolean[] {
  const own = new Map(all(styles, 'numFmt').map((one) => [Number(one.getAttribute('numFmtId')), one.getAttribute('formatCode') ?? '']));
  const list = all(all(styles, 'cellXfs')[0] ?? null, 'xf');
  return list.map((one) => {
    const id = Number(one.getAttribute('numFmtId'));
    const format = own.get(id);
    return format === undefined ? DAY_FORMATS.has(id) : isDayFormat(format);
  });
}

/** The day with ${serial}: counted from 1900 with a 29 February that never was, or from 1904. */
export function dayOfSerial(serial: number, from1904: boolean): string {
  const begin = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 60 ? 31 : 30);
  return new Date(begin + Math.floor(serial) * DAY).toISOString().slice(0, 10);
}

/** "C7" is in column 2. */
function columnOf(reference: string | null): number {
  const letters = /^[A-Z]+/.exec(reference ?? '')?.[0];
  return letters ? [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1 : -1;
}

interface Book {
  texts: string[];
  days: boolean[];
  from1904: boolean;
}

function cellText(cell: Element, book: Book): string {
  const kind = cell.getAttribute('t') ?? 'n';
  const value = all(cell, 'v')[0]?.textContent ?? '';
  if (kind === 's') return book.texts[Number(value)] ?? '';
  if (kind === 'inlineStr') return textOf(cell);
  if (kind === 'b') return value === '1' ? 'TRUE' : 'FALSE';
  if (kind === 'd') return value.slice(0, 10);
  if (kind !== 'n' || value === '') return value;
  const number = Number(value);
  if (book.days[Number(cell.getAttribute('s') ?? 0)] && number >= 1 && number < 2_958_466) return dayOfSerial(number, book.from1904);
  return String(number); // 1.1000000000000001 as it is shown
}

function rowsOf(sheet: Document | null, book: Book): string[][] {
  const rows: string[][] = [];
  for (const row of all(sheet, 'row')) {
    const at = Number(row.getAttribute('r') ?? 0) - 1;
    const cells: string[] = [];
    for (const cell of all(row, 'c')) {
      const column = columnOf(cell.getAttribute('r'));
      const to = column < 0 ? cells.length : column;
      if (to > 1000) continue; // no logbook is so wide
      while (cells.length < to) cells.push('');
      cells[to] = cellText(cell, book);
    }
    while (at > rows.length && at < 100_000) rows.push([]); // so that lines keep their numbers
    rows.push(cells);
  }
  return rows;
}

/** The sheets of a file, in their order; what is hidden is left out. Throws where it is no such file. */
export function readXlsx(bytes: Uint8Array): Sheet[] {
  const parts = unpack(bytes);
  const workbook = parse(parts.get('xl/workbook.xml'));
  if (!workbook) throw new Error('no workbook');
  const targets = new Map(all(parse(parts.get('xl/_rels/workbook.xml.rels')), 'Relationship').map((one) => [one.getAttribute('Id'), one.getAttribute('Target') ?? '']));
  const book: Book = {
    texts: all(parse(parts.get('xl/sharedStrings.xml')), 'si').map(textOf),
    days: dayStyles(parse(parts.get('xl/styles.xml'))),
    from1904: ['1', 'true'].includes(all(workbook, 'workbookPr')[0]?.getAttribute('date1904') ?? ''),
  };
  return all(workbook, 'sheet').filter((one) => !one.getAttribute('state')).map((one) => {
    const target = targets.get(one.getAttributeNS(OFFICE, 'id')) ?? '';
    const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
    return { name: one.getAttribute('name') ?? '', rows: rowsOf(parse(parts.get(path)), book) };
  });
}
