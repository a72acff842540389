// SPDX-License-Identifier: Apache-2.0
// An older logbook, from CSV or XLSX: which column is what, a dry run that names what would be
// taken and what not, then the good lines; the others go back as a file.
import { useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { FileProblem, firstChoices, importLines, judge, readTableFile, tableOf, type Choices, type Imported, type Source, type Table } from '../fhir/import';
import { ENCODINGS, type Encoding } from '../lib/csv';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import type { PageProps } from '../navigation';
import { session } from '../session';
import { SelectField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { ImportChoices } from '../ui/import-choices';
import { ImportResult } from '../ui/import-result';
import { Notice } from '../ui/notice';

interface State {
  file: File | null;
  source: Source | null;
  sheet: number;
  table: Table | null;
  choices: Choices | null;
  result: Imported | null;
  done: boolean;
  busy: boolean;
  problem: string;
}

const EMPTY: State = { file: null, source: null, sheet: 0, table: null, choices: null, result: null, done: false, busy: false, problem: '' };

/** The sheet with the most rows is the logbook, as long as nobody says otherwise. */
function largest(source: Source): number {
  return source.sheets.reduce((best, sheet, at) => (sheet.rows.length > (source.sheets[best]?.rows.length ?? 0) ? at : best), 0);
}

function withSheet(state: State, source: Source, sheet: number): State {
  const table = tableOf(source.name, source.sheets[sheet]?.rows ?? []);
  return {
    ...state, source, sheet, table, choices: table && firstChoices(table), result: null, done: false, busy: false, problem: table ? '' : t('import.empty'),
  };
}

function problemOf(error: unknown): string {
  if (!(error instanceof FileProblem)) return sentence(error);
  return t(error.kind === 'old' ? 'import.old-format' : 'import.broken');
}

function useImport(person: string) {
  const [state, set] = useState<State>(EMPTY);
  const open = async (file: File, encoding?: Encoding) => {
    set({ ...EMPTY, file, busy: true });
    try {
      const source = await readTableFile(file, encoding);
      set(withSheet({ ...EMPTY, file }, source, largest(source)));
    } catch (error) {
      set({ ...EMPTY, problem: problemOf(error) });
    }
  };
  const run = async (dry: boolean) => {
    const { table, choices } = state;
    if (!table || !choices || state.busy) return;
    set({ ...state, busy: true, problem: '' });
    try {
      const result = await importLines(table, judge(table, choices), choices.columns, { person, dry });
      set({ ...state, result, done: !dry, busy: false, problem: '' });
    } catch (error) {
      set({ ...state, busy: false, problem: sentence(error) });
    }
  };
  return {
    state,
    open,
    run,
    choose: (sheet: number) => state.source && set(withSheet(state, state.source, sheet)),
    change: (part: Partial<Choices>) => state.choices && set({ ...state, choices: { ...state.choices, ...part }, result: null, done: false }),
  };
}

function FilePart({ state, open, choose }: Pick<ReturnType<typeof useImport>, 'state' | 'open' | 'choose'>) {
  const { source, file } = state;
  return (
    <>
      <p>
        <label class="button file-button" for="import-file">
          <Icon name="file" />
          {t(source ? 'import.other-file' : 'import.choose-file')}
          <input id="import-file" type="file" class="unseen" accept=".csv,.tsv,.txt,.xlsx,text/csv" onChange={(event) => { const [picked] = event.currentTarget.files ?? []; event.currentTarget.value = ''; if (picked) void open(picked); }} />
        </label>
        {source && <span class="import-name"> {t('import.file', { name: source.name, n: state.table?.lines.length ?? 0 })}</span>}
      </p>
      {source && source.sheets.length > 1 && (
        <SelectField id="import-sheet" label={t('import.sheet')} value={String(state.sheet)} options={source.sheets.map((one, at) => ({ value: String(at), label: one.name }))} onChange={(at) => choose(Number(at))} />
      )}
      {source?.encoding && file && (
        <SelectField id="import-encoding" label={t('import.encoding')} hint={t('import.encoding-why')} value={source.encoding} options={ENCODINGS.map((one) => ({ value: one, label: one.toUpperCase() }))} onChange={(one) => void open(file, ENCODINGS.find((name) => name === one))} />
      )}
    </>
  );
}

export function ImportPage({ id }: PageProps) {
  const me = (session.value?.practitioner ?? '').split('/')[1] ?? '';
  const person = id && id !== me ? `Practitioner/${id}` : '';
  const { state, open, run, choose, change } = useImport(person);
  const { table, choices, result, done } = state;
  return (
    <div class="page page-wide page-import">
      <Heading text={t('import.title')} />
      <p><a href={hrefTo('logbook', id)}><Icon name="back" size={16} /> {t('log.title')}</a></p>
      <p class="hint">{t('import.why')}</p>
      {person && <Notice kind="info"><p>{t('import.for-another')}</p></Notice>}
      <FilePart state={state} open={open} choose={choose} />
      {table && choices && <ImportChoices table={table} choices={choices} change={change} />}
      {state.problem && <Notice kind="problem"><p>{state.problem}</p></Notice>}
      {table && !result && <div class="form-end"><button type="button" class="button button-main" disabled={state.busy} onClick={() => void run(true)}>{t('import.check')}</button></div>}
      {table && choices && result && <ImportResult table={table} columns={choices.columns} result={result} done={done} />}
      {result && !done && <div class="form-end"><button type="button" class="button button-main" disabled={state.busy || result.taken === 0} onClick={() => void run(false)}>{t('import.take', { n: result.taken })}</button></div>}
      {done && <Notice kind="good"><p>{t('import.done')} <a href={hrefTo('logbook', id)}>{t('log.title')}</a></p></Notice>}
    </div>
  );
}
