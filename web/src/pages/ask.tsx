// SPDX-License-Identifier: Apache-2.0
// Ask: open a case for a patient. Nothing typed here is lost before it is sent.
import { useEffect, useRef, useState } from 'preact/hooks';
import { refreshWork } from '../work-store';
import { read, sentence } from '../fhir/client';
import { CASE_KINDS, type CaseKind, type Urgency } from '../fhir/codes';
import { completeness } from '../fhir/completeness';
import { questionsOf } from '../fhir/core-set';
import { TOPICS, setsFor } from '../fhir/core-sets';
import { isAbroad, kindOf, prepare, type CaseDraft, type Registration } from '../fhir/open-case';
import { NO_VITALS } from '../fhir/vitals';
import type { Patient } from '../fhir/types';
import { useDraft } from '../lib/draft';
import type { PickedFile } from '../lib/files';
import { t, type TextKey } from '../lib/i18n';
import { newUuid } from '../lib/ids';
import { goTo, hrefTo, replaceWith } from '../lib/router';
import { enqueue, inForm, refreshOutbox, send, sendUnkept, withdraw, type Outcome } from '../outbox';
import { CompletenessNote, jumpTo } from '../ui/completeness';
import { CoreQuestions, setWords, useSets } from '../ui/core-questions';
import { Choice, SelectField, TextArea } from '../ui/fields';
import { FilesField } from '../ui/files-field';
import { Heading } from '../ui/heading';
import { later } from '../ui/later';
import { Icon } from '../ui/icon';
import { Notice, Skeleton } from '../ui/notice';
import { PatientLine } from '../ui/patient-line';
import { AskConsent } from '../ui/ask-consent';
import { AskShare } from '../ui/ask-share';
import { PatientPicker } from '../ui/patient-picker';
import { RegistrationForm } from '../ui/registration-form';
import { REASONS, reasonWord } from '../ui/travel-words';
import { VitalsForm } from '../ui/vitals-form';
import { VitalsSoFar } from '../ui/vitals-so-far';
import { WaitingList } from '../ui/waiting-list';
import { checkDraft, checkRegistration, type Problem } from './ask-check';

const NOBODY: Registration = {
  name: '', gender: '', age: '', ageUnit: 'years', birthDate: '', identifier: '', place: '', altitude: '',
};

function emptyDraft(): CaseDraft {
  return { id: newUuid(), patient: null, registration: null, question: '', story: '', urgency: '', kind: 'advice', topic: '', answers: {}, vitals: NO_VITALS, share: null };
}

const SEND_WORDS: Record<Urgency | '', TextKey> = {
  stat: 'ask.send-stat',
  urgent: 'ask.send-urgent',
  routine: 'ask.send-routine',
  '': 'ask.send',
};

const AskWhom = later(() => import('../ui/ask-whom').then((module) => module.AskWhom));

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

const KIND_LABELS: Record<CaseKind, TextKey> = {
  advice: 'kind.advice',
  emergency: 'kind.emergency',
  'second-opinion': 'kind.second-opinion',
  mdt: 'kind.mdt',
  transfer: 'kind.transfer',
  'guided-procedure': 'kind.guided-procedure',
  rehabilitation: 'kind.rehabilitation',
};

/** An emergency is what urgency says; it is not chosen twice. */
function KindPart({ draft, change }: PartProps) {
  const kind = kindOf(draft);
  const kinds = CASE_KINDS.filter((one) => (kind === 'emergency' ? one !== 'advice' : one !== 'emergency'));
  return (
    <SelectField
      id="kind"
      label={t('kind.label')}
      value={kind}
      onChange={(value) => change({ kind: value === 'emergency' ? 'advice' : (value as CaseKind) })}
      options={kinds.map((value) => ({ value, label: t(KIND_LABELS[value]) }))}
    />
  );
}

/** Why a patient is sent away; it may be left open. */
function ReasonPart({ draft, change }: Pick<PartProps, 'draft' | 'change'>) {
  const options = [{ value: '', label: t('ask.intent-open') }, ...REASONS.map((value) => ({ value, label: reasonWord(value) }))];
  return <SelectField id="transfer-reason" label={t('travel.reason')} hint={t('travel.reason-hint')} value={draft.reason ?? ''} onChange={(reason) => change({ reason })} options={options} />;
}

/** Said before there is an answer; who is sent away anyway needs no such word. */
function IntentPart({ draft, change }: PartProps) {
  if (kindOf(draft) === 'transfer') return <ReasonPart draft={draft} change={change} />;
  return (
    <SelectField
      id="intent"
      label={t('ask.intent')}
      hint={t('ask.intent-hint')}
      value={draft.intent ?? ''}
      onChange={(value) => change({ intent: value as CaseDraft['intent'] & string })}
      options={[{ value: '', label: t('ask.intent-open') }, { value: 'stay', label: t('ask.intent-stay') }, { value: 'transfer', label: t('ask.intent-transfer') }]}
    />
  );
}

function CorePart({ draft, change }: PartProps) {
  return (
    <section aria-labelledby="part-core">
      <h2 id="part-core">{t('core.title')}</h2>
      <p class="part-note">{t('core.hint')}</p>
      <Choice
        id="topic"
        compact
        label={t('core.about')}
        value={draft.topic}
        onChange={(topic) => change({ topic })}
        options={TOPICS.map(({ id, label }) => ({ value: id, label: t(label) }))}
      />
      <CoreQuestions sets={setsFor(draft.kind, draft.topic)} answers={draft.answers} onChange={(answers) => change({ answers })} />
    </section>
  );
}

/** What is missing, before it is sent. */
function CompletePart({ draft, files }: { draft: CaseDraft; files: number }) {
  const { loaded } = useSets(setsFor(draft.kind, draft.topic));
  const asked = (loaded ?? []).flatMap(({ id, set }) => questionsOf(set, setWords()).map((question) => ({ set: id, question })));
  const patient = draft.patient !== null || (draft.registration !== null && checkRegistration(draft.registration).length === 0);
  return <CompletenessNote value={completeness({ ...draft, patient, kind: kindOf(draft), files }, asked)} emergency={draft.urgency === 'stat'} />;
}

function Summary({ problems }: { problems: Problem[] }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), [problems]);
  const jump = (event: Event, field: string) => {
    event.preventDefault(); // the address bar holds the page, not the place on it
    jumpTo(field);
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
  kept: boolean; // it is on this device, whatever becomes of the link
  failure: string;
  problems: Problem[];
  twin: Patient | null; // someone already has the identifier that was typed
}

const IDLE: SendState = { busy: false, kept: false, failure: '', problems: [], twin: null };

interface FileList {
  list: PickedFile[];
}

/** Sends what is in the form, and says where to go on; keeps it where the link is away. */
async function sendDraft(value: CaseDraft, files: PickedFile[], onKept: () => void): Promise<Outcome> {
  const item = await prepare(value, files);
  inForm.value = item.id;
  const isKept = await enqueue(item).then(() => true, () => false);
  if (!isKept) return sendUnkept(item);
  onKept();
  return new Promise((resolve, reject) => {
    send(item.id, (request) => resolve({ kind: 'there', request })).then(resolve, reject);
  });
}

function AskForm({ id }: { id: string }) {
  const draft = useDraft(`ask/${id}`, emptyDraft);
  const files = useDraft<FileList>(`ask-files/${id}`, () => ({ list: [] }));
  const [state, setState] = useState<SendState>(IDLE);
  const here = useRef(true); // whoever went on to another page is not called back
  useEffect(() => () => { here.current = false; }, []);
  const sending = useRef(false); // at once, where the state waits for the next drawing: no double send
  const value = draft.value.value;
  const change = (part: Partial<CaseDraft>) => {
    draft.value.value = { ...draft.value.value, ...part };
  };
  const part = { draft: value, problems: state.problems, change };

  const finish = async (outcome: Outcome) => {
    if (!here.current && (outcome.kind === 'twin' || outcome.kind === 'refused')) {
      await refreshOutbox(); // told there, and kept: the form is not on the page any more
      draft.clear();
      files.clear();
      return;
    }
    if (outcome.kind === 'twin') {
      await withdraw(value.id).catch(() => undefined);
      setState({ ...IDLE, twin: await read<Patient>(`Patient/${outcome.sentence}`) });
      return;
    }
    if (outcome.kind === 'refused') {
      await withdraw(value.id).catch(() => undefined);
      change({ id: newUuid() }); // the node may keep what was refused as a draft: what is sent next is what is typed then
      setState({ ...IDLE, failure: t('error.refused', { detail: outcome.sentence }) });
      return;
    }
    draft.clear();
    files.clear();
    void refreshWork();
    if (!here.current) return;
    if (outcome.kind === 'waiting') goTo('outgoing');
    else goTo('case', outcome.request, { sent: '1' });
  };
  const sendIt = async () => {
    if (sending.current) return;
    const problems = checkDraft(value);
    setState({ ...IDLE, problems, busy: problems.length === 0 });
    if (problems.length > 0) return;
    sending.current = true;
    try {
      await finish(await sendDraft(value, files.value.value.list, () => setState({ ...IDLE, busy: true, kept: true })));
    } catch (error) {
      setState({ ...IDLE, failure: sentence(error) });
    } finally {
      inForm.value = '';
      sending.current = false;
    }
  };
  const discard = () => {
    if (!window.confirm(t('ask.discard-sure'))) return;
    draft.clear();
    files.clear();
    setState(IDLE);
  };
  if (!draft.ready.value || !files.ready.value) return <Skeleton rows={6} />;
  return (
    <>
      {state.problems.length > 0 && <Summary problems={state.problems} />}
      <form noValidate onSubmit={(event) => { event.preventDefault(); void sendIt(); }}>
        <section aria-labelledby="part-patient">
          <h2 id="part-patient">{t('ask.patient')}</h2>
          <PatientPart {...part} />
        </section>
        <section aria-labelledby="part-question">
          <h2 id="part-question">{t('ask.question-part')}</h2>
          <KindPart {...part} />
          <TextArea id="question" rows={2} label={t('ask.question')} hint={t('ask.question-hint')} problem={problemOf(state.problems, 'question')} value={value.question} onChange={(question) => change({ question })} />
          <TextArea id="story" rows={6} label={t('ask.story')} optional={t('form.optional')} hint={t('ask.story-hint')} value={value.story} onChange={(story) => change({ story })} />
          <UrgencyPart {...part} />
          <IntentPart {...part} />
        </section>
        <section aria-labelledby="part-whom">
          <h2 id="part-whom">{t('whom.title')}</h2>
          <AskWhom draft={value} change={change} />
        </section>
        <CorePart {...part} />
        <section aria-labelledby="part-vitals">
          <h2 id="part-vitals">{t('vitals.title')}</h2>
          <p class="part-note">{t('ask.vitals-hint')}</p>
          <VitalsForm value={value.vitals} onChange={(vitals) => change({ vitals })} />
          <VitalsSoFar draft={value} />
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
        {isAbroad(value) && (
          <AskConsent draft={value} asked={value.share.asked} problems={Object.fromEntries(state.problems.map((problem) => [problem.field, problem.text]))} change={change} />
        )}
        <CompletePart draft={value} files={files.value.value.list.length} />
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
          <p class="hint" role="status">{state.kept ? t('ask.on-its-way') : draft.safe.value && files.safe.value ? t('ask.kept') : t('ask.not-kept')}</p>
        </div>
      </form>
    </>
  );
}

export function AskPage({ id }: { id: string }) {
  useEffect(() => {
    if (!id) replaceWith('ask', newUuid()); // a draft has an address, so that it is found again
  }, [id]);
  if (!id) return null;
  return (
    <div class="page page-form">
      <a class="back" href={hrefTo('cases')}><Icon name="back" />{t('nav.cases')}</a>
      <Heading text={t('ask.title')} />
      <WaitingList but={id} />
      <AskForm key={id} id={id} />
    </div>
  );
}
