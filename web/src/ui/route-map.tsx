// SPDX-License-Identifier: Apache-2.0
// Where the options lie, seen from the patient's hospital: directions are true, distances are
// drawn shorter the farther it is, so that the next valley and the next city both fit. No borders.
import type { RouteAnswer, RouteOption, RoutePlace } from '../fhir/route';
import { t } from '../lib/i18n';
import { metres } from './route-words';

const WIDTH = 420;
const HEIGHT = 300;
const CENTRE = { x: WIDTH / 2, y: HEIGHT / 2 };
const NEAR = 40; // from the middle to the nearest
const REACH = 118; // and to the farthest
const LINE = 15; // a label's height
const KM_A_DEGREE = 111.2;
const DEGREE = Math.PI / 180;

interface Known {
  latitude: number;
  longitude: number;
}

export interface Spot {
  option: RouteOption;
  rank: number;
  x: number;
  y: number;
  labelY: number;
  left: boolean;
}

function isKnown<T extends RoutePlace>(place: T): place is T & Known {
  return place.latitude !== null && place.longitude !== null;
}

/** Kilometres east and north of ${home}, near enough for a drawing. */
function awayFrom(home: Known, place: Known): { east: number; north: number } {
  const middle = ((home.latitude + place.latitude) / 2) * DEGREE;
  return { east: (place.longitude - home.longitude) * KM_A_DEGREE * Math.cos(middle), north: (place.latitude - home.latitude) * KM_A_DEGREE };
}

/** Labels of one side do not lie upon each other. */
function spread(spots: Spot[]): void {
  for (const left of [true, false]) {
    let lowest = -Infinity;
    for (const spot of spots.filter((one) => one.left === left).sort((a, b) => a.y - b.y)) {
      spot.labelY = Math.max(spot.y, lowest + LINE);
      lowest = spot.labelY;
    }
  }
}

/** One spot for each place that is not here, with the rank of its best option. */
export function spotsOf(answer: RouteAnswer): Spot[] {
  const home = answer.from;
  if (!isKnown(home)) return [];
  const seen = new Set([home.hospital.reference]);
  const away = answer.options.flatMap((option, at) => {
    if (!isKnown(option) || seen.has(option.hospital.reference)) return [];
    seen.add(option.hospital.reference);
    const { east, north } = awayFrom(home, option);
    return [{ option, rank: at + 1, east, north, km: Math.hypot(east, north) }];
  });
  const farthest = Math.sqrt(Math.max(1, ...away.map((one) => one.km)));
  const spots = away.map(({ option, rank, east, north, km }) => {
    const reach = km > 0 ? (NEAR + ((REACH - NEAR) * Math.sqrt(km)) / farthest) / km : 0;
    const x = CENTRE.x + east * reach;
    const y = CENTRE.y - north * reach;
    return { option, rank, x, y, labelY: y, left: x < CENTRE.x };
  });
  spread(spots);
  return spots;
}

function Place({ spot }: { spot: Spot }) {
  const { option } = spot;
  const label = [option.place || option.hospital.display, option.altitude !== null && metres(option.altitude)].filter(Boolean).join(' ');
  const side = spot.left ? -1 : 1;
  return (
    <g class={option.safe ? 'map-safe' : 'map-unsafe'}>
      <line class="map-way" x1={CENTRE.x} y1={CENTRE.y} x2={spot.x} y2={spot.y} />
      {option.safe ? <circle cx={spot.x} cy={spot.y} r={9} /> : <rect x={spot.x - 8} y={spot.y - 8} width={16} height={16} />}
      <text class="map-rank" x={spot.x} y={spot.y + 4} text-anchor="middle">{spot.rank}</text>
      <text class="map-label" x={spot.x + side * 13} y={spot.labelY + 4} text-anchor={spot.left ? 'end' : 'start'}>{label}</text>
    </g>
  );
}

export function RouteMap({ answer }: { answer: RouteAnswer }) {
  const spots = spotsOf(answer);
  const home = [answer.from.place, answer.from.altitude !== null && metres(answer.from.altitude)].filter(Boolean).join(' ');
  const crowdedBelow = spots.some((one) => one.y > CENTRE.y && Math.abs(one.x - CENTRE.x) < 60);
  if (spots.length === 0) return null;
  return (
    <figure class="route-map">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t('find.map', { place: answer.from.place })}>
        {spots.map((spot) => <Place key={spot.rank} spot={spot} />)}
        <circle class="map-home" cx={CENTRE.x} cy={CENTRE.y} r={7} />
        <text class="map-label map-label-home" x={CENTRE.x} y={crowdedBelow ? CENTRE.y - 14 : CENTRE.y + 24} text-anchor="middle">{home}</text>
      </svg>
      <figcaption>{t('find.map-note')}</figcaption>
    </figure>
  );
}
