// SPDX-License-Identifier: Apache-2.0
// Form parts: a label, a hint, what is wrong, and the control, tied together for those
// who listen to the page.
import type { ComponentChildren, JSX } from 'preact';

interface FieldProps {
  id: string;
  label: string;
  optional?: string | undefined;
  hint?: string | undefined;
  problem?: string | undefined;
  children: ComponentChildren;
}

function describedBy(id: string, hint?: string, problem?: string): string | undefined {
  return [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ') || undefined;
}

export function Field({ id, label, optional, hint, problem, children }: FieldProps) {
  return (
    <div class={`field${problem ? ' field-wrong' : ''}`}>
      <label for={id}>
        {label}
        {optional && <span class="optional"> {optional}</span>}
      </label>
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {problem && <p class="problem" id={`${id}-problem`}>{problem}</p>}
      {children}
    </div>
  );
}

type Common = Omit<FieldProps, 'children'>;

interface TextFieldProps extends Common {
  value: string;
  onChange: (value: string) => void;
  input?: JSX.IntrinsicElements['input'];
}

export function TextField({ value, onChange, input, ...field }: TextFieldProps) {
  return (
    <Field {...field}>
      <input
        type="text"
        {...input}
        id={field.id}
        value={value}
        aria-invalid={field.problem ? true : undefined}
        aria-describedby={describedBy(field.id, field.hint, field.problem)}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}

interface TextAreaProps extends Common {
  value: string;
  rows: number;
  onChange: (value: string) => void;
  onSubmit?: () => void;
}

/** Many lines. Ctrl Enter sends, where there is something to send to. */
export function TextArea({ value, rows, onChange, onSubmit, ...field }: TextAreaProps) {
  return (
    <Field {...field}>
      <textarea
        id={field.id}
        rows={rows}
        value={value}
        aria-invalid={field.problem ? true : undefined}
        aria-describedby={describedBy(field.id, field.hint, field.problem)}
        onInput={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (onSubmit && event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSubmit();
        }}
      />
    </Field>
  );
}

export interface Option<T extends string> {
  value: T;
  label: string;
  hint?: string;
  extra?: ComponentChildren;
  kind?: string;
}

interface ChoiceProps<T extends string> {
  id: string;
  label: string;
  optional?: string;
  problem?: string | undefined;
  options: Option<T>[];
  value: T | '';
  onChange: (value: T) => void;
  compact?: boolean;
  hideLabel?: boolean;
}

/** One of a few, all in sight: radio buttons in the shape of tiles. */
export function Choice<T extends string>({ id, label, optional, problem, options, value, onChange, compact, hideLabel }: ChoiceProps<T>) {
  return (
    <fieldset id={id} class={`choice${compact ? ' choice-compact' : ''}${problem ? ' field-wrong' : ''}`} tabIndex={-1} aria-describedby={describedBy(id, undefined, problem)}>
      <legend class={hideLabel ? 'unseen' : undefined}>
        {label}
        {optional && <span class="optional"> {optional}</span>}
      </legend>
      {problem && <p class="problem" id={`${id}-problem`}>{problem}</p>}
      <div class="tiles">
        {options.map((option) => (
          <label key={option.value} class={`tile${option.kind ? ` tile-${option.kind}` : ''}`}>
            <input type="radio" name={id} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} />
            <span class="tile-text">
              <span class="tile-label">{option.extra}{option.label}</span>
              {option.hint && <span class="hint">{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export interface SelectOption {
  value: string;
  label: string;
  /** Those of one group stand together, under its name. */
  group?: string;
}

interface SelectFieldProps extends Common {
  value: string;
  options: SelectOption[];
  onChange: (value: string) => void;
}

function Options({ options }: { options: SelectOption[] }) {
  const one = (option: SelectOption) => <option key={option.value} value={option.value}>{option.label}</option>;
  const groups = [...new Set(options.flatMap((option) => option.group ?? []))];
  return (
    <>
      {options.filter((option) => !option.group).map(one)}
      {groups.map((group) => <optgroup key={group} label={group}>{options.filter((option) => option.group === group).map(one)}</optgroup>)}
    </>
  );
}

/** One of many, in a list that opens. */
export function SelectField({ value, options, onChange, ...field }: SelectFieldProps) {
  return (
    <Field {...field}>
      <select
        class="select"
        id={field.id}
        value={value}
        aria-invalid={field.problem ? true : undefined}
        aria-describedby={describedBy(field.id, field.hint, field.problem)}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <Options options={options} />
      </select>
    </Field>
  );
}
