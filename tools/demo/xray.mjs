// SPDX-License-Identifier: Apache-2.0
// Draws a right wrist with a broken radius as an X-ray film shows it: bones are round
// cones, bright at their rim where the cortex is, with the shadow of the flesh about them.
import { encodePng } from './png.mjs';

const WIDTH = 300;
const HEIGHT = 400;

/** Round cones: from (x, y) with radius r to (x, y) with radius r. */
const RADIUS_SHAFT = [[118, 420, 19, 117, 292, 20], [117, 292, 20, 112, 262, 30]];
const RADIUS_END = [[102, 244, 25, 134, 242, 21], [96, 236, 14, 90, 222, 7]];
const ULNA = [[186, 420, 13, 181, 262, 13], [181, 250, 16, 183, 236, 14], [193, 234, 6, 196, 222, 4]];
const CARPALS = [
  [[98, 202, 14, 112, 182, 13]], [[132, 208, 16, 140, 198, 14]], [[164, 202, 13, 171, 192, 13]], [[180, 190, 8, 182, 184, 8]],
  [[92, 164, 13, 96, 152, 11]], [[115, 162, 10, 116, 150, 10]], [[138, 174, 14, 138, 148, 14]], [[166, 172, 13, 172, 152, 14]],
];
const RAYS = [
  [[80, 146, 13, 50, 84, 10], [50, 84, 12, 46, 76, 12]], [[46, 60, 11, 34, 22, 8]],
  [[110, 134, 13, 104, 40, 9], [104, 40, 12, 104, 30, 12]], [[137, 130, 12, 138, 34, 9], [138, 34, 12, 138, 24, 12]],
  [[162, 134, 11, 170, 44, 8], [170, 44, 11, 171, 34, 11]], [[184, 140, 11, 200, 62, 8], [200, 62, 11, 202, 52, 11]],
  [[103, 12, 11, 101, -30, 8]], [[138, 6, 11, 138, -30, 8]], [[172, 16, 10, 176, -30, 8]], [[205, 34, 10, 212, -10, 7]],
];
const FLESH = [
  [150, 430, 74, 146, 260, 64], [146, 260, 64, 140, 160, 74], [140, 160, 74, 142, 50, 66], [84, 150, 40, 44, 70, 30], [44, 70, 30, 28, 10, 22],
];

/** Distance from (x, y) to a round cone: negative inside. */
function toCone(x, y, [ax, ay, ar, bx, by, br]) {
  const dx = bx - ax;
  const dy = by - ay;
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy) - (ar + along * (br - ar));
}

/** To several grown together; ${soft}: how far they flow into one another. */
function toShape(x, y, cones, soft) {
  return cones.map((cone) => toCone(x, y, cone)).reduce((a, b) => {
    const blend = Math.max(soft - Math.abs(a - b), 0) / soft;
    return Math.min(a, b) - (blend * blend * soft) / 4;
  });
}

function boneShade(distance, strength) {
  const edge = Math.min(1, Math.max(0, 0.5 - distance));
  const cortex = Math.exp(distance / 2.6);
  return edge * strength * (0.62 + 0.62 * cortex);
}

/** The line of the break across the radius, and the one that runs up into the joint. */
function breakLine(x) {
  return 264 + 3.5 * Math.sin(x * 0.13) + 1.4 * Math.sin(x * 0.47 + 1) - (x - 112) * 0.14;
}

function radiusShade(x, y) {
  const line = breakLine(x);
  // the far piece sits a little to the thumb's side and has sunk into the near one
  const far = toShape(x + 5, y - 3, [...RADIUS_SHAFT.slice(1), ...RADIUS_END], 16);
  const near = toShape(x, y, [...RADIUS_SHAFT, ...RADIUS_END], 16);
  const across = y - line;
  let shade = boneShade(across < 0 ? far : near, 0.5);
  shade *= 1 - 0.62 * Math.exp(-((across / 1.7) ** 2));
  if (across > 0) shade *= 1 + 0.3 * Math.exp(-(((across - 6) / 4) ** 2)); // pressed together, so denser
  const split = x - 122 - 3 * Math.sin(y * 0.33);
  if (across < 0) shade *= 1 - 0.3 * Math.exp(-((split / 1.3) ** 2));
  return shade;
}

/** The same noise each time. */
function grain(x, y) {
  const n = Math.sin(x * 12.9898 + y * 78.233) * 43758.5453;
  return n - Math.floor(n) - 0.5;
}

function shadeAt(x, y) {
  const flesh = -toShape(x, y, FLESH, 30);
  let shade = 0.035 + 0.2 * Math.min(1, Math.max(0, flesh / 34)) ** 0.7;
  shade += radiusShade(x, y);
  shade += boneShade(toShape(x, y, ULNA, 10), 0.46);
  for (const bone of CARPALS) shade += boneShade(toShape(x, y, bone, 8), 0.36);
  for (const bone of RAYS) shade += boneShade(toShape(x, y, bone, 10), 0.42);
  const corner = 1 - 0.25 * (((x - WIDTH / 2) / WIDTH) ** 2 + ((y - HEIGHT / 2) / HEIGHT) ** 2);
  return 1 - Math.exp(-1.6 * shade * corner) + 0.006 * grain(x, y);
}

export function drawWrist() {
  const pixels = Buffer.alloc(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      // 64 shades are all an eye tells apart here, and a third of the bytes
      const shade = Math.round(Math.min(1, Math.max(0, shadeAt(x, y))) * 63);
      pixels[y * WIDTH + x] = Math.round((shade * 255) / 63);
    }
  }
  return encodePng(WIDTH, HEIGHT, 1, pixels);
}
