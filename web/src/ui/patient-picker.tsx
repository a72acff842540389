// SPDX-License-Identifier: Apache-2.0
// Find a patient by name or identifier while typing. A combobox with a list: arrows move,
// Enter chooses, and the last line registers someone new.
import { useEffect, useRef, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { findPatients } from '../fhir/patient';
import type { Patient } from '../fhir/types';
import { t } from '../lib/i18n';
import { Field } from './fields';
import { Icon } from './icon';
import { PatientLine } from './patient-line';

const PAUSE = 180;

interface PickerProps {
  id: string;
  problem?: string | undefined;
  onPick: (patient: Patient) => void;
  onRegister: (name: string) => void;
}

interface Found {
  text: string;
  patients: Patient[];
  problem: string;
}

function useFound(text: string): Found {
  const [found, setFound] = useState<Found>({ text: '', patients: [], problem: '' });
  useEffect(() => {
    let stale = false;
    const look = async () => {
      const next = await findPatients(text).then(
        (patients) => ({ text, patients, problem: '' }),
        (error: unknown) => ({ text, patients: [], problem: sentence(error) }),
      );
      if (!stale) setFound(next);
    };
    const timer = setTimeout(() => void look(), PAUSE);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [text]);
  return found;
}

export function PatientPicker({ id, problem, onPick, onRegister }: PickerProps) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(-1);
  const list = useRef<HTMLUListElement>(null);
  const found = useFound(text);
  const open = text.trim() !== '' && found.text === text;
  const count = found.patients.length + 1;
  const choose = (at: number) => {
    const patient = found.patients[at];
    if (patient) onPick(patient);
    else onRegister(text.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!open) return;
    if (event.key === 'ArrowDown') setActive((active + 1) % count);
    else if (event.key === 'ArrowUp') setActive((active + count - 1) % count);
    else if (event.key === 'Enter') choose(active < 0 ? 0 : active);
    else if (event.key === 'Escape') setText('');
    else return;
    event.preventDefault();
  };
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <Field id={id} label={t('picker.label')} hint={t('picker.hint')} problem={problem}>
      <span class="with-icon">
        <Icon name="search" />
        <input
          id={id}
          type="text"
          role="combobox"
          autocomplete="off"
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={open && active >= 0 ? `${id}-${active}` : undefined}
          aria-describedby={`${id}-hint${problem ? ` ${id}-problem` : ''}`}
          aria-invalid={problem ? true : undefined}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setActive(-1);
          }}
          onKeyDown={onKeyDown}
        />
      </span>
      {found.problem && open && <p class="problem" role="alert">{found.problem}</p>}
      <p class="unseen" role="status">{open ? t('picker.count', { n: found.patients.length }) : ''}</p>
      <ul id={`${id}-list`} ref={list} class="picker-list" role="listbox" aria-label={t('picker.found')} hidden={!open}>
        {found.patients.map((patient, at) => (
          <li key={patient.id} id={`${id}-${at}`} role="option" aria-selected={at === active} onClick={() => choose(at)}>
            <PatientLine patient={patient} withIdentifier />
          </li>
        ))}
        <li id={`${id}-${count - 1}`} role="option" class="picker-new" aria-selected={active === count - 1} onClick={() => choose(count - 1)}>
          <Icon name="add" />
          {t('picker.register', { name: text.trim() })}
        </li>
      </ul>
    </Field>
  );
}
