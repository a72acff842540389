// SPDX-License-Identifier: Apache-2.0
// Ask: open a case for a patient. Nothing typed here is lost before it is sent.
import { useEffect, useRef, useState } from 'preact/hooks';
import { refreshCases } from '../case-store';
import { CallError, sentence } from '../fhir/client';
import type { Urgency } from '../fhir/codes';
import { openCase, type CaseDraft, type Registration } from '../fhir/open-case';
import { patientWithIdentifier } from '../fhir/patient';
import { NO_VITALS } from '../fhir/vitals';
import type { Patient } from '../fhir/types';
import { useDraft } from '../lib/draft';
import type { PickedFile } from '../lib/files';
import { t, type TextKey } from '../lib/i18n';
import { newUuid } from '../lib/ids';
import { goTo, hrefTo } from '../lib/router';
import { Choice, TextArea } from '../ui/fields';
import { FilesField } from '../ui/files-field';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Notice } from '../ui/notice';
import { PatientLine } from '../ui/patient-line';
import { AskShare } from '../ui/ask-share';
import { PatientPicker } from '../ui/patient-picker';
import { RegistrationForm } from '../ui/registration-form';
import { VitalsForm } from '../ui/vitals-form';
import { checkDraft, type Problem } from './ask-check';

const NOBODY: Registration = {
  name: '', gender: '', age: '', ageUnit: 'years', birthDate: '', identifier: '', place: '', altitude: '',
};

function emptyDraft(): CaseDraft {
  return { id: newUuid(), patient: null, registration: null, question: '', story: '', urgency: '', vitals: NO_VITALS, share: null, tried: false };
}

const SEND_WORDS: Record<Urgency | '', TextKey> = {
  stat: 'ask.send-stat',
  urgent: 'ask.send-urgent',
  routine: 'ask.send-routine',
  '': 'ask.send',
};

interface PartProps {
  draft: CaseDraft;
  problems: Problem[];
  change: (part: Partial<CaseDraft>) => void;
}

function problemOf(problems: Problem[], field: string): string | undefined {
  return problems.find((problem) => problem.field === field)?.text;
}

function PatientPart({ draft, problems, change }: PartProps) {
  const again = <button type="button" class="link" onClick={() => change({ patient: null, registration: null })}>{t('ask.other-patient')}</button>;
  if (draft.patient) {
    return (
      <div class="chosen-patient">
        <PatientLine patient={draft.patient} withIdentifier />
        {again}
      </div>
    );
  }
  if (draft.registration) {
    const wrong = Object.fromEntries(problems.map((problem) => [problem.field, problem.text]));
    return (
      <>
        <p class="part-note">{t('ask.registering')} {again}</p>
        <RegistrationForm value={draft.registration} problems={wrong} onChange={(registration) => change({ registration })} />
      </>
    );
  }
  return (
    <PatientPicker
      id="patient"
      problem={problemOf(problems, 'patient')}
      onPick={(patient) => change({ patient, registration: null })}
      onRegister={(name) => change({ registration: { ...NOBODY, name }, patient: null })}
    />
  );
}

function UrgencyPart({ draft, problems, change }: PartProps) {
  return (
    <Choice
      id="urgency"
      label={t('ask.urgency')}
      problem={problemOf(problems, 'urgency')}
      value={draft.urgency}
      onChange={(urgency: Urgency) => change({ urgency })}
      options={[
        { value: 'stat', label: t('urgency.stat'), hint: t('ask.stat-hint'), extra: <Icon name="emergency" />, kind: 'stat' },
        { value: 'urgent', label: t('urgency.urgent'), hint: t('ask.urgent-hint'), extra: <Icon name="urgent" />, kind: 'urgent' },
        { value: 'routine', label: t('urgency.routine'), hint: t('ask.routine-hint'), extra: <Icon name="routine" />, kind: 'routine' },
      ]}
    />
  );
}

function Summary({ problems }: { problems: Problem[] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [problems]);
  const jump = (event: Event, field: string) => {
    event.preventDefault(); // the address bar holds the page, not the place on it
    const target = document.getElementById(field);
    const control = target?.matches('fieldset') ? target.querySelector('input') : target;
    control?.focus();
    target?.scrollIntoView({ block: 'center' });
  };
  return (
    <div class="notice notice-problem error-summary" ref={box} tabIndex={-1} role="alert">
      <Icon name="alert" />
      <div>
        <h2>{t('ask.problems')}</h2>
        <ul>
          {problems.map((problem) => (
            <li key={problem.field}><a href={`#${problem.field}`} onClick={(event) => jump(event, problem.field)}>{problem.text}</a></li>
          ))}
        </ul>
      </div>
    </div>
  );
}

interface SendState {
  busy: boolean;
  failure: string;
  problems: Problem[];
  twin: Patient | null; // someone already has the identifier that was typed
}

const IDLE: SendState = { busy: false, failure: '', problems: [], twin: null };

export function AskPage() {
  const draft = useDraft('ask', emptyDraft);
  const files = useDraft<{ list: PickedFile[] }>('ask-files', () => ({ list: [] }));
  const [state, setState] = useState<SendState>(IDLE);
  const sending = useRef(false); // at once, where the state waits for the next drawing: no double send
  const value = draft.value.value;
  const change = (part: Partial<CaseDraft>) => {
    draft.value.value = { ...draft.value.value, ...part };
  };
  const part = { draft: value, problems: state.problems, change };

  const send = async () => {
    if (sending.current) return;
    const problems = checkDraft(value);
    setState({ ...IDLE, problems, busy: problems.length === 0 });
    if (problems.length > 0) return;
    sending.current = true;
    try {
      const identifier = value.registration?.identifier.trim() ?? '';
      const twin = identifier && !value.tried ? await patientWithIdentifier(identifier) : null;
      if (twin) {
        setState({ ...IDLE, twin });
        return;
      }
      const id = await openCase(value, files.value.value.list);
      draft.clear();
      files.clear();
      void refreshCases();
      goTo('case', id, { sent: '1' });
    } catch (error) {
      if (error instanceof CallError && error.kind === 'unsure') change({ tried: true });
      setState({ ...IDLE, failure: sentence(error) });
    } finally {
      sending.current = false;
    }
  };
  const discard = () => {
    if (!window.confirm(t('ask.discard-sure'))) return;
    draft.clear();
    files.clear();
    setState(IDLE);
  };

  return (
    <div class="page page-form">
      <a class="back" href={hrefTo('cases')}><Icon name="back" />{t('nav.cases')}</a>
      <Heading text={t('ask.title')} />
      {state.problems.length > 0 && <Summary problems={state.problems} />}
      <form noValidate onSubmit={(event) => { event.preventDefault(); void send(); }}>
        <section aria-labelledby="part-patient">
          <h2 id="part-patient">{t('ask.patient')}</h2>
          <PatientPart {...part} />
        </section>
        <section aria-labelledby="part-question">
          <h2 id="part-question">{t('ask.question-part')}</h2>
          <TextArea id="question" rows={2} label={t('ask.question')} hint={t('ask.question-hint')} problem={problemOf(state.problems, 'question')} value={value.question} onChange={(question) => change({ question })} />
          <TextArea id="story" rows={6} label={t('ask.story')} optional={t('form.optional')} hint={t('ask.story-hint')} value={value.story} onChange={(story) => change({ story })} />
          <UrgencyPart {...part} />
        </section>
        <section aria-labelledby="part-vitals">
          <h2 id="part-vitals">{t('vitals.title')}</h2>
          <p class="part-note">{t('ask.vitals-hint')}</p>
          <VitalsForm value={value.vitals} onChange={(vitals) => change({ vitals })} />
        </section>
        <section aria-labelledby="part-files">
          <h2 id="part-files">{t('ask.files')}</h2>
          <p class="part-note">{t('ask.files-hint')}</p>
          <FilesField id="files" files={files.value.value.list} onChange={(list) => { files.value.value = { list }; }} />
        </section>
        {(value.patient || value.registration) && (
          <section aria-labelledby="part-share">
            <h2 id="part-share">{t('share.who-title')}</h2>
            <AskShare draft={value} change={change} />
          </section>
        )}
        {state.twin && (
          <Notice kind="problem">
            <p>{t('ask.twin')}</p>
            <p><PatientLine patient={state.twin} withIdentifier /></p>
            <button type="button" class="button" onClick={() => { change({ patient: state.twin, registration: null }); setState(IDLE); }}>{t('ask.use-twin')}</button>
          </Notice>
        )}
        {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
        <div class="form-end">
          <button type="submit" class={`button button-main${value.urgency === 'stat' ? ' button-stat' : ''}`} disabled={state.busy}>
            {state.busy ? t('ask.sending') : t(SEND_WORDS[value.urgency])}
          </button>
          <button type="button" class="link" onClick={discard}>{t('ask.discard')}</button>
          <p class="hint">{draft.safe.value && files.safe.value ? t('ask.kept') : t('ask.not-kept')}</p>
        </div>
      </form>
    </div>
  );
}
