// SPDX-License-Identifier: Apache-2.0
// Signing in: name and password, then the code where one is asked. A token has a page of
// its own (#/token), for programs' makers and for the first hour of a node.
import { useState } from 'preact/hooks';
import { TextField } from '../ui/fields';
import { Notice } from '../ui/notice';
import { SignInBox } from '../ui/sign-in-box';
import { t, type TextKey } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { signIn, signInProblem, signedIn, storedToken, type SignInProblem } from '../session';
import { beginAgain, withCode, withPassword } from '../sign-in';

const PROBLEMS: Record<SignInProblem, TextKey> = {
  wrong: 'sign-in.wrong',
  ended: 'sign-in.ended',
  unreachable: 'sign-in.unreachable',
  failed: 'sign-in.failed',
};

function Problem({ text }: { text: string }) {
  const known = signInProblem.value;
  const words = text || (known ? t(PROBLEMS[known]) : '');
  return words ? <Notice kind="problem"><p>{words}</p></Notice> : null;
}

/** The second step: the code of the authenticator, or a recovery code. */
function CodeForm({ again }: { again: () => void }) {
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

export function SignInPage() {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
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
      <form onSubmit={(event) => void submit(event)} noValidate>
        <TextField id="name" label={t('sign-in.name')} value={name} onChange={setName} input={{ autocomplete: 'username', spellcheck: false, autofocus: true }} />
        <TextField id="password" label={t('sign-in.password')} value={password} onChange={setPassword} input={{ type: 'password', autocomplete: 'current-password' }} />
        <button type="submit" class="button button-main" disabled={busy}>{busy ? t('sign-in.busy') : t('sign-in.button')}</button>
      </form>
      <p><a href={hrefTo('token')}>{t('sign-in.with-token')}</a></p>
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
