// SPDX-License-Identifier: Apache-2.0
// The pictures that cases of the demonstration show, by name, as PNG files.
import { drawEcg } from './ecg.mjs';
import { drawWrist } from './xray.mjs';

const DRAWINGS = {
  wrist: drawWrist,
  infarction: () => drawEcg('infarction'),
  fibrillation: () => drawEcg('fibrillation'),
};

export function picture(name) {
  const draw = DRAWINGS[name];
  if (!draw) throw new Error(`there is no drawing "${name}"`);
  return draw();
}
