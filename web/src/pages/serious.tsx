// SPDX-License-Identifier: Apache-2.0
// Something serious happened after an operation: a head of department who had no part in it
// looks at it and says what was found.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { isByHand, loadWaiting, procedureName, reviewEvent, type ToReview } from '../fhir/logbook';
import { language, t } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { shortDate } from '../lib/time';
import { TextArea } from '../ui/fields';
import { Heading } from '../ui/heading';
import { RESULT_WORDS, partName } from '../ui/logbook-words';
import { Failure, Notice, Skeleton } from '../ui/notice';

function ReviewForm({ one, done }: { one: ToReview; done: () => void }) {
  const [text, setText] = useState('');
  const [state, setState] = useState({ busy: false, failure: '' });
  const send = async () => {
    if (!text.trim() || state.busy) return;
    setState({ busy: true, failure: '' });
    try {
      await reviewEvent(one, text);
      done();
    } catch (error) {
      setState({ busy: false, failure: sentence(error) });
    }
  };
  return (
    <form class="step-form" noValidate onSubmit={(event) => { event.preventDefault(); void send(); }} aria-label={t('serious.form')}>
      <TextArea id="serious-text" label={t('serious.found')} hint={t('serious.found-hint')} rows={4} value={text} onChange={setText} onSubmit={() => void send()} />
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
      <div class="form-end"><button type="submit" class="button button-main" disabled={state.busy || !text.trim()}>{t('serious.send')}</button></div>
    </form>
  );
}

function Event({ one, open, toggle, done }: { one: ToReview; open: boolean; toggle: () => void; done: () => void }) {
  return (
    <li>
      <p class="log-row-head"><strong>{procedureName(one.code, language.value)}</strong> <span>{shortDate(one.day)}</span></p>
      <p>{one.patient ? one.patient.name : t('log.no-patient')}</p>
      <p class="hint">{one.people.map((part) => `${part.who.name} (${partName(part.function, isByHand(one.code))})`).join(', ')}</p>
      {one.looks.filter((look) => look.text).map((look) => (
        <blockquote key={look.at}><p><strong>{t(RESULT_WORDS[look.result] ?? 'log.not-known')}</strong>. {look.text}</p><footer>{look.by.name}</footer></blockquote>
      ))}
      {open ? <ReviewForm one={one} done={done} /> : <button type="button" class="button" onClick={toggle}>{t('serious.open')}</button>}
    </li>
  );
}

export function SeriousPage() {
  const [list, setList] = useState<ToReview[] | null>(null);
  const [problem, setProblem] = useState('');
  const [open, setOpen] = useState('');
  const [said, setSaid] = useState(false);
  const latest = useLatest();
  const load = () => latest(loadWaiting(false)).then((found) => setList(found.reviews), (error: unknown) => setProblem(sentence(error)));
  useEffect(() => { void load(); }, []);
  return (
    <div class="page">
      <Heading text={t('serious.title')} />
      <p class="hint">{t('serious.why')}</p>
      {said && <Notice kind="good"><p>{t('serious.done')}</p></Notice>}
      {problem && <Failure text={problem} retry={() => { setProblem(''); void load(); }} />}
      {!list && !problem && <Skeleton />}
      {list?.length === 0 && <p class="empty">{t('serious.none')}</p>}
      <ul class="log-rows">
        {list?.map((one) => <Event key={one.id} one={one} open={open === one.id} toggle={() => setOpen(one.id)} done={() => { setOpen((now) => (now === one.id ? '' : now)); setSaid(true); void load(); }} />)}
      </ul>
    </div>
  );
}
