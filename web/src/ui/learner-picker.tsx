// SPDX-License-Identifier: Apache-2.0
// Somebody of the network, found by a few letters of the name.
import { useState } from 'preact/hooks';
import { findPeople } from '../fhir/learning';
import type { Named } from '../fhir/logbook';
import { t } from '../lib/i18n';
import { TextField } from './fields';
import { useFound } from './use-found';

interface LearnerPickerProps {
  id: string;
  label: string;
  optional?: string;
  problem?: string | undefined;
  onPick: (person: Named) => void;
}

export function LearnerPicker({ id, label, optional, problem, onPick }: LearnerPickerProps) {
  const [text, setText] = useState('');
  const found = useFound(text, findPeople);
  const pick = (person: Named) => {
    setText('');
    onPick(person);
  };
  return (
    <div class="learner-picker">
      <TextField id={id} label={label} problem={problem} hint={t('learn.name-hint')} value={text} onChange={setText} input={{ autoComplete: 'off' }} {...(optional ? { optional } : {})} />
      {found.length > 0 && (
        <ul class="learner-found" aria-label={t('learn.people-found')}>
          {found.map((one) => <li key={one.reference}><button type="button" class="button" onClick={() => pick(one)}>{one.name}</button></li>)}
        </ul>
      )}
    </div>
  );
}
