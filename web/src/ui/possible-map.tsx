// SPDX-License-Identifier: Apache-2.0
// The schematic map of hospitals: a filled disc for what each could treat at the end of a year, in the ring of the most
// it ever could, with its number and how many techniques were new. A press chooses a hospital.
import { useMemo } from 'preact/hooks';
import type { Site } from '../fhir/sites';
import { hrefTo, route } from '../lib/router';
import { layOut, type Lying } from '../lib/schematic';
import { amountSays } from './programme-words';
import { useMedia } from './use-media';

/** What a hospital is in a year. */
export interface Standing {
  site: Site;
  /** Illnesses that it can treat. */
  able: number;
  /** The most in any year. */
  most: number;
  /** Techniques that were new there; null: not told yet. */
  fresh: number | null;
}

const RADIUS = 26; // of the largest ring
const BOX = { boxWide: 88, boxHigh: 100 };
const NARROW = '(width < 720px)';

/** The town; where two hospitals stand in one, what their names do not share with it. */
function labelOf({ site }: Standing, all: readonly Standing[]): string[] {
  const alone = all.filter((one) => one.site.place === site.place).length === 1;
  if (site.place && alone) return [site.place];
  const words = site.name.split(' ');
  const half = words.length > 2 ? Math.ceil(words.length / 2) : words.length;
  return [words.slice(0, half).join(' '), words.slice(half).join(' ')].filter(Boolean);
}

function Hospital({ one, label, x, y, largest, chosen }: { one: Standing; label: string[]; x: number; y: number; largest: number; chosen: boolean }) {
  const radius = (amount: number) => RADIUS * Math.sqrt(amount / Math.max(1, largest));
  const query = Object.fromEntries(route.value.query);
  const id = one.site.hospital.replace('Organization/', '');
  const line = y + 18;
  const ring = Math.max(4, radius(one.most));
  return (
    <a href={hrefTo('programme', '', { ...query, where: chosen ? '' : id })} aria-current={chosen ? 'true' : undefined}>
      <rect x={x - BOX.boxWide / 2 + 2} y={y - BOX.boxHigh / 2 + 2} width={BOX.boxWide - 4} height={BOX.boxHigh - 4} rx="8" fill="var(--surface)" stroke={chosen ? 'var(--accent)' : 'var(--surface)'} stroke-width="2" />
      <circle cx={x} cy={y - 24} r={ring} fill="var(--sunken)" stroke="var(--line-strong)" stroke-width="1.5" />
      <circle class="possible-disc" cx={x} cy={y - 24} r={radius(one.able)} fill="var(--accent)" />
      {label.map((text, at) => [<text key={at} x={x} y={line + 14 * (at + 1)} text-anchor="middle" font-size="11" fill="var(--ink-soft)">{text}</text>, ' '])}
      <text x={x} y={line} text-anchor="middle" font-size="14" font-weight="650" fill="var(--ink)">{amountSays(one.able)}{one.fresh ? <tspan font-weight="400" font-size="12" fill="var(--ink-soft)">{` +${amountSays(one.fresh)}`}</tspan> : null}</text>
    </a>
  );
}

export function PossibleMap({ standings, chosen, title }: { standings: readonly Standing[]; chosen: string; title: string }) {
  const narrow = useMedia(NARROW);
  const placed = standings.filter(({ site }) => site.position);
  const names = placed.map(({ site }) => site.hospital).join(' ');
  const wide = narrow ? 358 : 1120;
  const { spots, high } = useMemo(() => layOut(placed.flatMap(({ site }): Lying[] => (site.position ? [site.position] : [])), { ...BOX, wide, high: narrow ? 500 : 400 }), [names, narrow]);
  const largest = Math.max(...standings.map(({ most }) => most));
  if (placed.length === 0) return null;
  return (
    <svg class="possible-map" xmlns="http://www.w3.org/2000/svg" viewBox={`0 0 ${wide} ${high}`} width={wide} height={high} role="group" aria-label={title} font-family="system-ui, sans-serif">
      {placed.map((one, at) => <Hospital key={one.site.hospital} one={one} label={labelOf(one, placed)} x={spots[at]?.x ?? 0} y={spots[at]?.y ?? 0} largest={largest} chosen={one.site.hospital === chosen} />)}
    </svg>
  );
}
