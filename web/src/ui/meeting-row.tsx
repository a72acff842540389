// SPDX-License-Identifier: Apache-2.0
// One meeting in a list: when, about whom and what, and what it waits for.
import { useEffect, useState } from 'preact/hooks';
import { clocksOf, differs, shifted, type Clock } from '../fhir/clocks';
import { hasBegun, isAhead, waitsFor, type Meeting, type Waits } from '../fhir/mdt';
import { localReference } from '../fhir/codes';
import { dateIn, datesIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { Icon } from './icon';
import { PatientLine } from './patient-line';

const WAITS: Record<Waits, TextKey> = { answer: 'mdt.waits-answer', department: 'mdt.waits-department', minutes: 'mdt.waits-minutes', word: 'mdt.waits-word' };

const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const DAY: Intl.DateTimeFormatOptions = { weekday: 'short', day: 'numeric', month: 'short' };

/** "Mon 2 Mar, 15:00–15:45" by the clocks here. */
export function slotText(meeting: Meeting): string {
  const [start, end] = [new Date(meeting.start), new Date(meeting.end)];
  if (Number.isNaN(start.getTime()) || Number.isNaN(end.getTime())) return meeting.start;
  return `${dateIn(language.value, start, DAY)}, ${datesIn(language.value, start, end, TIME)}`;
}

const known = new Map<string, Promise<Clock[]>>();

/** The clocks of the patient's hospital and of those invited, where they show another time than here. */
export function OtherClocks({ meeting }: { meeting: Meeting }) {
  const [clocks, setClocks] = useState<Clock[]>([]);
  const home = localReference(meeting.patient?.managingOrganization?.reference);
  const units = [home, ...meeting.departments.map((one) => one.reference)].filter(Boolean).join(' ');
  useEffect(() => {
    let latest = true;
    const asked = known.get(units) ?? clocksOf(units.split(' ').filter(Boolean));
    known.set(units, asked);
    asked.then((found) => { if (latest) setClocks(found); }, () => known.delete(units));
    return () => { latest = false; };
  }, [units]);
  const others = clocks.filter((clock) => differs(clock, meeting.start));
  if (others.length === 0) return null;
  return (
    <ul class="other-clocks">
      {others.map((clock) => (
        <li key={clock.hospital}>{t('mdt.there', { time: dateIn(language.value, shifted(clock, meeting.start), { ...DAY, ...TIME, timeZone: 'UTC' }), place: clock.hospital })}</li>
      ))}
    </ul>
  );
}

export function MeetingState({ meeting }: { meeting: Meeting }) {
  if (meeting.status === 'cancelled') return <span class="state"><Icon name="close" size={16} />{t('mdt.state-off')}</span>;
  if (meeting.minutes) return <span class="state state-closed"><Icon name="answered" size={16} />{t('mdt.state-held')}</span>;
  if (!isAhead(meeting)) return <span class="state state-waiting"><Icon name="waiting" size={16} />{t('mdt.state-over')}</span>;
  if (hasBegun(meeting)) return <span class="state"><Icon name="in-work" size={16} />{t('mdt.state-now')}</span>;
  const wait = meeting.participants.filter((one) => one.answer === 'needs-action').length;
  return <span class="state"><Icon name="waiting" size={16} />{wait > 0 ? t('mdt.state-pending', { n: wait }) : t('mdt.state-booked')}</span>;
}

export function MeetingRow({ meeting, withPatient = true }: { meeting: Meeting; withPatient?: boolean }) {
  const waits = waitsFor(meeting);
  return (
    <li>
      <a class="case-row meeting-row" href={hrefTo('meeting', meeting.id)}>
        <span class="meeting-when">{slotText(meeting)}<OtherClocks meeting={meeting} /></span>
        <span class="case-row-main">
          {withPatient && <PatientLine patient={meeting.patient} />}
          <span class="case-row-question">{meeting.subject}</span>
        </span>
        <span class="case-row-side">
          <MeetingState meeting={meeting} />
          {waits && <span class="next-step"><Icon name="next" size={16} />{t(WAITS[waits])}</span>}
        </span>
      </a>
    </li>
  );
}
