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

export const STATES: Record<CaseState, { label: TextKey; icon: IconName }> = {
  sent: { label: 'state.waiting', icon: 'waiting' },
  allocated: { label: 'state.taken', icon: 'in-work' },
  'information-asked': { label: 'state.question-back', icon: 'question-back' },
  answered: { label: 'state.answered', icon: 'answered' },
  'acted-on': { label: 'state.acted-on', icon: 'answered' },
  'outcome-known': { label: 'state.outcome-known', icon: 'answered' },
  closed: { label: 'state.closed', icon: 'answered' },
  declined: { label: 'state.declined', icon: 'close' },
  withdrawn: { label: 'state.withdrawn', icon: 'close' },
  expired: { label: 'state.expired', icon: 'alert' },
  'bed-accepted': { label: 'state.bed-accepted', icon: 'bed' },
  'on-the-way': { label: 'state.on-the-way', icon: 'journey' },
  arrived: { label: 'state.arrived', icon: 'arrived' },
  'back-home': { label: 'state.back-home', icon: 'home' },
};

export function StateChip({ state, owner = '' }: { state: CaseState; owner?: string }) {
  const text = owner && state === 'allocated' ? t('state.taken-by', { name: owner })
    : owner && state === 'sent' ? t('state.waiting-for', { name: owner })
    : t(STATES[state].label);
  return (
    <span class={`state state-${state}`}>
      <Icon name={STATES[state].icon} size={16} />
      {text}
    </span>
  );
}
