// SPDX-License-Identifier: Apache-2.0
// The towns of data/places.csv.
import { readFileSync } from 'node:fs';

/** All towns in their order, each an object named by the head line; numbers are numbers. */
export function readPlaces(file) {
  const lines = readFileSync(file, 'utf8').split('\n').filter((line) => line && !line.startsWith('#'));
  const [head, ...rows] = lines.map((line) => line.split(','));
  return rows.map((cells) => {
    if (cells.length !== head.length) throw new Error(`${file}: "${cells[0]}" has ${cells.length} fields, not ${head.length}`);
    const place = Object.fromEntries(head.map((name, at) => [name, cells[at]]));
    for (const name of ['latitude', 'longitude', 'altitude_m']) place[name] = Number(place[name]);
    return place;
  });
}
