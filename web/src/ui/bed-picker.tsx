// SPDX-License-Identifier: Apache-2.0
// One of the free beds of my hospital, as they are now.
import { useEffect, useState } from 'preact/hooks';
import { onChange as onRecords } from '../events';
import { isFree, loadWards, type Ward } from '../fhir/beds';
import { sentence } from '../fhir/client';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { mayOpen } from '../navigation';
import { Choice, SelectField } from './fields';
import { Notice } from './notice';

const IN_SIGHT = 12;

interface BedPickerProps {
  id: string;
  label: string;
  problem: string | undefined;
  value: string;
  /** There is one already: it may stay. */
  kept: boolean;
  onChange: (reference: string) => void;
}

function useWards(): { wards: Ward[] | null; problem: string } {
  const [state, setState] = useState<{ wards: Ward[] | null; problem: string }>({ wards: null, problem: '' });
  useEffect(() => {
    let alive = true;
    const read = () => {
      loadWards().then(
        (wards) => { if (alive) setState({ wards, problem: '' }); },
        (error: unknown) => { if (alive) setState((before) => ({ ...before, problem: sentence(error) })); },
      );
    };
    read();
    const stop = onRecords((change) => { if (!change || change.type === 'Location') read(); });
    return () => {
      alive = false;
      stop();
    };
  }, []);
  return state;
}

export function BedPicker({ id, label, problem, value, kept, onChange }: BedPickerProps) {
  const { wards, problem: failure } = useWards();
  const several = (wards ?? []).length > 1;
  const free = (wards ?? []).flatMap((ward) => ward.beds.filter(isFree).map((bed) => ({ value: bed.reference, label: several ? `${bed.name}, ${ward.name}` : bed.name })));
  useEffect(() => { // somebody was quicker
    if (wards && value && !free.some((one) => one.value === value)) onChange('');
  }, [wards]);
  if (failure) return <Notice kind="problem"><p>{failure}</p></Notice>;
  if (!wards) return <p class="hint">{t('bed.reading')}</p>;
  const options = [...(kept ? [{ value: '', label: t('bed.as-kept') }] : []), ...free];
  if (free.length === 0 && !kept) {
    return (
      <Notice kind="info">
        <p>{t('bed.none')} {mayOpen('transfers') && <a href={hrefTo('transfers')}>{t('nav.transfers')}</a>}</p>
      </Notice>
    );
  }
  if (kept || free.length > IN_SIGHT) {
    return <SelectField id={id} label={label} problem={problem} value={value} onChange={onChange} options={kept ? options : [{ value: '', label: t('bed.choose') }, ...options]} />;
  }
  return <Choice id={id} label={label} problem={problem} compact value={value} onChange={onChange} options={options} />;
}
