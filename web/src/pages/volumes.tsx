// SPDX-License-Identifier: Apache-2.0
// Volumes of departments month by month, with the baseline and what changed with assistance.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import type { Named } from '../fhir/parts';
import { VOLUMES, loadEffect, loadReporters, type Effect, type Volume } from '../fhir/volumes';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { SelectField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Failure, Skeleton } from '../ui/notice';
import { measureWord } from '../ui/published-words';
import { VolumesEffect } from '../ui/volumes-effect';

/** What ${load} gives for ${key}; what was asked for before is left out when it comes late. */
function useAnswer<T>(key: string, load: () => Promise<T>) {
  const [state, set] = useState<{ key: string; value: T | null; problem: string }>({ key: '', value: null, problem: '' });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let off = false;
    load().then((value) => { if (!off) set({ key, value, problem: '' }); }, (error: unknown) => { if (!off) set({ key, value: null, problem: sentence(error) }); });
    return () => { off = true; };
  }, [key, turn]);
  const mine = state.key === key;
  return { value: mine ? state.value : null, problem: mine ? state.problem : '', again: () => setTurn(turn + 1) };
}

function Of({ kind, unit }: { kind: Volume; unit: string }) {
  const { value, problem, again } = useAnswer<Effect>(`${kind} ${unit}`, () => loadEffect(kind, unit));
  if (problem) return <Failure text={problem} retry={again} />;
  return value ? <div class="log-lines"><VolumesEffect effect={value} /></div> : <Skeleton rows={4} />;
}

function Chosen({ kind, units }: { kind: Volume; units: readonly Named[] }) {
  const [unit, setUnit] = useState('');
  const chosen = units.find((one) => one.reference === unit) ?? units[0];
  if (!chosen) return <p class="empty">{t('volumes.none')}</p>;
  return (
    <>
      <SelectField id="volumes-unit" label={t('volumes.unit')} value={chosen.reference} options={units.map((one) => ({ value: one.reference, label: one.name }))} onChange={setUnit} />
      <Of kind={kind} unit={chosen.reference} />
    </>
  );
}

export function VolumesPage() {
  const [kind, setKind] = useState<Volume>('outpatients');
  const { value, problem, again } = useAnswer(kind, () => loadReporters(kind));
  return (
    <div class="page page-wide page-log">
      <Heading text={t('volumes.title')} />
      <p class="hint">{t('volumes.lead')}</p>
      <p class="form-end"><a class="button" href={hrefTo('volumes-import')}>{t('volumes.import')}</a></p>
      <SelectField id="volumes-kind" label={t('volumes.kind')} value={kind} options={VOLUMES.map((one) => ({ value: one, label: measureWord(one) }))} onChange={(one) => setKind(VOLUMES.find((name) => name === one) ?? 'outpatients')} />
      {problem && <Failure text={problem} retry={again} />}
      {!value && !problem && <Skeleton rows={4} />}
      {value && <Chosen key={kind} kind={kind} units={value} />}
    </div>
  );
}
