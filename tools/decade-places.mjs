// SPDX-License-Identifier: Apache-2.0
// Writes the towns of data/places.csv as a C table for the decade (src/app/decade_internal.h).
//
//   node tools/decade-places.mjs PLACES.csv OUT.c
import { writeFileSync } from 'node:fs';
import { readPlaces } from './demo/places.mjs';

const [input, output] = process.argv.slice(2);
const hundredths = (degrees) => Math.round(degrees * 100);

const rows = readPlaces(input).map((place) => {
  const texts = [place.id, place.name, place.chinese, place.country, place.tier, place.parent, place.twin];
  const numbers = [hundredths(place.latitude), hundredths(place.longitude), place.altitude_m];
  return `    {${[...texts.map((text) => JSON.stringify(text)), ...numbers].join(', ')}},`;
});

writeFileSync(output, `/* Made by tools/decade-places.mjs from data/places.csv. */
#include "app/decade_internal.h"

const struct decade_place decade_places[] = {
${rows.join('\n')}
};
const size_t decade_place_count = sizeof(decade_places) / sizeof(decade_places[0]);
`);
