// SPDX-License-Identifier: Apache-2.0
// One meeting: the patient at the head, when, who comes, what was said and decided, and what
// of it waits for me. Printed it is the protocol.
import { useState } from 'preact/hooks';
import { answerMeeting, cancelMeeting, hasBegun, isAhead, loadMeeting, mayAnswer, myPart, type Meeting, type Participant } from '../fhir/mdt';
import { nameOf } from '../fhir/patient';
import { t, type TextKey } from '../lib/i18n';
import { calendarOf } from '../lib/calendar';
import { hrefTo } from '../lib/router';
import { saveFile } from '../lib/table-file';
import { fullTime, presentInstant } from '../lib/time';
import { refreshMeetings } from '../mdt-store';
import { TextField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon, type IconName } from '../ui/icon';
import { MinutesForm, MinutesView } from '../ui/mdt-minutes';
import { MeetingState, OtherClocks, slotText } from '../ui/meeting-row';
import { Failure, Notice, Skeleton } from '../ui/notice';
import { PatientFacts } from '../ui/patient-line';
import { useLive } from '../ui/use-live';
import { useSending } from '../ui/use-sending';

const TYPES = new Set(['Appointment', 'Communication']);

function useMeeting(id: string) {
  const { value, problem, reload } = useLive<Meeting | null>(TYPES, () => loadMeeting(id), id);
  return { meeting: value ?? null, missing: value === null, problem, reload: async () => { await reload(); void refreshMeetings(); } };
}

const ANSWERS: Record<Participant['answer'], { text: TextKey; icon: IconName }> = {
  accepted: { text: 'mdt.accepted', icon: 'answered' },
  declined: { text: 'mdt.declined', icon: 'close' },
  tentative: { text: 'mdt.not-answered', icon: 'waiting' },
  'needs-action': { text: 'mdt.not-answered', icon: 'waiting' },
};

function PersonLine({ one }: { one: Participant }) {
  const answer = ANSWERS[one.answer];
  return (
    <li class="part-line">
      <span class="part-name">{one.name}{one.called && <span class="hint"> {t('mdt.called-it')}</span>}</span>
      <span class="state"><Icon name={one.present ? 'answered' : answer.icon} size={16} />{t(one.present ? 'mdt.was-present' : answer.text)}</span>
      {one.word && <span class="word-text">{one.word}</span>}
    </li>
  );
}

function People({ meeting }: { meeting: Meeting }) {
  return (
    <section class="panel" aria-labelledby="people-title">
      <h2 id="people-title">{t('mdt.people')}</h2>
      <ul class="part-list">
        {meeting.departments.map((one) => <li key={one.reference} class="part-line"><span class="part-name">{one.name}</span><span class="hint">{t('mdt.department')}</span></li>)}
        {meeting.participants.map((one) => <PersonLine key={one.reference} one={one} />)}
      </ul>
    </section>
  );
}

function Reply({ meeting, reload }: { meeting: Meeting; reload: () => Promise<void> }) {
  const [text, setText] = useState('');
  const { busy, failure, send } = useSending();
  const mine = myPart(meeting);
  const say = (answer: 'accepted' | 'declined') => send('', async () => {
    await answerMeeting(meeting, answer, text);
    setText('');
    await reload();
  });
  return (
    <section class="panel no-print" aria-labelledby="reply-title">
      <h2 id="reply-title">{t(mine && mine.answer !== 'needs-action' ? 'mdt.reply-again' : 'mdt.reply')}</h2>
      <TextField id="reply-text" label={t('mdt.reply-text')} optional={t('form.optional')} value={text} onChange={setText} />
      <span class="button-row">
        <button type="button" class="button button-main" disabled={busy} onClick={() => void say('accepted')}>{t('mdt.accept')}</button>
        <button type="button" class="button" disabled={busy} onClick={() => void say('declined')}>{t('mdt.decline')}</button>
      </span>
      {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
    </section>
  );
}

function CallOff({ meeting, reload }: { meeting: Meeting; reload: () => Promise<void> }) {
  const [reason, setReason] = useState('');
  const { busy, failure, lacks, send } = useSending();
  const off = () => send(reason.trim() ? '' : 'off-reason', async () => {
    await cancelMeeting(meeting, reason);
    await reload();
  });
  return (
    <details class="beside no-print">
      <summary>{t('mdt.call-off')}</summary>
      <form class="beside-form" noValidate onSubmit={(event) => { event.preventDefault(); void off(); }} aria-label={t('mdt.call-off')}>
        <TextField id="off-reason" label={t('mdt.call-off-why')} problem={lacks && !reason.trim() ? t('step.lacks') : undefined} value={reason} onChange={setReason} />
        {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
        <div class="form-end"><button type="submit" class="button" disabled={busy}>{t('mdt.call-off-send')}</button></div>
      </form>
    </details>
  );
}

function saveCalendar(meeting: Meeting): void {
  const address = `${window.location.origin}${window.location.pathname}${hrefTo('meeting', meeting.id)}`;
  const entry = { id: meeting.id, title: t('mdt.calendar-title'), start: meeting.start, end: meeting.end, address, made: presentInstant() };
  saveFile('mdt.ics', 'text/calendar;charset=utf-8', calendarOf(entry));
}

function Head({ meeting }: { meeting: Meeting }) {
  const { patient } = meeting;
  return (
    <header class="patient-head">
      <a class="back" href={hrefTo('mdt')} aria-label={t('mdt.back')}><Icon name="back" /></a>
      <div class="patient-head-who">
        <Heading text={patient ? nameOf(patient) : t('mdt.title')} title={t('mdt.title')} />
        {patient && <PatientFacts patient={patient} />}
      </div>
      <div class="patient-head-state">
        <MeetingState meeting={meeting} />
        <a class="no-print" href={hrefTo('case', meeting.request)}>{t('mdt.to-case')}</a>
      </div>
    </header>
  );
}

function When({ meeting }: { meeting: Meeting }) {
  return (
    <section class="panel" aria-labelledby="when-title">
      <h2 id="when-title">{meeting.subject}</h2>
      <p class="meeting-time"><time dateTime={meeting.start} title={fullTime(meeting.start)}>{slotText(meeting, true)}</time></p>
      <OtherClocks meeting={meeting} />
      {meeting.calledOff && <Notice kind="info"><p>{t('mdt.was-called-off', { reason: meeting.calledOff })}</p></Notice>}
      <span class="button-row no-print">
        {isAhead(meeting) && <button type="button" class="button" onClick={() => saveCalendar(meeting)}>{t('mdt.calendar')}</button>}
        <button type="button" class="button" onClick={() => window.print()}><Icon name="print" />{t('action.print')}</button>
        {meeting.minutes && <a class="button" href={hrefTo('case', meeting.request, { meeting: meeting.id })}>{t('mdt.take-over')}</a>}
      </span>
    </section>
  );
}

function Body({ meeting, reload }: { meeting: Meeting; reload: () => Promise<void> }) {
  const called = myPart(meeting)?.called ?? false;
  const writes = called && !meeting.minutes && meeting.status !== 'cancelled';
  return (
    <div class="meeting-body">
      <When meeting={meeting} />
      {mayAnswer(meeting) && !called && <Reply meeting={meeting} reload={reload} />}
      <People meeting={meeting} />
      <MinutesView meeting={meeting} reload={reload} />
      {writes && hasBegun(meeting) && <section class="panel no-print" aria-labelledby="write-title"><h2 id="write-title">{t('mdt.write-minutes')}</h2><MinutesForm meeting={meeting} reload={reload} /></section>}
      {writes && <CallOff meeting={meeting} reload={reload} />}
    </div>
  );
}

export function MeetingPage({ id }: { id: string }) {
  const { meeting, problem, missing, reload } = useMeeting(id);
  return (
    <div class="page page-wide page-meeting">
      {meeting && <Head meeting={meeting} />}
      {!meeting && (
        <>
          <a class="back" href={hrefTo('mdt')}><Icon name="back" />{t('mdt.title')}</a>
          <Heading text={t('mdt.loading')} unseen={!missing} />
        </>
      )}
      {problem && <Failure text={problem} retry={() => void reload()} />}
      {missing && <Notice kind="info"><p>{t('mdt.missing')}</p></Notice>}
      {!meeting && !problem && !missing && <Skeleton rows={5} />}
      {meeting && <Body meeting={meeting} reload={reload} />}
    </div>
  );
}
