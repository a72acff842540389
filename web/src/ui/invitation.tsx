// SPDX-License-Identifier: Apache-2.0
// The link for a first sign-in: shown this once, to be handed over in person.
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../lib/i18n';
import { dayAndTime } from '../lib/time';
import type { Invitation } from '../sign-in';
import { Icon } from './icon';
import { QrCode } from './qr';

export function InvitationCard({ given, done }: { given: Invitation; done: () => void }) {
  const [copied, setCopied] = useState(false);
  const card = useRef<HTMLElement>(null);
  useEffect(() => card.current?.focus(), [given.address]);
  const copy = () => navigator.clipboard.writeText(given.address).then(() => setCopied(true), () => undefined);
  return (
    <section class="invitation" ref={card} tabIndex={-1} aria-labelledby="invitation-title">
      <h2 id="invitation-title">{t('invitation.title', { name: given.name })}</h2>
      <p>{t('invitation.lead', { until: dayAndTime(given.until) })}</p>
      <QrCode text={given.address} label={t('invitation.qr')} />
      <p><code class="secret">{given.address}</code></p>
      <div class="form-end">
        {window.isSecureContext && <button type="button" class="button" onClick={() => void copy()}>{copied ? t('invitation.copied') : t('invitation.copy')}</button>}
        <button type="button" class="button" onClick={() => window.print()}><Icon name="print" />{t('action.print')}</button>
        <button type="button" class="button button-main" onClick={done}>{t('invitation.done')}</button>
      </div>
      <p class="hint">{t('invitation.hint')}</p>
    </section>
  );
}
