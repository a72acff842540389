// SPDX-License-Identifier: Apache-2.0
// Log an operation: what, when, my part, with whom, on whom if it is known. Everybody's
// logbook follows from this one record.
import { useEffect, useRef, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { referenceTo } from '../fhir/codes';
import { FUNCTIONS, colleagues, isByHand, operates, proceduresToLog, operationCall, procedureName, stepName, stepsOf, unitsAround, type Named, type NewOperation, type PartIn } from '../fhir/logbook';
import { say } from '../fhir/outgoing-call';
import { today } from '../fhir/people';
import type { Patient } from '../fhir/types';
import { keptHere, useDraft } from '../lib/draft';
import { language, t } from '../lib/i18n';
import { newUuid } from '../lib/ids';
import { goTo, hrefTo } from '../lib/router';
import { shortDate } from '../lib/time';
import { myPlace, session } from '../session';
import { Choice, SelectField, TextField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { partName } from '../ui/logbook-words';
import { Notice } from '../ui/notice';
import { DevicesPart } from '../ui/operation-devices';
import { PatientLine } from '../ui/patient-line';
import { PatientPicker } from '../ui/patient-picker';

interface Typed {
  id: string;
  code: string;
  day: string;
  mine: PartIn | '';
  other: string;
  others: PartIn;
  patient: Patient | null;
  /** By their words: who operated in them. */
  steps: Record<string, 'me' | 'other'>;
  /** Not in a draft of before. */
  devices?: string[];
}

function useColleagues(): Named[] {
  const [people, setPeople] = useState<Named[]>([]);
  const me = session.value?.practitioner ?? '';
  const hospital = myPlace().organization ?? '';
  useEffect(() => {
    const find = async () => (await colleagues(hospital ? await unitsAround(hospital) : [], me)).filter((one) => one.reference !== me);
    void keptHere('colleagues', find).then(setPeople, () => undefined);
  }, []);
  return people;
}

function options(code: string) {
  return FUNCTIONS.map((one) => ({ value: one, label: partName(one, isByHand(code)) }));
}

function PatientPart({ typed, change }: { typed: Typed; change: (part: Partial<Typed>) => void }) {
  const [unknown, setUnknown] = useState('');
  return (
    <fieldset class="log-patient">
      <legend>{t('log.patient')} <span class="optional">{t('form.optional')}</span></legend>
      {typed.patient
        ? (
          <>
            <PatientLine patient={typed.patient} withIdentifier />
            <button type="button" class="link" onClick={() => change({ patient: null })}>{t('log.other-patient')}</button>
          </>
        )
        : <PatientPicker id="log-patient" problem={unknown ? t('log.patient-unknown', { name: unknown }) : undefined} onPick={(patient) => { setUnknown(''); change({ patient }); }} onRegister={setUnknown} />}
      <p class="hint">{t('log.patient-none')}</p>
    </fieldset>
  );
}

/** Open only when somebody wants it: most operations are one person's. */
function StepsPart({ typed, name, change }: { typed: Typed; name: string; change: (part: Partial<Typed>) => void }) {
  const steps = stepsOf(typed.code);
  if (steps.length === 0) return null;
  const who = [{ value: 'me' as const, label: t('log.step-me') }, ...(name ? [{ value: 'other' as const, label: name }] : [])];
  return (
    <details class="log-steps">
      <summary>{t('log.steps')}</summary>
      {steps.map((step, at) => (
        <Choice key={step} id={`log-step-${at}`} label={stepName(typed.code, step, language.value)} compact value={typed.steps[step] ?? ''} options={who} onChange={(value) => change({ steps: { ...typed.steps, [step]: value } })} />
      ))}
    </details>
  );
}

function lacks(typed: Typed): 'code' | 'mine' | '' {
  if (!typed.code) return 'code';
  return typed.mine ? '' : 'mine';
}

export function OperationPage() {
  const people = useColleagues();
  const me = session.value?.practitioner ?? '';
  const draft = useDraft<Typed>('operation', () => ({ id: newUuid(), code: '', day: today(), mine: '', other: '', others: 'supervisor', patient: null, steps: {} }));
  const [state, setState] = useState({ busy: false, failure: '', lacks: '' });
  const sending = useRef(false);
  const typed = draft.value.value;
  const change = (part: Partial<Typed>) => { draft.value.value = { ...draft.value.value, ...part }; };
  const send = async () => {
    if (sending.current) return;
    const missing = lacks(typed);
    setState({ busy: !missing, failure: '', lacks: missing });
    if (missing) {
      document.getElementById(`log-${missing}`)?.focus();
      return;
    }
    sending.current = true;
    const { id, code, day, mine, other, others, patient } = typed;
    const steps = stepsOf(code).flatMap((step) => (typed.steps[step] === 'me' ? [{ step, who: me }] : typed.steps[step] === 'other' && other ? [{ step, who: other }] : []));
    const operation: NewOperation = { id, code, day, mine: mine || 'operator', me, other, others, patient: patient ? referenceTo(patient) : '', steps, devices: typed.devices ?? [] };
    try {
      const name = people.find((one) => one.reference === other)?.name ?? '';
      const what = [shortDate(day), name].filter(Boolean).join(' · ');
      const there = await say({ id, who: procedureName(code, language.value), what, call: operationCall(operation), draft: { ...typed, name } });
      draft.clear();
      goTo(there ? 'logbook' : 'outgoing');
    } catch (error) {
      setState({ busy: false, failure: sentence(error), lacks: '' });
    } finally {
      sending.current = false;
    }
  };
  const problem = (name: 'code' | 'mine') => (state.lacks === name && !typed[name] ? t('step.lacks') : undefined);
  return (
    <div class="page">
      <Heading text={t(operates() ? 'log.record' : 'log.record-did')} />
      <form class="step-form" noValidate onSubmit={(event) => { event.preventDefault(); void send(); }}>
        <SelectField id="log-code" label={t('log.procedure')} problem={problem('code')} value={typed.code} onChange={(code) => change({ code, steps: {} })} options={[{ value: '', label: t('log.choose') }, ...proceduresToLog(language.value)]} />
        <TextField id="log-day" label={t('log.day')} value={typed.day} onChange={(day) => change({ day })} input={{ type: 'date', max: today() }} />
        <Choice id="log-mine" label={t('log.my-part')} compact problem={problem('mine')} value={typed.mine} options={options(typed.code)} onChange={(mine) => change({ mine })} />
        <SelectField id="log-other" label={t('log.with')} value={typed.other} onChange={(other) => change({ other })} options={[{ value: '', label: t('log.with-nobody') }, ...people.map((one) => ({ value: one.reference, label: one.name }))]} />
        {typed.other && <Choice id="log-others" label={t('log.their-part')} compact value={typed.others} options={options(typed.code)} onChange={(others) => change({ others })} />}
        <StepsPart typed={typed} name={people.find((one) => one.reference === typed.other)?.name ?? ''} change={change} />
        <DevicesPart chosen={typed.devices ?? []} onChange={(devices) => change({ devices })} />
        <PatientPart typed={typed} change={change} />
        {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
        <div class="form-end">
          <button type="submit" class="button button-main" disabled={state.busy}>{t('log.done')}</button>
          <a class="button" href={hrefTo('logbook')}>{t('action.cancel')}</a>
        </div>
      </form>
    </div>
  );
}
