// SPDX-License-Identifier: Apache-2.0
// One person in one course: where it stands, the aims and whether they are used after return,
// and what may be done next, a tap each.
import { useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { nameSupervisors, sayUsed, seeChange, takeStep, type Enrolment, type Learnt, type Step, type Use } from '../fhir/learning';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { shortDate } from '../lib/time';
import { TextField } from './fields';
import { Icon } from './icon';
import { COURSE_WORDS, KIND_WORDS, STATUS_WORDS, STEP_WORDS, USE_WORDS, aimWords, spanOf, useTitle } from './learn-words';
import { Notice } from './notice';
import { PeopleField } from './people-field';

interface CardProps {
  one: Enrolment;
  /** Whose list this is: my courses, the people of one course, or people in several, which are named then. */
  by: 'course' | 'person' | 'people';
  done: () => void;
}

/** Do ${act}, one at a time, and say what went wrong. */
function useAct(done: () => void) {
  const [state, setState] = useState({ busy: false, failure: '' });
  const act = async (run: () => Promise<void>) => {
    if (state.busy) return;
    setState({ busy: true, failure: '' });
    try {
      await run();
      setState({ busy: false, failure: '' });
      done();
    } catch (error) {
      setState({ busy: false, failure: sentence(error) });
    }
  };
  return { ...state, act };
}

const MISSING_WORDS = { person: 'learn.missing-person', head: 'learn.missing-head' } as const;

/** How one look turned out: what was answered, late or not, and who has not answered. */
function UseLine({ one, aim, use, done }: { one: Enrolment; aim: Learnt; use: Use; done: () => void }) {
  const [answering, setAnswering] = useState(false);
  const late = use.open && aim.asked !== use.month;
  return (
    <li class={`learn-use learn-${use.state}`}>
      <span>{useTitle(use.month)}</span>
      <span class="learn-use-state">
        {use.state === 'used' && <Icon name="answered" size={16} />}
        {use.state === 'not-yet' ? t('learn.from', { date: shortDate(use.until) }) : t(USE_WORDS[use.state])}
        {use.count >= 0 && <span class="hint"> {t('learn.operations-done', { n: use.count })}</span>}
      </span>
      {use.answers.map((answer) => (
        <span key={answer.by.reference} class="hint learn-answer">
          {t(answer.used ? 'learn.says-used' : 'learn.says-not-used', { name: answer.by.name, date: shortDate(answer.on) })}{answer.late && ` ${t('learn.late')}`}{answer.word && ` “${answer.word}”`}
        </span>
      ))}
      {use.missing.map((whom) => <span key={whom} class="hint learn-answer learn-missing">{t(MISSING_WORDS[whom])}</span>)}
      {late && !answering && <span class="learn-answer"><button type="button" class="link" onClick={() => setAnswering(true)}>{t('learn.answer-late', { n: use.month })}</button></span>}
      {late && answering && <div class="learn-answer"><Asked one={one} aim={aim} month={use.month} done={done} /></div>}
    </li>
  );
}

function Asked({ one, aim, month, done }: { one: Enrolment; aim: Learnt; month: number; done: () => void }) {
  const [word, setWord] = useState('');
  const { busy, failure, act } = useAct(done);
  const id = `learn-word-${one.id.slice(0, 12)}-${aim.number}-${month}`;
  const say = (used: boolean) => void act(() => sayUsed(one.id, aim.number, month, used, word));
  return (
    <div class="learn-asked" role="group" aria-label={t('learn.ask', { n: month })}>
      <p><strong>{t('learn.ask', { n: month })}</strong></p>
      <TextField id={id} label={t('learn.word')} optional={t('form.optional')} value={word} onChange={setWord} />
      {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
      <p class="learn-acts">
        <button type="button" class="button button-main" disabled={busy} onClick={() => say(true)}>{t('learn.yes-used')}</button>
        <button type="button" class="button" disabled={busy} onClick={() => say(false)}>{t('learn.no-used')}</button>
      </p>
    </div>
  );
}

function AimPart({ one, aim, done }: { one: Enrolment; aim: Learnt; done: () => void }) {
  return (
    <li class="learn-aim">
      <p>{aimWords(aim)}{aim.operations > 0 && <span class="hint"> {t('learn.needs', { n: aim.operations })}</span>}</p>
      {aim.uses.length > 0 && <ul class="learn-uses">{aim.uses.map((use) => <UseLine key={use.month} one={one} aim={aim} use={use} done={done} />)}</ul>}
      {aim.asked > 0 && <Asked one={one} aim={aim} month={aim.asked} done={done} />}
    </li>
  );
}

function Steps({ one, done }: { one: Enrolment; done: () => void }) {
  const { busy, failure, act } = useAct(done);
  const [word, setWord] = useState('');
  const [changing, setChanging] = useState(false);
  const others = one.may.filter((step): step is Step => step !== 'complete' && step !== 'supervise');
  const results = one.may.includes('complete') && (one.status !== 'completed' || changing);
  const go = (step: Step, passed?: boolean) => void act(async () => {
    await takeStep(one.id, step, passed === undefined ? {} : { passed, word });
    setChanging(false);
  });
  if (!results && others.length === 0 && !one.may.includes('complete')) return null;
  return (
    <div class="learn-steps">
      {results && <TextField id={`learn-result-${one.id.slice(0, 12)}`} label={t('learn.result-word')} optional={t('form.optional')} value={word} onChange={setWord} />}
      {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
      <p class="learn-acts">
        {results && <button type="button" class="button button-main" disabled={busy} onClick={() => go('complete', true)}>{t('learn.passed')}</button>}
        {results && <button type="button" class="button" disabled={busy} onClick={() => go('complete', false)}>{t('learn.not-passed')}</button>}
        {others.map((step) => <button key={step} type="button" class={step === 'accept' ? 'button button-main' : 'button'} disabled={busy} onClick={() => go(step)}>{t(STEP_WORDS[step])}</button>)}
        {one.status === 'completed' && one.may.includes('complete') && !changing && <button type="button" class="link" onClick={() => setChanging(true)}>{t('learn.correct')}</button>}
      </p>
    </div>
  );
}

/** What was changed of the course since the person was put down, until they say that they have seen it. */
function Changed({ one, done }: { one: Enrolment; done: () => void }) {
  const { busy, failure, act } = useAct(done);
  const { change } = one;
  if (!change) return null;
  const values = { name: change.by.name, date: shortDate(change.on), span: [spanOf(one.start, one.end), one.place].filter(Boolean).join(' · ') };
  return (
    <Notice kind="info">
      <p>{t(change.what === 'cancelled' ? 'learn.was-cancelled' : 'learn.was-moved', values)}{change.reason && ` “${change.reason}”`}</p>
      {failure && <p class="problem">{failure}</p>}
      {one.waits.includes('change') && <button type="button" class="button" disabled={busy} onClick={() => void act(() => seeChange(one.id))}>{t('learn.has-seen')}</button>}
    </Notice>
  );
}

function Supervisors({ one, done }: { one: Enrolment; done: () => void }) {
  const [list, setList] = useState<Enrolment['supervisors'] | null>(null);
  const { busy, failure, act } = useAct(done);
  const names = one.supervisors.map((person) => person.name).join(', ');
  const send = () => void act(async () => {
    await nameSupervisors(one.id, list ?? []);
    setList(null);
  });
  return (
    <>
      {names && <p class="hint">{t('learn.supervised-by', { name: names })}</p>}
      {one.may.includes('supervise') && !list && <p><button type="button" class="link" onClick={() => setList(one.supervisors)}>{t('learn.supervise', { name: one.person.name })}</button></p>}
      {list && (
        <div class="learn-asked">
          <PeopleField id={`learn-supervisor-${one.id.slice(0, 12)}`} label={t('learn.supervisor')} list={list} onChange={setList} />
          {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
          <p class="learn-acts">
            <button type="button" class="button button-main" disabled={busy || list.length === 0} onClick={send}>{t('learn.supervise-send', { name: one.person.name })}</button>
            <button type="button" class="button" onClick={() => setList(null)}>{t('action.cancel')}</button>
          </p>
        </div>
      )}
    </>
  );
}

export function EnrolmentCard({ one, by, done }: CardProps) {
  const course = <a href={hrefTo('course', one.course.reference.replace('Course/', ''))}>{one.course.name}</a>;
  const gone = one.courseStatus === 'cancelled' && one.status !== 'completed' && one.status !== 'left' && one.status !== 'refused';
  return (
    <article class="learn-card" aria-label={by === 'course' ? one.course.name : one.person.name}>
      <p class="learn-head">
        <strong>{by === 'course' ? course : one.person.name}</strong>
        <span class={`learn-status learn-status-${one.status}`}>{t(gone ? COURSE_WORDS.cancelled : STATUS_WORDS[one.status])}</span>
      </p>
      {by === 'people' && <p>{course}</p>}
      <p class="hint">
        {by !== 'person' && `${t(KIND_WORDS[one.kind])} · `}{spanOf(one.start, one.end)}{one.teaching.name && by === 'course' && ` · ${one.teaching.name}`}{by !== 'course' && one.learning.name && ` · ${one.learning.name}`}
      </p>
      <Supervisors one={one} done={done} />
      <Changed one={one} done={done} />
      {one.result && (
        <p class={one.result.passed ? 'learn-good' : undefined}>
          {one.result.passed && <Icon name="answered" size={16} />}{t(one.result.passed ? 'learn.has-passed' : 'learn.has-not-passed', { name: one.result.by.name, date: shortDate(one.result.on) })}{one.result.word && ` “${one.result.word}”`}
        </p>
      )}
      {one.aims.length > 0 && <ul class="learn-aims" aria-label={t('learn.aims')}>{one.aims.map((aim) => <AimPart key={aim.number} one={one} aim={aim} done={done} />)}</ul>}
      {!gone && <Steps one={one} done={done} />}
    </article>
  );
}
