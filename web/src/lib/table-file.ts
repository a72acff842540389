// SPDX-License-Identifier: Apache-2.0
// A table as a file: CSV (RFC 4180), and handing a file to whoever sits here. XLSX is
// lib/xlsx.ts, loaded when it is asked for. A cell that a spreadsheet would take for a formula
// is written as text.

export type Cell = string | number;

function asText(cell: Cell): string {
  const text = String(cell);
  return typeof cell === 'string' && /^[=+\-@\t\0]/.test(text) ? `'${text}` : text;
}

export function csvOf(rows: readonly (readonly Cell[])[]): string {
  const cell = (one: Cell) => (/[",\r\n]/.test(asText(one)) ? `"${asText(one).replace(/"/g, '""')}"` : asText(one));
  return rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Hand ${content} to whoever sits here. */
export function saveFile(name: string, type: string, content: BlobPart): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
