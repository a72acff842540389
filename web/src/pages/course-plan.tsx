// SPDX-License-Identifier: Apache-2.0
// Plan a course: what kind, what it is called, who holds it, when, who teaches, the aims.
import { useRef, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { KINDS, planCourse, type Kind } from '../fhir/learning';
import { today } from '../fhir/people';
import { unitName } from '../fhir/unit-names';
import { useDraft } from '../lib/draft';
import { t } from '../lib/i18n';
import { newUuid } from '../lib/ids';
import { goTo, hrefTo } from '../lib/router';
import { myPlace } from '../session';
import { CourseFields, NO_AIM, type Typed as CourseTyped } from '../ui/course-form';
import { Choice, TextField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { KIND_WORDS } from '../ui/learn-words';
import { Notice } from '../ui/notice';
import { UnitPicker } from '../ui/unit-picker';

interface Typed extends CourseTyped {
  kind: Kind | '';
  mine: string;
  other: string;
}

function emptyCourse(): Typed {
  return { id: newUuid(), kind: '', title: '', description: '', mine: myPlace().department ?? '', other: '', start: today(), end: '', place: '', capacity: '', teachers: [], aims: [NO_AIM] };
}

export function CoursePlanPage() {
  const draft = useDraft<Typed>('course', emptyCourse);
  const [state, setState] = useState({ busy: false, failure: '', lacks: '' });
  const sending = useRef(false);
  const typed = draft.value.value;
  const change = (part: Partial<Typed>) => { draft.value.value = { ...draft.value.value, ...part }; };
  const missing = () => (!typed.kind ? 'kind' : !typed.title.trim() ? 'title' : !typed.mine && !typed.other ? 'with' : '');
  const send = async () => {
    const lacks = missing();
    setState({ busy: !lacks, failure: '', lacks });
    if (lacks) document.getElementById(`learn-${lacks}`)?.focus();
    if (lacks || sending.current || !typed.kind) return;
    sending.current = true;
    try {
      await planCourse({ ...typed, kind: typed.kind, organisers: [...new Set([typed.mine, typed.other])].filter(Boolean) });
      const { id } = typed;
      draft.clear();
      goTo('course', id);
    } catch (error) {
      setState({ busy: false, failure: sentence(error), lacks: '' });
    } finally {
      sending.current = false;
    }
  };
  const problem = (name: string) => (state.lacks === name && missing() === name ? t('step.lacks') : undefined);
  return (
    <div class="page page-learn">
      <Heading text={t('learn.plan')} />
      <form class="step-form" noValidate onSubmit={(event) => { event.preventDefault(); void send(); }}>
        <Choice id="learn-kind" label={t('learn.kind')} compact problem={problem('kind')} value={typed.kind} options={KINDS.map((kind) => ({ value: kind, label: t(KIND_WORDS[kind]) }))} onChange={(kind) => change({ kind })} />
        <TextField id="learn-title" label={t('learn.title')} problem={problem('title')} value={typed.title} onChange={(title) => change({ title })} />
        {typed.mine && <p class="hint">{t('learn.held-by', { name: unitName(typed.mine) })}</p>}
        <UnitPicker id="learn-with" label={t('learn.with')} problem={problem('with')} value={typed.other} onChange={(other) => change({ other })} />
        <CourseFields typed={typed} change={change} />
        {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
        <div class="form-end">
          <button type="submit" class="button button-main" disabled={state.busy}>{t('learn.plan-send')}</button>
          <a class="button" href={hrefTo('courses')}>{t('action.cancel')}</a>
        </div>
      </form>
    </div>
  );
}
