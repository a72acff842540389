// SPDX-License-Identifier: Apache-2.0
// Why patients travel, and how far, as it is drawn: a flow of bands (lib/reason-flow.ts), in which what is told only
// together is grey and has hollow ends.
import type { Travel } from '../fhir/travel';
import { t } from '../lib/i18n';
import type { Look, Option } from '../lib/programme-chart';
import { bandsOf, type Band, type Cell, type Flow, type FlowWords } from '../lib/reason-flow';
import { amountSays } from './programme-words';
import { reachWord, reasonWord } from './travel-words';

/** What is looked at: a hospital, a specialty, each of them (""), told by specialty or not. */
export interface Looked { bySpecialty: boolean; only: string }

const LEAST = 5; // of what is told
const NARROW = 640;
const LABELLED = 4; // parts of the broadest band: thinner ones cross each other, and the table and the steps say what they are

/** A rest of few is not told either. */
export function bandCount({ count, rest }: Band): string {
  return rest && count < LEAST ? t('computed.masked') : amountSays(count);
}

export function flowOf(travel: Travel, { bySpecialty, only }: Looked): Flow {
  const of = bySpecialty ? travel.specialty : travel.path;
  const mine = ({ parts }: Cell) => !only || parts[0] === only;
  const heads = (bySpecialty ? travel.of : travel.from).pairs.filter(mine);
  const all = only ? (heads[0]?.count ?? null) : of.whole.kind === 'exact' ? of.whole.amount : null;
  return { whole: all, heads, reasons: only ? [] : travel.reason.pairs, reaches: only ? [] : travel.why.pairs, paths: of.pairs.filter(mine) };
}

/** The bands of ${flow}; ${head} and ${name}: what a place or a specialty is called, as an end of bands and by itself. */
export function whyBands(flow: Flow, head: (code: string) => string, name: (code: string) => string): Band[] {
  const words: FlowWords = {
    head, reason: reasonWord, reach: reachWord,
    path: ([one = '', reason = '', reach = '']) => [name(one), reasonWord(reason), reachWord(reach)].join(', '),
    cell: ({ stratum, parts: [one = '', other = ''] }) => (stratum.startsWith('reason|') ? reasonWord(one) : stratum.startsWith('why|') ? [reasonWord(one), reachWord(other)].join(', ') : name(one)),
    together: t('travel.together'), elsewhere: t('travel.elsewhere'), anyReason: t('travel.any-reason'), anyReach: t('travel.any-reach'),
  };
  return bandsOf(flow, words);
}

interface End { word: string; count: number; depth: number; rest: boolean }

/** What goes through each end of the bands; the columns that there are, without a gap. */
function through(bands: readonly Band[]): Map<string, End> {
  const columns = [...new Set(bands.flatMap(({ from, to }) => [from[0], to[0]]))].sort();
  const ends = new Map<string, End>();
  const add = (key: string, word: string, count: number) => ends.set(key, { word, count: (ends.get(key)?.count ?? 0) + count, depth: columns.indexOf(key[0]), rest: key === '0 ' || key === '1 ' || key.endsWith('*') });
  for (const { from, to, fromWord, toWord, count } of bands) {
    if (from.startsWith('0')) add(from, fromWord, count);
    add(to, toWord, count);
  }
  return ends;
}

const endSays = ({ word, count, rest }: End) => `${word} ${rest && count < LEAST ? t('computed.masked') : amountSays(count)}`;

/** ${lit}: the band that is looked at by keyboard; "": none. */
export function whyOption(bands: readonly Band[], lit: string) {
  return (look: Look): Option => {
    const ends = through(bands);
    const small = look.wide < NARROW;
    const size = look.wide > 1300 ? 16 : small ? 11 : 13;
    const last = Math.max(...[...ends.values()].map(({ depth }) => depth));
    const most = Math.max(...bands.map(({ count }) => count));
    const halo = { textBorderColor: look.surface, textBorderWidth: 3 };
    const label = { color: look.ink, fontSize: size, lineHeight: Math.round(size * 1.3), ...halo, formatter: ({ name }: { name: string }) => { const end = ends.get(name); return end ? endSays(end) : name; } };
    const gap = (look.wide - 12) / Math.max(1, last) - (small ? 8 : 14) - 10; // between two columns, each of which has one column of words but the last where nothing goes through the middle
    const middle = ends.has('1 ');
    const all = [...ends.values()].reduce((sum, { depth, count }) => sum + (depth === 0 ? count : 0), 0);
    const beside = small ? gap : gap / 2 - 2 * size; // words end before the numbers of the bands, which stand in the middle
    const place = (name: string, { depth, count }: End) => {
      if (name === '1 ') return small ? (count * 4 >= all ? { position: 'inside', rotate: 90 } : { position: 'top', width: gap * 2, overflow: 'break' }) : { width: gap / 2, overflow: 'break' };
      if (depth === 0) return { width: gap, overflow: 'break' };
      if (!middle) return { width: small ? gap / 2 : beside, overflow: 'break', ...(depth === last ? { position: 'left' } : {}) };
      return { position: 'left', align: 'right', width: depth === 2 && !small ? gap / 2 : beside, overflow: 'break' };
    };
    const node = ([name, end]: [string, End]) => ({
      name, depth: end.depth, itemStyle: end.rest ? { color: look.surface, borderColor: look.soft, borderType: 'dashed' } : { color: look.ink, borderColor: look.ink }, label: place(name, end),
    });
    const link = (band: Band) => ({ source: band.from, target: band.to, value: band.count, lineStyle: { color: band.rest ? look.soft : look.accent, opacity: band.key === lit ? 0.9 : band.rest ? 0.16 : 0.45 }, ...(band.rest ? { edgeLabel: { show: false } } : {}) });
    return {
      series: [{
        type: 'sankey', left: 4, right: 8, top: 8, bottom: 8, nodeWidth: small ? 8 : 14, nodeGap: small ? 16 : 14, draggable: false, layoutIterations: 32, emphasis: { focus: 'adjacency' },
        lineStyle: { curveness: 0.5 }, label: { ...label, position: 'right' },
        edgeLabel: { show: !small, color: look.ink, fontSize: size, ...halo, formatter: ({ value, data }: { value: number; data: { source: string; target: string } }) => (value * LABELLED >= most && value !== ends.get(data.source)?.count && value !== ends.get(data.target)?.count ? amountSays(value) : '') },
        nodes: [...ends].map(node), links: bands.map(link),
      }],
    };
  };
}

/** "Xigaze → nobody there can do it". */
export function bandSays({ fromWord, toWord }: Band): string {
  return t('travel.band', { from: fromWord, to: toWord });
}
