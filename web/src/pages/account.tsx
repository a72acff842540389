// SPDX-License-Identifier: Apache-2.0
// My account: where I am signed in, my tokens, my password, my codes.
import { useEffect, useState } from 'preact/hooks';
import { TextField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Notice } from '../ui/notice';
import { ProofForm } from '../ui/proof-form';
import { ToldForm } from '../ui/told-form';
import { TimeToggle } from '../ui/time-ago';
import { t } from '../lib/i18n';
import { dayAndTime } from '../lib/time';
import { session, signOut, signedIn } from '../session';
import { Refusal, changePassword, end, mine, type Mine } from '../sign-in';
import { enrolling } from './enrol-state';

function PasswordForm() {
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const [problem, setProblem] = useState('');
  const [done, setDone] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setProblem('');
    setDone(false);
    try {
      await changePassword(old, next);
      await signedIn();
      setOld('');
      setNext('');
      setDone(true);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <section aria-label={t('account.password')}>
      <h2>{t('account.password')}</h2>
      {problem && <Notice kind="problem"><p>{problem}</p></Notice>}
      {done && <Notice kind="good"><p>{t('account.password-done')}</p></Notice>}
      <form onSubmit={(event) => void submit(event)} noValidate>
        <TextField id="old" label={t('account.password-old')} value={old} onChange={setOld} input={{ type: 'password', autocomplete: 'current-password' }} />
        <TextField id="new" label={t('account.password-new')} hint={t('enrol.password-hint')} value={next} onChange={setNext} input={{ type: 'password', autocomplete: 'new-password' }} />
        <button type="submit" class="button">{t('account.password')}</button>
      </form>
    </section>
  );
}

export function AccountPage() {
  const [lists, setLists] = useState<Mine | null>(null);
  const [asked, setAsked] = useState(''); // what is to be ended once it is proved who is here
  const [problem, setProblem] = useState('');
  const load = () => mine().then(setLists, (error: Error) => setProblem(error.message));
  useEffect(() => void load(), []);
  const finish = async (id: string, here: boolean) => {
    setAsked('');
    setProblem('');
    if (here) signOut();
    else if (!(await mine().then((now) => now.proved, () => true))) setAsked(id);
    else await end(id).then(load, (error: Error) => {
      if (error instanceof Refusal && error.about === 'proof') setAsked(id);
      else setProblem(error.message);
    });
  };
  const proof = (id: string) => asked === id && lists && (
    <ProofForm proofs={lists.proofs} done={() => void finish(id, false)} leave={() => setAsked('')} />
  );
  return (
    <div class="page page-form">
      <Heading text={t('account.title')} />
      {problem && <Notice kind="problem"><p>{problem}</p></Notice>}
      <section aria-label={t('account.visits')}>
        <h2>{t('account.visits')}</h2>
        <ul class="visits">
          {lists?.visits.map((visit) => (
            <li key={visit.id}>
              <span><strong>{visit.here ? t('account.here') : visit.address ?? ''}</strong> <TimeToggle at={visit.seen} /></span>
              <span class="hint">{visit.agent}</span>
              <button type="button" class="button button-small" onClick={() => void finish(visit.id, visit.here)}>{visit.here ? t('corner.sign-out') : t('account.end')}</button>
              {proof(visit.id)}
            </li>
          ))}
        </ul>
      </section>
      <section aria-label={t('account.tokens')}>
        <h2>{t('account.tokens')}</h2>
        {lists?.tokens.length === 0 && <p class="hint">{t('account.no-tokens')}</p>}
        <ul class="visits">
          {lists?.tokens.map((token) => (
            <li key={token.id}>
              <span><strong>{token.name}</strong></span>
              <span class="hint">{t('account.token-until', { date: dayAndTime(token.until) })}</span>
              <button type="button" class="button button-small" onClick={() => void finish(token.id, false)}>{t('account.end')}</button>
              {proof(token.id)}
            </li>
          ))}
        </ul>
      </section>
      <section aria-label={t('account.codes')}>
        <h2>{t('account.codes')}</h2>
        <p>{session.value?.codes ? t('account.codes-on') : t('account.codes-off')}</p>
        <button type="button" class="button" onClick={() => { enrolling.value = true; }}>{t('account.codes-set-up')}</button>
      </section>
      {session.value?.practitioner && <ToldForm />}
      <PasswordForm />
    </div>
  );
}
