// SPDX-License-Identifier: Apache-2.0
// Draws what a chest film, a slice of the head, an ultrasound picture, a broken shin and a
// wound look like from a step away: shades made of soft ellipses, invented like everything
// here. Small and with few shades, so that they weigh little.
import { encodePng } from './png.mjs';

const WIDTH = 220;
const HEIGHT = 240;
const SHADES = 31;

const soft = (value) => 1 / (1 + Math.exp(-value));
/** Near 1 inside an ellipse, near 0 outside; ${edge}: how sharp its rim is. */
const inside = (x, y, [cx, cy, rx, ry], edge = 9) => soft((1 - Math.hypot((x - cx) / rx, (y - cy) / ry)) * edge);
/** A hill with its top at (cx, cy). */
const hill = (x, y, [cx, cy, rx, ry]) => Math.exp(-(((x - cx) / rx) ** 2) - ((y - cy) / ry) ** 2);
/** The same noise each time, in spots of ${size} pixels. */
function grain(x, y, size = 1) {
  const n = Math.sin(Math.floor(x / size) * 12.9898 + Math.floor(y / size) * 78.233) * 43758.5453;
  return n - Math.floor(n) - 0.5;
}

/** The same in clouds about ${size} pixels wide, without edges. */
function cloud(x, y, size) {
  const [u, v] = [x / size, y / size];
  const at = (i, j) => grain(Math.floor(u) + i, Math.floor(v) + j);
  const ease = (value) => { const part = value - Math.floor(value); return part * part * (3 - 2 * part); };
  const [a, b] = [ease(u), ease(v)];
  return at(0, 0) * (1 - a) * (1 - b) + at(1, 0) * a * (1 - b) + at(0, 1) * (1 - a) * b + at(1, 1) * a * b;
}

function drawGrey(shadeAt, width = WIDTH, height = HEIGHT) {
  const pixels = Buffer.alloc(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const shade = Math.round(Math.min(1, Math.max(0, shadeAt(x, y))) * SHADES);
      pixels[y * width + x] = Math.round((shade * 255) / SHADES);
    }
  }
  return encodePng(width, height, 1, pixels);
}

/** The patient's right lung is on the left of the picture. */
const LUNGS = [[68, 108, 40, 84], [152, 110, 40, 82]];

function ribs(x, y) {
  let sum = 0;
  for (let at = 0; at < 9; at++) {
    for (const [side, cx] of [[-1, 68], [1, 152]]) {
      const line = 34 + at * 19 + (side * (x - cx)) * 0.28 + ((x - cx) / 40) ** 2 * 9;
      sum += Math.exp(-(((y - line) / 3.4) ** 2)) * inside(x, y, [cx, 112, 47, 96], 14);
    }
  }
  return sum;
}

/** ${signs.dense}: hills of shadow; ${signs.wool}: how cloudy; ${signs.air}: no vessels at the right rim; ${signs.heart}: its size. */
function chest(signs) {
  const heart = signs.heart ?? 1;
  return drawGrey((x, y) => {
    const body = inside(x, y, [110, 150, 112, 150], 12);
    const lung = Math.max(...LUNGS.map((one) => inside(x, y, one, 13)));
    const collapsed = signs.air ? inside(x, y, [84, 112, 25, 66], 10) : 1;
    let shade = 0.05 + body * 0.56 - lung * 0.44;
    const vessels = Math.exp(-(((Math.abs(x - 110) - 22) / 26) ** 2)) * hill(x, y, [110, 112, 80, 60]);
    shade += lung * vessels * (0.16 + 0.3 * cloud(x, y, 4)) * (x < 110 ? collapsed : 1);
    if (signs.air && x < 110) shade += lung * (collapsed * 0.12 - 0.06);
    shade += ribs(x, y) * 0.085;
    shade += Math.exp(-(((x - 110) / 11) ** 2)) * 0.3 * body; // spine
    shade += Math.max(inside(x, y, [124, 150, 34 * heart, 40 * heart], 9), inside(x, y, [108, 100, 15, 52], 7) * 0.8) * 0.34;
    shade += Math.max(inside(x, y, [66, 218, 52, 36], 14), inside(x, y, [154, 222, 50, 36], 14)) * 0.3; // under the diaphragm
    for (const dense of signs.dense ?? []) shade += hill(x, y, dense) * (0.34 + 0.16 * cloud(x, y, 6)) * lung;
    if (signs.wool) shade += lung * signs.wool * (0.16 + 0.5 * Math.abs(cloud(x, y, 11)) + 0.16 * cloud(x, y, 5)) * (0.5 + hill(x, y, [104, 130, 70, 60]));
    return shade * 0.98 + 0.012 * grain(x, y);
  });
}

function headSlice() {
  return drawGrey((x, y) => {
    const out = Math.hypot((x - 110) / 84, (y - 120) / 104);
    const skull = Math.exp(-(((out - 0.95) / 0.045) ** 2));
    const brain = soft((0.9 - out) * 40) * (0.42 + 0.05 * Math.sin(x * 0.19 + 4 * Math.sin(y * 0.06)) + 0.03 * grain(x, y, 2));
    const ventricles = Math.max(inside(x, y, [98, 112, 7, 26], 8), inside(x, y, [124, 112, 7, 26], 8));
    const dark = hill(x, y, [158, 108, 24, 34]) * 0.16; // an area that lacks blood
    return skull * 0.95 + brain * (1 - 0.75 * ventricles) - dark * soft((0.86 - out) * 30) - Math.exp(-(((x - 111) / 1.4) ** 2)) * 0.05;
  });
}

function ultrasound() {
  return drawGrey((x, y) => {
    const [dx, dy] = [x - 110, y + 36];
    const [reach, angle] = [Math.hypot(dx, dy), Math.atan2(dx, dy)];
    if (reach < 52 || reach > 262 || Math.abs(angle) > 0.56) return 0;
    const speckle = 0.2 + 0.4 * Math.abs(cloud(reach, angle * 150, 2.4)) + 0.12 * Math.sin(reach * 0.07 + angle * 3);
    const hole = inside(x, y, [112, 128, 40, 36], 16);
    const wall = Math.exp(-(((Math.hypot((x - 112) / 40, (y - 128) / 36) - 1) / 0.07) ** 2));
    const behind = y > 150 ? hill(x, y, [112, 190, 30, 50]) * 0.22 : 0;
    const folds = hole * Math.max(0, Math.sin(x * 0.16 + Math.sin(y * 0.11) * 3)) * 0.14;
    return speckle * (1 - 0.9 * hole) + wall * 0.42 + behind + folds;
  });
}

function shin() {
  return drawGrey((x, y) => {
    const shift = y < 128 + (x - 100) * 0.5 ? 0 : 7; // a slanting break, the far piece to the side
    const gap = Math.exp(-(((y - 128 - (x - 100) * 0.5) / 2.4) ** 2));
    const shaft = (cx, half) => {
      const off = Math.abs(x - shift - cx) / half;
      return off < 1 ? 0.36 + 0.4 * off ** 4 : Math.max(0, 0.7 - (off - 1) * 6);
    };
    const flesh = soft((1 - Math.abs(x - 112) / 78) * 9) * 0.22;
    return 0.03 + flesh + shaft(98, 17) * (1 - 0.75 * gap) + shaft(146, 8) * 0.8 * (1 - 0.75 * gap) + 0.012 * grain(x, y);
  });
}

function wound(kind) {
  const [width, height] = [200, 160];
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const out = Math.hypot((x - 98) / 46, (y - 80) / 32) + 0.5 * cloud(x, y, 26) + 0.2 * cloud(x, y, 9);
      const red = soft((1.25 - out) * 6);
      const deep = soft(((kind === 'ulcer' ? 0.72 : 0.95) - out) * 14);
      const light = 1 - 0.3 * Math.hypot((x - 80) / 200, (y - 60) / 160) + 0.06 * cloud(x, y, 4);
      const skin = [198, 152, 122];
      const rim = [196, 112, 96];
      const bed = kind === 'ulcer' ? [112, 44, 42] : [208, 88, 84];
      for (let c = 0; c < 3; c++) {
        const colour = (skin[c] * (1 - red) + rim[c] * red) * (1 - deep) + bed[c] * deep;
        pixels[(y * width + x) * 3 + c] = Math.min(255, Math.round((colour * light) / 10) * 10);
      }
    }
  }
  return encodePng(width, height, 3, pixels);
}

export const FILMS = {
  'chest-right': () => chest({ dense: [[66, 158, 30, 26]] }),
  'chest-left': () => chest({ dense: [[158, 150, 24, 30]] }),
  'chest-apex': () => chest({ dense: [[62, 62, 20, 22], [78, 84, 16, 14], [148, 66, 12, 14]] }),
  'chest-oedema': () => chest({ wool: 1, dense: [[72, 128, 28, 34]] }),
  'chest-air': () => chest({ air: true }),
  'chest-heart': () => chest({ heart: 1.42, wool: 0.3 }),
  'chest-child': () => chest({ dense: [[70, 150, 26, 22]], wool: 0.22, heart: 1.12 }),
  'head-ct': headSlice,
  ultrasound,
  bone: shin,
  'skin-burn': () => wound('burn'),
  'skin-ulcer': () => wound('ulcer'),
};
