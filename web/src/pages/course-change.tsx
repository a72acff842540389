// SPDX-License-Identifier: Apache-2.0
// Say anew what a planned course is. Whoever is put down for it is told where its days or its
// place change; who else changed it in the meantime is not written over.
import { useEffect, useRef, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { changeCourse, loadCourse, namePeople, type Course, type CourseStatus } from '../fhir/learning';
import type { Named } from '../fhir/logbook';
import { unitName } from '../fhir/unit-names';
import { useDraft } from '../lib/draft';
import { t } from '../lib/i18n';
import { goTo, hrefTo } from '../lib/router';
import type { PageProps } from '../navigation';
import { CourseFields, NO_AIM, type Typed as CourseTyped } from '../ui/course-form';
import { SelectField, TextField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { COURSE_WORDS, KIND_WORDS } from '../ui/learn-words';
import { Failure, Notice, Skeleton } from '../ui/notice';

const STATES = ['planned', 'under-way', 'held'] as const;

interface Typed extends CourseTyped {
  status: CourseStatus;
}

function typedOf(one: Course, teachers: Named[]): Typed {
  const aims = one.aims.map((aim) => ({ procedure: aim.procedure, text: aim.text, operations: aim.operations ? String(aim.operations) : '', target: aim.target }));
  return {
    id: one.id, title: one.title, description: one.description, start: one.start, end: one.end, place: one.place,
    capacity: one.capacity ? String(one.capacity) : '', teachers, aims: aims.length > 0 ? aims : [NO_AIM], status: one.status,
  };
}

function ChangeForm({ one, teachers }: { one: Course; teachers: Named[] }) {
  const draft = useDraft<Typed>(`course/${one.id}/${one.version}`, () => typedOf(one, teachers));
  const [state, setState] = useState({ busy: false, failure: '', lacks: false });
  const sending = useRef(false);
  const typed = draft.value.value;
  const change = (part: Partial<Typed>) => { draft.value.value = { ...draft.value.value, ...part }; };
  const send = async () => {
    const lacks = !typed.title.trim();
    setState({ busy: !lacks, failure: '', lacks });
    if (lacks) document.getElementById('learn-title')?.focus();
    if (lacks || sending.current) return;
    sending.current = true;
    try {
      await changeCourse({ ...typed, kind: one.kind, organisers: one.organisers }, typed.status, one.version);
      draft.clear();
      goTo('course', one.id);
    } catch (error) {
      setState({ busy: false, failure: sentence(error), lacks: false });
    } finally {
      sending.current = false;
    }
  };
  return (
    <form class="step-form" noValidate onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <p class="hint">{t(KIND_WORDS[one.kind])} · {t('learn.held-by', { name: one.organisers.map(unitName).filter(Boolean).join(' · ') })}</p>
      <p class="hint">{t('learn.moved-hint')} {t('learn.aims-kept')}</p>
      <TextField id="learn-title" label={t('learn.title')} problem={state.lacks && !typed.title.trim() ? t('step.lacks') : undefined} value={typed.title} onChange={(title) => change({ title })} />
      <SelectField id="learn-stands" label={t('learn.stands')} value={typed.status} options={STATES.map((status) => ({ value: status, label: t(COURSE_WORDS[status]) }))} onChange={(status) => change({ status: status as CourseStatus })} />
      <CourseFields typed={typed} change={change} />
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
      <div class="form-end">
        <button type="submit" class="button button-main" disabled={state.busy}>{t('learn.change-send')}</button>
        <a class="button" href={hrefTo('course', one.id)}>{t('action.cancel')}</a>
      </div>
    </form>
  );
}

export function CourseChangePage({ id }: PageProps) {
  const [found, setFound] = useState<{ one: Course; teachers: Named[] } | null>(null);
  const [problem, setProblem] = useState('');
  const load = async () => {
    try {
      const one = await loadCourse(id);
      setProblem(one ? '' : t('error.not-found'));
      setFound(one && { one, teachers: await namePeople(one.teachers) });
    } catch (error) {
      setProblem(sentence(error));
    }
  };
  useEffect(() => { void load(); }, [id]);
  return (
    <div class="page page-learn">
      <Heading text={t('learn.change')} />
      <p><a href={hrefTo('course', id)}><Icon name="back" size={16} /> {found?.one.title ?? t('learn.course')}</a></p>
      {problem && <Failure text={problem} retry={() => void load()} />}
      {!found && !problem && <Skeleton />}
      {found && <ChangeForm key={found.one.version} one={found.one} teachers={found.teachers} />}
    </div>
  );
}
