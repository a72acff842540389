// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { TextField } from '../ui/fields';
import { Notice } from '../ui/notice';
import { Brand } from '../ui/brand';
import { LanguagePicker } from '../ui/corner';
import { t, type TextKey } from '../lib/i18n';
import { signIn, signInProblem, storedToken, type SignInProblem } from '../session';

const PROBLEMS: Record<SignInProblem, TextKey> = {
  wrong: 'sign-in.wrong',
  ended: 'sign-in.ended',
  unreachable: 'sign-in.unreachable',
  failed: 'sign-in.failed',
};

export function SignInPage() {
  const [token, setToken] = useState(storedToken());
  const [busy, setBusy] = useState(false);
  const [empty, setEmpty] = useState(false);
  const problem = signInProblem.value;
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
    <main class="sign-in">
      <div class="sign-in-corner"><LanguagePicker /></div>
      <div class="sign-in-box">
        <p class="brand"><Brand size={36} />Belay</p>
        <h1>{t('sign-in.title')}</h1>
        <p class="lead">{t('sign-in.lead')}</p>
        {problem && <Notice kind="problem"><p>{t(PROBLEMS[problem])}</p></Notice>}
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
      </div>
    </main>
  );
}
