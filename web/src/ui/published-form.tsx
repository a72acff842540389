// SPDX-License-Identifier: Apache-2.0
// A published figure is written down, or one that was is corrected.
import { useState } from 'preact/hooks';
import { BOUNDS, COUNTINGS, NOTHING, TRENDS, saidBy, saveFigure, type Column, type PublishedFigure, type Said } from '../fhir/published';
import { tidy, wrongsOf, type Wrong } from '../fhir/published-check';
import { newUuid } from '../lib/ids';
import { t } from '../lib/i18n';
import { End } from './equipment-forms';
import { SelectField, TextArea, TextField } from './fields';
import { Notice } from './notice';
import { BOUND_WORDS, COLUMN_WORDS, COUNTING_WORDS, MEASURES, REMEDY_WORDS, TREND_WORDS, WRONG_WORDS, measureWord } from './published-words';
import { useSending } from './use-sending';

const ANOTHER = 'another'; // a measure that is not in the list
const MORE: readonly Column[] = ['trend', 'before', 'other', 'other-unit']; // what few say
const ASKED: readonly Column[] = ['asked', 'asked-stratum', 'asked-from', 'asked-until', 'base-from', 'base-until'];
const DECIMAL = { inputMode: 'decimal', autoComplete: 'off' } as const;

interface Props {
  /** The record to be corrected; without it a new one is written. */
  before?: PublishedFigure | undefined;
  /** Measures that are in use, beside those that everybody knows. */
  measures: readonly string[];
  done: () => void;
  leave: () => void;
}

const idOf = (column: Column) => `published-${column}`;

export function PublishedForm({ before, measures, done, leave }: Props) {
  const [id] = useState(() => before?.id ?? newUuid());
  const [said, setSaid] = useState<Said>(() => (before ? saidBy(before) : { ...NOTHING, counting: 'total', bound: 'exact' }));
  const [named, setNamed] = useState(false);
  const [wrongs, setWrongs] = useState<Wrong[]>([]);
  const sending = useSending();
  const change = (column: Column) => (value: string) => setSaid({ ...said, [column]: value });
  const problem = (column: Column) => {
    const found = wrongs.find((one) => one.column === column);
    return found && `${t(WRONG_WORDS[found.fault])}. ${t(REMEDY_WORDS[found.fault])}.`;
  };
  const common = (column: Column) => ({ id: idOf(column), label: t(COLUMN_WORDS[column]), problem: problem(column), value: said[column], onChange: change(column) });
  const send = () => {
    const neat = tidy(said);
    const found = wrongsOf(neat);
    setWrongs(found);
    const first = found[0];
    void sending.send(first ? idOf(first.column) : '', () => saveFigure(id, neat, before).then(done));
  };
  const known = [...new Set([...Object.keys(MEASURES), ...measures])];
  const pick = (value: string) => { setNamed(value === ANOTHER); setSaid({ ...said, measure: value === ANOTHER ? '' : value }); };
  const optional = t('form.optional');
  return (
    <form class="step-form" noValidate aria-label={t(before ? 'published.correct' : 'published.write')} onSubmit={(event) => { event.preventDefault(); send(); }}>
      {!named && (
        <SelectField
          {...common('measure')} onChange={pick}
          options={[{ value: '', label: t('equip.choose') }, ...known.map((code) => ({ value: code, label: measureWord(code) })), { value: ANOTHER, label: t('published.another') }]}
        />
      )}
      {named && <TextField {...common('measure')} hint={t('published.another-hint')} />}
      <TextArea {...common('wording')} hint={t('published.wording-hint')} rows={2} />
      <div class="pair">
        <SelectField {...common('bound')} options={BOUNDS.map((code) => ({ value: code, label: t(BOUND_WORDS[code]) }))} />
        <TextField {...common('value')} input={DECIMAL} />
        <TextField {...common('unit')} hint={t('published.unit-hint')} />
      </div>
      <SelectField {...common('counting')} options={COUNTINGS.map((code) => ({ value: code, label: t(COUNTING_WORDS[code]) }))} />
      <div class="pair">
        {said.counting !== 'state' && <TextField {...common('from')} hint={t('published.time-hint')} />}
        <TextField {...common('until')} optional={optional} hint={t('published.until-hint')} />
      </div>
      <TextField {...common('scope')} optional={optional} hint={t('published.scope-hint')} />
      <TextField {...common('source')} hint={t('published.source-hint')} />
      <div class="pair">
        <TextField {...common('published')} optional={optional} hint={t('published.time-hint')} />
        <TextField {...common('url')} optional={optional} hint={t('published.url-hint')} input={{ inputMode: 'url', autoComplete: 'off' }} />
      </div>
      <details open={MORE.some((column) => said[column] || problem(column))}>
        <summary>{t('published.more')}</summary>
        <div class="pair">
          <SelectField {...common('trend')} value={said.trend || 'none'} options={TRENDS.map((code) => ({ value: code, label: t(TREND_WORDS[code]) }))} />
          <TextField {...common('before')} optional={optional} input={DECIMAL} />
        </div>
        <div class="pair">
          <TextField {...common('other')} optional={optional} input={DECIMAL} />
          <TextField {...common('other-unit')} optional={optional} input={{ maxLength: 3 }} />
        </div>
      </details>
      <details open={ASKED.some((column) => said[column] || problem(column))}>
        <summary>{t('published.beside')}</summary>
        <p class="hint">{t('published.beside-why')}</p>
        <div class="pair">
          <TextField {...common('asked')} optional={optional} hint={t('published.asked-hint')} />
          <TextField {...common('asked-stratum')} optional={optional} hint={t('published.stratum-hint')} />
        </div>
        <div class="pair">
          <TextField {...common('asked-from')} optional={optional} />
          <TextField {...common('asked-until')} optional={optional} />
        </div>
        <div class="pair">
          <TextField {...common('base-from')} optional={optional} hint={t('published.base-hint')} />
          <TextField {...common('base-until')} optional={optional} />
        </div>
      </details>
      {sending.failure && <Notice kind="problem"><p>{sending.failure}</p></Notice>}
      <End busy={sending.busy} label={t('published.save')} leave={leave} />
    </form>
  );
}
