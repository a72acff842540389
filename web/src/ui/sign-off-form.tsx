// SPDX-License-Identifier: Apache-2.0
// Signing, refusing or withdrawing: as what, why, and a one-time code that the act uses up.
import { useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { act, type SignOff, type SignRole } from '../fhir/sign-off';
import { t } from '../lib/i18n';
import { Choice, TextArea, TextField } from './fields';
import { Notice } from './notice';
import { placeWords, ROLE_WORDS } from './sign-off-words';

type What = 'sign' | 'refuse' | 'withdraw';

interface Props {
  signOff: SignOff;
  done: (what: What) => void;
}

/** What lacks before ${what} can be done; "" nothing. */
function lacks(what: What, signOff: SignOff, reason: string, code: string): '' | 'reason' | 'code' {
  if (!reason.trim() && (what !== 'sign' || signOff.unmet > 0)) return 'reason';
  return what !== 'refuse' && !code.trim() ? 'code' : '';
}

export function SignOffForm({ signOff, done }: Props) {
  const signed = signOff.status === 'signed';
  const [role, setRole] = useState<SignRole | ''>(signOff.roles[0] ?? '');
  const [reason, setReason] = useState('');
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState<'' | 'reason' | 'code'>('');
  const [state, setState] = useState({ busy: false, failure: '' });
  const go = async (what: What) => {
    const lack = lacks(what, signOff, reason, code);
    setMissing(lack);
    if (lack) document.getElementById(`sign-${lack}`)?.focus();
    if (lack || !role || state.busy) return;
    setState({ busy: true, failure: '' });
    try {
      await act(signOff.id, what, { role, reason, code });
      done(what);
    } catch (error) {
      setState({ busy: false, failure: sentence(error) });
      setCode('');
    }
  };
  const place = role ? signOff.stands[role] : undefined;
  const need = signed || signOff.unmet > 0;
  return (
    <form class="sign-form" noValidate aria-label={t(signed ? 'sign.withdraw-form' : 'sign.form')} onSubmit={(event) => { event.preventDefault(); void go(signed ? 'withdraw' : 'sign'); }}>
      {signOff.roles.length > 1
        ? <Choice id="sign-role" label={t('sign.as')} compact value={role} options={signOff.roles.map((one) => ({ value: one, label: t(ROLE_WORDS[one]) }))} onChange={setRole} />
        : <p>{t('sign.as-one', { role: role ? t(ROLE_WORDS[role]) : '' })}</p>}
      {place && <p class="hint">{placeWords(place)}</p>}
      <TextArea
        id="sign-reason" label={t('sign.reason')} rows={3} value={reason} onChange={setReason}
        {...(need ? {} : { optional: t('form.optional') })}
        hint={t(signed ? 'sign.reason-withdraw' : signOff.unmet > 0 ? 'sign.reason-against' : 'sign.reason-refuse', { n: signOff.unmet })}
        {...(missing === 'reason' ? { problem: t('sign.reason-lacks') } : {})}
      />
      <div class="sign-code">
        <TextField
          id="sign-code" label={t('code.label')} value={code} onChange={setCode} hint={t('sign.code-hint')}
          input={{ autocomplete: 'one-time-code', inputMode: 'numeric', spellcheck: false }}
          {...(missing === 'code' ? { problem: t('sign.code-lacks') } : {})}
        />
      </div>
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
      <div class="sign-buttons">
        <button type="submit" class="button button-main" disabled={state.busy}>{t(signed ? 'sign.withdraw' : 'sign.sign')}</button>
        {!signed && <button type="button" class="button" disabled={state.busy} onClick={() => void go('refuse')}>{t('sign.refuse')}</button>}
      </div>
    </form>
  );
}
