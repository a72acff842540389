// SPDX-License-Identifier: Apache-2.0
// Some people of the network: found one after another by letters of their names, and left out again.
import type { Named } from '../fhir/logbook';
import { t } from '../lib/i18n';
import { LearnerPicker } from './learner-picker';

interface PeopleFieldProps {
  id: string;
  label: string;
  optional?: string;
  list: Named[];
  onChange: (list: Named[]) => void;
}

export function PeopleField({ id, label, optional, list, onChange }: PeopleFieldProps) {
  const others = (one: Named) => list.filter((other) => other.reference !== one.reference);
  return (
    <div>
      <LearnerPicker id={id} label={label} {...(optional ? { optional } : {})} onPick={(one) => onChange([...others(one), one])} />
      {list.length > 0 && (
        <ul class="learner-found">
          {list.map((one) => <li key={one.reference}>{one.name} <button type="button" class="link" onClick={() => onChange(others(one))}>{t('learn.remove', { name: one.name })}</button></li>)}
        </ul>
      )}
    </div>
  );
}
