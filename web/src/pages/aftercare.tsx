// SPDX-License-Identifier: Apache-2.0
// What was done in my departments, operations or not, of which nobody knows yet what became; due first.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { RESULTS, followUp, loadWaiting, procedureName, type Result, type ToFollow } from '../fhir/logbook';
import { language, t } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { route, setQuery } from '../lib/router';
import { shortDate } from '../lib/time';
import { Dictate } from '../ui/dictate';
import { Choice, TextArea } from '../ui/fields';
import { Heading } from '../ui/heading';
import { LOOK_WORDS, RESULT_WORDS } from '../ui/logbook-words';
import { Failure, Notice, Skeleton } from '../ui/notice';

function FollowForm({ one, done }: { one: ToFollow; done: () => void }) {
  const [result, setResult] = useState<Result | ''>('');
  const [text, setText] = useState('');
  const [state, setState] = useState({ busy: false, failure: '' });
  const needsText = result !== '' && result !== 'well' && result !== 'unknown';
  const send = async () => {
    if (!result || state.busy) return;
    setState({ busy: true, failure: '' });
    try {
      await followUp(one, result, text);
      done();
    } catch (error) {
      setState({ busy: false, failure: sentence(error) });
    }
  };
  return (
    <form class="step-form" noValidate onSubmit={(event) => { event.preventDefault(); void send(); }} aria-label={t('log.follow-form')}>
      <Choice id="follow-result" label={t(LOOK_WORDS[one.missing])} compact value={result} options={RESULTS.map((code) => ({ value: code, label: t(RESULT_WORDS[code]) }))} onChange={setResult} />
      {needsText && <TextArea id="follow-text" label={t('log.what-happened')} rows={2} value={text} onChange={setText} onSubmit={() => void send()} />}
      {needsText && <Dictate text={text} onText={setText} />}
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
      <div class="form-end"><button type="submit" class="button button-main" disabled={state.busy || !result || (needsText && !text.trim())}>{t('log.follow-send')}</button></div>
    </form>
  );
}

export function AftercarePage() {
  const all = route.value.query.get('all') === 'yes';
  const [list, setList] = useState<ToFollow[] | null>(null);
  const [problem, setProblem] = useState('');
  const [open, setOpen] = useState('');
  const latest = useLatest();
  const load = () => latest(loadWaiting(all)).then((found) => setList(found.follows), (error: unknown) => setProblem(sentence(error)));
  useEffect(() => { void load(); }, [all]);
  return (
    <div class="page">
      <Heading text={t('log.ask-after')} />
      <p class="hint">{t('log.follow-why')}</p>
      <label class="find-check"><input type="checkbox" checked={all} onChange={(event) => setQuery({ all: event.currentTarget.checked ? 'yes' : '' })} />{t('log.follow-all')}</label>
      {problem && <Failure text={problem} retry={() => { setProblem(''); void load(); }} />}
      {!list && !problem && <Skeleton />}
      {list?.length === 0 && <p class="empty">{t('log.follow-none')}</p>}
      <ul class="log-rows">
        {list?.map((one) => (
          <li key={one.id}>
            <p class="log-row-head"><strong>{procedureName(one.code, language.value)}</strong> <span>{shortDate(one.day)}</span></p>
            <p>{one.patient ? one.patient.name : t('log.no-patient')} · {t('log.due', { day: shortDate(one.due) })}</p>
            {open === one.id
              ? <FollowForm one={one} done={() => { setOpen((now) => (now === one.id ? '' : now)); void load(); }} />
              : <button type="button" class="button" onClick={() => setOpen(one.id)}>{t(LOOK_WORDS[one.missing])}</button>}
          </li>
        ))}
      </ul>
    </div>
  );
}
