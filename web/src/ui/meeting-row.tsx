// SPDX-License-Identifier: Apache-2.0
// One meeting in a list: when, about whom and what, and what it waits for.
import { useEffect, useState } from 'preact/hooks';
import { hospitalsOf, type Hospital } from '../fhir/hospitals';
import { hasBegun, isAhead, waitsFor, type Meeting, type Waits } from '../fhir/mdt';
import { localReference } from '../fhir/codes';
import { clockOfHospital } from '../fhir/zones';
import { dateIn, datesIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { differs, timeThere } from '../lib/zone';
import { Icon } from './icon';
import { PatientLine } from './patient-line';

const WAITS: Record<Waits, TextKey> = { answer: 'mdt.waits-answer', department: 'mdt.waits-department', minutes: 'mdt.waits-minutes', word: 'mdt.waits-word' };

const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const DAY: Intl.DateTimeFormatOptions = { weekday: 'short', day: 'numeric', month: 'short' };

/** "Mon 2 Mar, 15:00–15:45" by the clocks here; with the year where it is kept. */
export function slotText(meeting: Meeting, year = false): string {
  const [start, end] = [new Date(meeting.start), new Date(meeting.end)];
  if (Number.isNaN(start.getTime()) || Number.isNaN(end.getTime())) return meeting.start;
  return `${dateIn(language.value, start, { ...DAY, ...(year ? { year: 'numeric' } : {}) })}, ${datesIn(language.value, start, end, TIME)}`;
}

const known = new Map<string, Promise<Hospital[]>>();

/** The time in the patient's hospital and in those invited, where their clocks show another than here. */
export function OtherClocks({ meeting }: { meeting: Meeting }) {
  const [hospitals, setHospitals] = useState<Hospital[]>([]);
  const home = localReference(meeting.patient?.managingOrganization?.reference);
  const units = [home, ...meeting.departments.map((one) => one.reference)].filter(Boolean).join(' ');
  useEffect(() => {
    let latest = true;
    const asked = known.get(units) ?? hospitalsOf(units.split(' ').filter(Boolean));
    known.set(units, asked);
    asked.then((found) => { if (latest) setHospitals(found); }, () => known.delete(units));
    return () => { latest = false; };
  }, [units]);
  const others = hospitals.flatMap(({ reference, name }) => {
    const ahead = clockOfHospital(reference);
    return differs(meeting.start, ahead) ? [{ reference, text: t('mdt.there', { time: timeThere(meeting.start, ahead), place: name }) }] : [];
  });
  if (others.length === 0) return null;
  return <ul class="other-clocks">{others.map((one) => <li key={one.reference}>{one.text}</li>)}</ul>;
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
