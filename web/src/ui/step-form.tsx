// SPDX-License-Identifier: Apache-2.0
// The form of one step of a case, made from its line in fhir/case-step.ts. What is typed is
// kept until it is sent; a second try after a broken link writes nothing twice.
import { useEffect, useRef, useState } from 'preact/hooks';
import { fieldsOf, lacking, takeStep, type Step, type StepField, type Taken } from '../fhir/case-step';
import { sentence } from '../fhir/client';
import { useDraft } from '../lib/draft';
import { t } from '../lib/i18n';
import { newUuid } from '../lib/ids';
import { BedPicker } from './bed-picker';
import { Choice, TextArea, TextField } from './fields';
import { FilesField } from './files-field';
import { Notice } from './notice';
import { STEP_WORDS } from './step-words';
import { UnitPicker } from './unit-picker';

/** Of a field, or of a code of one ("field.code"). */
function wordsOf(step: Step, part: string): string {
  const key = STEP_WORDS[step.name].of[part];
  return key ? t(key) : part;
}

function truthOptions() {
  return [{ value: 'true' as const, label: t('step.yes') }, { value: 'false' as const, label: t('step.no') }];
}

interface StepFieldProps {
  step: Step;
  field: StepField;
  value: string;
  problem: string | undefined;
  onChange: (value: string) => void;
  onSubmit: () => void;
}

function idOf(step: Step, name: string): string {
  return `step-${step.name}-${name}`;
}

function OneField({ step, field, value, problem, onChange, onSubmit }: StepFieldProps) {
  const common = { id: idOf(step, field.name), label: wordsOf(step, field.name), problem };
  if (field.as === 'code') {
    const options = field.codes.map((code) => ({ value: code, label: wordsOf(step, `${field.name}.${code}`) }));
    return <Choice {...common} compact value={value} options={options} onChange={onChange} />;
  }
  if (field.as === 'truth') return <Choice {...common} compact value={value as 'true' | 'false' | ''} options={truthOptions()} onChange={onChange} />;
  if (field.as === 'unit') return <UnitPicker {...common} value={value} onChange={onChange} />;
  if (field.as === 'bed') return <BedPicker {...common} value={value} kept={field.optional ?? false} onChange={onChange} />;
  if (field.as === 'time') return <TextField {...common} optional={t('form.optional')} value={value} onChange={onChange} input={{ type: 'datetime-local' }} />;
  return (
    <TextArea {...common} rows={field.rows ?? 3} value={value} onChange={onChange} onSubmit={onSubmit} {...(field.optional ? { optional: t('form.optional') } : {})} />
  );
}

interface StepFormProps {
  step: Step;
  /** The case. */
  request: string;
  /** What stands in the form before anything is typed. */
  given?: Record<string, string>;
  /** Where that comes from: what is typed over it is kept apart from what was typed without it. */
  from?: string;
  /** The step was taken: read the case again. */
  onTaken: () => Promise<void>;
}

export function StepForm({ step, request, given, from = '', onTaken }: StepFormProps) {
  const draft = useDraft<Taken>(`step.${step.name}.${request}${from && `.${from}`}`, () => ({ id: newUuid(), values: { ...given }, files: [] }));
  const [state, setState] = useState({ busy: false, failure: '', lacks: '' });
  const sending = useRef(false);
  const alive = useRef(true);
  useEffect(() => () => { alive.current = false; }, []);
  const own = STEP_WORDS[step.name];
  const taken = draft.value.value;
  const change = (part: Partial<Taken>) => { draft.value.value = { ...draft.value.value, ...part }; };
  const send = async () => {
    if (sending.current) return;
    const lacks = lacking(step, taken.values, taken.files) ?? '';
    setState({ busy: !lacks, failure: '', lacks });
    if (lacks) {
      document.getElementById(idOf(step, lacks))?.focus();
      return;
    }
    sending.current = true;
    try {
      await takeStep(request, step, taken);
      draft.clear();
      await onTaken();
      if (alive.current) setState({ busy: false, failure: '', lacks: '' });
    } catch (error) {
      if (alive.current) setState({ busy: false, failure: sentence(error), lacks: '' });
    } finally {
      sending.current = false;
    }
  };
  return (
    <form class="step-form" noValidate onSubmit={(event) => { event.preventDefault(); void send(); }} aria-label={t(own.title)}>
      <p class="hint">{t(own.why)}</p>
      {fieldsOf(step, taken.values).map((field) => (
        <OneField
          key={field.name} step={step} field={field} value={taken.values[field.name] ?? ''}
          problem={state.lacks === field.name && !taken.values[field.name]?.trim() ? t('step.lacks') : undefined}
          onChange={(value) => change({ values: { ...taken.values, [field.name]: value } })} onSubmit={() => void send()}
        />
      ))}
      {step.files && <FilesField id={idOf(step, 'files')} files={taken.files} onChange={(files) => change({ files })} />}
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
      <div class="form-end">
        <button type="submit" class="button button-main" disabled={state.busy}>{state.busy ? t('ask.sending') : t(own.send)}</button>
        {!draft.safe.value && <p class="hint">{t('ask.not-kept')}</p>}
      </div>
    </form>
  );
}
