// SPDX-License-Identifier: Apache-2.0
// A page that takes what a CSV or XLSX file says: each line that cannot be written down is named with its column
// and what to do; nothing is written before somebody says so, and then all at once or nothing.
import { useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { FileProblem, readTableFile, tableOf, type Line, type Source, type Table } from '../fhir/import';
import type { BadRow, Judged, Places } from '../fhir/table-check';
import { ENCODINGS, type Encoding } from '../lib/csv';
import { t, type TextKey } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { SelectField } from './fields';
import { Heading } from './heading';
import { Icon } from './icon';
import { Notice } from './notice';

const SHOWN = 100;

interface Row { id: string; line: Line }

/** What is imported: its columns and faults, how it is judged and written down, and its words. */
export interface FileImport<Column extends string, Fault extends string, Good extends Row> {
  /** The page it is part of; ids in the page begin with it. */
  name: 'volumes' | 'published';
  title: TextKey;
  why: TextKey;
  back: TextKey;
  go: TextKey;
  columns: readonly Column[];
  /** What a column is called where the file does not say it. */
  columnName: (column: Column) => string;
  /** Where the columns stand in a head. */
  places: (head: readonly string[]) => Places<Column>;
  judge: (table: Table, places: Places<Column>) => Promise<Judged<Column, Fault, Good>>;
  save: (good: readonly Good[]) => Promise<unknown>;
  wrongs: Record<Fault, TextKey>;
  remedies: Record<Fault, TextKey>;
  /** What a line that can be written down is of, and what it says. */
  shown: (good: Good) => { of: string; says: string };
}

interface Read<Column extends string, Fault, Good> {
  source: Source;
  table: Table;
  places: Places<Column>;
  judged: Judged<Column, Fault, Good>;
}

interface State<Column extends string, Fault, Good> {
  file: File | null;
  read: Read<Column, Fault, Good> | null;
  done: boolean;
  busy: boolean;
  problem: string;
}

const EMPTY = { file: null, read: null, done: false, busy: false, problem: '' };

interface Of<Column extends string, Fault extends string, Good extends Row> { of: FileImport<Column, Fault, Good> }

async function readAndJudge<Column extends string, Fault extends string, Good extends Row>(of: FileImport<Column, Fault, Good>, file: File, encoding?: Encoding): Promise<Read<Column, Fault, Good> | null> {
  const knownIn = (places: Places<Column>) => of.columns.filter((column) => places[column] >= 0).length;
  const source = await readTableFile(file, encoding);
  const sheets = source.sheets.map((one) => tableOf(source.name, one.rows)).filter((one) => one !== null);
  const found = sheets.map((table) => ({ table, places: of.places(table.head) })).sort((a, b) => knownIn(b.places) - knownIn(a.places))[0];
  return found ? { source, ...found, judged: await of.judge(found.table, found.places) } : null;
}

function problemOf(error: unknown): string {
  if (!(error instanceof FileProblem)) return sentence(error);
  return t(error.kind === 'old' ? 'import.old-format' : 'import.broken');
}

function useImport<Column extends string, Fault extends string, Good extends Row>(of: FileImport<Column, Fault, Good>) {
  const [state, set] = useState<State<Column, Fault, Good>>(EMPTY);
  const open = async (file: File, encoding?: Encoding) => {
    set({ ...EMPTY, file, busy: true });
    try {
      const read = await readAndJudge(of, file, encoding);
      set({ ...EMPTY, file, read, problem: read ? '' : t('import.empty') });
    } catch (error) {
      set({ ...EMPTY, problem: problemOf(error) });
    }
  };
  const go = async () => {
    if (!state.read || state.busy || state.done) return;
    set({ ...state, busy: true, problem: '' });
    const problem = await of.save(state.read.judged.good).then(() => '', sentence);
    set({ ...state, busy: false, problem, done: !problem });
  };
  return { state, open, go };
}

interface FileProps { name: string; file: File | null; read: { source: Source; table: Table } | null; open: (file: File, encoding?: Encoding) => Promise<void> }

function FilePart({ name, file, read, open }: FileProps) {
  return (
    <>
      <p>
        <label class="button file-button" for={`${name}-file`}>
          <Icon name="file" />
          {t(read ? 'import.other-file' : 'import.choose-file')}
          <input id={`${name}-file`} type="file" class="unseen" accept=".csv,.tsv,.txt,.xlsx,text/csv" onChange={(event) => { const [picked] = event.currentTarget.files ?? []; event.currentTarget.value = ''; if (picked) void open(picked); }} />
        </label>
        {read && <span class="import-name"> {t('import.file', { name: read.source.name, n: read.table.lines.length })}</span>}
      </p>
      {read?.source.encoding && file && (
        <SelectField id={`${name}-encoding`} label={t('import.encoding')} hint={t('import.encoding-why')} value={read.source.encoding} options={ENCODINGS.map((one) => ({ value: one, label: one.toUpperCase() }))} onChange={(one) => void open(file, ENCODINGS.find((each) => each === one))} />
      )}
    </>
  );
}

function BadLines<Column extends string, Fault extends string, Good extends Row>({ of, read, bad }: Of<Column, Fault, Good> & { read: Read<Column, Fault, Good>; bad: BadRow<Column, Fault>[] }) {
  return (
    <ol class="log-rows import-bad">
      {bad.slice(0, SHOWN).flatMap((row) => row.wrongs.map((one) => (
        <li key={`${row.line.line}-${one.column}`}>
          <p class="log-row-head"><strong>{t('import.line-n', { n: row.line.line })}</strong> <span>{read.table.head[read.places[one.column]] || of.columnName(one.column)}</span></p>
          <p>{one.text && <q>{one.text}</q>} {t(of.wrongs[one.fault])}.</p>
          <p class="hint">{t(of.remedies[one.fault])}.</p>
        </li>
      )))}
    </ol>
  );
}

function Result<Column extends string, Fault extends string, Good extends Row>({ of, read, done }: Of<Column, Fault, Good> & { read: Read<Column, Fault, Good>; done: boolean }) {
  const { good, bad, there, missing } = read.judged;
  if (missing.length > 0) {
    return <Notice kind="problem"><p>{t('published.missing', { columns: missing.join(', ') })} {t('published.all-columns', { columns: of.columns.join(', ') })}</p></Notice>;
  }
  return (
    <section class="import-result" aria-labelledby={`${of.name}-result`}>
      <h2 id={`${of.name}-result`}>{t(done ? 'import.result' : 'import.preview')}</h2>
      <ul class="import-counts">
        <li><b>{t(done ? 'import.taken' : 'import.would-take', { n: good.length })}</b></li>
        {there > 0 && <li>{t('import.there', { n: there })}</li>}
        {bad.length > 0 && <li>{t('import.bad', { n: bad.length })}</li>}
      </ul>
      <BadLines of={of} read={read} bad={bad} />
      {bad.length > SHOWN && <p class="hint">{t('import.more-bad', { n: bad.length - SHOWN })}</p>}
      {good.length > 0 && (
        <ol class="log-rows">
          {good.slice(0, SHOWN).map((one) => {
            const shown = of.shown(one);
            return <li key={one.id}><p class="log-row-head"><strong>{t('import.line-n', { n: one.line.line })}</strong> <span>{shown.of}</span></p><p>{shown.says}</p></li>;
          })}
        </ol>
      )}
    </section>
  );
}

export function FileImportPage<Column extends string, Fault extends string, Good extends Row>({ of }: Of<Column, Fault, Good>) {
  const { state, open, go } = useImport(of);
  const { file, read, done } = state;
  const count = read?.judged.good.length ?? 0;
  return (
    <div class="page page-wide page-import">
      <Heading text={t(of.title)} />
      <p><a href={hrefTo(of.name)}><Icon name="back" size={16} /> {t(of.back)}</a></p>
      <p class="hint">{t(of.why)}</p>
      <p class="hint">{t('published.all-columns', { columns: of.columns.join(', ') })}</p>
      <FilePart name={of.name} file={file} read={read} open={open} />
      {read && <Result of={of} read={read} done={done} />}
      {state.problem && <Notice kind="problem"><p>{state.problem}</p></Notice>}
      {read && !done && read.judged.missing.length === 0 && (
        <div class="form-end"><button type="button" class="button button-main" disabled={state.busy || count === 0} onClick={() => void go()}>{t(of.go, { n: count })}</button></div>
      )}
      {done && <Notice kind="good"><p>{t('published.done')} <a href={hrefTo(of.name)}>{t(of.back)}</a></p></Notice>}
    </div>
  );
}
