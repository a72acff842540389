// SPDX-License-Identifier: Apache-2.0
// Opening a patient's records in an emergency: what will happen is said before it does.
import { useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { breakGlass, longEnough } from '../fhir/emergency';
import { t } from '../lib/i18n';
import { TextArea } from './fields';
import { Icon } from './icon';
import { Notice } from './notice';

interface Props {
  /** "Patient/ID", or "ServiceRequest/ID" where only the case is known. */
  record: string;
  /** ${until}: when it closes by itself. */
  onOpened: (until: string) => void;
}

export function BreakGlass({ record, onOpened }: Props) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [state, setState] = useState({ busy: false, problem: '', failure: '' });
  const go = async () => {
    if (state.busy) return;
    if (!longEnough(reason)) {
      setState({ busy: false, problem: t('glass.reason-missing'), failure: '' });
      document.getElementById('glass-reason')?.focus();
      return;
    }
    setState({ busy: true, problem: '', failure: '' });
    try {
      const { period } = await breakGlass(record, reason.trim());
      setOpen(false);
      setReason('');
      setState({ busy: false, problem: '', failure: '' });
      onOpened(period.end);
    } catch (error) {
      setState({ busy: false, problem: '', failure: sentence(error) });
    }
  };
  if (!open) {
    return <button type="button" class="button glass-begin" onClick={() => setOpen(true)}><Icon name="emergency" />{t('glass.begin')}</button>;
  }
  return (
    <section class="glass" aria-labelledby="glass-title">
      <h2 id="glass-title"><Icon name="emergency" /> {t('glass.title')}</h2>
      <p>{t('glass.what')}</p>
      <ul>
        <li>{t('glass.hour')}</li>
        <li>{t('glass.told')}</li>
        <li>{t('glass.trail')}</li>
      </ul>
      <form noValidate onSubmit={(event) => { event.preventDefault(); void go(); }}>
        <TextArea id="glass-reason" rows={3} label={t('glass.reason')} hint={t('glass.reason-hint')} problem={state.problem} value={reason} onChange={setReason} />
        {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
        <div class="form-end">
          <button type="submit" class="button button-main button-stat" disabled={state.busy}>{state.busy ? t('glass.opening') : t('glass.open')}</button>
          <button type="button" class="link" onClick={() => setOpen(false)}>{t('glass.not')}</button>
        </div>
      </form>
    </section>
  );
}
