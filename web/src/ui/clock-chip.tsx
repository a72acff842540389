// SPDX-License-Identifier: Apache-2.0
// The clock of a case that runs now, said in words: amber when it is about to run out, red
// when it has.
import { clockOf, type WorkItem } from '../fhir/worklist';
import { t } from '../lib/i18n';
import { fullTime, pressure, until } from '../lib/time';
import { Icon } from './icon';

export function ClockChip({ item }: { item: WorkItem }) {
  const clock = clockOf(item);
  if (item.pausedSince && !item.answered) return <span class="clock"><Icon name="waiting" size={16} />{t('clock.stands')}</span>;
  if (!clock) return null;
  const how = pressure(item.sent, clock.by);
  return (
    <span class={`clock clock-${how}`} title={fullTime(clock.by)}>
      <Icon name={how === 'late' ? 'alert' : 'waiting'} size={16} />
      {t(clock.what === 'take' ? 'clock.take' : 'clock.answer', { when: until(clock.by) })}
    </span>
  );
}
