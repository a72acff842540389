// SPDX-License-Identifier: Apache-2.0
// Where journeys stand on a schematic map: hospitals at their places, no borders; who lies far outside stands at the
// edge in the true direction. Pure.
export interface Known { key: string; name: string; latitude: number; longitude: number; home: boolean }
export interface Journey { from: string; to: string; count: number }
export interface Spot extends Known { x: number; y: number; /** It lies outside. */ far: boolean; label: { x: number; y: number; anchor: 'start' | 'middle' | 'end' } }
export interface Arc extends Journey { d: string; wide: number; tip: { x: number; y: number; turn: number }; label: { x: number; y: number } | null; /** Its highest and its lowest point. */ reach: [number, number] }
export interface Size { wide: number; high: number; letter: number }

const EDGE = 46;
const DEGREE = Math.PI / 180;
const SPREAD = 0.35; // of the homes' extent: what lies farther out stands at the edge
const MOST = 14; // the widest arc
const LEAST = 1.5;
const MARGIN = 20; // above and below what is drawn

interface Box { x: number; y: number; wide: number; high: number }

const meets = (one: Box, other: Box) => one.x < other.x + other.wide && other.x < one.x + one.wide && one.y < other.y + other.high && other.y < one.y + one.high;

/** From degrees to the drawing: what is home, and what lies near it, fills it. */
function projection(places: readonly Known[], { wide, high }: Size): (place: Known) => { x: number; y: number; far: boolean } {
  const homes = places.filter(({ home }) => home);
  const of = homes.length > 0 ? homes : places;
  const middle = (of.reduce((sum, { latitude }) => sum + latitude, 0) / Math.max(1, of.length)) * DEGREE;
  const flat = (place: Known): [number, number] => [place.longitude * Math.cos(middle), -place.latitude];
  const points = of.map(flat);
  const span = (at: 0 | 1, list: [number, number][]): [number, number] => [Math.min(...list.map((one) => one[at])), Math.max(...list.map((one) => one[at]))];
  const margin = SPREAD * Math.max(2, ...([0, 1] as const).map((at) => { const [low, top] = span(at, points); return top - low; }));
  const [left, right] = span(0, points);
  const [above, below] = span(1, points);
  const inside = (place: Known) => { const [x, y] = flat(place); return x >= left - margin && x <= right + margin && y >= above - margin && y <= below + margin; };
  const shown = [...points, ...places.filter(inside).map(flat)];
  const [x1, x2] = span(0, shown);
  const [y1, y2] = span(1, shown);
  const scale = Math.min((wide - 2 * EDGE) / Math.max(0.5, x2 - x1), (high - 2 * EDGE) / Math.max(0.5, y2 - y1));
  return (place) => {
    const [fx, fy] = flat(place);
    const x = wide / 2 + (fx - (x1 + x2) / 2) * scale;
    const y = high / 2 + (fy - (y1 + y2) / 2) * scale;
    if (inside(place)) return { x, y, far: false };
    const reach = Math.min((wide / 2 - EDGE / 2) / Math.max(1, Math.abs(x - wide / 2)), (high / 2 - EDGE / 2) / Math.max(1, Math.abs(y - high / 2)));
    return { x: wide / 2 + (x - wide / 2) * reach, y: high / 2 + (y - high / 2) * reach, far: true };
  };
}

/** Names beside their spots, where they lie on no other as far as there is room. What they take. */
function label(spots: Spot[], { wide, letter }: Size): Box[] {
  const taken: Box[] = spots.map(({ x, y }) => ({ x: x - 7, y: y - 7, wide: 14, high: 14 }));
  for (const spot of spots) {
    if (!spot.name) continue;
    const long = spot.name.length * letter * 0.74; // an ample guess, as names are cut at the edge
    const tries: { x: number; y: number; anchor: 'start' | 'middle' | 'end' }[] = [
      { x: spot.x + 11, y: spot.y + letter / 3, anchor: 'start' }, { x: spot.x - 11, y: spot.y + letter / 3, anchor: 'end' },
      { x: spot.x, y: spot.y - 12, anchor: 'middle' }, { x: spot.x, y: spot.y + 11 + letter, anchor: 'middle' },
      { x: spot.x + 9, y: spot.y - letter, anchor: 'start' }, { x: spot.x + 9, y: spot.y + 1.6 * letter, anchor: 'start' },
    ];
    const boxOf = (at: (typeof tries)[number]): Box => ({ x: at.anchor === 'start' ? at.x : at.anchor === 'end' ? at.x - long : at.x - long / 2, y: at.y - letter, wide: long, high: letter * 1.15 });
    const fits = (at: (typeof tries)[number]) => { const box = boxOf(at); return box.x >= 0 && box.x + box.wide <= wide && !taken.some((one) => meets(one, box)); };
    const inside = (at: (typeof tries)[number]) => { const box = boxOf(at); return box.x >= 0 && box.x + box.wide <= wide; };
    const best = tries.find(fits) ?? tries.find(inside) ?? tries[spot.x > wide / 2 ? 1 : 0];
    if (!best) continue;
    spot.label = best;
    taken.push(boxOf(best));
  }
  return taken;
}

/** Who stands at the edge in one direction and has a name stands in lines, one below the other. */
function inLines(spots: Spot[], { wide, high, letter }: Size): void {
  const line = 1.7 * letter;
  const far = spots.filter((spot) => spot.far && spot.name);
  far.forEach((spot, at) => {
    const down = spot.y < high / 2 ? line : -line;
    while (far.slice(0, at).some((one) => Math.abs(one.x - spot.x) < wide / 6 && Math.abs(one.y - spot.y) < line - 0.5)) spot.y += down;
  });
}

/** A bow from ${from} to ${to}, bent to its left, so that the way back is another bow; the longer the more, so that those over
 * one valley lie apart. */
function bow(from: Spot, to: Spot, { wide, high }: Size): { d: string; at: (part: number) => { x: number; y: number; turn: number } } {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const bend = 0.12 + (0.5 * Math.hypot(dx, dy)) / Math.hypot(wide, high);
  const [cx, cy] = [(from.x + to.x) / 2 + dy * bend, (from.y + to.y) / 2 - dx * bend];
  const at = (part: number) => {
    const rest = 1 - part;
    const x = rest * rest * from.x + 2 * rest * part * cx + part * part * to.x;
    const y = rest * rest * from.y + 2 * rest * part * cy + part * part * to.y;
    const turn = Math.atan2(rest * (cy - from.y) + part * (to.y - cy), rest * (cx - from.x) + part * (to.x - cx)) / DEGREE;
    return { x, y, turn };
  };
  return { d: `M${from.x.toFixed(1)} ${from.y.toFixed(1)}Q${cx.toFixed(1)} ${cy.toFixed(1)} ${to.x.toFixed(1)} ${to.y.toFixed(1)}`, at };
}

/** The journeys between ${places}, the widest first; those from or to a place that is not known are left out. What is drawn lies between ${top} and ${bottom}. */
export function drawJourneys(places: readonly Known[], journeys: readonly Journey[], size: Size): { spots: Spot[]; arcs: Arc[]; top: number; bottom: number } {
  const where = projection(places, size);
  const spots = places.map((place): Spot => ({ ...place, ...where(place), label: { x: 0, y: 0, anchor: 'start' } }));
  inLines(spots, size);
  const taken = label(spots, size);
  const most = Math.max(1, ...journeys.map(({ count }) => count));
  const arcs = journeys.flatMap((journey): Arc[] => {
    const from = spots.find(({ key }) => key === journey.from);
    const to = spots.find(({ key }) => key === journey.to);
    if (!from || !to) return [];
    const { d, at } = bow(from, to, size);
    const long = String(journey.count).length * size.letter * 0.62;
    const middles = [0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73, 0.2, 0.8].map(at);
    const boxOf = (point: { x: number; y: number }): Box => ({ x: point.x - long / 2, y: point.y - size.letter * 0.6, wide: long, high: size.letter * 1.2 });
    const free = middles.find((point) => !taken.some((one) => meets(one, boxOf(point)))) ?? null;
    if (free) taken.push(boxOf(free));
    const heights = [0, 0.25, 0.5, 0.75, 1].map((part) => at(part).y);
    return [{ ...journey, d, wide: Math.max(LEAST, (MOST * journey.count) / most), tip: at(0.78), label: free, reach: [Math.min(...heights), Math.max(...heights)] }];
  });
  const ends = [...spots.flatMap(({ y, label: { y: base } }) => [y, base, base - size.letter]), ...arcs.flatMap(({ reach }) => reach)];
  return { spots, arcs, top: Math.max(0, Math.min(...ends) - MARGIN), bottom: Math.min(size.high, Math.max(...ends) + MARGIN) };
}
