// SPDX-License-Identifier: Apache-2.0
// A department somewhere in the network, found by a few letters of its name or its hospital's.
import { useState } from 'preact/hooks';
import { resourcesOf, search } from '../fhir/client';
import { isType, localReference, referenceTo } from '../fhir/codes';
import type { Organization } from '../fhir/types';
import { t } from '../lib/i18n';
import { Choice, TextField } from './fields';
import { useFound } from './use-found';

const MOST = 8;

interface Found {
  reference: string;
  name: string;
}

/** Units whose name, or whose hospital's name, has ${text} in it. */
async function find(text: string): Promise<Found[]> {
  const bundle = await search('Organization', { _filter: `name co "${text.replace(/["\\]/g, ' ')}" or partof.name co "${text.replace(/["\\]/g, ' ')}"`, _include: 'Organization:partof', _count: '40' });
  const all = resourcesOf(bundle).filter((one) => isType<Organization>(one, 'Organization'));
  const named = new Map(all.map((one) => [referenceTo(one), one.name ?? '']));
  return all.filter((one) => one.partOf).slice(0, MOST).map((one) => ({
    reference: referenceTo(one),
    name: [one.name, named.get(localReference(one.partOf?.reference))].filter(Boolean).join(', '),
  }));
}

interface UnitPickerProps {
  id: string;
  label: string;
  problem: string | undefined;
  value: string;
  onChange: (reference: string) => void;
}

export function UnitPicker({ id, label, problem, value, onChange }: UnitPickerProps) {
  const [text, setText] = useState('');
  const found = useFound(text, find);
  return (
    <div class="unit-picker">
      <TextField id={id} label={label} problem={problem} hint={t('unit.hint')} value={text} onChange={setText} input={{ autoComplete: 'off' }} />
      {found.length > 0 && (
        <Choice id={`${id}-found`} label={t('unit.found')} hideLabel value={value} onChange={onChange} options={found.map((one) => ({ value: one.reference, label: one.name }))} />
      )}
    </div>
  );
}
