// SPDX-License-Identifier: Apache-2.0
// A table as a file: CSV (RFC 4180) and XLSX (ECMA-376: a few XML parts in a ZIP archive
// without compression, APPNOTE 6.3). A cell that a spreadsheet would take for a formula is
// written as text.

export type Cell = string | number;

function asText(cell: Cell): string {
  const text = String(cell);
  return typeof cell === 'string' && /^[=+\-@\t\0]/.test(text) ? `'${text}` : text;
}

export function csvOf(rows: readonly (readonly Cell[])[]): string {
  const cell = (one: Cell) => (/[",\r\n]/.test(asText(one)) ? `"${asText(one).replace(/"/g, '""')}"` : asText(one));
  return rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

// ---- ZIP ----

const CRC_TABLE = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (CRC_TABLE[(c ^ byte) & 0xff] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function fields(...list: [value: number, bytes: 2 | 4][]): Uint8Array {
  const out = new Uint8Array(list.reduce((sum, [, bytes]) => sum + bytes, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [value, bytes] of list) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return out;
}

function joined(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const FIRST_OF_1980: [number, 2][] = [[0, 2], [0x21, 2]]; // the same table gives the same file

/** Files, stored as they are. */
export function zipOf(files: readonly (readonly [name: string, text: string])[]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const bodies: Uint8Array[] = [];
  const index: Uint8Array[] = [];
  let offset = 0;
  for (const [name, text] of files) {
    const path = encoder.encode(name);
    const body = encoder.encode(text);
    const sizes: [number, 2 | 4][] = [[crc32(body), 4], [body.length, 4], [body.length, 4], [path.length, 2], [0, 2]];
    const common: [number, 2 | 4][] = [[20, 2], [0x800, 2], [0, 2], ...FIRST_OF_1980, ...sizes];
    const local = joined([fields([0x04034b50, 4], ...common), path, body]);
    index.push(joined([fields([0x02014b50, 4], [20, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]), path]));
    bodies.push(local);
    offset += local.length;
  }
  const directory = joined(index);
  const end = fields([0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [directory.length, 4], [offset, 4], [0, 2]);
  return joined([...bodies, directory, end]);
}

// ---- XLSX ----

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
  return zipOf([
    ['[Content_Types].xml', `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${SHEET}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${SHEET}.worksheet+xml"/></Types>`],
    ['_rels/.rels', `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`],
    ['xl/workbook.xml', `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${name}" sheetId="1" r:id="rId1"/></sheets></workbook>`],
    ['xl/_rels/workbook.xml.rels', `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`],
    ['xl/worksheets/sheet1.xml', sheetOf(rows)],
  ]);
}

/** Hand ${content} to whoever sits here. */
export function saveFile(name: string, type: string, content: BlobPart): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
