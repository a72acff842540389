// SPDX-License-Identifier: Apache-2.0
// A schematic map: places where they lie, north up, moved apart until no two cover each other: half by where they
// are, half by their order from west to east and from north to south, since places come in clusters. Directions
// stay about true, distances do not. The same places give the same drawing.

export interface Lying { latitude: number; longitude: number }
export interface Spot { x: number; y: number }
export interface Sheet { wide: number; boxWide: number; boxHigh: number; /** At least. */ high: number }

const ROUNDS = 600;
const MORE = 1.15; // so much higher, where they do not fit

/** Of each of ${values} how far it is from the least to the most, 0 to 1; the middle where there is no such distance. */
function partsOf(values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const order = [...values].sort((one, other) => one - other);
  if (high <= low) return values.map(() => 0.5);
  return values.map((value) => ((value - low) / (high - low) + (order.indexOf(value) + order.lastIndexOf(value)) / 2 / (values.length - 1)) / 2);
}

function anchorsOf(places: readonly Lying[], sheet: Sheet, high: number): Spot[] {
  const east = partsOf(places.map(({ longitude }) => longitude));
  const north = partsOf(places.map(({ latitude }) => latitude));
  return places.map((_, at) => ({
    x: sheet.boxWide / 2 + (east[at] ?? 0.5) * (sheet.wide - sheet.boxWide),
    y: sheet.boxHigh / 2 + (1 - (north[at] ?? 0.5)) * (high - sheet.boxHigh),
  }));
}

/** Move two that cover each other apart, the shorter way; whether they did. */
function part(one: Spot, other: Spot, sheet: Sheet): boolean {
  const [dx, dy] = [other.x - one.x, other.y - one.y];
  const [overX, overY] = [sheet.boxWide - Math.abs(dx), sheet.boxHigh - Math.abs(dy)];
  if (overX <= 0.01 || overY <= 0.01) return false;
  if (overX < overY) {
    const by = (dx < 0 ? -overX : overX) / 2;
    one.x -= by;
    other.x += by;
  } else {
    const by = (dy < 0 ? -overY : overY) / 2;
    one.y -= by;
    other.y += by;
  }
  return true;
}

const within = (value: number, box: number, all: number) => Math.min(all - box / 2, Math.max(box / 2, value));

function settle(spots: Spot[], sheet: Sheet, high: number): boolean {
  for (let round = 0; round < ROUNDS; round++) {
    let covered = false;
    for (const [at, one] of spots.entries()) {
      for (const other of spots.slice(at + 1)) covered = part(one, other, sheet) || covered;
    }
    if (!covered) return true;
    for (const spot of spots) {
      spot.x = within(spot.x, sheet.boxWide, sheet.wide);
      spot.y = within(spot.y, sheet.boxHigh, high);
    }
  }
  return false;
}

/** The middle of each place's box, and how high the sheet has to be. */
export function layOut(places: readonly Lying[], sheet: Sheet): { spots: Spot[]; high: number } {
  const columns = Math.max(1, Math.floor(sheet.wide / sheet.boxWide));
  let high = Math.max(sheet.high, Math.ceil(places.length / columns) * sheet.boxHigh);
  for (;;) {
    const spots = anchorsOf(places, sheet, high);
    if (settle(spots, sheet, high)) return { spots, high };
    high *= MORE;
  }
}
