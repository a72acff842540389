// SPDX-License-Identifier: Apache-2.0
// How a picture lies on a stage: its size, its place and its turn, and how its greys are
// spread. Numbers alone, so that they can be tested without a screen.

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/** Where the picture lies: 1 is the whole of it on the stage; x and y move its middle from the stage's. */
export interface View extends Point {
  zoom: number;
  /** Quarters of a turn, clockwise: 0 to 3. */
  turn: number;
}

export const WHOLE: View = { zoom: 1, x: 0, y: 0, turn: 0 };
export const ZOOM_STEP = 1.4;
const DEEPEST = 8; // points of the screen for one of the picture
const DEEPEST_SMALL = 4; // and of the whole, where the picture is small

/** As it stands after its turn. */
function turned(picture: Size, turn: number): Size {
  return turn % 2 === 0 ? picture : { width: picture.height, height: picture.width };
}

/** Points of the screen for one of the picture, when the whole of it is on the stage. Never enlarged for that. */
export function fitScale(picture: Size, stage: Size, turn: number): number {
  const { width, height } = turned(picture, turn);
  if (width <= 0 || height <= 0) return 1;
  return Math.min(1, stage.width / width, stage.height / height);
}

/** No farther out than the whole, no deeper than is of use; an edge stays at the stage's edge or beyond. */
export function within(view: View, picture: Size, stage: Size): View {
  const fit = fitScale(picture, stage, view.turn);
  const zoom = Math.min(Math.max(1, view.zoom), Math.max(DEEPEST / fit, DEEPEST_SMALL));
  const { width, height } = turned(picture, view.turn);
  const reach = (length: number, room: number) => Math.max(0, (length * fit * zoom - room) / 2);
  const hold = (value: number, most: number) => Math.min(most, Math.max(-most, value)) + 0;
  return { ...view, zoom, x: hold(view.x, reach(width, stage.width)), y: hold(view.y, reach(height, stage.height)) };
}

/** ${times} as large; what lies under ${at} (from the stage's middle) stays there. */
export function zoomed(view: View, times: number, at: Point, picture: Size, stage: Size): View {
  const { zoom } = within({ ...view, zoom: view.zoom * times }, picture, stage);
  const ratio = zoom / view.zoom;
  return within({ ...view, zoom, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio }, picture, stage);
}

export function moved(view: View, by: Point, picture: Size, stage: Size): View {
  return within({ ...view, x: view.x + by.x, y: view.y + by.y }, picture, stage);
}

/** A quarter clockwise, about the stage's middle. */
export function quarterTurn(view: View, picture: Size, stage: Size): View {
  return within({ ...view, turn: (view.turn + 1) % 4, x: -view.y, y: view.x }, picture, stage);
}

/** Which greys are spread from black to white: about ${level}, ${width} of them, in percent of all. */
export interface Greys {
  level: number;
  width: number;
  invert: boolean;
}

export const ALL_GREYS: Greys = { level: 50, width: 100, invert: false };
export const LEVELS = { least: 0, most: 100 };
export const WIDTHS = { least: 4, most: 200 };

export function greysWithin(greys: Greys): Greys {
  const hold = (value: number, { least, most }: { least: number; most: number }) => Math.min(most, Math.max(least, value));
  return { ...greys, level: hold(greys.level, LEVELS), width: hold(greys.width, WIDTHS) };
}

/**
 * ${greys} as a CSS filter. brightness(b) is b·v and contrast(c) is c·(v - ½) + ½, each cut off at
 * black and white; one after the other they make (v - level) / width + ½, and the one that comes
 * first is chosen so that it cuts off nothing that the other would still show.
 */
export function filterOf(greys: Greys): string {
  const level = greys.level / 100;
  const width = greys.width / 100;
  const short = (value: number) => Number(value.toFixed(4));
  const filters: string[] = [];
  if (greys.level !== ALL_GREYS.level || greys.width !== ALL_GREYS.width) {
    if (level >= width / 2) {
      filters.push(`brightness(${short(1 / (2 * level))})`, `contrast(${short((2 * level) / width)})`);
    } else {
      const spare = width - 2 * level + 1;
      filters.push(`contrast(${short(1 / spare)})`, `brightness(${short(spare / width)})`);
    }
  }
  if (greys.invert) filters.push('invert(1)');
  return filters.join(' ') || 'none';
}
