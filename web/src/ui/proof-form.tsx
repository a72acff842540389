// SPDX-License-Identifier: Apache-2.0
// Is it still you? The password or a code once more, where something is ended for good.
import { useLayoutEffect, useState } from 'preact/hooks';
import { TextField } from './fields';
import { Notice } from './notice';
import { t } from '../lib/i18n';
import { prove, type Proof } from '../sign-in';

interface Props {
  proofs: Proof[];
  /** It was proved. */
  done: () => void;
  leave: () => void;
}

export function ProofForm({ proofs, done, leave }: Props) {
  const [by, setBy] = useState<Proof | undefined>(proofs[0]);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  // it opens where a button was pressed; what it asks for comes next
  useLayoutEffect(() => document.getElementById('proof')?.focus(), [by]);
  const other = proofs.find((one) => one !== by);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!by) return;
    setBusy(true);
    setProblem('');
    await prove(by, by === 'code' ? text.trim() : text).then(done, (error: Error) => setProblem(error.message));
    setBusy(false);
  };
  if (!by) return <Notice kind="problem"><p>{t('account.proof-sign-on')}</p></Notice>;
  const kind = by === 'password'
    ? { type: 'password' as const, autocomplete: 'current-password' as const }
    : { autocomplete: 'one-time-code' as const, inputMode: 'numeric' as const, spellcheck: false };
  return (
    <form class="proof" aria-label={t('account.proof-title')} onSubmit={(event) => void submit(event)} noValidate>
      <p>{t('account.proof-lead')}</p>
      {problem && <Notice kind="problem"><p>{problem}</p></Notice>}
      <TextField key={by} id="proof" label={t(by === 'password' ? 'account.proof-password' : 'code.label')} value={text} onChange={setText} input={kind} />
      <div class="proof-buttons">
        <button type="submit" class="button button-main" disabled={busy}>{t('account.proof-go')}</button>
        <button type="button" class="button" onClick={leave}>{t('account.proof-leave')}</button>
      </div>
      {other && (
        <button type="button" class="link" onClick={() => { setBy(other); setText(''); setProblem(''); }}>
          {t(other === 'code' ? 'account.proof-use-code' : 'account.proof-use-password')}
        </button>
      )}
    </form>
  );
}
