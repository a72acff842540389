// SPDX-License-Identifier: Apache-2.0
// What the columns of an older logbook are, and what its words mean.
import { FIELDS, LEAVE, cellsOf, orderToAsk, unknownWords, type Choices, type Field, type Table, type WordField } from '../fhir/import';
import { FUNCTIONS, RESULTS, proceduresToLog } from '../fhir/logbook';
import { language, t } from '../lib/i18n';
import { Choice, SelectField } from './fields';
import { FIELD_WORDS, ORDER_WORDS } from './import-words';
import { PART_WORDS, RESULT_WORDS } from './logbook-words';

interface Props {
  table: Table;
  choices: Choices;
  change: (part: Partial<Choices>) => void;
}

const NEEDED: readonly Field[] = ['day', 'procedure'];
const MOST_WORDS = 60; // a column with more is another one

function Columns({ table, choices, change }: Props) {
  const options = [{ value: '-1', label: t('import.no-column') }, ...table.head.map((name, at) => ({ value: String(at), label: name || t('import.column', { n: at + 1 }) }))];
  return (
    <section class="import-columns" aria-labelledby="import-columns">
      <h2 id="import-columns">{t('import.columns')}</h2>
      <p class="hint">{t('import.columns-why')}</p>
      <div class="import-grid">
        {FIELDS.map((field) => (
          <SelectField
            key={field} id={`import-${field}`} label={t(FIELD_WORDS[field])} optional={NEEDED.includes(field) || field === 'part' ? undefined : t('form.optional')}
            hint={cellsOf(table, choices.columns[field]).slice(0, 2).join(' · ') || undefined}
            value={String(choices.columns[field])} options={options}
            onChange={(value) => change({ columns: { ...choices.columns, [field]: Number(value) } })}
          />
        ))}
      </div>
    </section>
  );
}

function codesOf(field: WordField) {
  if (field === 'procedure') return proceduresToLog(language.value);
  if (field === 'part') return FUNCTIONS.map((one) => ({ value: one as string, label: t(PART_WORDS[one]) }));
  return RESULTS.map((one) => ({ value: one as string, label: t(RESULT_WORDS[one]) }));
}

function Words({ table, choices, change, field }: Props & { field: WordField }) {
  const words = unknownWords(table, choices, field).slice(0, MOST_WORDS);
  if (words.length === 0) return null;
  const options = [
    { value: '', label: t('log.choose') }, ...codesOf(field), { value: LEAVE, label: t(field === 'result' ? 'import.no-result' : 'import.leave-out') },
  ];
  return (
    <section aria-labelledby={`import-words-${field}`}>
      <h2 id={`import-words-${field}`}>{t('import.words', { column: t(FIELD_WORDS[field]) })}</h2>
      <p class="hint">{t('import.words-why')}</p>
      <div class="import-grid">
        {words.map((word, at) => (
          <SelectField
            key={word.text} id={`import-word-${field}-${at}`} label={`“${word.text}”`} hint={t('import.lines', { n: word.lines })}
            value={choices.words[field][word.text] ?? ''} options={options}
            onChange={(value) => change({ words: { ...choices.words, [field]: { ...choices.words[field], [word.text]: value } } })}
          />
        ))}
      </div>
    </section>
  );
}

export function ImportChoices({ table, choices, change }: Props) {
  const ask = orderToAsk(table, choices);
  return (
    <>
      <Columns table={table} choices={choices} change={change} />
      {ask && (
        <Choice id="import-order" label={t('import.order', { example: ask.example })} compact value={choices.order} options={ask.orders.map((one) => ({ value: one, label: t(ORDER_WORDS[one]) }))} onChange={(order) => change({ order })} />
      )}
      {choices.columns.part < 0 && (
        <Choice id="import-all" label={t('import.part-all')} compact value={choices.part} options={FUNCTIONS.map((one) => ({ value: one, label: t(PART_WORDS[one]) }))} onChange={(part) => change({ part })} />
      )}
      <Words field="procedure" table={table} choices={choices} change={change} />
      <Words field="part" table={table} choices={choices} change={change} />
      <Words field="result" table={table} choices={choices} change={change} />
    </>
  );
}
