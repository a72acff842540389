// SPDX-License-Identifier: Apache-2.0
// Emergency access to review: what waits for a word, and what was said before.
import { useEffect, useState } from 'preact/hooks';
import { onChange } from '../events';
import { sentence } from '../fhir/client';
import { accesses, longEnough, namesOf, review, type EmergencyAccess, type Verdict } from '../fhir/emergency';
import { t, type TextKey } from '../lib/i18n';
import { isMe } from '../session';
import { Choice, TextArea } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Notice, Skeleton } from '../ui/notice';
import { TimeToggle } from '../ui/time-ago';

const VERDICTS: Record<Verdict, TextKey> = { justified: 'glass.justified', unclear: 'glass.unclear', unjustified: 'glass.unjustified' };

type Names = Map<string, string>;

function nameOf(names: Names, reference: string | undefined): string {
  return names.get(reference ?? '') || reference || '';
}

function ReviewForm({ access, onDone }: { access: EmergencyAccess; onDone: () => void }) {
  const [verdict, setVerdict] = useState<Verdict | ''>('');
  const [word, setWord] = useState('');
  const [state, setState] = useState({ busy: false, verdict: '', word: '', failure: '' });
  const id = access.id ?? '';
  const go = async () => {
    const wrong = { verdict: verdict ? '' : t('glass.verdict-missing'), word: longEnough(word) ? '' : t('glass.word-missing') };
    if (!verdict || wrong.word || state.busy) {
      setState({ busy: state.busy, ...wrong, failure: '' });
      return;
    }
    setState({ busy: true, verdict: '', word: '', failure: '' });
    try {
      await review(access, verdict, word.trim());
      onDone();
    } catch (error) {
      setState({ busy: false, verdict: '', word: '', failure: sentence(error) });
    }
  };
  return (
    <form noValidate onSubmit={(event) => { event.preventDefault(); void go(); }}>
      <Choice id={`verdict-${id}`} label={t('glass.verdict')} compact problem={state.verdict} value={verdict} onChange={setVerdict}
        options={(Object.keys(VERDICTS) as Verdict[]).map((value) => ({ value, label: t(VERDICTS[value]) }))} />
      <TextArea id={`word-${id}`} rows={2} label={t('glass.word')} hint={t('glass.word-hint')} problem={state.word} value={word} onChange={setWord} />
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
      <button type="submit" class="button button-main" disabled={state.busy}>{t('glass.review')}</button>
    </form>
  );
}

function Facts({ access, names }: { access: EmergencyAccess; names: Names }) {
  const department = access.department?.[0]?.reference;
  const place = [department, access.organization.reference].filter(Boolean).map((one) => nameOf(names, one)).join(', ');
  return (
    <>
      <h3>{t(access.kind === 'send' ? 'glass.who-sent' : 'glass.who-opened', { name: nameOf(names, access.practitioner.reference), place })}</h3>
      <p class="byline"><TimeToggle at={access.period.start} /></p>
      <p class="glass-reason">{access.reason}</p>
      {access.recipient && <p class="byline">{t('glass.to', { name: nameOf(names, access.recipient.reference) })}</p>}
      <p class="byline">{t('glass.patient', { id: access.patient.reference?.replace('Patient/', '') ?? '' })}</p>
    </>
  );
}

function Waiting({ access, names, onDone }: { access: EmergencyAccess; names: Names; onDone: () => void }) {
  return (
    <li class="glass-card">
      <Facts access={access} names={names} />
      {isMe(access.practitioner)
        ? <p class="hint">{t('glass.own')}</p>
        : <ReviewForm access={access} onDone={onDone} />}
    </li>
  );
}

function Reviewed({ access, names }: { access: EmergencyAccess; names: Names }) {
  const { review: said } = access;
  return (
    <li class="glass-card">
      <Facts access={access} names={names} />
      {said && (
        <p class="glass-word">
          <Icon name={said.verdict === 'justified' ? 'answered' : 'alert'} /> <strong>{t(VERDICTS[said.verdict])}.</strong> {said.word}
          <span class="byline"> {nameOf(names, said.reviewer.reference)}, <TimeToggle at={said.time} /></span>
        </p>
      )}
    </li>
  );
}

interface Loaded {
  waiting: EmergencyAccess[];
  reviewed: EmergencyAccess[];
  names: Names;
}

export function EmergenciesPage() {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [problem, setProblem] = useState('');
  const load = async () => {
    try {
      const [waiting, reviewed] = await Promise.all([accesses('waiting'), accesses('reviewed')]);
      setLoaded({ waiting, reviewed, names: await namesOf([...waiting, ...reviewed]) });
      setProblem('');
    } catch (error) {
      setProblem(sentence(error));
    }
  };
  useEffect(() => {
    void load();
    return onChange((change) => {
      if (!change || change.type === 'EmergencyAccess') void load();
    });
  }, []);
  return (
    <div class="page page-form">
      <Heading text={t('glass.page')} />
      {problem && <Failure text={problem} retry={() => void load()} />}
      {!loaded && !problem && <Skeleton />}
      {loaded && (
        <>
          <section aria-labelledby="glass-waiting">
            <h2 id="glass-waiting">{t('glass.waiting')}</h2>
            {loaded.waiting.length === 0 && <p>{t('glass.none')}</p>}
            <ul class="glass-list">{loaded.waiting.map((one) => <Waiting key={one.id} access={one} names={loaded.names} onDone={() => void load()} />)}</ul>
          </section>
          {loaded.reviewed.length > 0 && (
            <section aria-labelledby="glass-done">
              <h2 id="glass-done">{t('glass.done')}</h2>
              <ul class="glass-list">{loaded.reviewed.map((one) => <Reviewed key={one.id} access={one} names={loaded.names} />)}</ul>
            </section>
          )}
        </>
      )}
    </div>
  );
}
