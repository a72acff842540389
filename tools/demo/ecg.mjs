// SPDX-License-Identifier: Apache-2.0
// Draws leads of an electrocardiogram on millimetre paper: 25 mm/s, 10 mm/mV. The waves are
// sums of bell curves, invented like everything here.
import { encodePng } from './png.mjs';

const MM = 5; // pixels
const SECONDS = 5.2;
const WIDTH = Math.round(SECONDS * 25 * MM);
const STRIP = 27 * MM; // the height of one lead
const BASELINE = 17 * MM;
const PEN = 0.9; // half its width, in pixels

const PAPER = [253, 246, 243];
const FINE = [247, 222, 216];
const BOLD = [236, 184, 174];
const INK = [28, 28, 40];

function trembling(s) {
  return 0.055 * Math.sin(2 * Math.PI * 6.1 * s + 1.7 * Math.sin(3.1 * s)) + 0.03 * Math.sin(2 * Math.PI * 8.7 * s + 2 * Math.sin(1.3 * s));
}

/** When the heart beats (s), what the baseline does between (mV), and the leads from the
 * top. Each wave of a lead: when (s after the beat), how high (mV), how wide (s). */
const RECORDINGS = {
  infarction: {
    beats: [0.75, 1.87, 2.97, 4.09, 5.2],
    baseline: (s) => 0.012 * Math.sin(2.2 * s),
    leads: [
      // III: a small q, and an ST that leaves the QRS high and runs into the T
      [[-0.17, 0.12, 0.024], [-0.028, -0.16, 0.009], [0, 0.75, 0.011], [0.05, 0.3, 0.03], [0.13, 0.42, 0.06], [0.23, 0.55, 0.06]],
      // aVL: its mirror, ST and T below the line
      [[-0.17, 0.05, 0.024], [0, 0.42, 0.012], [0.027, -0.12, 0.01], [0.07, -0.16, 0.03], [0.14, -0.22, 0.055], [0.24, -0.26, 0.055]],
    ],
  },
  fibrillation: {
    beats: [0.62, 1.02, 1.66, 2.05, 2.49, 3.17, 3.55, 4.11, 4.49, 5.05],
    baseline: trembling,
    leads: [
      [[-0.022, -0.08, 0.008], [0, 1.05, 0.011], [0.026, -0.22, 0.01], [0.22, 0.2, 0.042]], // II: no P
      [[-0.008, 0.34, 0.009], [0.024, -0.72, 0.012], [0.2, -0.08, 0.04]], // V1
    ],
  },
};

function millivolts({ beats, baseline }, lead, second) {
  if (second < 0.34) return second > 0.1 && second < 0.3 ? 1 : 0; // the mark of one millivolt
  let sum = baseline(second);
  for (const beat of beats) {
    for (const [when, high, wide] of lead) sum += high * Math.exp(-0.5 * ((second - beat - when) / wide) ** 2);
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

export function drawEcg(name) {
  const recording = RECORDINGS[name];
  const lines = recording.leads.map((lead) => Array.from({ length: WIDTH }, (_, x) => BASELINE - millivolts(recording, lead, x / (25 * MM)) * 10 * MM));
  const height = STRIP * lines.length;
  const pixels = Buffer.alloc(WIDTH * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const ink = inkAt(lines[Math.floor(y / STRIP)], x, y % STRIP);
      const paper = paperAt(x, y);
      for (let c = 0; c < 3; c++) pixels[(y * WIDTH + x) * 3 + c] = Math.round(paper[c] + ink * (INK[c] - paper[c]));
    }
  }
  return encodePng(WIDTH, height, 3, pixels);
}
