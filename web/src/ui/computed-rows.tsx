// SPDX-License-Identifier: Apache-2.0
// The records behind a figure that was computed, one press away from it.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadRows, type Row, type Rows, type RowsPart } from '../fhir/indicators';
import { dateIn } from '../lib/dates';
import { language, t } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { hrefTo } from '../lib/router';
import { nameOf } from './figure-words';
import { Failure, Skeleton } from './notice';

export interface Period { from: string; until: string }

const day = (at: string) => dateIn(language.value, new Date(at), { dateStyle: 'medium', timeZone: 'UTC' });

/** The last day that belongs to it: an end is the moment behind. */
const lastDay = (at: string) => day(new Date(Date.parse(at) - 1).toISOString());

function whenSays({ from, until }: Row): string {
  if (!from) return until ? t('computed.until', { day: lastDay(until) }) : '';
  if (from === until) return day(from);
  return until ? t('computed.from-until', { from: day(from), until: lastDay(until) }) : t('computed.since', { day: day(from) });
}

function RowLine({ row }: { row: Row }) {
  const [type, id] = (row.counted?.reference ?? '').split('/');
  const name = row.counted?.display ?? row.counted?.reference ?? '';
  return (
    <li>
      {type === 'Practitioner' && id ? <a href={hrefTo('person', id)}>{name}</a> : name}
      <span>{` ${whenSays(row)} `}</span><a href={hrefTo('record', row.record.reference ?? '')}>{t('computed.record')}</a>
    </li>
  );
}

/** Of which of the figures that a ratio is made of the records stand here. */
function PartChoice({ parts, chosen, choose }: { parts: readonly RowsPart[]; chosen: string; choose: (part: string) => void }) {
  return (
    <div class="actions" role="group" aria-label={t('computed.rows-of')}>
      {parts.map(({ part, id }) => <button key={part} type="button" class="button button-small" aria-pressed={part === chosen} onClick={() => choose(part)}>{nameOf({ id, title: id })}</button>)}
    </div>
  );
}

/** The records that make up the figure ${id} of ${period}, of one stratum or of all; of a ratio those of each of its figures. */
export function RowsBehind({ id, period, stratum = '' }: { id: string; period: Period; stratum?: string }) {
  const [state, setState] = useState<{ rows: Rows | null; problem: string }>({ rows: null, problem: '' });
  const [part, setPart] = useState('');
  const latest = useLatest();
  const load = () => latest(loadRows(id, period.from, period.until, stratum, part)).then((rows) => setState({ rows, problem: '' }), (error: unknown) => setState({ rows: null, problem: sentence(error) }));
  useEffect(() => { void load(); }, [id, period.from, period.until, stratum, part]);
  useEffect(() => setPart(''), [id]);
  const { rows, problem } = state;
  if (problem) return <Failure text={problem} retry={() => void load()} />;
  if (!rows) return <Skeleton />;
  return (
    <>
      {rows.parts.length > 1 && <PartChoice parts={rows.parts} chosen={part || 'numerator'} choose={setPart} />}
      {rows.list.length > 0 && <ul class="computed-rows">{rows.list.map((row, at) => <RowLine key={at} row={row} />)}</ul>}
      {rows.all > rows.list.length && <p class="hint">{t('computed.latest', { n: rows.list.length, all: rows.all })}</p>}
      {rows.others === null && <p class="hint">{t('computed.others-few')}</p>}
      {rows.others === 'untold' && <p class="hint">{t('computed.others-untold')}</p>}
      {typeof rows.others === 'number' && rows.others > 0 && <p class="hint">{t('computed.others', { n: rows.others })}</p>}
      {rows.all === 0 && rows.others === 0 && <p class="empty">{t('computed.no-rows')}</p>}
    </>
  );
}
