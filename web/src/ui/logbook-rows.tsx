// SPDX-License-Identifier: Apache-2.0
// The operations behind a logbook, newest first, with what was said of each; the apprentice
// may answer with a word.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { isByHand, procedureName, respond, stepName, wordsOf, type LogbookRow, type Rating, type Difficulty, type Performance } from '../fhir/logbook';
import { language, t } from '../lib/i18n';
import { shortDate } from '../lib/time';
import { newRatings, ratingRead } from '../logbook-store';
import { session } from '../session';
import { Dictate } from './dictate';
import { TextArea } from './fields';
import { DIFFICULTY_WORDS, LEVEL_WORDS, OUTCOME_WORDS, PERFORMANCE_WORDS, partName } from './logbook-words';
import { Notice } from './notice';

function AnswerForm({ row, rating, done }: { row: LogbookRow; rating: Rating; done: () => void }) {
  const [word, setWord] = useState('');
  const [state, setState] = useState({ busy: false, failure: '' });
  const send = async () => {
    if (!word.trim() || state.busy) return;
    setState({ busy: true, failure: '' });
    try {
      await respond(row.id, rating.assessor.reference, word);
      done();
    } catch (error) {
      setState({ busy: false, failure: sentence(error) });
    }
  };
  return (
    <form class="step-form" noValidate onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <TextArea id={`answer-${row.id}`} label={t('log.answer-label', { name: rating.assessor.name })} rows={2} value={word} onChange={setWord} onSubmit={() => void send()} />
      <Dictate text={word} onText={setWord} />
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
      <button type="submit" class="button button-main" disabled={state.busy || !word.trim()}>{t('log.answer-send')}</button>
    </form>
  );
}

function RatingPart({ row, rating, mine }: { row: LogbookRow; rating: Rating; mine: boolean }) {
  const [words, setWords] = useState<{ by: string; text: string }[] | null>(null);
  const [problem, setProblem] = useState('');
  const load = () => wordsOf(rating).then(setWords, (error: unknown) => setProblem(sentence(error)));
  const me = session.value?.practitioner ?? '';
  const unread = mine && newRatings.value.some((one) => one.observation === rating.observation);
  const [marked, setMarked] = useState(false);
  useEffect(() => {
    if (!unread) return;
    setMarked(true); // as long as the page is open, so that it is found
    ratingRead(rating.observation);
  }, [unread]);
  return (
    <div class="log-rating">
      <p>
        {marked && <><span class="chip">{t('log.new')}</span>{' '}</>}
        {t('log.rating-says', {
          name: rating.assessor.name, level: t(LEVEL_WORDS[rating.level] ?? 'log.level-0'), scale: rating.scale === 'zwisch' ? 'Zwisch' : 'O-SCORE', value: rating.value,
        })}
        {rating.performance && ` · ${t(PERFORMANCE_WORDS[rating.performance as Performance])}`}
        {rating.difficulty && ` · ${t(DIFFICULTY_WORDS[rating.difficulty as Difficulty])}`}
      </p>
      {rating.steps.length > 0 && (
        <ul class="log-step-ratings">
          {rating.steps.map((step) => <li key={step.name}>{t('log.step-says', { step: stepName(row.code, step.name, language.value), level: t(LEVEL_WORDS[step.level] ?? 'log.level-0'), value: step.value })}</li>)}
        </ul>
      )}
      {!words && <button type="button" class="link" onClick={() => void load()}>{t('log.words')}</button>}
      {problem && <Notice kind="problem"><p>{problem}</p></Notice>}
      {words?.map((word, at) => <blockquote key={at}><p>{word.text}</p><footer>{word.by === rating.assessor.reference ? rating.assessor.name : t('log.apprentice-says')}</footer></blockquote>)}
      {words?.length === 0 && <p class="hint">{t('log.no-words')}</p>}
      {words && mine && !words.some((word) => word.by === me) && <AnswerForm row={row} rating={rating} done={() => void load()} />}
    </div>
  );
}

export function LogbookRows({ rows, mine }: { rows: LogbookRow[]; mine: boolean }) {
  return (
    <ul class="log-rows">
      {rows.map((row) => (
        <li key={row.id}>
          <p class="log-row-head"><strong>{procedureName(row.code, language.value)}</strong> <span>{shortDate(row.day)}</span></p>
          <p>{partName(row.function, isByHand(row.code))} · {t(OUTCOME_WORDS[row.outcome])}</p>
          {row.imported && <p class="hint"><span class="chip">{t('import.mark')}</span> {t('import.mark-says')}</p>}
          {row.steps.length > 0 && <p class="hint">{t('import.step')}: {row.steps.map((step) => `${stepName(row.code, step.name, language.value)} (${partName(step.function, isByHand(row.code))})`).join(', ')}</p>}
          {row.others.length > 0 && <p class="hint">{row.others.map((one) => `${one.who.name} (${partName(one.function, isByHand(row.code))})`).join(', ')}</p>}
          {row.ratings.map((rating) => <RatingPart key={rating.observation} row={row} rating={rating} mine={mine} />)}
        </li>
      ))}
    </ul>
  );
}
