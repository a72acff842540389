// SPDX-License-Identifier: Apache-2.0
// Published figures from a CSV or XLSX file: each line that cannot be written down is named with its
// column and what to do; nothing is written before somebody says so, and then all at once or nothing.
import { useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { FileProblem, readTableFile, tableOf, type Source, type Table } from '../fhir/import';
import { COLUMNS, loadPublished, saveAll, type Column } from '../fhir/published';
import { judge, placesOf, type BadRow, type Judged, type Places } from '../fhir/published-check';
import { ENCODINGS, type Encoding } from '../lib/csv';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { SelectField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Notice } from '../ui/notice';
import { COLUMN_WORDS, REMEDY_WORDS, WRONG_WORDS, measureWord, periodWord, valueWord } from '../ui/published-words';

const SHOWN = 100;

interface Read {
  source: Source;
  table: Table;
  places: Places;
  judged: Judged;
}

interface State {
  file: File | null;
  read: Read | null;
  done: boolean;
  busy: boolean;
  problem: string;
}

const EMPTY: State = { file: null, read: null, done: false, busy: false, problem: '' };

async function readAndJudge(file: File, encoding?: Encoding): Promise<Read | null> {
  const source = await readTableFile(file, encoding);
  const sheets = source.sheets.map((one) => tableOf(source.name, one.rows)).filter((one) => one !== null);
  const names = Object.fromEntries(COLUMNS.map((column) => [column, t(COLUMN_WORDS[column])])) as Record<Column, string>;
  const found = sheets.map((table) => ({ table, places: placesOf(table.head, names) })).sort((a, b) => knownIn(b.places) - knownIn(a.places))[0];
  if (!found) return null;
  const there = await loadPublished();
  return { source, ...found, judged: judge(found.table, found.places, [...there.figures, ...there.withdrawn]) };
}

const knownIn = (places: Places) => COLUMNS.filter((column) => places[column] >= 0).length;

function problemOf(error: unknown): string {
  if (!(error instanceof FileProblem)) return sentence(error);
  return t(error.kind === 'old' ? 'import.old-format' : 'import.broken');
}

function useImport() {
  const [state, set] = useState<State>(EMPTY);
  const open = async (file: File, encoding?: Encoding) => {
    set({ ...EMPTY, file, busy: true });
    try {
      const read = await readAndJudge(file, encoding);
      set({ ...EMPTY, file, read, problem: read ? '' : t('import.empty') });
    } catch (error) {
      set({ ...EMPTY, problem: problemOf(error) });
    }
  };
  const go = async () => {
    if (!state.read || state.busy || state.done) return;
    set({ ...state, busy: true, problem: '' });
    const problem = await saveAll(state.read.judged.good).then(() => '', sentence);
    set({ ...state, busy: false, problem, done: !problem });
  };
  return { state, open, go };
}

function FilePart({ state, open }: Pick<ReturnType<typeof useImport>, 'state' | 'open'>) {
  const { read, file } = state;
  return (
    <>
      <p>
        <label class="button file-button" for="published-file">
          <Icon name="file" />
          {t(read ? 'import.other-file' : 'import.choose-file')}
          <input id="published-file" type="file" class="unseen" accept=".csv,.tsv,.txt,.xlsx,text/csv" onChange={(event) => { const [picked] = event.currentTarget.files ?? []; event.currentTarget.value = ''; if (picked) void open(picked); }} />
        </label>
        {read && <span class="import-name"> {t('import.file', { name: read.source.name, n: read.table.lines.length })}</span>}
      </p>
      {read?.source.encoding && file && (
        <SelectField id="published-encoding" label={t('import.encoding')} hint={t('import.encoding-why')} value={read.source.encoding} options={ENCODINGS.map((one) => ({ value: one, label: one.toUpperCase() }))} onChange={(one) => void open(file, ENCODINGS.find((name) => name === one))} />
      )}
    </>
  );
}

function BadLines({ read, bad }: { read: Read; bad: BadRow[] }) {
  const columnName = (column: Column) => read.table.head[read.places[column]] || t(COLUMN_WORDS[column]);
  return (
    <ol class="log-rows import-bad">
      {bad.slice(0, SHOWN).flatMap((row) => row.wrongs.map((one) => (
        <li key={`${row.line.line}-${one.column}`}>
          <p class="log-row-head"><strong>{t('import.line-n', { n: row.line.line })}</strong> <span>{columnName(one.column)}</span></p>
          <p>{one.text && <q>{one.text}</q>} {t(WRONG_WORDS[one.fault])}.</p>
          <p class="hint">{t(REMEDY_WORDS[one.fault])}.</p>
        </li>
      )))}
    </ol>
  );
}

function Result({ read, done }: { read: Read; done: boolean }) {
  const { good, bad, there, missing } = read.judged;
  if (missing.length > 0) {
    return <Notice kind="problem"><p>{t('published.missing', { columns: missing.join(', ') })} {t('published.all-columns', { columns: COLUMNS.join(', ') })}</p></Notice>;
  }
  return (
    <section class="import-result" aria-labelledby="published-result">
      <h2 id="published-result">{t(done ? 'import.result' : 'import.preview')}</h2>
      <ul class="import-counts">
        <li><b>{t(done ? 'import.taken' : 'import.would-take', { n: good.length })}</b></li>
        {there > 0 && <li>{t('import.there', { n: there })}</li>}
        {bad.length > 0 && <li>{t('import.bad', { n: bad.length })}</li>}
      </ul>
      <BadLines read={read} bad={bad} />
      {bad.length > SHOWN && <p class="hint">{t('import.more-bad', { n: bad.length - SHOWN })}</p>}
      {good.length > 0 && (
        <ol class="log-rows">
          {good.slice(0, SHOWN).map((one) => (
            <li key={one.id}>
              <p class="log-row-head"><strong>{t('import.line-n', { n: one.line.line })}</strong> <span>{measureWord(one.said.measure)}</span></p>
              <p>{valueWord(one.said)}, {periodWord(one.said)}</p>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

export function PublishedImportPage() {
  const { state, open, go } = useImport();
  const { read, done } = state;
  const count = read?.judged.good.length ?? 0;
  return (
    <div class="page page-wide page-import">
      <Heading text={t('published.import')} />
      <p><a href={hrefTo('published')}><Icon name="back" size={16} /> {t('published.title')}</a></p>
      <p class="hint">{t('published.import-why')}</p>
      <p class="hint">{t('published.all-columns', { columns: COLUMNS.join(', ') })}</p>
      <FilePart state={state} open={open} />
      {read && <Result read={read} done={done} />}
      {state.problem && <Notice kind="problem"><p>{state.problem}</p></Notice>}
      {read && !done && read.judged.missing.length === 0 && (
        <div class="form-end"><button type="button" class="button button-main" disabled={state.busy || count === 0} onClick={() => void go()}>{t('published.go', { n: count })}</button></div>
      )}
      {done && <Notice kind="good"><p>{t('published.done')} <a href={hrefTo('published')}>{t('published.title')}</a></p></Notice>}
    </div>
  );
}
