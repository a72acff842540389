// SPDX-License-Identifier: Apache-2.0
// Plan a course: what kind, what it is called, who holds it, when, who teaches, the aims.
import { useRef, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { KINDS, planCourse, type Kind, type NewCourse } from '../fhir/learning';
import { proceduresToLog } from '../fhir/logbook';
import { today } from '../fhir/people';
import { unitName } from '../fhir/unit-names';
import { useDraft } from '../lib/draft';
import { language, t } from '../lib/i18n';
import { newUuid } from '../lib/ids';
import { goTo, hrefTo } from '../lib/router';
import { myPlace } from '../session';
import { Choice, SelectField, TextField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { KIND_WORDS } from '../ui/learn-words';
import { LearnerPicker } from '../ui/learner-picker';
import { Notice } from '../ui/notice';
import { UnitPicker } from '../ui/unit-picker';

interface Typed extends Omit<NewCourse, 'kind' | 'organisers'> {
  kind: Kind | '';
  mine: string;
  other: string;
}

const NO_AIM = { procedure: '', text: '', operations: '' };

function emptyCourse(): Typed {
  return { id: newUuid(), kind: '', title: '', mine: myPlace().department ?? '', other: '', start: today(), end: '', place: '', capacity: '', teachers: [], aims: [NO_AIM] };
}

interface PartProps {
  typed: Typed;
  change: (part: Partial<Typed>) => void;
}

function Teachers({ typed, change }: PartProps) {
  const { teachers } = typed;
  return (
    <div>
      <LearnerPicker id="learn-teacher" label={t('learn.teachers')} optional={t('form.optional')} onPick={(one) => change({ teachers: [...teachers.filter((other) => other.reference !== one.reference), one] })} />
      {teachers.length > 0 && (
        <ul class="learner-found">
          {teachers.map((one) => <li key={one.reference}>{one.name} <button type="button" class="link" onClick={() => change({ teachers: teachers.filter((other) => other !== one) })}>{t('learn.remove', { name: one.name })}</button></li>)}
        </ul>
      )}
    </div>
  );
}

function Aims({ typed, change }: PartProps) {
  const set = (at: number, part: Partial<typeof NO_AIM>) => change({ aims: typed.aims.map((aim, index) => (index === at ? { ...aim, ...part } : aim)) });
  const procedures = [{ value: '', label: t('learn.aim-words') }, ...proceduresToLog(language.value)];
  return (
    <fieldset class="learn-aims-form">
      <legend>{t('learn.aims')} <span class="optional">{t('form.optional')}</span></legend>
      <p class="hint">{t('learn.aims-hint')}</p>
      {typed.aims.map((aim, at) => (
        <div key={at} class="learn-aim-form">
          <SelectField id={`learn-aim-${at}`} label={t('learn.aim', { n: at + 1 })} value={aim.procedure} options={procedures} onChange={(procedure) => set(at, { procedure })} />
          {aim.procedure
            ? <TextField id={`learn-operations-${at}`} label={t('learn.operations')} optional={t('form.optional')} value={aim.operations} onChange={(operations) => set(at, { operations })} input={{ inputMode: 'numeric' }} />
            : <TextField id={`learn-text-${at}`} label={t('learn.aim-text')} value={aim.text} onChange={(text) => set(at, { text })} />}
        </div>
      ))}
      <p><button type="button" class="button" onClick={() => change({ aims: [...typed.aims, NO_AIM] })}>{t('learn.aim-more')}</button></p>
    </fieldset>
  );
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
        <TextField id="learn-start" label={t('learn.start')} value={typed.start} onChange={(start) => change({ start })} input={{ type: 'date' }} />
        <TextField id="learn-end" label={t('learn.end')} optional={t('form.optional')} value={typed.end} onChange={(end) => change({ end })} input={{ type: 'date', min: typed.start }} />
        <TextField id="learn-place" label={t('learn.place')} optional={t('form.optional')} value={typed.place} onChange={(place) => change({ place })} />
        <TextField id="learn-capacity" label={t('learn.capacity')} optional={t('form.optional')} value={typed.capacity} onChange={(capacity) => change({ capacity })} input={{ inputMode: 'numeric' }} />
        <Teachers typed={typed} change={change} />
        <Aims typed={typed} change={change} />
        {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
        <div class="form-end">
          <button type="submit" class="button button-main" disabled={state.busy}>{t('learn.plan-send')}</button>
          <a class="button" href={hrefTo('courses')}>{t('action.cancel')}</a>
        </div>
      </form>
    </div>
  );
}
