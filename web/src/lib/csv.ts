// SPDX-License-Identifier: Apache-2.0
// Reading CSV as spreadsheets write it: with or without a mark of its encoding, parted by
// commas, semicolons, tabs or bars, quoted or not.

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'windows-1251', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export interface Decoded {
  text: string;
  encoding: Encoding;
  /** Nothing in the file says which it is: whoever knows the file must look. */
  guessed: boolean;
}

function startsWith(bytes: Uint8Array, ...mark: number[]): boolean {
  return mark.every((byte, at) => bytes[at] === byte);
}

/** The text of ${bytes}, in ${wanted} if somebody chose it. */
export function decode(bytes: Uint8Array, wanted?: Encoding): Decoded {
  if (wanted) return { text: new TextDecoder(wanted).decode(bytes), encoding: wanted, guessed: true };
  if (startsWith(bytes, 0xff, 0xfe)) return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'utf-16le', guessed: false };
  if (startsWith(bytes, 0xfe, 0xff)) return { text: new TextDecoder('utf-16be').decode(bytes), encoding: 'utf-16be', guessed: false };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8', guessed: false };
  } catch {
    return { text: new TextDecoder('gb18030').decode(bytes), encoding: 'gb18030', guessed: true };
  }
}

const SEPARATORS = [',', ';', '\t', '|'];

/** Rows of ${text} parted by ${separator}; the last line break makes no row. */
export function rowsOfCsv(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  let begun = false; // something stands in this line
  const endCell = () => {
    row.push(cell);
    cell = '';
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text[++at];
      else quoted = false;
      continue;
    }
    if (char === '"' && cell === '') quoted = true;
    else if (char === separator) endCell();
    else if (char === '\n' || char === '\r') {
      if (char === '\r' && text[at + 1] === '\n') at++;
      endCell();
      rows.push(row);
      row = [];
      begun = false;
      continue;
    } else cell += char;
    begun = true;
  }
  if (begun) {
    endCell();
    rows.push(row);
  }
  return rows;
}

/** Which of them parts most lines into the same number of cells, of more than one. */
function separatorOf(text: string): string {
  const start = text.slice(0, 20_000);
  const score = (separator: string) => {
    const widths = rowsOfCsv(start, separator).slice(0, 30).map((row) => row.length);
    const first = widths[0] ?? 1;
    return first < 2 ? 0 : widths.filter((width) => width === first).length * 100 + first;
  };
  return SEPARATORS.reduce((best, one) => (score(one) > score(best) ? one : best));
}

export function readCsv(text: string): string[][] {
  const bare = text.replace(/^\ufeff/, '');
  const said = /^sep=(.)\r?\n/i.exec(bare); // as one program says it of its own files
  if (said?.[1]) return [[], ...rowsOfCsv(bare.slice(said[0].length), said[1])]; // lines keep their numbers
  return rowsOfCsv(bare, separatorOf(bare));
}
