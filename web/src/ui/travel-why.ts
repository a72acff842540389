// SPDX-License-Identifier: Apache-2.0
// Why patients travel, and how far, as a flow of bands: where they come from (or the specialty), why, how far.
import type { Pair } from '../fhir/travel';
import { t } from '../lib/i18n';
import type { Look, Option } from '../lib/programme-chart';
import { amountSays } from './programme-words';
import { reachWord, reasonWord } from './travel-words';

/** A band: between which two, how many, and which pairs it is made of. */
export interface Band { key: string; from: string; to: string; fromWord: string; toWord: string; count: number; pairs: Pair[] }

/** Bands of ${pairs} (FIRST|REASON|REACH), the first column by what ${first} says of it. */
export function bandsOf(pairs: readonly Pair[], first: (code: string) => string): Band[] {
  const bands = new Map<string, Band>();
  const add = (from: string, fromWord: string, to: string, toWord: string, pair: Pair) => {
    const key = `${from}>${to}`;
    const band = bands.get(key) ?? { key, from, to, fromWord, toWord, count: 0, pairs: [] };
    bands.set(key, { ...band, count: band.count + pair.count, pairs: [...band.pairs, pair] });
  };
  for (const pair of pairs) {
    const [head = '', reason = '', reach = ''] = pair.parts;
    const word = first(head);
    add(`0 ${word}`, word, `1 ${reason}`, reasonWord(reason), pair);
    add(`1 ${reason}`, reasonWord(reason), `2 ${reach}`, reachWord(reach), pair);
  }
  return [...bands.values()].sort((one, other) => one.from.charCodeAt(0) - other.from.charCodeAt(0) || other.count - one.count);
}

/** What goes through each end of the bands. */
function through(bands: readonly Band[]): Map<string, { word: string; count: number; depth: number }> {
  const ends = new Map<string, { word: string; count: number; depth: number }>();
  const add = (key: string, word: string, count: number) => ends.set(key, { word, count: (ends.get(key)?.count ?? 0) + count, depth: Number(key[0]) });
  for (const { from, to, fromWord, toWord, count } of bands) {
    if (from.startsWith('0')) add(from, fromWord, count);
    add(to, toWord, count);
  }
  return ends;
}

/** ${lit}: the band that is looked at by keyboard; "": none. */
export function whyOption(bands: readonly Band[], lit: string) {
  return (look: Look): Option => {
    const ends = through(bands);
    const small = look.wide < 640;
    const size = look.wide > 1300 ? 16 : small ? 11 : 13;
    const most = Math.max(...bands.map(({ count }) => count));
    const halo = { textBorderColor: look.surface, textBorderWidth: 3 };
    const label = { color: look.ink, fontSize: size, lineHeight: Math.round(size * 1.3), ...halo, formatter: ({ name }: { name: string }) => { const end = ends.get(name); return end ? `${end.word} ${amountSays(end.count)}` : name; } };
    const half = small ? { width: Math.max(60, look.wide / 4 - 14), overflow: 'break' } : {}; // two stand between two columns
    return {
      series: [{
        type: 'sankey', left: 4, right: 8, top: 8, bottom: 8, nodeWidth: small ? 8 : 14, nodeGap: small ? 10 : 14, draggable: false, layoutIterations: 32, emphasis: { focus: 'adjacency' },
        itemStyle: { color: look.ink, borderColor: look.ink },
        lineStyle: { color: look.accent, opacity: 0.35, curveness: 0.5 },
        label: { ...label, position: 'right' },
        levels: [{ depth: 0 }, { depth: 1, label: half }, { depth: 2, label: { ...half, position: 'left' } }],
        edgeLabel: { show: !small, color: look.ink, fontSize: size, ...halo, formatter: ({ value, data }: { value: number; data: { source: string } }) => (value * 12 >= most && value !== ends.get(data.source)?.count ? amountSays(value) : '') },
        nodes: [...ends].map(([name, { depth }]) => ({ name, depth })),
        links: bands.map(({ key, from, to, count }) => ({ source: from, target: to, value: count, ...(key === lit ? { lineStyle: { opacity: 0.9 } } : {}) })),
      }],
    };
  };
}

/** "Xigaze → nobody there can do it". */
export function bandSays({ fromWord, toWord }: Band): string {
  return t('travel.band', { from: fromWord, to: toWord });
}
