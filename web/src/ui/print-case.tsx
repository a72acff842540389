// SPDX-License-Identifier: Apache-2.0
// A case on paper: what stands at its head there and nowhere else, and the button.
import type { Case } from '../fhir/case';
import { localReference } from '../fhir/codes';
import { roleName } from '../fhir/roles';
import { unitName } from '../fhir/unit-names';
import { t } from '../lib/i18n';
import { fullTime, now } from '../lib/time';
import { session } from '../session';
import { Icon } from './icon';
import { useBeside } from './zone';

function Line({ label, text }: { label: string; text: string }) {
  return text ? <div><dt>{label}</dt><dd>{text}</dd></div> : null;
}

/** A time in full, in both zones. */
function useTime(at: string): string {
  return [at && fullTime(at), useBeside(at)].filter(Boolean).join(' · ');
}

function whoAmI(): string {
  const me = session.value;
  return me ? [me.name, roleName(me.posts?.[0]?.role ?? me.role)].filter(Boolean).join(', ') : '';
}

/** Whose case, of which hospital, asked when and of whom, who printed it when. Not on a screen. */
export function PrintHead({ item }: { item: Case }) {
  const { request, patient } = item;
  const home = patient.managingOrganization;
  const asked = request.performer?.[0];
  const at = useTime(new Date(now.value).toISOString());
  const sent = useTime(request.authoredOn ?? '');
  return (
    <dl class="print-head">
      <Line label={t('print.hospital')} text={home?.display ?? unitName(localReference(home?.reference))} />
      <Line label={t('print.asked')} text={unitName(localReference(asked?.reference)) || asked?.display || ''} />
      <Line label={t('print.sent')} text={[item.asker, sent].filter(Boolean).join(', ')} />
      <Line label={t('print.case')} text={request.id ?? ''} />
      <Line label={t('print.printed')} text={[whoAmI(), at].filter(Boolean).join(', ')} />
    </dl>
  );
}

export function PrintButton() {
  return (
    <button type="button" class="button button-small print-button" aria-label={t('action.print')} onClick={() => window.print()}>
      <Icon name="print" size={18} /><span class="print-word">{t('action.print')}</span>
    </button>
  );
}
