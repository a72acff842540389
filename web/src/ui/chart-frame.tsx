// SPDX-License-Identifier: Apache-2.0
// The frame of every chart of the programme: what it shows in plain words, what it says in a sentence, the
// picture, and what belongs to it: definition, the same numbers as a table (always there for screen
// readers), as a file, as a picture. A number that leads to its records is a button in the table.
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { language, t } from '../lib/i18n';
import { pictureIn, pngOf, type Look, type Option, type Picture, type Pressed } from '../lib/programme-chart';
import { csvOf, saveFile, type Cell } from '../lib/table-file';

/** A number of the table: as it is read, as it stands in a file, and what it leads to. */
export interface Figure { text: string; value: Cell; open?: () => void }

export interface Sheet {
  heads: string[];
  /** The first is what the line is of. */
  rows: { name: string; cells: Figure[] }[];
}

interface Props {
  /** For files and the address. */
  name: string;
  title: string;
  /** Of the heading. */
  level?: 'h2' | 'h3';
  reading: string;
  sheet: Sheet;
  definition: ComponentChildren;
  /** What ECharts draws; or a drawing of our own. */
  option?: (look: Look) => Option;
  drawing?: VNode;
  /** The place in the first line of numbers that leads down where somebody presses the picture. */
  pressed?: Pressed;
  table: boolean;
  children?: ComponentChildren;
}

function SheetTable({ sheet, title, live }: { sheet: Sheet; title: string; live: boolean }) {
  return (
    <table>
      <caption class="unseen">{title}</caption>
      <thead><tr>{sheet.heads.map((head) => <th key={head} scope="col">{head}</th>)}</tr></thead>
      <tbody>
        {sheet.rows.map(({ name, cells }, row) => (
          <tr key={row}>
            <th scope="row">{name}</th>
            {cells.map((cell, at) => <td key={at}>{live && cell.open ? <button type="button" class="link" onClick={cell.open}>{cell.text}</button> : cell.text}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function EChart({ option, title, pressed, keep }: { option: (look: Look) => Option; title: string; pressed: Pressed; keep: (picture: Picture | null) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Picture | null>(null);
  const press = useRef(pressed);
  press.current = pressed;
  useEffect(() => {
    if (!box.current) return undefined;
    drawn.current = pictureIn(box.current, (...at) => press.current(...at));
    keep(drawn.current);
    return () => {
      keep(null);
      drawn.current?.done();
    };
  }, []);
  useEffect(() => drawn.current?.draw(option), [option, language.value]);
  return <div class="chart-box" ref={box} role="img" aria-label={t('programme.see-table', { title })} />;
}

/** A drawing of our own as a file: its colours are those of the moment. */
function drawingOf(frame: HTMLElement | null): string {
  const drawing = frame?.querySelector('svg');
  if (!drawing) return '';
  const style = getComputedStyle(document.documentElement);
  return new XMLSerializer().serializeToString(drawing).replace(/var\((--[a-z-]+)\)/g, (_, name: string) => style.getPropertyValue(name).trim());
}

export function ChartFrame({ name, title, level: Head = 'h3', reading, sheet, definition, option, drawing, pressed, table, children }: Props) {
  const frame = useRef<HTMLElement>(null);
  const picture = useRef<Picture | null>(null);
  const [own, setOwn] = useState<boolean | null>(null);
  const shown = own ?? table;
  useEffect(() => setOwn(null), [table]);
  const svg = () => picture.current?.svg() ?? drawingOf(frame.current);
  const ground = () => getComputedStyle(document.documentElement).getPropertyValue('--surface').trim();
  const savePng = async () => saveFile(`${name}.png`, 'image/png', await pngOf(svg(), ground()));
  const rows = () => [sheet.heads, ...sheet.rows.map((row) => [row.name, ...row.cells.map(({ value }) => value)])];
  return (
    <figure class="chart" ref={frame} id={`chart-${name}`}>
      <figcaption><Head>{title}</Head><p>{reading}</p></figcaption>
      {drawing}
      {option && <EChart option={option} title={title} pressed={pressed ?? (() => undefined)} keep={(one) => { picture.current = one; }} />}
      <div class={shown ? 'chart-table' : 'unseen'} {...(shown ? { tabIndex: 0, role: 'region', 'aria-label': title } : {})}><SheetTable sheet={sheet} title={title} live={shown} /></div>
      <div class="chart-acts">
        <details><summary>{t('computed.definition')}</summary>{definition}</details>
        <button type="button" class="link" aria-pressed={shown} onClick={() => setOwn(!shown)}>{t('programme.table')}</button>
        <button type="button" class="link" aria-label={t('programme.csv-of', { title })} onClick={() => saveFile(`${name}.csv`, 'text/csv;charset=utf-8', '\ufeff' + csvOf(rows()))}>CSV</button>
        <button type="button" class="link" aria-label={t('programme.svg-of', { title })} onClick={() => saveFile(`${name}.svg`, 'image/svg+xml', svg())}>SVG</button>
        <button type="button" class="link" aria-label={t('programme.png-of', { title })} onClick={() => void savePng()}>PNG</button>
      </div>
      {children}
    </figure>
  );
}
