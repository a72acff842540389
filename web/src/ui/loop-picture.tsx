// SPDX-License-Identifier: Apache-2.0
// The loop of the programme with the figures of a year: cases come in, are advised, done together, people become
// independent, more is possible, more stays local, and the next case comes in closer to home. What this node
// does not compute is left out.
import type { Told, Trend } from '../fhir/dashboard';
import type { Definition } from '../fhir/indicators';
import { t, type TextKey } from '../lib/i18n';
import { hrefTo, route } from '../lib/router';
import { ChartFrame, type Sheet } from './chart-frame';
import { measure, nameOf } from './figure-words';
import { amountSays, figureOf, toldSays } from './programme-words';
import type { Opened } from './trend-card';
import { useMedia } from './use-media';

interface Stage { word: TextKey; under: TextKey; /** The first that is computed. */ of: string[]; /** How many were measured, not what came out. */ many?: boolean }
const STAGES: Stage[] = [
  { word: 'programme.loop-in', under: 'programme.loop-in-of', of: ['answers-in-time'], many: true },
  { word: 'programme.loop-advised', under: 'programme.loop-advised-of', of: ['first-answer-time'], many: true },
  { word: 'programme.loop-together', under: 'programme.loop-together-of', of: ['joint-operation'] },
  { word: 'programme.loop-independent', under: 'programme.loop-independent-of', of: ['independent-practitioners'] },
  { word: 'programme.loop-possible', under: 'programme.loop-possible-of', of: ['new-technology-stock'] },
  { word: 'programme.loop-local', under: 'programme.loop-local-of', of: ['retention'] },
];

/** What the picture asks for. */
export const LOOP_MEASURES: readonly string[] = STAGES.flatMap(({ of }) => of);

interface Box { word: string; under: string; told: Told; indicator: string; name: string }

/** How many cases a share or a middle is of. */
function manyOf(told: Told): Told {
  return told.kind === 'share' || told.kind === 'middle' ? { kind: 'exact', amount: told.all, unit: '' } : told;
}

function boxOf(stage: Stage, trends: readonly Trend[], definitions: readonly Definition[], year: number): Box[] {
  const trend = trends.find(({ indicator }) => stage.of.includes(indicator));
  const definition = definitions.find(({ id }) => id === trend?.indicator);
  const told = trend?.years.find((one) => one.year === year)?.told;
  if (!trend || !definition || !told) return [];
  const time = told.kind === 'middle' ? measure(told.amount, told.unit) : '';
  return [{ word: t(stage.word), under: stage.under === 'programme.loop-advised-of' ? (time ? t('programme.loop-advised-of', { time }) : '') : t(stage.under), told: stage.many ? manyOf(told) : told, indicator: trend.indicator, name: nameOf(definition) }];
}

/** Column and row of each box, round in a ring; one below the other where there is no room. */
function placesOf(count: number, narrow: boolean): [number, number][] {
  if (narrow) return Array.from({ length: count }, (_, at) => [0, at]);
  const above = Math.ceil(count / 2);
  const below = count - above;
  const step = below > 1 ? (above - 1) / (below - 1) : 0;
  return Array.from({ length: count }, (_, at) => (at < above ? [at, 0] : [above - 1 - (at - above) * step, 1]));
}

const WIDE = 196;
const HIGH = 92;
const GAP = 56;

type Point = [number, number];
function wayOf([x, y]: Point, [nextX, nextY]: Point): string {
  if (y === nextY) return nextX > x ? `M${x + WIDE} ${y + HIGH / 2}H${nextX - 4}` : `M${x} ${y + HIGH / 2}H${nextX + WIDE + 4}`;
  return nextY > y ? `M${x + WIDE / 2} ${y + HIGH}V${nextY - 4}` : `M${x + WIDE / 2} ${y}V${nextY + HIGH + 4}`;
}

function Drawing({ boxes, year }: { boxes: Box[]; year: number }) {
  const narrow = useMedia('(width < 720px)');
  const places = placesOf(boxes.length, narrow).map(([column, row]): Point => [4 + column * (WIDE + GAP), 4 + row * (HIGH + (narrow ? 28 : GAP))]);
  const back = narrow ? 40 : 0; // of the way back along the side
  const wide = Math.max(...places.map(([x]) => x)) + WIDE + 4 + back;
  const high = Math.max(...places.map(([, y]) => y)) + HIGH + 4;
  const last = places.at(-1) ?? [0, 0];
  const query = Object.fromEntries(route.value.query);
  return (
    <svg class="loop" xmlns="http://www.w3.org/2000/svg" viewBox={`0 0 ${wide} ${high}`} width={wide} height={high} role="group" aria-label={t('programme.loop')} font-family="system-ui, sans-serif">
      <defs><marker id="loop-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="var(--line-strong)" /></marker></defs>
      {places.map((place, at) => {
        const next = places[at + 1] ?? places[0] ?? place;
        const way = narrow && at === places.length - 1 ? `M${last[0] + WIDE} ${last[1] + HIGH / 2}h${back - 12}V${4 + HIGH / 2}H${WIDE + 10}` : wayOf(place, next);
        return <path key={at} d={way} fill="none" stroke="var(--line-strong)" stroke-width="1.8" marker-end="url(#loop-tip)" />;
      })}
      {boxes.map((box, at) => {
        const [x, y] = places[at] ?? [0, 0];
        return (
          <a key={box.word} href={hrefTo('programme', '', { ...query, of: box.indicator, in: String(year), only: '' })}>
            <rect x={x} y={y} width={WIDE} height={HIGH} rx="8" fill="var(--surface)" stroke="var(--accent)" stroke-width="1.5" />
            <text x={x + WIDE / 2} y={y + 22} text-anchor="middle" font-size="15" fill="var(--ink)">{box.word}</text>{' '}
            <text x={x + WIDE / 2} y={y + 56} text-anchor="middle" font-size="28" font-weight="650" fill="var(--accent)">{toldSays(box.told)}</text>{' '}
            <text x={x + WIDE / 2} y={y + 80} text-anchor="middle" font-size="13" fill="var(--ink-soft)">{box.under}</text>
          </a>
        );
      })}
    </svg>
  );
}

function sheetOf(boxes: Box[], year: number, open: (opened: Opened) => void): Sheet {
  const cells = (box: Box) => [figureOf(box.told, () => open({ indicator: box.indicator, year: String(year), stratum: '' })), { text: box.name, value: box.name }];
  return { heads: [t('programme.loop-stage'), String(year), t('programme.loop-from')], rows: boxes.map((box) => ({ name: box.word, cells: cells(box) })) };
}

function saysOf(boxes: Box[]): string {
  return boxes.map((box) => `${box.word}: ${box.told.kind === 'exact' ? amountSays(box.told.amount) : toldSays(box.told)}`).join(' → ');
}

interface Props { trends: readonly Trend[]; definitions: readonly Definition[]; year: number; table: boolean; open: (opened: Opened) => void }

export function LoopPicture({ trends, definitions, year, table, open }: Props) {
  const boxes = STAGES.flatMap((stage) => boxOf(stage, trends, definitions, year));
  if (boxes.length < 3) return null;
  return (
    <ChartFrame name="loop" level="h2" title={t('programme.loop-in-year', { year: String(year) })} reading={saysOf(boxes)} sheet={sheetOf(boxes, year, open)} table={table}
      definition={<ul>{boxes.map((box) => <li key={box.indicator}><strong>{box.word}</strong>: <span lang="en">{definitions.find(({ id }) => id === box.indicator)?.text}</span></li>)}</ul>} drawing={<Drawing boxes={boxes} year={year} />} />
  );
}
