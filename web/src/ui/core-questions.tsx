// SPDX-License-Identifier: Apache-2.0
// The questions of a core set as a form: one tap each, and "Unknown" beside every one.
import { useEffect, useState } from 'preact/hooks';
import { fieldOf } from '../fhir/completeness';
import { answerKey, isAnswered, isOdd, questionsOf, type Answers, type Question, type Questionnaire, type Words } from '../fhir/core-set';
import { loadSet, type CoreSet } from '../fhir/core-sets';
import { language, t } from '../lib/i18n';
import { Choice } from './fields';
import { Failure, Skeleton } from './notice';

export function setWords(): Words {
  return { language: language.value, yes: t('core.yes'), no: t('core.no') };
}

export interface LoadedSet {
  id: string;
  set: Questionnaire;
}

/** The Questionnaires of ${sets}; null while they come. */
export function useSets(sets: CoreSet[]): { loaded: LoadedSet[] | null; failed: boolean; again: () => void } {
  const wanted = sets.map((set) => set.id).join(' ');
  const [state, setState] = useState<{ wanted: string; loaded: LoadedSet[]; failed: boolean }>({ wanted: '', loaded: [], failed: false });
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let stale = false;
    const ids = wanted.split(' ').filter(Boolean);
    Promise.all(ids.map(loadSet)).then(
      (found) => {
        const loaded = found.flatMap((set, at) => (set ? [{ id: ids[at] ?? '', set }] : []));
        if (!stale) setState({ wanted, loaded, failed: false });
      },
      () => { if (!stale) setState({ wanted, loaded: [], failed: true }); },
    );
    return () => { stale = true; };
  }, [wanted, tries]);
  return { loaded: state.wanted === wanted ? state.loaded : null, failed: state.failed, again: () => setTries(tries + 1) };
}

interface RowProps {
  id: string;
  question: Question;
  answer: string | null | undefined;
  onChange: (answer: string | null | undefined) => void;
}

const UNKNOWN = '?unknown';

function ChoiceRow({ id, question, answer, onChange }: RowProps) {
  return (
    <Choice
      id={id}
      compact
      label={question.text}
      {...(question.required ? {} : { optional: t('form.optional') })}
      value={answer === null ? UNKNOWN : (answer ?? '')}
      onChange={(code) => onChange(code === UNKNOWN ? null : code)}
      options={[...question.options.map(({ code, label }) => ({ value: code, label })), { value: UNKNOWN, label: t('core.unknown'), kind: 'unknown' }]}
    />
  );
}

function TypedRow({ id, question, answer, onChange }: RowProps) {
  const number = question.kind === 'number';
  const odd = isOdd(question, answer);
  const described = [number && question.unit && `${id}-unit`, odd && `${id}-odd`].filter(Boolean).join(' ');
  return (
    <div class="field core-typed">
      <label for={id}>{question.text}{!question.required && <span class="optional"> {t('form.optional')}</span>}</label>
      <div class="core-typed-line">
        <span class="with-unit">
          <input
            id={id}
            type="text"
            class={number ? 'core-number' : undefined}
            inputMode={number ? 'decimal' : 'text'}
            autocomplete="off"
            value={answer ?? ''}
            aria-describedby={described || undefined}
            onInput={(event) => onChange(event.currentTarget.value)}
          />
          {number && question.unit && <span class="unit" id={`${id}-unit`}>{question.unit}</span>}
        </span>
        <label class="tile tile-unknown core-unknown">
          <input type="checkbox" checked={answer === null} onChange={(event) => onChange(event.currentTarget.checked ? null : undefined)} aria-label={t('core.unknown-of', { question: question.text })} />
          <span class="tile-text">{t('core.unknown')}</span>
        </label>
      </div>
      {odd && <p class="check" id={`${id}-odd`} role="status">{t('core.odd', { low: question.range[0], high: question.range[1], unit: question.unit })}</p>}
    </div>
  );
}

interface SetProps {
  id: string;
  title: string;
  questions: Question[];
  answers: Answers;
  onChange: (answers: Answers) => void;
}

function SetForm({ id, title, questions, answers, onChange }: SetProps) {
  const answerOf = (question: Question) => answers[answerKey(id, question.id)];
  const change = (question: Question, answer: string | null | undefined) => {
    const rest = { ...answers };
    delete rest[answerKey(id, question.id)];
    onChange(answer === undefined ? rest : { ...rest, [answerKey(id, question.id)]: answer });
  };
  const open = questions.filter((question) => question.required && !isAnswered(answerOf(question)));
  const restUnknown = () => onChange({ ...answers, ...Object.fromEntries(open.map((question) => [answerKey(id, question.id), null])) });
  return (
    <div class="core-set" role="group" aria-label={title}>
      <h3>{title}</h3>
      <div class="core-rows">
        {questions.map((question) => {
          const row = { id: fieldOf(id, question.id), question, answer: answerOf(question), onChange: (answer: string | null | undefined) => change(question, answer) };
          return question.kind === 'choice' ? <ChoiceRow key={question.id} {...row} /> : <TypedRow key={question.id} {...row} />;
        })}
      </div>
      {open.length > 0 && <p class="part-end"><button type="button" class="button button-small" onClick={restUnknown}>{t('core.rest-unknown', { n: open.length })}</button></p>}
    </div>
  );
}

interface Props {
  sets: CoreSet[];
  answers: Answers;
  onChange: (answers: Answers) => void;
}

export function CoreQuestions({ sets, answers, onChange }: Props) {
  const { loaded, failed, again } = useSets(sets);
  if (failed) return <Failure text={t('core.not-loaded')} retry={again} />;
  if (!loaded) return <Skeleton rows={4} />;
  return (
    <>
      {loaded.map(({ id, set }) => (
        <SetForm key={id} id={id} title={t(sets.find((one) => one.id === id)?.label ?? 'core.general')} questions={questionsOf(set, setWords())} answers={answers} onChange={onChange} />
      ))}
    </>
  );
}
