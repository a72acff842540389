// SPDX-License-Identifier: Apache-2.0
// How urgent, and where it stands: each by word, shape and colour, so that none is
// needed to tell the others.
import type { CaseState, Urgency } from '../fhir/codes';
import { t, type TextKey } from '../lib/i18n';
import { Icon, type IconName } from './icon';

export const URGENCY_LABELS: Record<Urgency, TextKey> = {
  stat: 'urgency.stat',
  urgent: 'urgency.urgent',
  routine: 'urgency.routine',
};
const URGENCY_ICONS: Record<Urgency, IconName> = { stat: 'emergency', urgent: 'urgent', routine: 'routine' };

export function UrgencyChip({ urgency }: { urgency: Urgency }) {
  return (
    <span class={`chip urgency-${urgency}`}>
      <Icon name={URGENCY_ICONS[urgency]} size={16} />
      {t(URGENCY_LABELS[urgency])}
    </span>
  );
}

const STATE_LABELS: Record<CaseState, TextKey> = {
  sent: 'state.waiting',
  allocated: 'state.taken',
  'information-asked': 'state.question-back',
  answered: 'state.answered',
  'acted-on': 'state.acted-on',
  'outcome-known': 'state.outcome-known',
  closed: 'state.closed',
  declined: 'state.declined',
  withdrawn: 'state.withdrawn',
  expired: 'state.expired',
};
const STATE_ICONS: Record<CaseState, IconName> = {
  sent: 'waiting',
  allocated: 'in-work',
  'information-asked': 'question-back',
  answered: 'answered',
  'acted-on': 'answered',
  'outcome-known': 'answered',
  closed: 'answered',
  declined: 'close',
  withdrawn: 'close',
  expired: 'alert',
};

export function StateChip({ state, owner = '' }: { state: CaseState; owner?: string }) {
  const text = owner && state === 'allocated' ? t('state.taken-by', { name: owner })
    : owner && state === 'sent' ? t('state.waiting-for', { name: owner })
    : t(STATE_LABELS[state]);
  return (
    <span class={`state state-${state}`}>
      <Icon name={STATE_ICONS[state]} size={16} />
      {text}
    </span>
  );
}
