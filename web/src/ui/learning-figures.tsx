// SPDX-License-Identifier: Apache-2.0
// How many were trained, for those who see nobody: persons, and person-courses beside them.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadFigures, type Figures } from '../fhir/learning';
import { endedQuarters } from '../fhir/numbers';
import { numberIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { now } from '../lib/time';
import { SelectField } from './fields';
import { Failure, Skeleton } from './notice';

const QUARTERS = 8;
const COLUMNS: readonly [keyof Figures['total'], TextKey][] = [
  ['persons', 'learn.f-persons'], ['person-courses', 'learn.f-courses'], ['sent', 'learn.f-sent'], ['looked', 'learn.f-looked'], ['used', 'learn.f-used'],
];

function Cell({ count }: { count: number | null }) {
  if (count === null) return <td class="number"><span aria-hidden="true">•</span><span class="unseen">{t('numbers.hidden')}</span></td>;
  return <td class="number">{numberIn(language.value, count)}</td>;
}

function Table({ figures }: { figures: Figures }) {
  return (
    <div class="learn-figures">
      <table>
        <caption class="unseen">{t('learn.figures')}</caption>
        <thead><tr><th scope="col">{t('learn.f-hospital')}</th>{COLUMNS.map(([name, key]) => <th key={name} scope="col">{t(key)}</th>)}</tr></thead>
        <tbody>
          {figures.hospitals.map((one) => <tr key={one.hospital.reference}><th scope="row">{one.hospital.name}</th>{COLUMNS.map(([name]) => <Cell key={name} count={one.counts[name]} />)}</tr>)}
          <tr><th scope="row">{t('learn.f-all')}</th>{COLUMNS.map(([name]) => <Cell key={name} count={figures.total[name]} />)}</tr>
        </tbody>
      </table>
    </div>
  );
}

export function LearningFigures() {
  const quarters = endedQuarters(now.value, QUARTERS);
  const [period, setPeriod] = useState(quarters[0] ?? '');
  const [state, setState] = useState<{ figures: Figures | null; problem: string }>({ figures: null, problem: '' });
  const latest = useLatest();
  const load = () => latest(loadFigures(period)).then((figures) => setState({ figures, problem: '' }), (error: unknown) => setState({ figures: null, problem: sentence(error) }));
  useEffect(() => { void load(); }, [period]);
  return (
    <section aria-labelledby="learn-figures">
      <h2 id="learn-figures">{t('learn.figures')}</h2>
      <p class="hint">{t('learn.figures-hint')}</p>
      <SelectField id="learn-quarter" label={t('numbers.quarter')} value={period} onChange={setPeriod} options={quarters.map((one) => ({ value: one, label: one }))} />
      {state.problem && <Failure text={state.problem} retry={() => void load()} />}
      {!state.figures && !state.problem && <Skeleton />}
      {state.figures && <Table figures={state.figures} />}
    </section>
  );
}
