// SPDX-License-Identifier: Apache-2.0
// After the signing: the chart of failures since, its rule in words, who looked at an alarm, and the form to
// say what was found. It ends nothing by itself.
import { useEffect, useRef, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { acknowledge, type SignOff, type SignRole, type Watched } from '../fhir/sign-off';
import { chartIn } from '../lib/chart';
import { language, t } from '../lib/i18n';
import { shortDate } from '../lib/time';
import { Choice, TextArea } from './fields';
import { Icon } from './icon';
import { Notice } from './notice';
import { ROLE_WORDS } from './sign-off-words';

function percent(share: number): string {
  return new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 1 }).format(share);
}

function Chart({ watch }: { watch: Watched }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!box.current) return undefined;
    const day = new Intl.DateTimeFormat(language.value, { day: 'numeric', month: 'short' });
    const drawn = chartIn(box.current);
    drawn.draw({
      unit: t('log.score'),
      least: 0,
      most: Math.ceil(Math.max(watch.limit, ...watch.points.map((one) => one.score)) + 0.5),
      lines: [{ name: '', points: watch.points.map((one): [number, number] => [Date.parse(one.day), one.score]) }],
      marks: [{ value: watch.limit, name: t('log.limit') }],
      time: (instant) => day.format(instant),
    });
    return () => drawn.done();
  }, [watch, language.value]);
  return <div class="trend-box" ref={box} role="img" aria-label={t('sign.watch-chart', { n: watch.points.length, failed: watch.points.filter((one) => one.failed).length })} />;
}

function calm(watch: Watched) {
  if (watch.points.length === 0) return 'sign.watch-none' as const;
  return watch.points.some((one) => one.score > watch.limit) ? 'sign.watch-looked' as const : 'sign.watch-calm' as const;
}

function Form({ signOff, done }: { signOff: SignOff; done: () => void }) {
  const [role, setRole] = useState<SignRole>(signOff.roles[0] ?? 'master');
  const [reason, setReason] = useState('');
  const [lacks, setLacks] = useState(false);
  const [state, setState] = useState({ busy: false, failure: '' });
  const go = async () => {
    setLacks(!reason.trim());
    if (!reason.trim()) document.getElementById('sign-found')?.focus();
    if (!reason.trim() || state.busy) return;
    setState({ busy: true, failure: '' });
    await acknowledge(signOff.id, role, reason).then(done, (error: unknown) => setState({ busy: false, failure: sentence(error) }));
  };
  return (
    <form class="sign-form" noValidate aria-label={t('sign.looked-form')} onSubmit={(event) => { event.preventDefault(); void go(); }}>
      {signOff.roles.length > 1 && <Choice id="sign-looked-role" label={t('sign.as')} compact value={role} options={signOff.roles.map((one) => ({ value: one, label: t(ROLE_WORDS[one]) }))} onChange={setRole} />}
      <TextArea id="sign-found" label={t('sign.found')} rows={3} value={reason} onChange={setReason} hint={t('sign.found-hint')} {...(lacks ? { problem: t('sign.reason-lacks') } : {})} />
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
      <button type="submit" class="button button-main" disabled={state.busy}>{t('sign.looked-form')}</button>
    </form>
  );
}

export function SignOffWatch({ signOff, watch, done }: { signOff: SignOff; watch: Watched; done: () => void }) {
  return (
    <section aria-labelledby="sign-watch">
      <h2 id="sign-watch">{t('sign.watch')}</h2>
      {signOff.alarm ? <p class="sign-valid sign-soon"><Icon name="waiting" /> {t('sign.alarm')}</p> : <p>{t(calm(watch))}</p>}
      {watch.points.length > 0 && <Chart watch={watch} />}
      <details>
        <summary>{t('log.rule')}</summary>
        <p>{t('sign.watch-rule', { accepted: percent(watch.accepted), alarming: percent(watch.alarming), limit: watch.limit.toFixed(2), horizon: watch.horizon, alpha: percent(watch.alpha) })}</p>
      </details>
      {watch.looked.length > 0 && (
        <ul class="sign-signed">{watch.looked.map((one) => <li key={one.when}>{t(ROLE_WORDS[one.role])}: {one.who.name}, {shortDate(one.when)}: {one.reason}</li>)}</ul>
      )}
      {signOff.alarm && signOff.roles.length > 0 && <Form signOff={signOff} done={done} />}
    </section>
  );
}
