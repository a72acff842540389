// SPDX-License-Identifier: Apache-2.0
// One course: what it is, and of those who take part whom I may see; put somebody down, say
// who is there and what came of it.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { cancelCourse, enrol, loadCourse, loadTakingPart, namePeople, type Course, type Enrolment } from '../fhir/learning';
import type { Named } from '../fhir/logbook';
import { unitName } from '../fhir/unit-names';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { shortDate } from '../lib/time';
import type { PageProps } from '../navigation';
import { session } from '../session';
import { EnrolmentCard } from '../ui/enrolment-card';
import { TextField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { COURSE_WORDS, KIND_WORDS, aimWords, spanOf } from '../ui/learn-words';
import { LearnerPicker } from '../ui/learner-picker';
import { Failure, Notice, Skeleton } from '../ui/notice';
import { PeopleField } from '../ui/people-field';

function Cancelled({ one }: { one: Course }) {
  const [by, setBy] = useState('');
  const last = one.changes.filter((change) => change.what === 'cancelled').at(-1);
  useEffect(() => { if (last) namePeople([last.by.reference]).then((found) => setBy(found[0]?.name ?? ''), () => undefined); }, [one.id]);
  if (!last) return null;
  return <Notice kind="info"><p>{t('learn.was-cancelled', { name: by, date: shortDate(last.on) })}{last.reason && ` “${last.reason}”`}</p></Notice>;
}

/** It does not take place: why, and a second tap, since nobody can take it back. */
function Cancel({ course, done }: { course: Course; done: () => void }) {
  const [reason, setReason] = useState('');
  const [state, setState] = useState({ busy: false, failure: '', lacks: false });
  const send = async () => {
    if (state.busy) return;
    setState({ busy: Boolean(reason.trim()), failure: '', lacks: !reason.trim() });
    if (!reason.trim()) {
      document.getElementById('learn-reason')?.focus();
      return;
    }
    try {
      await cancelCourse(course.id, reason);
      done();
    } catch (error) {
      setState({ busy: false, failure: sentence(error), lacks: false });
    }
  };
  return (
    <details>
      <summary>{t('learn.cancel')}</summary>
      <form class="step-form" noValidate onSubmit={(event) => { event.preventDefault(); void send(); }}>
        <p class="hint">{t('learn.cancel-hint')}</p>
        <TextField id="learn-reason" label={t('learn.cancel-reason')} problem={state.lacks && !reason.trim() ? t('step.lacks') : undefined} value={reason} onChange={setReason} />
        {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
        <div class="form-end"><button type="submit" class="button" disabled={state.busy}>{t('learn.cancel-send')}</button></div>
      </form>
    </details>
  );
}

function About({ one }: { one: Course }) {
  const [teachers, setTeachers] = useState<Named[]>([]);
  useEffect(() => { namePeople(one.teachers).then(setTeachers, () => undefined); }, [one.id]);
  return (
    <section class="learn-about">
      <p>{t(KIND_WORDS[one.kind])} · {t(COURSE_WORDS[one.status])} · {spanOf(one.start, one.end)}</p>
      {one.status === 'cancelled' && <Cancelled one={one} />}
      {one.description && <p>{one.description}</p>}
      <p class="hint">{one.organisers.map(unitName).filter(Boolean).join(' · ')}{one.place && ` · ${one.place}`}</p>
      {teachers.length > 0 && <p class="hint">{t('learn.taught-by', { name: teachers.map((person) => person.name).join(', ') })}</p>}
      {one.capacity > 0 && <p class="hint">{t('learn.room', { n: one.capacity })}</p>}
      {one.aims.length > 0 && (
        <>
          <h2>{t('learn.aims')}</h2>
          <ul>{one.aims.map((aim) => <li key={aim.number}>{aimWords(aim)}</li>)}</ul>
        </>
      )}
    </section>
  );
}

function PutDown({ course, done }: { course: Course; done: (name: string) => void }) {
  const [person, setPerson] = useState<Named | null>(null);
  const [dates, setDates] = useState({ start: course.start, end: course.end });
  const [supervisors, setSupervisors] = useState<Named[]>([]);
  const [state, setState] = useState({ busy: false, failure: '' });
  const send = async () => {
    if (!person || state.busy) return;
    setState({ busy: true, failure: '' });
    try {
      const own = { start: dates.start === course.start ? '' : dates.start, end: dates.end === course.end ? '' : dates.end };
      await enrol(course.id, person.reference, course.kind === 'placement' ? { ...own, supervisors } : {});
      setPerson(null);
      setSupervisors([]);
      setState({ busy: false, failure: '' });
      done(person.name);
    } catch (error) {
      setState({ busy: false, failure: sentence(error) });
    }
  };
  const me = session.value;
  return (
    <form class="step-form" noValidate onSubmit={(event) => { event.preventDefault(); void send(); }} aria-label={t('learn.enrol')}>
      {!person && <LearnerPicker id="learn-person" label={t('learn.who')} onPick={setPerson} />}
      {!person && me?.practitioner && <p><button type="button" class="link" onClick={() => setPerson({ reference: me.practitioner ?? '', name: me.name ?? '' })}>{t('learn.myself')}</button></p>}
      {person && <p><strong>{person.name}</strong> <button type="button" class="link" onClick={() => setPerson(null)}>{t('learn.other')}</button></p>}
      {person && course.kind === 'placement' && (
        <>
          <TextField id="learn-start" label={t('learn.start')} value={dates.start} onChange={(start) => setDates({ ...dates, start })} input={{ type: 'date' }} />
          <TextField id="learn-end" label={t('learn.return')} value={dates.end} onChange={(end) => setDates({ ...dates, end })} input={{ type: 'date', min: dates.start }} />
          <PeopleField id="learn-supervisor" label={t('learn.supervisor')} optional={t('form.optional')} list={supervisors} onChange={setSupervisors} />
          {supervisors.length === 0 && <p class="hint">{t('learn.supervisor-hint')}</p>}
        </>
      )}
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
      {person && <div class="form-end"><button type="submit" class="button button-main" disabled={state.busy}>{t('learn.enrol-send', { name: person.name })}</button></div>}
    </form>
  );
}

export function CoursePage({ id }: PageProps) {
  const [course, setCourse] = useState<Course | null>(null);
  const [list, setList] = useState<Enrolment[] | null>(null);
  const [may, setMay] = useState({ plan: false, cancel: false });
  const [problem, setProblem] = useState('');
  const [said, setSaid] = useState('');
  const load = async () => {
    try {
      const found = await loadCourse(id);
      setCourse(found);
      setProblem(found ? '' : t('error.not-found'));
      const part = await loadTakingPart(id);
      setList(part.list);
      setMay({ plan: part.mayPlan, cancel: part.mayCancel });
    } catch (error) {
      setProblem(sentence(error));
    }
  };
  useEffect(() => { void load(); }, [id]);
  const open = course !== null && course.status !== 'cancelled' && course.status !== 'held';
  return (
    <div class="page page-learn">
      <Heading text={course?.title ?? t('learn.course')} />
      <p><a href={hrefTo('courses')}><Icon name="back" size={16} /> {t('learn.courses')}</a></p>
      {problem && <Failure text={problem} retry={() => void load()} />}
      {!course && !problem && <Skeleton />}
      {course && <About key={course.version} one={course} />}
      {course && may.plan && <p><a class="button" href={hrefTo('course-change', id)}>{t('learn.change')}</a></p>}
      {course && may.cancel && <Cancel course={course} done={() => void load()} />}
      {course && open && (
        <section aria-labelledby="learn-enrol">
          <h2 id="learn-enrol">{t('learn.enrol')}</h2>
          <PutDown key={course.id} course={course} done={(name) => { setSaid(t('learn.enrolled', { name })); void load(); }} />
          {said && <Notice kind="good"><p>{said}</p></Notice>}
        </section>
      )}
      {list && (
        <section aria-labelledby="learn-people">
          <h2 id="learn-people">{t('learn.people')}</h2>
          {list.length > 0 && <p>{t('learn.n-persons', { n: list.filter((one) => one.status !== 'refused' && one.status !== 'left').length })}</p>}
          <p class="hint">{t('learn.people-hint')}</p>
          {list.length === 0 && <p class="empty">{t('learn.people-none')}</p>}
          <div class="learn-cards">{list.map((one) => <EnrolmentCard key={one.id} one={one} by="person" done={() => void load()} />)}</div>
        </section>
      )}
    </div>
  );
}
