// SPDX-License-Identifier: Apache-2.0
// The pulse of the pairs: who was in touch in which of the last months, and who fell quiet, these first; each leads
// to its pairing. Nothing more is told here than there: a month is in touch where anything was done together.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { COUNTS, loadPairings, type Pairing, type PulseMonth } from '../fhir/pulse';
import { dateIn } from '../lib/dates';
import { language, t } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { goTo, hrefTo } from '../lib/router';
import { ChartFrame, type Figure, type Sheet } from './chart-frame';
import { Failure, Skeleton } from './notice';
import { helpedWord, helpingWord, quietWords, sinceWord } from './pulse-words';
import { useMedia } from './use-media';

const FIRST = 15; // are drawn before somebody asks for all
const WIDE = 358; // of a pair
const ROW = 60;
const STEP = 26;

type Touch = boolean | null; // null: not told, or the pairing was not there

function touchIn(month: PulseMonth | undefined): Touch {
  const told = COUNTS.map((kind) => month?.counts[kind] ?? null).filter((count) => count !== null);
  return told.length === 0 ? null : told.some((count) => count === 'masked' || count > 0);
}

/** Those that fell quiet first, then those in which nothing was ever done, then the others; the longest quiet first. */
function inOrder(pairings: readonly Pairing[]): Pairing[] {
  const place = ({ quiet }: Pairing) => (!quiet?.is ? 2 : quiet.since ? 0 : 1);
  return [...pairings].sort((one, other) => place(one) - place(other) || (other.quiet?.days ?? 0) - (one.quiet?.days ?? 0) || helpedWord(one).localeCompare(helpedWord(other)));
}

const monthsOf = (pairings: readonly Pairing[]) => [...new Set(pairings.flatMap((one) => one.months.map(({ month }) => month)))].sort().slice(-13);
const shortMonth = (month: string) => dateIn(language.value, new Date(`${month}-15T12:00:00Z`), { month: 'short', year: '2-digit', timeZone: 'UTC' });
const nameOf = (one: Pairing) => t('pulse.helps', { helping: helpingWord(one), helped: helpedWord(one) });
const of = (one: Pairing, month: string) => touchIn(one.months.find((found) => found.month === month));
/** In a drawing there is little room: the whole sentence stands in the table. */
const shortState = (one: Pairing) => (one.quiet?.is && one.quiet.since ? t('programme.pulse-quiet', { date: sinceWord(one) }) : stateOf(one));
const stateOf = (one: Pairing) => quietWords(one) || t('programme.pulse-in-touch');

function Mark({ touch, x, y }: { touch: Touch; x: number; y: number }) {
  if (touch === null) return <circle cx={x + 8} cy={y + 8} r="1.5" fill="var(--line-strong)" />;
  return <rect x={x} y={y} width="16" height="16" rx="3" fill={touch ? 'var(--accent)' : 'var(--surface)'} stroke={touch ? 'var(--accent)' : 'var(--line-strong)'} stroke-width="1.5" />;
}

const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

function Pair({ one, months, x, y }: { one: Pairing; months: readonly string[]; x: number; y: number }) {
  return (
    <a href={hrefTo('pairings', one.id)}>
      <rect x={x + 1} y={y + 1} width={WIDE - 2} height={ROW - 2} rx="6" fill="var(--surface)" stroke="var(--surface)" stroke-width="2" />
      <text x={x + 8} y={y + 17} font-size="12" fill="var(--ink)">{cut(`${helpedWord(one)} ← ${helpingWord(one)}`, 52)}</text>{' '}
      <text x={x + 8} y={y + 31} font-size="11" fill="var(--ink-soft)" font-weight={one.quiet?.is ? 650 : 400}>{cut(shortState(one), 50)}</text>
      {months.map((month, at) => <Mark key={month} touch={of(one, month)} x={x + 8 + at * STEP} y={y + 37} />)}
    </a>
  );
}

/** In as many columns as there is room for, read downwards. */
function Drawing({ shown, months, title }: { shown: readonly Pairing[]; months: readonly string[]; title: string }) {
  const two = useMedia('(width >= 960px), print');
  const three = useMedia('(width >= 1280px)');
  const four = useMedia('(width >= 1720px)');
  const columns = four ? 4 : three ? 3 : two ? 2 : 1;
  const rows = Math.ceil(shown.length / columns);
  return (
    <svg class="pulse-drawing" xmlns="http://www.w3.org/2000/svg" viewBox={`0 0 ${WIDE * columns} ${rows * ROW + 4}`} width={WIDE * columns} height={rows * ROW + 4} role="group" aria-label={title} font-family="system-ui, sans-serif">
      {shown.map((one, at) => <Pair key={one.id} one={one} months={months} x={Math.floor(at / rows) * WIDE} y={(at % rows) * ROW} />)}
    </svg>
  );
}

function sheetOf(pairings: readonly Pairing[], months: readonly string[]): Sheet {
  const cell = (touch: Touch): Figure => ({ text: touch === null ? '' : touch ? t('programme.pulse-yes') : '–', value: touch === null ? '' : touch ? 1 : 0 });
  return {
    heads: [t('programme.pulse-pair'), t('programme.pulse-state'), ...months.map(shortMonth)],
    rows: pairings.map((one) => ({ name: nameOf(one), cells: [{ text: stateOf(one), value: stateOf(one), open: () => goTo('pairings', one.id) }, ...months.map((month) => cell(of(one, month)))] })),
  };
}

export function PulseMap({ table }: { table: boolean }) {
  const [state, setState] = useState<{ pairings: Pairing[] | null; problem: string }>({ pairings: null, problem: '' });
  const [all, setAll] = useState(false);
  const latest = useLatest();
  const ask = () => latest(loadPairings('')).then((pairings) => setState({ pairings: inOrder(pairings), problem: '' }), (error: unknown) => setState({ pairings: null, problem: sentence(error) }));
  useEffect(() => { void ask(); }, []);
  const { pairings, problem } = state;
  if (problem) return <Failure text={problem} retry={() => void ask()} />;
  if (!pairings) return <Skeleton />;
  if (pairings.length === 0) return <p class="empty">{t('programme.pulse-none')}</p>;
  const months = monthsOf(pairings);
  const shown = all ? pairings : pairings.slice(0, FIRST);
  const quiet = pairings.filter((one) => one.quiet?.is);
  const never = quiet.filter((one) => !one.quiet?.since).length;
  const title = t('programme.pulse-in', { from: shortMonth(months[0] ?? ''), until: shortMonth(months.at(-1) ?? '') });
  return (
    <ChartFrame name="pulse" title={title} reading={t('programme.pulse-says', { n: pairings.length, quiet: quiet.length - never, never })} sheet={sheetOf(pairings, months)} table={table}
      definition={<p>{t('programme.pulse-what')}</p>} drawing={<><Drawing shown={shown} months={months} title={title} /><p class="hint">{t('programme.pulse-how')}</p></>}>
      {pairings.length > FIRST && <button type="button" class="button button-small" aria-pressed={all} onClick={() => setAll(!all)}>{t('programme.pulse-all', { n: pairings.length })}</button>}
    </ChartFrame>
  );
}
