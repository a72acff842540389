// SPDX-License-Identifier: Apache-2.0
// Where the people of a lineage stand in its picture: masters above, apprentices below, one
// row a generation. Pure.
export interface Link {
  master: string;
  apprentice: string;
}

export interface Spot {
  who: string;
  row: number;
  x: number;
  y: number;
}

export interface Drawing {
  spots: Spot[];
  /** From master to apprentice, each pair once. */
  links: { from: Spot; to: Spot; link: Link }[];
  width: number;
  height: number;
}

export const BOX = { width: 148, height: 46 };
const GAP = { x: 16, y: 46 };
const EDGE = 8;

/** How many generations above (negative) or below ${root} each person is: the nearest way counts. */
function generations(root: string, links: readonly Link[]): Map<string, number> {
  const rows = new Map([[root, 0]]);
  const walk = (next: (one: string) => string[], step: number) => {
    let at = [root];
    for (let row = step; at.length > 0; row += step) {
      at = [...new Set(at.flatMap(next))].filter((one) => !rows.has(one));
      for (const one of at) rows.set(one, row);
    }
  };
  walk((one) => links.filter((link) => link.apprentice === one).map((link) => link.master), -1);
  walk((one) => links.filter((link) => link.master === one).map((link) => link.apprentice), 1);
  return rows;
}

/** The middle of where those stand already whom ${who} is tied to; 0 where nobody does. */
function middle(who: string, links: readonly Link[], placed: Map<string, Spot>): number {
  const near = links.flatMap((link) => (link.master === who ? [link.apprentice] : link.apprentice === who ? [link.master] : [])).flatMap((one) => placed.get(one) ?? []);
  return near.length === 0 ? 0 : near.reduce((sum, one) => sum + one.x, 0) / near.length;
}

export function draw(root: string, links: readonly Link[]): Drawing {
  const rows = generations(root, links);
  const least = Math.min(...rows.values());
  const most = Math.max(...rows.values());
  const rowOf = (row: number) => [...rows].filter(([, at]) => at === row).map(([who]) => who);
  const widest = Math.max(...Array.from({ length: most - least + 1 }, (_, at) => rowOf(least + at).length));
  const width = 2 * EDGE + widest * BOX.width + (widest - 1) * GAP.x;
  const placed = new Map<string, Spot>();
  const place = (row: number) => {
    const people = rowOf(row).sort((a, b) => middle(a, links, placed) - middle(b, links, placed));
    const left = (width - people.length * BOX.width - (people.length - 1) * GAP.x) / 2;
    people.forEach((who, at) => placed.set(who, { who, row, x: left + at * (BOX.width + GAP.x), y: EDGE + (row - least) * (BOX.height + GAP.y) }));
  };
  place(0);
  for (let row = -1; row >= least; row--) place(row);
  for (let row = 1; row <= most; row++) place(row);
  const seen = new Set<string>();
  const drawn = links.flatMap((link) => {
    const from = placed.get(link.master);
    const to = placed.get(link.apprentice);
    const key = `${link.master} ${link.apprentice}`;
    if (!from || !to || seen.has(key)) return [];
    seen.add(key);
    return [{ from, to, link }];
  });
  const spots = [...placed.values()].sort((a, b) => a.row - b.row || a.x - b.x);
  return { spots, links: drawn, width, height: 2 * EDGE + (most - least + 1) * BOX.height + (most - least) * GAP.y };
}
