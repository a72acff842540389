// SPDX-License-Identifier: Apache-2.0
// From where to where patients travel: an arc for each pair of hospitals, as wide as the number beside it. A ring is
// where somebody comes from, a full square where they go, both in one where a hospital is both.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Pair, Place } from '../fhir/travel';
import { t } from '../lib/i18n';
import { hrefTo, route } from '../lib/router';
import { drawJourneys, type Arc, type Known, type Size, type Spot } from '../lib/travel-map';

const NARROW = 480;

function sizeOf(wide: number): Size {
  return wide < NARROW ? { wide: 360, high: 400, letter: 12 } : { wide: Math.min(1400, wide), high: Math.min(640, Math.max(400, wide * 0.45)), letter: wide > 1300 ? 16 : 13 };
}

/** The hospitals of ${pairs} that lie somewhere, where there is little room (${small}) by their towns, each town once; those from which somebody comes are the map's own. */
function knownOf(pairs: readonly Pair[], places: Map<string, Place>, small: boolean): Known[] {
  const towns = new Set<string>();
  const nameOf = ({ name, town }: Place) => { if (!small) return name; const first = !towns.has(town); towns.add(town); return first ? town : ''; };
  const homes = new Set(pairs.map(({ parts }) => parts[0] ?? ''));
  return [...new Set(pairs.flatMap(({ parts }) => parts.slice(0, 2)))].flatMap((key) => {
    const place = places.get(key);
    return place && place.latitude !== null && place.longitude !== null ? [{ key, name: nameOf(place), latitude: place.latitude, longitude: place.longitude, home: homes.has(key) }] : [];
  });
}

function Bow({ arc, says }: { arc: Arc; says: string }) {
  const query = Object.fromEntries(route.value.query);
  return (
    <a class="travel-arc" href={hrefTo('programme', '', { ...query, journeys: `flow|${arc.from}|${arc.to}` })} aria-label={says}>
      <title>{says}</title>
      <path d={arc.d} fill="none" stroke="transparent" stroke-width={Math.max(12, arc.wide)} />
      <path class="travel-bow" d={arc.d} fill="none" stroke="var(--accent)" stroke-opacity="0.55" stroke-width={arc.wide.toFixed(1)} stroke-linecap="round" />
      <path d="M-6 -5 6 0 -6 5z" transform={`translate(${arc.tip.x.toFixed(1)} ${arc.tip.y.toFixed(1)}) rotate(${arc.tip.turn.toFixed(0)})`} fill="var(--ink)" />
    </a>
  );
}

function Hospital({ spot, goal }: { spot: Spot; goal: boolean }) {
  return (
    <g>
      {spot.home && <circle cx={spot.x} cy={spot.y} r={6} fill="var(--surface)" stroke="var(--ink)" stroke-width="1.5" />}
      {goal && <rect x={spot.x - (spot.home ? 3 : 6)} y={spot.y - (spot.home ? 3 : 6)} width={spot.home ? 6 : 12} height={spot.home ? 6 : 12} fill="var(--ink)" />}
    </g>
  );
}

interface Props { pairs: readonly Pair[]; places: Map<string, Place>; says: (pair: { from: string; to: string; count: number }) => string }

export function TravelMap({ pairs, places, says }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [wide, setWide] = useState(0);
  useEffect(() => {
    if (!box.current) return undefined;
    const resized = new ResizeObserver(([entry]) => setWide(Math.round(entry?.contentRect.width ?? 0)));
    resized.observe(box.current);
    return () => resized.disconnect();
  }, []);
  const size = sizeOf(wide);
  const { spots, arcs, top, bottom } = drawJourneys(knownOf(pairs, places, wide < NARROW), pairs.map(({ parts, count }) => ({ from: parts[0] ?? '', to: parts[1] ?? '', count })), size);
  const goals = new Set(arcs.map(({ to }) => to));
  const halo = { stroke: 'var(--surface)', 'stroke-width': 4, 'paint-order': 'stroke', 'stroke-linejoin': 'round' } as const;
  return (
    <div class="travel-map" ref={box}>
      {wide > 0 && (
        <svg xmlns="http://www.w3.org/2000/svg" viewBox={`0 ${top} ${size.wide} ${bottom - top}`} width={size.wide} height={bottom - top} role="group" aria-label={t('travel.map')} font-family="system-ui, sans-serif" font-size={size.letter}>
          {[...arcs].reverse().map((arc) => <Bow key={`${arc.from} ${arc.to}`} arc={arc} says={says(arc)} />)}
          {spots.map((spot) => <Hospital key={spot.key} spot={spot} goal={goals.has(spot.key)} />)}
          <g aria-hidden="true">
            {spots.map((spot) => spot.name && <text key={spot.key} {...halo} x={spot.label.x} y={spot.label.y} text-anchor={spot.label.anchor} fill="var(--ink)">{spot.far ? t('travel.far', { name: spot.name }) : spot.name}</text>)}
            {arcs.map((arc) => arc.label && <text key={`${arc.from} ${arc.to}`} {...halo} x={arc.label.x} y={arc.label.y + size.letter / 3} text-anchor="middle" font-weight="650" fill="var(--ink)">{arc.count}</text>)}
          </g>
        </svg>
      )}
    </div>
  );
}
