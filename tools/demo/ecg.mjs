// SPDX-License-Identifier: Apache-2.0
// Draws one lead of an electrocardiogram on millimetre paper: 25 mm/s, 10 mm/mV. The beats
// are sums of bell curves, invented like everything here.
import { encodePng } from './png.mjs';

const MM = 6; // pixels
const SECONDS = 5.2;
const WIDTH = Math.round(SECONDS * 25 * MM);
const HEIGHT = 34 * MM;
const BASELINE = 21 * MM;
const PEN = 1.1; // half its width, in pixels

const PAPER = [253, 246, 243];
const FINE = [247, 222, 216];
const BOLD = [236, 184, 174];
const INK = [28, 28, 40];

/** Each wave: when (s after the beat), how high (mV), how wide (s). */
const BEATS = {
  // small q, ST that leaves the QRS high and runs into the T
  infarction: [[-0.17, 0.12, 0.024], [-0.028, -0.16, 0.009], [0, 0.75, 0.011], [0.05, 0.3, 0.03], [0.13, 0.42, 0.06], [0.23, 0.55, 0.06]],
  // no P
  fibrillation: [[-0.022, -0.08, 0.008], [0, 1.05, 0.011], [0.026, -0.22, 0.01], [0.22, 0.2, 0.042]],
};
const TIMES = {
  infarction: [0.75, 1.87, 2.97, 4.09, 5.2],
  fibrillation: [0.62, 1.02, 1.66, 2.05, 2.49, 3.17, 3.55, 4.11, 4.49, 5.05],
};
/** What trembles between the beats (mV). */
const UNREST = {
  infarction: (s) => 0.012 * Math.sin(2.2 * s),
  fibrillation: (s) => 0.055 * Math.sin(2 * Math.PI * 6.1 * s + 1.7 * Math.sin(3.1 * s)) + 0.03 * Math.sin(2 * Math.PI * 8.7 * s + 2 * Math.sin(1.3 * s)),
};

function millivolts(kind, second) {
  if (second < 0.34) return second > 0.1 && second < 0.3 ? 1 : 0; // the mark of one millivolt
  let sum = UNREST[kind](second);
  for (const beat of TIMES[kind]) {
    for (const [when, high, wide] of BEATS[kind]) sum += high * Math.exp(-0.5 * ((second - beat - when) / wide) ** 2);
  }
  return sum;
}

function paperAt(x, y) {
  if (x % (5 * MM) === 0 || y % (5 * MM) === 0) return BOLD;
  return x % MM === 0 || y % MM === 0 ? FINE : PAPER;
}

/** How much of a pixel the pen covers: from the distance to the nearest piece of the line. */
function inkAt(line, x, y) {
  let nearest = Infinity;
  for (let at = Math.max(1, x - 3); at <= Math.min(WIDTH - 1, x + 3); at++) {
    const rise = line[at] - line[at - 1];
    const along = Math.min(1, Math.max(0, (x - at + 1 + (y - line[at - 1]) * rise) / (1 + rise * rise)));
    nearest = Math.min(nearest, Math.hypot(x - at + 1 - along, y - line[at - 1] - along * rise));
  }
  return Math.min(1, Math.max(0, PEN + 0.5 - nearest));
}

export function drawEcg(kind) {
  const line = Array.from({ length: WIDTH }, (_, x) => BASELINE - millivolts(kind, x / (25 * MM)) * 10 * MM);
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const ink = inkAt(line, x, y);
      const paper = paperAt(x, y);
      for (let c = 0; c < 3; c++) pixels[(y * WIDTH + x) * 3 + c] = Math.round(paper[c] + ink * (INK[c] - paper[c]));
    }
  }
  return encodePng(WIDTH, HEIGHT, 3, pixels);
}
