// SPDX-License-Identifier: Apache-2.0
// What would be taken of an older logbook, or was: how many lines, and each that is not, with
// its column, what is wrong, what to do; as a file too, to be put right there.
import { useEffect, useRef } from 'preact/hooks';
import type { BadLine, Imported, Table } from '../fhir/import';
import { t } from '../lib/i18n';
import { XLSX_TYPE, csvOf, saveFile, type Cell } from '../lib/table-file';
import { FIELD_WORDS, PROBLEM_WORDS, REMEDY_WORDS } from './import-words';

const SHOWN = 100;

function columnName(table: Table, columns: Record<string, number>, bad: BadLine): string {
  const at = columns[bad.field] ?? -1;
  return (at >= 0 && table.head[at]) || t(FIELD_WORDS[bad.field]);
}

/** The lines as they were, with what is wrong behind them. */
function rowsOf(table: Table, columns: Record<string, number>, bad: readonly BadLine[]): Cell[][] {
  const width = Math.max(table.head.length, ...bad.map((one) => one.line.cells.length));
  const full = (cells: readonly string[]) => Array.from({ length: width }, (_, at) => cells[at] ?? '');
  return [
    [...full(table.head), t('import.line'), t('import.column-name'), t('import.wrong'), t('import.remedy')],
    ...bad.map((one) => [...full(one.line.cells), one.line.line, columnName(table, columns, one), t(PROBLEM_WORDS[one.problem]), t(REMEDY_WORDS[one.problem])]),
  ];
}

interface Props {
  table: Table;
  columns: Record<string, number>;
  result: Imported;
  done: boolean;
}

function SaveBad({ table, columns, bad }: { table: Table; columns: Record<string, number>; bad: BadLine[] }) {
  const name = table.name.replace(/\.\w+$/, '');
  const xlsx = async () => {
    const { xlsxOf } = await import('../lib/xlsx');
    saveFile(`${name} - ${t('import.rest')}.xlsx`, XLSX_TYPE, xlsxOf(rowsOf(table, columns, bad), t('import.rest')));
  };
  return (
    <p class="import-save">
      {t('import.save', { n: bad.length })}{' '}
      <button type="button" class="button-quiet" onClick={() => saveFile(`${name} - ${t('import.rest')}.csv`, 'text/csv;charset=utf-8', '\ufeff' + csvOf(rowsOf(table, columns, bad)))}>CSV</button>
      <button type="button" class="button-quiet" onClick={() => void xlsx()}>XLSX</button>
    </p>
  );
}

export function ImportResult({ table, columns, result, done }: Props) {
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.focus(), [done]); // on a phone it stands below the choices
  return (
    <section ref={section} tabIndex={-1} class="import-result" aria-labelledby="import-result">
      <h2 id="import-result">{t(done ? 'import.result' : 'import.preview')}</h2>
      <ul class="import-counts">
        <li><b>{t(done ? 'import.taken' : 'import.would-take', { n: result.taken })}</b></li>
        {result.there > 0 && <li>{t('import.there', { n: result.there })}</li>}
        {result.recorded > 0 && <li>{t('import.recorded', { n: result.recorded })}</li>}
        {result.bad.length > 0 && <li>{t('import.bad', { n: result.bad.length })}</li>}
      </ul>
      {result.bad.length > 0 && <SaveBad table={table} columns={columns} bad={result.bad} />}
      {result.bad.length > 0 && (
        <ol class="log-rows import-bad">
          {result.bad.slice(0, SHOWN).map((one) => (
            <li key={one.line.line}>
              <p class="log-row-head"><strong>{t('import.line-n', { n: one.line.line })}</strong> <span>{columnName(table, columns, one)}</span></p>
              <p>{one.text && <q>{one.text}</q>} {t(PROBLEM_WORDS[one.problem])}.</p>
              <p class="hint">{t(REMEDY_WORDS[one.problem])}.</p>
            </li>
          ))}
        </ol>
      )}
      {result.bad.length > SHOWN && <p class="hint">{t('import.more-bad', { n: result.bad.length - SHOWN })}</p>}
    </section>
  );
}
