// SPDX-License-Identifier: Apache-2.0
// One apprenticeship: who learns what from whom until when, who has agreed, and what I can do.
import { useState } from 'preact/hooks';
import { agree, agreed, extend, isOver, myVoices, stop, waitsForMe, type Apprenticeship, type Voice } from '../fhir/apprentice';
import { sentence } from '../fhir/client';
import { procedureName } from '../fhir/logbook';
import { language, t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { shortDate } from '../lib/time';
import { STATE_WORDS, VOICE_WORDS } from './apprentice-words';
import { TextArea, TextField } from './fields';
import { Icon } from './icon';
import { LEVEL_WORDS } from './logbook-words';
import { Notice } from './notice';

interface CardProps {
  one: Apprenticeship;
  done: () => Promise<void>;
}

function voicesOf(one: Apprenticeship): Voice[] {
  const said = agreed(one);
  return ['apprentice', 'master', 'learning-department', ...(said.includes('teaching-department') ? ['teaching-department' as const] : [])] as Voice[];
}

function Voices({ one }: { one: Apprenticeship }) {
  const said = agreed(one);
  return (
    <ul class="apprentice-voices" aria-label={t('apprentice.agreements')}>
      {voicesOf(one).map((voice) => {
        const yes = said.includes(voice);
        return <li key={voice}><Icon name={yes ? 'answered' : 'waiting'} size={16} />{t(VOICE_WORDS[voice])}: {t(yes ? 'apprentice.agreed' : 'apprentice.not-yet')}</li>;
      })}
    </ul>
  );
}

function StopForm({ one, done, cancel }: CardProps & { cancel: () => void }) {
  const [reason, setReason] = useState('');
  const [completed, setCompleted] = useState(false);
  const [problem, setProblem] = useState('');
  const id = `stop-${one.id}`;
  const mayComplete = one.state === 'active' && !myVoices(one).includes('apprentice');
  const send = async () => {
    if (!reason.trim()) {
      setProblem(t('step.lacks'));
      document.getElementById(id)?.focus();
      return;
    }
    await stop(one, reason, completed).then(done, (error: unknown) => setProblem(sentence(error)));
  };
  return (
    <form class="step-form" noValidate onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <TextArea id={id} label={t('apprentice.why')} problem={problem || undefined} rows={2} value={reason} onChange={setReason} onSubmit={() => void send()} />
      {mayComplete && <label class="check"><input type="checkbox" checked={completed} onChange={(event) => setCompleted(event.currentTarget.checked)} /> {t('apprentice.reached')}</label>}
      <div class="form-end">
        <button type="submit" class="button button-main">{t(one.state === 'planned' ? 'apprentice.decline' : 'apprentice.stop')}</button>
        <button type="button" class="button" onClick={cancel}>{t('action.cancel')}</button>
      </div>
    </form>
  );
}

function ExtendForm({ one, done, cancel }: CardProps & { cancel: () => void }) {
  const [until, setUntil] = useState('');
  const [problem, setProblem] = useState('');
  const id = `extend-${one.id}`;
  const send = async () => {
    if (until <= one.until.slice(0, 10)) {
      setProblem(t('apprentice.later'));
      document.getElementById(id)?.focus();
      return;
    }
    await extend(one, until).then(done, (error: unknown) => setProblem(sentence(error)));
  };
  return (
    <form class="step-form" noValidate onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <TextField id={id} label={t('apprentice.new-end')} hint={t('apprentice.new-end-hint')} problem={problem || undefined} value={until} onChange={setUntil} input={{ type: 'date', min: one.until.slice(0, 10) }} />
      <div class="form-end">
        <button type="submit" class="button button-main">{t('apprentice.extend')}</button>
        <button type="button" class="button" onClick={cancel}>{t('action.cancel')}</button>
      </div>
    </form>
  );
}

function Acts({ one, done }: CardProps) {
  const [open, setOpen] = useState<'' | 'stop' | 'extend'>('');
  const [state, setState] = useState({ busy: false, failure: '' });
  const close = () => setOpen('');
  const after = async () => {
    close();
    await done();
  };
  const say = async () => {
    setState({ busy: true, failure: '' });
    await agree(one).then(after, (error: unknown) => setState({ busy: false, failure: sentence(error) }));
  };
  if (myVoices(one).length === 0 || isOver(one)) return null;
  if (open === 'stop') return <StopForm one={one} done={after} cancel={close} />;
  if (open === 'extend') return <ExtendForm one={one} done={after} cancel={close} />;
  return (
    <>
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
      <div class="log-acts">
        {waitsForMe(one) && <button type="button" class="button button-main" disabled={state.busy} onClick={() => void say()}>{one.proposedEnd ? t('apprentice.agree-end', { date: shortDate(one.proposedEnd) }) : t('apprentice.agree')}</button>}
        {one.state === 'active' && one.until && <button type="button" class="button" onClick={() => setOpen('extend')}>{t('apprentice.extend')}</button>}
        <button type="button" class="button" onClick={() => setOpen('stop')}>{t(one.state === 'planned' ? 'apprentice.decline' : 'apprentice.stop')}</button>
      </div>
    </>
  );
}

export function ApprenticeCard({ one, done }: CardProps) {
  const idOf = (reference: string) => reference.split('/')[1] ?? '';
  const over = isOver(one);
  return (
    <li class="apprentice-card" id={`apprenticeship-${one.id}`} tabIndex={-1}>
      <h3>{t('apprentice.learns-from', { apprentice: one.apprentice.name, master: one.master.name })}</h3>
      <p><span class="state">{t(over && one.state === 'active' ? 'apprentice.over' : STATE_WORDS[one.state])}</span> {t('lineage.from-until', { from: one.from ? shortDate(one.from) : '…', until: one.until ? shortDate(one.until) : '…' })}</p>
      <p class="hint">{[one.teaching.name, one.learning.name].filter(Boolean).join(' → ')}</p>
      <ul class="apprentice-goals">{one.goals.map((goal) => <li key={goal.code}>{procedureName(goal.code, language.value)}{goal.level > 0 && `: ${t('apprentice.to-level', { level: t(LEVEL_WORDS[goal.level] ?? 'log.level-0') })}`}</li>)}</ul>
      {one.proposedEnd && <Notice kind="info"><p>{t('apprentice.end-proposed', { date: shortDate(one.proposedEnd) })}</p></Notice>}
      {(one.state === 'planned' || one.proposedEnd) && <Voices one={one} />}
      {one.notes.map((note, at) => <p key={at} class="byline">{note.by.name}: {note.text}</p>)}
      <p class="log-acts">
        <a href={hrefTo('lineage', idOf(one.apprentice.reference))}>{t('apprentice.lineage-of', { name: one.apprentice.name })}</a>
        {one.state !== 'planned' && one.state !== 'declined' && <a href={hrefTo('logbook', idOf(one.apprentice.reference))}>{t('apprentice.logbook-of', { name: one.apprentice.name })}</a>}
      </p>
      <Acts one={one} done={done} />
    </li>
  );
}
