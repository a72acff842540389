// SPDX-License-Identifier: Apache-2.0
// An older logbook as a table: which column is what, what its words mean, which lines can be
// taken and what is wrong with the others. The node has the last word (docs/LOGBOOK.md).
import { decode, readCsv, type Encoding } from '../lib/csv';
import { ORDERS, dayOf, isUnclear, ordersOf, type Order } from '../lib/day-order';
import { operation } from './client';
import { FUNCTIONS, RESULTS, procedureWords, type PartIn, type Result } from './logbook';

export const FIELDS = ['day', 'procedure', 'part', 'step', 'with', 'place', 'number', 'result', 'note'] as const;
export type Field = (typeof FIELDS)[number];
/** Columns whose words stand for a code. */
export type WordField = 'procedure' | 'part' | 'result';
export const LEAVE = 'leave';

export interface Line {
  /** As a spreadsheet counts its rows. */
  line: number;
  cells: string[];
}

export interface Table {
  name: string;
  head: string[];
  lines: Line[];
}

export interface Source {
  name: string;
  sheets: { name: string; rows: string[][] }[];
  /** Of a CSV file that does not say its encoding: what it was read as. */
  encoding: Encoding | '';
}

/** 'old': the format of before 2007; 'broken': nothing that can be read. */
export class FileProblem extends Error {
  constructor(readonly kind: 'old' | 'broken') {
    super(kind);
  }
}

export async function readTableFile(file: File, encoding?: Encoding): Promise<Source> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf) throw new FileProblem('old');
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    const { readXlsx } = await import('../lib/xlsx');
    try {
      return { name: file.name, sheets: readXlsx(bytes), encoding: '' };
    } catch {
      throw new FileProblem('broken');
    }
  }
  const decoded = decode(bytes, encoding);
  return { name: file.name, sheets: [{ name: '', rows: readCsv(decoded.text) }], encoding: decoded.guessed ? decoded.encoding : '' };
}

/** Rows below the first that names several columns: a title above it is left out. */
export function tableOf(name: string, rows: string[][]): Table | null {
  const filled = (row: string[]) => row.filter((cell) => cell.trim() !== '').length;
  const at = rows.findIndex((row) => filled(row) > 1);
  if (at < 0) return null;
  const lines = rows.map((cells, index) => ({ line: index + 1, cells })).slice(at + 1).filter((one) => filled(one.cells) > 0);
  return { name, head: (rows[at] ?? []).map((cell) => cell.trim()), lines };
}

const HEADS: readonly [Field, RegExp][] = [
  ['day', /\bdate\b|\bday\b|日期|手术时间|дата|ཉིན|ཚེས/i],
  ['part', /\brole\b|\bpart\b|\bmy function\b|角色|职责|身份|роль|участие/i],
  ['procedure', /procedure|operation|surgery|手术|术式|操作|операци|вмешательств|གཤག/i],
  ['step', /\bstep|\bstage|步骤|этап/i],
  ['with', /supervis|trainer|consultant|master|\bwith\b|surgeon|带教|指导|上级|руковод|наставник|хирург/i],
  ['place', /hospital|\bplace\b|\bsite\b|医院|地点|больниц|место/i],
  ['result', /outcome|result|complication|结果|结局|转归|并发症|исход|результат|осложнен/i],
  ['number', /number|\bno\b|\bid\b|\bmrn\b|case|编号|病案号|住院号|序号|номер|№/i],
  ['note', /note|comment|remark|备注|примечан|коммент/i],
];

export type Columns = Record<Field, number>;

/** By what stands at the head of each; -1: none. A column is one thing. */
export function guessColumns(head: readonly string[]): Columns {
  const columns = Object.fromEntries(FIELDS.map((field) => [field, -1])) as Columns;
  const taken = new Set<number>();
  for (const [field, words] of HEADS) {
    const at = head.findIndex((name, index) => !taken.has(index) && words.test(name));
    if (at < 0) continue;
    columns[field] = at;
    taken.add(at);
  }
  return columns;
}

// ---- words ----

/** Only what means one thing: "supervised" is the master's part in one book, the apprentice's in another. */
const PARTS: Record<PartIn, readonly string[]> = {
  operator: ['operator', 'operated', 'surgeon', 'primary surgeon', 'main surgeon', 'performed', '主刀', '术者', '手术者', '主刀医生', 'оператор', 'хирург', 'оперировал'],
  supervisor: ['supervisor', 'trainer', '带教', '指导', 'руководитель', 'наставник'],
  assistant: ['assistant', 'assisted', 'first assistant', '1st assistant', 'second assistant', '2nd assistant', '助手', '一助', '二助', '第一助手', '第二助手', 'ассистент', 'ассистировал'],
  observer: ['observer', 'observed', 'looked on', '观摩', '参观', 'наблюдатель', 'наблюдал'],
};
const OUTCOMES: Record<Result, readonly string[]> = {
  well: ['well', 'went well', 'good', 'uneventful', 'no complication', 'no complications', 'recovered', '痊愈', '治愈', '好转', '良好', '无并发症', 'без осложнений', 'хорошо'],
  complication: ['complication', 'minor complication', '轻微并发症', 'осложнение'],
  serious: ['serious', 'major complication', 'serious complication', '严重并发症', 'тяжёлое осложнение'],
  died: ['died', 'dead', 'death', '死亡', 'умер', 'умерла', 'смерть'],
  unknown: ['unknown', 'not known', 'lost to follow-up', '不详', '失访', 'неизвестно'],
};

function plain(text: string): string {
  return text.toLowerCase().normalize('NFKC').replace(/[\s_.,;:()/-]+/g, ' ').trim();
}

function tableOfWords(lists: readonly (readonly [string, readonly string[]])[]): Map<string, string> {
  return new Map(lists.flatMap(([code, words]) => [code, ...words].map((word) => [plain(word), code] as [string, string])));
}

const WORDS: Record<WordField, Map<string, string>> = {
  procedure: tableOfWords(procedureWords()),
  part: tableOfWords(FUNCTIONS.map((one) => [one, PARTS[one]] as const)),
  result: tableOfWords(RESULTS.map((one) => [one, OUTCOMES[one]] as const)),
};

// ---- judging ----

export interface Choices {
  columns: Columns;
  order: Order | '';
  /** My part in every line, where no column says it. */
  part: PartIn | '';
  /** What somebody said the words of a column mean: a code, or LEAVE. */
  words: Record<WordField, Record<string, string>>;
}

export function firstChoices(table: Table): Choices {
  const columns = guessColumns(table.head);
  const orders = ordersOf(cellsOf(table, columns.day));
  return { columns, order: orders.length === 1 ? orders[0] ?? '' : '', part: '', words: { procedure: {}, part: {}, result: {} } };
}

export function cellOf(line: Line, column: number): string {
  return column < 0 ? '' : (line.cells[column] ?? '').trim().replace(/^'(?=[=+\-@])/, ''); // as our own files mark what is no formula
}

export function cellsOf(table: Table, column: number): string[] {
  return column < 0 ? [] : table.lines.map((line) => cellOf(line, column)).filter(Boolean);
}

/** Must somebody say whether day or month stands first? Then with an example, and what it can be. */
export function orderToAsk(table: Table, choices: Choices): { example: string; orders: Order[] } | null {
  const days = cellsOf(table, choices.columns.day);
  if (!isUnclear(days)) return null;
  const example = days.find((one) => isUnclear([one])) ?? '';
  return { example, orders: ORDERS.filter((order) => dayOf(example, order) !== '') };
}

function codeOf(field: WordField, text: string, choices: Choices): string {
  return choices.words[field][text] ?? WORDS[field].get(plain(text)) ?? '';
}

/** Words of ${field} that mean nothing by themselves, the most frequent first. */
export function unknownWords(table: Table, choices: Choices, field: WordField): { text: string; lines: number }[] {
  const counts = new Map<string, number>();
  for (const text of cellsOf(table, choices.columns[field])) {
    if (!WORDS[field].has(plain(text))) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, lines]) => ({ text, lines })).sort((a, b) => b.lines - a.lines);
}

export const PROBLEMS = ['needed', 'unknown', 'no-date', 'unclear', 'future', 'too-early', 'too-long', 'twice', 'left'] as const;
export type Problem = (typeof PROBLEMS)[number];

export interface BadLine {
  line: Line;
  field: Field;
  text: string;
  problem: Problem;
}

export interface GoodLine {
  line: Line;
  day: string;
  code: string;
  part: string;
  result: string;
}

export interface Judged {
  good: GoodLine[];
  bad: BadLine[];
}

function problemOf(line: Line, choices: Choices, good: GoodLine): BadLine | null {
  const { columns, order } = choices;
  const text = (field: Field) => cellOf(line, columns[field]);
  const wrong = (field: Field, problem: Problem): BadLine => ({ line, field, text: text(field), problem });
  const codeWrong = (field: WordField, code: string, needed: boolean) => {
    if (code === LEAVE) return field === 'result' ? null : wrong(field, 'left');
    if (code) return null;
    if (text(field)) return wrong(field, 'unknown');
    return needed ? wrong(field, 'needed') : null;
  };
  if (!text('day')) return wrong('day', 'needed');
  if (!good.day) return wrong('day', !order && dayOf(text('day'), 'dmy') + dayOf(text('day'), 'mdy') + dayOf(text('day'), 'ymd') ? 'unclear' : 'no-date');
  return codeWrong('procedure', good.code, true) ?? codeWrong('part', good.part, true) ?? codeWrong('result', good.result, false);
}

export function judge(table: Table, choices: Choices): Judged {
  const judged: Judged = { good: [], bad: [] };
  const { columns } = choices;
  for (const line of table.lines) {
    const good: GoodLine = {
      line,
      day: dayOf(cellOf(line, columns.day), choices.order),
      code: codeOf('procedure', cellOf(line, columns.procedure), choices),
      part: columns.part < 0 ? choices.part : codeOf('part', cellOf(line, columns.part), choices),
      result: codeOf('result', cellOf(line, columns.result), choices),
    };
    const bad = problemOf(line, choices, good);
    if (bad) judged.bad.push(bad);
    else judged.good.push(good);
  }
  return judged;
}

// ---- the node ----

interface Part {
  name: string;
  part?: Part[];
  [value: `value${string}`]: unknown;
}

export interface Imported {
  taken: number;
  there: number;
  recorded: number;
  bad: BadLine[];
}

const TEXTS = ['step', 'with', 'place', 'number', 'note'] as const;
const NODE_FIELDS: Record<string, Field> = { performed: 'day', code: 'procedure', as: 'part', step: 'step', with: 'with', place: 'place', number: 'number', result: 'result', note: 'note' };

function rowOf(good: GoodLine, columns: Columns): [string, object] {
  const texts = TEXTS.map((field) => ({ name: field, valueString: cellOf(good.line, columns[field]) })).filter((one) => one.valueString !== '');
  return ['row', {
    part: [
      { name: 'line', valueInteger: good.line.line },
      { name: 'performed', valueDate: good.day },
      { name: 'code', valueCode: good.code },
      { name: 'as', valueCode: good.part },
      ...(good.result && good.result !== LEAVE ? [{ name: 'result', valueCode: good.result }] : []),
      ...texts,
    ],
  }];
}

/** Take the good lines of ${judged}, or only ask what would become of them. */
export async function importLines(table: Table, judged: Judged, columns: Columns, how: { person: string; dry: boolean }): Promise<Imported> {
  if (judged.good.length === 0) return { taken: 0, there: 0, recorded: 0, bad: judged.bad };
  const answer = await operation<{ parameter?: Part[] }>('/Procedure/$import', [
    ['file', { valueString: table.name.slice(0, 60) }],
    ['dry-run', { valueBoolean: how.dry }],
    ...(how.person ? [['person', { valueReference: { reference: how.person } }] as [string, object]] : []),
    ...judged.good.map((good) => rowOf(good, columns)),
  ]);
  const parameters = answer.parameter ?? [];
  const count = (name: string) => Number(parameters.find((one) => one.name === name)?.['valueInteger'] ?? 0);
  const refused = parameters.filter((one) => one.name === 'row').flatMap((row, at): BadLine[] => {
    const said = (name: string) => String(row.part?.find((one) => one.name === name)?.['valueCode'] ?? '');
    const good = judged.good[at];
    if (said('state') !== 'refused' || !good) return [];
    const field = NODE_FIELDS[said('column')] ?? 'day';
    return [{ line: good.line, field, text: cellOf(good.line, columns[field]), problem: PROBLEMS.find((one) => one === said('problem')) ?? 'unknown' }];
  });
  const bad = [...judged.bad, ...refused].sort((a, b) => a.line.line - b.line.line);
  return { taken: count('new'), there: count('there'), recorded: count('recorded'), bad };
}
