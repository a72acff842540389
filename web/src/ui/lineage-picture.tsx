// SPDX-License-Identifier: Apache-2.0
// Who taught whom, drawn: masters above, apprentices below. Each person is a link, reached by
// the tabulator row by row; the same stands below as a list.
import { useEffect, useRef } from 'preact/hooks';
import type { Lineage, Tie } from '../fhir/apprentice';
import { t } from '../lib/i18n';
import { BOX, draw, type Spot } from '../lib/lineage';
import { hrefTo } from '../lib/router';

const LETTERS = 17; // of a name that fit into a box

function shorten(name: string): string {
  return name.length > LETTERS ? `${name.slice(0, LETTERS - 1)}…` : name;
}

function path(from: Spot, to: Spot): string {
  const [x1, y1, x2, y2] = [from.x + BOX.width / 2, from.y + BOX.height, to.x + BOX.width / 2, to.y];
  // two of one row taught each other: a bow beneath them
  if (y2 <= from.y) return `M${x1} ${y1} C${x1} ${y1 + 30} ${x2} ${y1 + 30} ${x2} ${to.y + BOX.height}`;
  const half = (y1 + y2) / 2;
  return `M${x1} ${y1} C${x1} ${half} ${x2} ${half} ${x2} ${y2}`;
}

function unitOf(who: string, ties: Tie[]): string {
  const tie = ties.find((one) => one.apprentice.reference === who) ?? ties.find((one) => one.master.reference === who);
  return tie ? (tie.apprentice.reference === who ? tie.learning.name : tie.teaching.name) : '';
}

function Box({ spot, name, unit, root }: { spot: Spot; name: string; unit: string; root: boolean }) {
  return (
    <a href={hrefTo('lineage', spot.who.split('/')[1] ?? '')} class={`lineage-box${root ? ' lineage-root' : ''}`} aria-current={root ? 'true' : undefined}>
      <title>{t(root ? 'lineage.box-self' : spot.row < 0 ? 'lineage.box-master' : 'lineage.box-apprentice', { name: [name, unit].filter(Boolean).join(', ') })}</title>
      <rect x={spot.x} y={spot.y} width={BOX.width} height={BOX.height} rx="8" />
      <text x={spot.x + BOX.width / 2} y={spot.y + (unit ? 20 : 28)} text-anchor="middle">{shorten(name)}</text>
      {unit && <text class="lineage-unit" x={spot.x + BOX.width / 2} y={spot.y + 36} text-anchor="middle">{shorten(unit)}</text>}
    </a>
  );
}

export function LineagePicture({ lineage }: { lineage: Lineage }) {
  const box = useRef<HTMLDivElement>(null);
  const names = new Map(lineage.ties.flatMap((one) => [one.master, one.apprentice]).map((one) => [one.reference, one.name]));
  const drawing = draw(lineage.person.reference, lineage.ties.map((one) => ({ master: one.master.reference, apprentice: one.apprentice.reference })));
  const running = new Set(lineage.ties.filter((one) => one.runs).map((one) => `${one.master.reference} ${one.apprentice.reference}`));
  useEffect(() => {
    const root = drawing.spots.find((one) => one.who === lineage.person.reference);
    if (box.current && root) box.current.scrollLeft = root.x + BOX.width / 2 - box.current.clientWidth / 2;
  }, [lineage]);
  return (
    <div class="lineage-scroll" ref={box}>
      <svg class="lineage" width={drawing.width} height={drawing.height} viewBox={`0 0 ${drawing.width} ${drawing.height}`} role="group" aria-label={t('lineage.picture', { name: lineage.person.name })}>
        {drawing.links.map(({ from, to, link }) => <path key={`${link.master} ${link.apprentice}`} class={running.has(`${link.master} ${link.apprentice}`) ? 'lineage-runs' : undefined} d={path(from, to)} aria-hidden="true" />)}
        {drawing.spots.map((spot) => <Box key={spot.who} spot={spot} name={names.get(spot.who) ?? lineage.person.name} unit={unitOf(spot.who, lineage.ties)} root={spot.who === lineage.person.reference} />)}
      </svg>
    </div>
  );
}
