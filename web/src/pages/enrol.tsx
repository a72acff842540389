// SPDX-License-Identifier: Apache-2.0
// By a link: choose a password; then, where codes are asked, a phone. Also for somebody
// signed in who wants codes or has another phone.
import { useState } from 'preact/hooks';
import { TextField } from '../ui/fields';
import { Notice } from '../ui/notice';
import { QrCode } from '../ui/qr';
import { SignInBox } from '../ui/sign-in-box';
import { t } from '../lib/i18n';
import { goTo } from '../lib/router';
import { session, signedIn } from '../session';
import { enrolled, enrolment, withLink, type Enrolment } from '../sign-in';
import { enrolling } from './enrol-state';

async function finish(): Promise<void> {
  await signedIn();
  enrolling.value = false;
  goTo('');
}

function Recovery({ codes }: { codes: string[] }) {
  return (
    <SignInBox title={t('recovery.title')} lead={t('recovery.lead')}>
      <ol class="recovery">{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ol>
      <button type="button" class="button" onClick={() => window.print()}>{t('recovery.print')}</button>
      <button type="button" class="button button-main" onClick={() => void finish()}>{t('recovery.kept')}</button>
    </SignInBox>
  );
}

export function Phone({ given }: { given: Enrolment }) {
  const [code, setCode] = useState('');
  const [problem, setProblem] = useState('');
  const [recovery, setRecovery] = useState<string[] | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    setProblem('');
    await enrolled(code.trim()).then(setRecovery, (error: Error) => setProblem(error.message));
  };
  if (recovery) return <Recovery codes={recovery} />;
  return (
    <SignInBox title={t('enrol.phone-title')} lead={t('enrol.phone-lead')}>
      {problem && <Notice kind="problem"><p>{problem}</p></Notice>}
      <QrCode text={given.uri} label={t('enrol.qr')} />
      <p>{t('enrol.by-hand')} <code class="secret">{given.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code></p>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <TextField id="code" label={t('code.label')} hint={t('enrol.code-hint')} value={code} onChange={setCode} input={{ inputMode: 'numeric', autocomplete: 'one-time-code', spellcheck: false, autofocus: true }} />
        <button type="submit" class="button button-main">{t('enrol.confirm')}</button>
      </form>
    </SignInBox>
  );
}

export function EnrolPage({ ticket }: { ticket: string }) {
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const [given, setGiven] = useState<Enrolment | null>(null);
  const again = session.value !== null;
  const submit = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem('');
    try {
      enrolling.value = true;
      if (again) setGiven(await enrolment(password));
      else if ((await withLink(ticket, password)) === 'enrolment') setGiven(await enrolment());
      else await finish();
    } catch (error) {
      setProblem((error as Error).message);
    }
    setBusy(false);
  };
  if (given) return <Phone given={given} />;
  return (
    <SignInBox title={again ? t('enrol.again-title') : t('enrol.title')} lead={again ? t('enrol.again-lead') : t('enrol.lead')}>
      {problem && <Notice kind="problem"><p>{problem}</p></Notice>}
      <form onSubmit={(event) => void submit(event)} noValidate>
        <TextField
          id="password"
          label={t('sign-in.password')}
          hint={again ? undefined : t('enrol.password-hint')}
          value={password}
          onChange={setPassword}
          input={{ type: 'password', autocomplete: again ? 'current-password' : 'new-password', autofocus: true }}
        />
        <button type="submit" class="button button-main" disabled={busy}>{t('enrol.go-on')}</button>
      </form>
    </SignInBox>
  );
}
