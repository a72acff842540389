// SPDX-License-Identifier: Apache-2.0
// One alert of a watch: what came about, who has seen it, and one tap to say that I have.
import { useState } from 'preact/hooks';
import type { Side } from '../fhir/case-step';
import { sentence } from '../fhir/client';
import { acknowledge, type Alert } from '../fhir/watch';
import { t } from '../lib/i18n';
import { Icon } from './icon';
import { Notice } from './notice';
import { TimeToggle } from './time-ago';

export function alertWords(alert: Alert): string {
  if (alert.reason === 'overdue') return t('watch.overdue');
  if (alert.reason === 'reached' || alert.before === null) return t('watch.reached', { total: alert.total ?? '' });
  return t('watch.rose', { before: alert.before, total: alert.total ?? '' });
}

/** Does it wait for one of ${sides}? */
export function waitsFor(alert: Alert, sides: readonly Side[]): boolean {
  return sides.length > 0 && !alert.seen.some((one) => sides.includes(one.side));
}

export function AlertView({ alert, waits, onDone }: { alert: Alert; waits: boolean; onDone: () => void }) {
  const [state, setState] = useState({ busy: false, failure: '' });
  const see = async () => {
    setState({ busy: true, failure: '' });
    const failure = await acknowledge(alert).then(() => '', sentence);
    setState({ busy: false, failure });
    onDone();
  };
  return (
    <div class={`watch-alert${waits ? ' watch-alert-waits' : ''}`}>
      <p><Icon name="alert" size={18} /> <strong>{alertWords(alert)}</strong> <TimeToggle at={alert.sent} /></p>
      {alert.seen.map((one) => (
        <p key={one.side} class="byline">{t(one.side === 'asking' ? 'watch.seen-asking' : 'watch.seen-asked', { name: one.by || t('timeline.someone') })} <TimeToggle at={one.at} /></p>
      ))}
      {waits && <button type="button" class="button button-small" disabled={state.busy} onClick={() => void see()}>{t('watch.see')}</button>}
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
    </div>
  );
}
