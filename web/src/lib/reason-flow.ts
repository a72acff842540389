// SPDX-License-Identifier: Apache-2.0
// Why patients travel, and how far, as a flow that holds all of them: where they come from (or the specialty), why, how
// far. What is told of two of these at once is a band between them. The rest of what is told of one alone goes through
// bands of its own, grey: who is in them is told only together. A rest is a difference of numbers that are told;
// nothing else is made up. Pure.

/** What is told: ${parts} as in its stratum. */
export interface Cell { stratum: string; parts: readonly string[]; count: number }

/** What a band leads to, each by its words. */
export interface Behind { stratum: string; words: string; count: number }

/** Between which two ends, how many. ${rest}: it is told only together. */
export interface Band { key: string; from: string; to: string; fromWord: string; toWord: string; count: number; rest: boolean; behind: Behind[] }

/** ${whole}: null, it is not told. ${heads}: all from one place, or of one specialty; ${reasons}, ${reaches}: REASON, REASON|REACH of
 *  all; empty where only a part is looked at. ${paths}: HEAD|REASON|REACH. */
export interface Flow { whole: number | null; heads: readonly Cell[]; reasons: readonly Cell[]; reaches: readonly Cell[]; paths: readonly Cell[] }

/** Of heads several may have one word: the hospitals of a prefecture. */
export interface FlowWords { head: (code: string) => string; reason: (code: string) => string; reach: (code: string) => string; path: (parts: readonly string[]) => string; cell: (cell: Cell) => string; together: string; elsewhere: string; anyReason: string; anyReach: string }

const MIDDLE = '1 '; // all that is told only together goes through it

function sum<T>(list: readonly T[], key: (one: T) => string, count: (one: T) => number): Map<string, number> {
  const sums = new Map<string, number>();
  for (const one of list) sums.set(key(one), (sums.get(key(one)) ?? 0) + count(one));
  return sums;
}

const sumOf = (counts: Iterable<number>) => [...counts].reduce((all, one) => all + one, 0);

/** What is known of each end: the greater of what is told of it and of its parts. */
function knownOf(told: ReadonlyMap<string, number>, parts: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...new Set([...told.keys(), ...parts.keys()])].map((key) => [key, Math.max(told.get(key) ?? 0, parts.get(key) ?? 0)]));
}

class Bands {
  readonly list = new Map<string, Band>();

  add(from: [string, string], to: [string, string], count: number, behind: Behind[], rest = false): void {
    if (count <= 0) return;
    const key = `${from[0]}>${to[0]}`;
    const band = this.list.get(key) ?? { key, from: from[0], to: to[0], fromWord: from[1], toWord: to[1], count: 0, rest, behind: [] };
    this.list.set(key, { ...band, count: band.count + count, behind: [...band.behind, ...behind] });
  }
}

/** From the heads to the reasons: what is told of both, and the rests, which meet in the middle. */
function addReasons(bands: Bands, flow: Flow, words: FlowWords): void {
  const headEnd = (code: string): [string, string] => [`0 ${words.head(code)}`, words.head(code)];
  const reasonEnd = (code: string): [string, string] => [`2 ${code}`, words.reason(code)];
  for (const { stratum, parts, count } of flow.paths) bands.add(headEnd(parts[0] ?? ''), reasonEnd(parts[1] ?? ''), count, [{ stratum, words: words.path(parts), count }]);
  if (flow.whole === null) return;
  const middle: [string, string] = [MIDDLE, words.together];
  const cellBehind = (cell: Cell): Behind => ({ stratum: cell.stratum, words: words.cell(cell), count: cell.count });
  const count = ({ count: one }: Cell) => one;
  const headOf = ({ parts }: Cell) => words.head(parts[0] ?? '');
  const paired = sum(flow.paths, headOf, count);
  const heads = knownOf(sum(flow.heads, headOf, count), paired);
  for (const [word, all] of heads) bands.add([`0 ${word}`, word], middle, all - (paired.get(word) ?? 0), flow.heads.filter((cell) => headOf(cell) === word).map(cellBehind), true);
  bands.add(['0 ', words.elsewhere], middle, flow.whole - sumOf(heads.values()), [], true);
  const because = sum(flow.paths, ({ parts }) => parts[1] ?? '', count);
  const reasons = knownOf(sum(flow.reasons, ({ parts }) => parts[0] ?? '', count), because);
  for (const [code, all] of reasons) bands.add(middle, reasonEnd(code), all - (because.get(code) ?? 0), flow.reasons.filter(({ parts }) => (parts[0] ?? '') === code).map(cellBehind), true);
  bands.add(middle, ['2 *', words.anyReason], flow.whole - sumOf(reasons.values()), [], true);
}

/** From the reasons to how far: what comes in at a reason goes out again. */
function addReaches(bands: Bands, flow: Flow, words: FlowWords): void {
  const reasonEnd = (code: string): [string, string] => [`2 ${code}`, words.reason(code)];
  const reachEnd = (code: string): [string, string] => [`3 ${code}`, words.reach(code)];
  const alone = flow.reaches.length === 0; // else what is told of all has what is told of each
  const of = (parts: readonly string[]): [string, string] => (alone ? [parts[1] ?? '', parts[2] ?? ''] : [parts[0] ?? '', parts[1] ?? '']);
  const coming = sum([...bands.list.values()].filter(({ to }) => to.startsWith('2 ')), ({ to }) => to, ({ count }) => count);
  for (const cell of alone ? flow.paths : flow.reaches) {
    const [reason, reach] = of(cell.parts);
    if (coming.has(`2 ${reason}`)) bands.add(reasonEnd(reason), reachEnd(reach), cell.count, [{ stratum: cell.stratum, words: alone ? words.path(cell.parts) : words.cell(cell), count: cell.count }]);
  }
  const going = sum([...bands.list.values()].filter(({ from }) => from.startsWith('2 ')), ({ from }) => from, ({ count }) => count);
  for (const [end, all] of coming) {
    const code = end.slice(2);
    const behind = flow.reasons.filter(({ parts }) => (parts[0] ?? '') === code).map((cell) => ({ stratum: cell.stratum, words: words.cell(cell), count: cell.count }));
    bands.add(code === '*' ? [end, words.anyReason] : reasonEnd(code), ['3 *', words.anyReach], all - (going.get(end) ?? 0), behind, true);
  }
}

/** The bands of ${flow}, column by column; the widest first, and rests behind what is told. */
export function bandsOf(flow: Flow, words: FlowWords): Band[] {
  const bands = new Bands();
  addReasons(bands, flow, words);
  addReaches(bands, flow, words);
  return [...bands.list.values()].sort((one, other) => one.from.charCodeAt(0) - other.from.charCodeAt(0) || Number(one.rest) - Number(other.rest) || other.count - one.count);
}
