// SPDX-License-Identifier: Apache-2.0
// What became of the money, drawn: a bar for each use, equipment last, and from it the way of devices to the first
// patient and to their daily work, a box each; one below the other where there is no room.
import { hrefTo, route } from '../lib/router';
import type { Opened } from './trend-card';
import { useMedia } from './use-media';

export interface Use { code: string; word: string; amount: number; says: string; opens: Opened }
export interface Stage { word: string; amount: string; under: string; opens: Opened }

interface Shape { narrow: boolean; room: number; gap: number }
const WIDE: Shape = { narrow: false, room: 1120, gap: 32 };
const NARROW: Shape = { narrow: true, room: 320, gap: 26 };
const MOST = 288; // a box is not wider
const EDGE = 4;
const LINE = 48; // of a bar with its words
const THICK = 18;
const HIGH = 88;
const UNDER = 17; // a line of what stands under an amount
const LETTER = 7.4; // as wide as its letters are on the average
const ENTRY = 24; // from where the way of equipment begins
const DOWN = 36;

function linkOf(opens: Opened, open: (opened: Opened) => void) {
  const query = { ...Object.fromEntries(route.value.query), of: opens.indicator, in: opens.year, only: opens.stratum };
  const press = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // another window
    event.preventDefault();
    open(opens);
  };
  return { href: hrefTo('programme', '', query), onClick: press };
}

function Bar({ use, y, share, room, open }: { use: Use; y: number; share: number; room: number; open: (opened: Opened) => void }) {
  const main = use.code === 'equipment';
  return (
    <a {...linkOf(use.opens, open)}>
      <rect class="money-touch" x={EDGE} y={y} width={room} height={LINE - 4} fill="none" pointer-events="all" />
      <text x={EDGE} y={y + 15} font-size="15" fill="var(--ink)">{use.word} <tspan font-weight="650">{use.says}</tspan></text>
      <rect class="money-bar" x={EDGE} y={y + 22} width={Math.max(2, share * room)} height={THICK} fill={main ? 'var(--accent)' : 'var(--sunken)'} stroke={main ? 'var(--accent)' : 'var(--line-strong)'} />
    </a>
  );
}

/** ${text} in one line, or in two where a box as ${wide} has no room for one. */
function linesOf(text: string, wide: number): string[] {
  if (text.length * LETTER < wide - 8) return [text];
  const gaps = [...text.matchAll(/ /g)].map(({ index }) => index);
  const nearest = gaps.sort((one, other) => Math.abs(one - text.length / 2) - Math.abs(other - text.length / 2))[0];
  return nearest === undefined ? [text] : [text.slice(0, nearest), text.slice(nearest + 1)];
}

interface BoxProps { stage: Stage; x: number; y: number; wide: number; high: number; open: (opened: Opened) => void }

function Box({ stage, x, y, wide, high, open }: BoxProps) {
  const middle = x + wide / 2;
  return (
    <a {...linkOf(stage.opens, open)}>
      <rect x={x} y={y} width={wide} height={high} rx="8" fill="var(--surface)" stroke="var(--accent)" stroke-width="1.5" />
      <text x={middle} y={y + 22} text-anchor="middle" font-size="15" fill="var(--ink)">{stage.word}</text>{' '}
      <text x={middle} y={y + 53} text-anchor="middle" font-size="25" font-weight="650" fill="var(--accent)">{stage.amount}</text>{' '}
      <text text-anchor="middle" font-size="14" fill="var(--ink-soft)">{linesOf(stage.under, wide).map((line, at) => <tspan key={line} x={middle} y={y + 76 + at * UNDER}>{`${line} `}</tspan>)}</text>
    </a>
  );
}

function Way({ path }: { path: string }) {
  return <path d={path} fill="none" stroke="var(--line-strong)" stroke-width="1.8" marker-end="url(#money-tip)" />;
}

interface Props { uses: readonly Use[]; stages: readonly Stage[]; title: string; open: (opened: Opened) => void }

export function MoneyPicture({ uses, stages, title, open }: Props) {
  const { narrow, room, gap } = useMedia('(width < 960px)') ? NARROW : WIDE;
  const wide = Math.min(MOST, narrow ? room : (room + gap) / Math.max(1, stages.length) - gap);
  const box = HIGH + (stages.some(({ under }) => linesOf(under, wide).length > 1) ? UNDER : 0);
  const most = Math.max(...uses.map(({ amount }) => amount), 1);
  const paid = uses.at(-1)?.code === 'equipment';
  const below = uses.length * LINE + EDGE;
  const top = below + (uses.length > 0 ? DOWN : 0);
  const place = (at: number): [number, number] => (narrow ? [EDGE, top + at * (box + gap)] : [EDGE + at * (wide + gap), top]);
  const high = (stages.length > 0 ? place(stages.length - 1)[1] + box : below) + EDGE;
  return (
    <svg class="money-picture" xmlns="http://www.w3.org/2000/svg" viewBox={`0 0 ${room + 2 * EDGE} ${high}`} width={room + 2 * EDGE} height={high} role="group" aria-label={title} font-family="system-ui, sans-serif">
      <defs><marker id="money-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="var(--line-strong)" /></marker></defs>
      {uses.map((use, at) => <Bar key={use.code} use={use} y={EDGE + at * LINE} share={use.amount / most} room={room} open={open} />)}
      {paid && stages.length > 0 && <Way path={`M${EDGE + ENTRY} ${below - 4}V${top - 3}`} />}
      {stages.slice(1).map((stage, at) => {
        const [x, y] = place(at);
        return <Way key={stage.word} path={narrow ? `M${x + ENTRY} ${y + box}v${gap - 3}` : `M${x + wide} ${y + box / 2}h${gap - 3}`} />;
      })}
      {stages.map((stage, at) => {
        const [x, y] = place(at);
        return <Box key={stage.word} stage={stage} x={x} y={y} wide={wide} high={box} open={open} />;
      })}
    </svg>
  );
}
