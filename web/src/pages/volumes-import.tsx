// SPDX-License-Identifier: Apache-2.0
// Volumes from a CSV or XLSX file: each line that cannot be written down is named with its column and what to
// do; nothing is written before somebody says so, and then all at once or nothing.
import { useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { FileProblem, readTableFile, tableOf, type Source, type Table } from '../fhir/import';
import { KINDS, loadUnits, loadWritten, saveVolumes } from '../fhir/volumes';
import { COLUMNS, judge, placesOf, type BadRow, type Column, type Fault, type Judged, type Known, type Places } from '../fhir/volumes-check';
import { ENCODINGS, type Encoding } from '../lib/csv';
import { t, type TextKey } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { SelectField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Notice } from '../ui/notice';
import { measureWord } from '../ui/published-words';

const SHOWN = 100;
const WRONG_WORDS: Record<Fault, TextKey> = {
  needed: 'published.w-needed', 'no-kind': 'volumes.w-kind', 'no-unit': 'volumes.w-unit', 'two-units': 'volumes.w-two', 'no-month': 'volumes.w-month', 'no-year': 'volumes.w-year', 'no-number': 'published.w-number', twice: 'published.w-twice',
};
const REMEDY_WORDS: Record<Fault, TextKey> = {
  needed: 'published.do-needed', 'no-kind': 'volumes.do-kind', 'no-unit': 'volumes.do-unit', 'two-units': 'volumes.do-two', 'no-month': 'volumes.do-month', 'no-year': 'volumes.do-year', 'no-number': 'published.do-number', twice: 'published.do-twice',
};

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
  const found = sheets.map((table) => ({ table, places: placesOf(table.head) })).sort((a, b) => knownIn(b.places) - knownIn(a.places))[0];
  if (!found) return null;
  return { source, ...found, judged: judge(found.table, found.places, await loadKnown()) };
}

async function loadKnown(): Promise<Known> {
  const [organizations, locations, ...written] = await Promise.all([loadUnits('Organization'), loadUnits('Location'), ...KINDS.map(loadWritten)]);
  return { organizations, locations, written: new Map(written.flatMap((one) => [...one])) };
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
    const problem = await saveVolumes(state.read.judged.good.map((one) => one.told)).then(() => '', sentence);
    set({ ...state, busy: false, problem, done: !problem });
  };
  return { state, open, go };
}

function FilePart({ state, open }: Pick<ReturnType<typeof useImport>, 'state' | 'open'>) {
  const { read, file } = state;
  return (
    <>
      <p>
        <label class="button file-button" for="volumes-file">
          <Icon name="file" />
          {t(read ? 'import.other-file' : 'import.choose-file')}
          <input id="volumes-file" type="file" class="unseen" accept=".csv,.tsv,.txt,.xlsx,text/csv" onChange={(event) => { const [picked] = event.currentTarget.files ?? []; event.currentTarget.value = ''; if (picked) void open(picked); }} />
        </label>
        {read && <span class="import-name"> {t('import.file', { name: read.source.name, n: read.table.lines.length })}</span>}
      </p>
      {read?.source.encoding && file && (
        <SelectField id="volumes-encoding" label={t('import.encoding')} hint={t('import.encoding-why')} value={read.source.encoding} options={ENCODINGS.map((one) => ({ value: one, label: one.toUpperCase() }))} onChange={(one) => void open(file, ENCODINGS.find((name) => name === one))} />
      )}
    </>
  );
}

function BadLines({ read, bad }: { read: Read; bad: BadRow[] }) {
  const columnName = (column: Column) => read.table.head[read.places[column]] || column;
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
    <section class="import-result" aria-labelledby="volumes-result">
      <h2 id="volumes-result">{t(done ? 'import.result' : 'import.preview')}</h2>
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
              <p class="log-row-head"><strong>{t('import.line-n', { n: one.line.line })}</strong> <span>{measureWord(one.told.kind)}</span></p>
              <p>{one.told.time}: {one.told.value} {one.before && t('volumes.was', { value: one.before })}</p>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

export function VolumesImportPage() {
  const { state, open, go } = useImport();
  const { read, done } = state;
  const count = read?.judged.good.length ?? 0;
  return (
    <div class="page page-wide page-import">
      <Heading text={t('volumes.import')} />
      <p><a href={hrefTo('volumes')}><Icon name="back" size={16} /> {t('volumes.title')}</a></p>
      <p class="hint">{t('volumes.import-why')}</p>
      <p class="hint">{t('published.all-columns', { columns: COLUMNS.join(', ') })}</p>
      <FilePart state={state} open={open} />
      {read && <Result read={read} done={done} />}
      {state.problem && <Notice kind="problem"><p>{state.problem}</p></Notice>}
      {read && !done && read.judged.missing.length === 0 && (
        <div class="form-end"><button type="button" class="button button-main" disabled={state.busy || count === 0} onClick={() => void go()}>{t('volumes.go', { n: count })}</button></div>
      )}
      {done && <Notice kind="good"><p>{t('published.done')} <a href={hrefTo('volumes')}>{t('volumes.title')}</a></p></Notice>}
    </div>
  );
}
