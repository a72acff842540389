// SPDX-License-Identifier: Apache-2.0
// The clock of a case that runs now, said in words: amber when it is about to run out, red
// when it has.
import { clockOf, type WorkItem } from '../fhir/worklist';
import { t } from '../lib/i18n';
import { clockTime, fullTime, pressure, until } from '../lib/time';
import { Icon } from './icon';
import { useBeside } from './zone';

export function ClockChip({ item }: { item: WorkItem }) {
  const clock = clockOf(item);
  const there = useBeside(clock?.by ?? '');
  if (item.pausedSince && !item.answered) return <span class="clock"><Icon name="waiting" size={16} />{t('clock.stands')}</span>;
  if (!clock) return null;
  const how = pressure(item.sent, clock.by);
  return (
    <span class={`clock clock-${how}`} title={[fullTime(clock.by), there].filter(Boolean).join(' · ')}>
      <Icon name={how === 'late' ? 'alert' : 'waiting'} size={16} />
      <span>{t(clock.what === 'take' ? 'clock.take' : 'clock.answer', { when: until(clock.by) })}</span>
      {there && <span class="time-there">{clockTime(clock.by)}, {there}</span>}
    </span>
  );
}
