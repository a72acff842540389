// SPDX-License-Identifier: Apache-2.0
// One person of the directory, found by a few letters; where the person works stands beside the
// name. Who is chosen stands below, to be taken back.
import { useEffect, useState } from 'preact/hooks';
import { findPeople, type Found, type Named } from '../fhir/team';
import { t } from '../lib/i18n';
import { TextField } from './fields';
import { Icon } from './icon';

const PAUSE = 200;

function useFound(text: string): Found[] {
  const [found, setFound] = useState<Found[]>([]);
  useEffect(() => {
    let latest = true;
    if (text.trim().length < 2) {
      setFound([]);
      return undefined;
    }
    const timer = window.setTimeout(() => {
      findPeople(text.trim()).then((list) => { if (latest) setFound(list); }, () => { if (latest) setFound([]); });
    }, PAUSE);
    return () => {
      latest = false;
      clearTimeout(timer);
    };
  }, [text]);
  return found;
}

interface PersonPickerProps {
  id: string;
  label: string;
  hint: string;
  problem?: string | undefined;
  chosen: Named | null;
  onChange: (chosen: Named | null) => void;
}

export function PersonPicker({ id, label, hint, problem, chosen, onChange }: PersonPickerProps) {
  const [text, setText] = useState('');
  const found = useFound(text).filter((one) => one.reference !== chosen?.reference);
  const take = (one: Named) => {
    onChange({ reference: one.reference, name: one.name });
    setText('');
    document.getElementById(id)?.focus();
  };
  return (
    <div class="invite-picker">
      <TextField
        id={id} label={label} hint={hint} problem={problem} value={text} onChange={setText}
        input={{ autoComplete: 'off', onKeyDown: (event) => { if (event.key === 'Enter') { event.preventDefault(); if (found[0]) take(found[0]); } } }}
      />
      {found.length > 0 && (
        <ul class="invite-found" aria-label={t('team.found')}>
          {found.map((one) => <li key={one.reference}><button type="button" class="button-quiet" onClick={() => take(one)}><Icon name="people" size={16} />{[one.name, one.where].filter(Boolean).join(', ')}</button></li>)}
        </ul>
      )}
      {chosen && (
        <p class="invite-chosen" role="status">
          {chosen.name}
          <button type="button" class="button-quiet" aria-label={t('mdt.remove', { name: chosen.name })} onClick={() => onChange(null)}><Icon name="close" size={16} /></button>
        </p>
      )}
    </div>
  );
}
