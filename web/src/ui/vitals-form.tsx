// SPDX-License-Identifier: Apache-2.0
// Vital signs as a form: each may be left empty, each shows its unit, and what looks like
// a slip is pointed out in words while it can still be set right.
import { CONSCIOUSNESS_LABELS, NUMBER_VITALS, OXYGEN_LABELS, hintFor, type Consciousness, type NumberVital, type VitalsDraft } from '../fhir/vitals';
import { t } from '../lib/i18n';
import { Choice } from './fields';

interface VitalsFormProps {
  value: VitalsDraft;
  onChange: (value: VitalsDraft) => void;
}

function NumberField({ id, value, onChange }: VitalsFormProps & { id: NumberVital }) {
  const kind = NUMBER_VITALS[id];
  const typed = value.numbers[id] ?? '';
  const hint = hintFor(id, typed, value);
  const field = `vital-${id}`;
  return (
    <div class={`vital-field${hint?.blocks ? ' field-wrong' : ''}`}>
      <label for={field}>{t(kind.label)}</label>
      <span class="with-unit">
        <input
          id={field}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          value={typed}
          aria-invalid={hint?.blocks ? true : undefined}
          aria-describedby={`${field}-unit${hint ? ` ${field}-hint` : ''}`}
          onInput={(event) => onChange({ ...value, numbers: { ...value.numbers, [id]: event.currentTarget.value } })}
        />
        <span class="unit" id={`${field}-unit`}>{kind.unit}</span>
      </span>
      <p class={hint?.blocks ? 'problem' : 'check'} id={`${field}-hint`} aria-live="polite">{hint?.text}</p>
    </div>
  );
}

export function VitalsForm({ value, onChange }: VitalsFormProps) {
  const number = (id: NumberVital) => <NumberField id={id} value={value} onChange={onChange} />;
  const levels = Object.keys(CONSCIOUSNESS_LABELS) as Consciousness[];
  return (
    <div class="vitals-form">
      {number('breaths')}
      {number('saturation')}
      {number('pulse')}
      {number('temperature')}
      {number('systolic')}
      {number('diastolic')}
      <Choice
        id="vital-supply"
        compact
        label={t('vitals.breathing')}
        value={value.supply}
        onChange={(supply) => onChange({ ...value, supply })}
        options={[
          { value: 'air', label: t(OXYGEN_LABELS.air) },
          { value: 'oxygen', label: t(OXYGEN_LABELS.oxygen) },
        ]}
      />
      {value.supply === 'oxygen' && number('oxygen')}
      <Choice
        id="vital-consciousness"
        compact
        label={t('vitals.consciousness')}
        value={value.consciousness}
        onChange={(consciousness) => onChange({ ...value, consciousness })}
        options={levels.map((level) => ({ value: level, label: t(CONSCIOUSNESS_LABELS[level]) }))}
      />
    </div>
  );
}
