// SPDX-License-Identifier: Apache-2.0
// Signing in: name and password, then the code where one is asked. A token has a page of
// its own (#/token), for programs' makers and for the first hour of a node.
import { useEffect, useState } from 'preact/hooks';
import { TextField } from '../ui/fields';
import { Notice } from '../ui/notice';
import { SignInBox } from '../ui/sign-in-box';
import { t, type TextKey } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { signIn, signInProblem, signedIn, storedToken, type SignInProblem } from '../session';
import { beginAgain, leaveFor, providers, withCode, withPassword, type Provider } from '../sign-in';

const PROBLEMS: Record<SignInProblem, TextKey> = {
  wrong: 'sign-in.wrong',
  ended: 'sign-in.ended',
  unreachable: 'sign-in.unreachable',
  failed: 'sign-in.failed',
};

/** Why a hospital's own sign-on did not lead here. */
const WORDS: Record<string, TextKey> = {
  expired: 'sign-on.expired',
  denied: 'sign-on.denied',
  unreachable: 'sign-on.unreachable',
  unknown: 'sign-on.unknown',
  'no-role': 'sign-on.no-role',
  closed: 'sign-on.closed',
};

function Problem({ text }: { text: string }) {
  const known = signInProblem.value;
  const words = text || (known ? t(PROBLEMS[known]) : '');
  return words ? <Notice kind="problem"><p>{words}</p></Notice> : null;
}

/** The second step: the code of the authenticator, or a recovery code. */
export function CodeForm({ again }: { again: () => void }) {
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    setProblem('');
    await withCode(code.trim()).then(signedIn, (error: Error) => setProblem(error.message));
  };
  return (
    <SignInBox title={t('code.title')} lead={t('code.lead')}>
      <Problem text={problem} />
      <form onSubmit={(event) => void submit(event)} noValidate>
        <TextField id="code" label={t('code.label')} hint={t('code.hint')} value={code} onChange={setCode} input={{ autocomplete: 'one-time-code', spellcheck: false, autofocus: true }} />
        <button type="submit" class="button button-main">{t('sign-in.button')}</button>
      </form>
      <p><button type="button" class="link" onClick={again}>{t('code.again')}</button></p>
    </SignInBox>
  );
}

/** A button for each sign-on of a hospital's own, above the name and the password. */
function Elsewhere({ failed }: { failed: (sentence: string) => void }) {
  const [known, setKnown] = useState<Provider[]>([]);
  const [going, setGoing] = useState('');
  useEffect(() => { providers().then(setKnown, () => setKnown([])); }, []);
  const leave = (name: string) => {
    setGoing(name);
    failed('');
    leaveFor(name).catch((error: Error) => {
      failed(error.message);
      setGoing('');
    });
  };
  if (known.length === 0) return null;
  return (
    <div class="elsewhere">
      {known.map(({ name, title }) => (
        <button key={name} type="button" class="button" disabled={going !== ''} onClick={() => leave(name)}>
          {going === name ? t('sign-on.leaving', { title }) : t('sign-on.with', { title })}
        </button>
      ))}
      <p class="or" aria-hidden="true"><span>{t('sign-on.or')}</span></p>
    </div>
  );
}

export function SignInPage({ word = '' }: { word?: string }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(word ? t(WORDS[word] ?? 'sign-on.failed') : '');
  const [step, setStep] = useState<'password' | 'code'>('password');
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      const next = await withPassword(name, password);
      if (next === null) await signedIn();
      else setStep('code');
    } catch (error) {
      setProblem((error as Error).message);
    }
    setBusy(false);
    setPassword('');
  };
  if (step === 'code') return <CodeForm again={() => { beginAgain(); setStep('password'); }} />;
  return (
    <SignInBox title={t('sign-in.title')} lead={t('sign-in.lead')}>
      <Problem text={problem} />
      <Elsewhere failed={setProblem} />
      <form onSubmit={(event) => void submit(event)} noValidate>
        <TextField id="name" label={t('sign-in.name')} value={name} onChange={setName} input={{ autocomplete: 'username', spellcheck: false, autofocus: true }} />
        <TextField id="password" label={t('sign-in.password')} value={password} onChange={setPassword} input={{ type: 'password', autocomplete: 'current-password' }} />
        <button type="submit" class="button button-main" disabled={busy}>{busy ? t('sign-in.busy') : t('sign-in.button')}</button>
      </form>
      <p><a href={hrefTo('token')}>{t('sign-in.with-token')}</a></p>
      <p><a href={hrefTo('public')}>{t('public.title')}</a></p>
    </SignInBox>
  );
}

export function TokenPage() {
  const [token, setToken] = useState(storedToken());
  const [busy, setBusy] = useState(false);
  const [empty, setEmpty] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setEmpty(token.trim() === '');
    if (token.trim() === '') return;
    setBusy(true);
    await signIn(token.trim());
    setBusy(false);
    document.getElementById('token')?.focus();
  };
  return (
    <SignInBox title={t('sign-in.title')} lead={t('sign-in.lead')}>
      <Problem text="" />
      <form onSubmit={(event) => void submit(event)} noValidate>
        <TextField
          id="token"
          label={t('sign-in.token')}
          hint={t('sign-in.token-hint')}
          problem={empty ? t('sign-in.empty') : undefined}
          value={token}
          onChange={setToken}
          input={{ type: 'password', autocomplete: 'off', spellcheck: false, autofocus: true }}
        />
        <button type="submit" class="button button-main" disabled={busy}>{busy ? t('sign-in.busy') : t('sign-in.button')}</button>
      </form>
      <p><a href={hrefTo('')}>{t('sign-in.with-password')}</a></p>
    </SignInBox>
  );
}
