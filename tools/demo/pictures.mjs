// SPDX-License-Identifier: Apache-2.0
// The pictures that cases of the demonstration show, by name, as PNG files.
import { drawEcg } from './ecg.mjs';
import { FILMS } from './films.mjs';
import { drawWrist } from './xray.mjs';

const DRAWINGS = {
  ...FILMS,
  wrist: drawWrist,
  infarction: () => drawEcg('infarction'),
  fibrillation: () => drawEcg('fibrillation'),
};

const drawn = new Map();

export function picture(name) {
  const draw = DRAWINGS[name];
  if (!draw) throw new Error(`there is no drawing "${name}"`);
  if (!drawn.has(name)) drawn.set(name, draw());
  return drawn.get(name);
}

/** Those asked for so far: [name, bytes]. */
export function picturesDrawn() {
  return [...drawn];
}
