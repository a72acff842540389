// SPDX-License-Identifier: Apache-2.0
// Of the meetings what today needs: those that wait for me, and those of mine that are today.
import { isAhead, isMine, waitsFor } from '../fhir/mdt';
import { t } from '../lib/i18n';
import { now } from '../lib/time';
import { meetings } from '../mdt-store';
import { MeetingRow } from './meeting-row';

export function TodayMeetings() {
  const day = new Date(now.value).toDateString();
  const list = (meetings.value.list ?? []).filter((one) => waitsFor(one) !== null || (isAhead(one) && isMine(one) && new Date(one.start).toDateString() === day));
  if (list.length === 0) return null;
  return (
    <section class="today-part" aria-labelledby="today-meetings">
      <h2 id="today-meetings">{t('mdt.today')} <span class="count">{list.length}</span></h2>
      <ul class="case-list">{list.map((one) => <MeetingRow key={one.id} meeting={one} />)}</ul>
    </section>
  );
}
