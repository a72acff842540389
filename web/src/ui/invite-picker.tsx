// SPDX-License-Identifier: Apache-2.0
// Whom one may invite, found by a few letters: departments and people. What is chosen stands
// below, to be taken back.
import { useState } from 'preact/hooks';
import { whomToInvite } from '../fhir/invite';
import type { Invited } from '../fhir/mdt';
import { t } from '../lib/i18n';
import { TextField } from './fields';
import { Icon } from './icon';
import { useFound } from './use-found';

interface InvitePickerProps {
  id: string;
  label: string;
  hint: string;
  problem: string | undefined;
  chosen: Invited[];
  onChange: (chosen: Invited[]) => void;
  /** People alone. */
  peopleOnly?: boolean;
}

export function InvitePicker({ id, label, hint, problem, chosen, onChange, peopleOnly }: InvitePickerProps) {
  const [text, setText] = useState('');
  const found = useFound(text, whomToInvite).filter((one) => !chosen.some((other) => other.reference === one.reference) && (!peopleOnly || one.reference.startsWith('Practitioner/')));
  const add = (one: Invited) => {
    onChange([...chosen, one]);
    setText('');
    document.getElementById(id)?.focus();
  };
  return (
    <div class="invite-picker">
      <TextField
        id={id} label={label} hint={hint} problem={problem} value={text} onChange={setText}
        input={{ autoComplete: 'off', onKeyDown: (event) => { if (event.key === 'Enter') { event.preventDefault(); if (found[0]) add(found[0]); } } }}
      />
      {found.length > 0 && (
        <ul class="invite-found" aria-label={t('mdt.found')}>
          {found.map((one) => (
            <li key={one.reference}><button type="button" class="button-quiet" onClick={() => add(one)}><Icon name={one.reference.startsWith('Practitioner/') ? 'people' : 'add'} size={16} />{one.name}</button></li>
          ))}
        </ul>
      )}
      {chosen.length > 0 && (
        <ul class="invite-chosen" aria-label={t('mdt.invited')}>
          {chosen.map((one) => (
            <li key={one.reference}>
              {one.name}
              <button type="button" class="button-quiet" aria-label={t('mdt.remove', { name: one.name })} onClick={() => onChange(chosen.filter((other) => other !== one))}><Icon name="close" size={16} /></button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
