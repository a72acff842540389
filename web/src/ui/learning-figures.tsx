// SPDX-License-Identifier: Apache-2.0
// How many were trained, for those who see nobody: persons, and person-courses beside them.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadFigures, loadTaught, type Count, type Figures, type Taught } from '../fhir/learning';
import { endedQuarters } from '../fhir/numbers';
import { numberIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { now } from '../lib/time';
import { SelectField } from './fields';
import { KIND_WORDS } from './learn-words';
import { Failure, Skeleton } from './notice';

const QUARTERS = 8;
const COLUMNS: readonly [keyof Figures['total'], TextKey][] = [
  ['persons', 'learn.f-persons'], ['person-courses', 'learn.f-courses'], ['persons-sent', 'learn.f-sent'], ['persons-looked', 'learn.f-looked'], ['persons-used', 'learn.f-used'],
];
const MONTHS = [3, 6, 12];

function Hidden() {
  return <td class="number"><span aria-hidden="true">•</span><span class="unseen">{t('numbers.hidden')}</span></td>;
}

function Cell({ count }: { count: Count }) {
  if (count === null) return <Hidden />;
  return <td class="number">{numberIn(language.value, count)}</td>;
}

function Table({ figures }: { figures: Figures }) {
  return (
    <div class="learn-figures" tabIndex={0} role="group" aria-label={t('learn.figures')}>
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

/** "5 of 10": persons who use it, of those of whom it is known. */
function UseCell({ used, looked }: { used: Count; looked: Count }) {
  if (used === null || looked === null) return <Hidden />;
  const number = (count: number) => numberIn(language.value, count);
  return <td class="number">{looked === 0 ? '–' : t('learn.f-of', { used: number(used), looked: number(looked) })}</td>;
}

/** The kinds of courses that a hospital taught; where they are hidden, that they are. */
function Kinds({ one }: { one: Taught }) {
  const rest = MONTHS.map((month) => <td key={month} />);
  if (one.kinds.some((kind) => kind.persons === null)) return <tr class="learn-kind"><th scope="row">{t('learn.f-kinds')}</th><Hidden /><Hidden />{rest}</tr>;
  return <>{one.kinds.filter((kind) => kind.courses).map((kind) => <tr key={kind.kind} class="learn-kind"><th scope="row">{t(KIND_WORDS[kind.kind])}</th><Cell count={kind.persons} /><Cell count={kind.courses} />{rest}</tr>)}</>;
}

function TaughtTable({ list }: { list: Taught[] }) {
  return (
    <div class="learn-figures" tabIndex={0} role="group" aria-label={t('learn.f-taught')}>
      <table>
        <caption class="unseen">{t('learn.f-taught')}</caption>
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>{t('learn.f-hospital')}</th><th scope="col" rowSpan={2}>{t('learn.f-persons')}</th><th scope="col" rowSpan={2}>{t('learn.f-courses')}</th>
            <th scope="colgroup" colSpan={MONTHS.length}>{t('learn.f-uses')}</th>
          </tr>
          <tr>{MONTHS.map((n) => <th key={n} scope="col">{t('learn.f-use', { n })}</th>)}</tr>
        </thead>
        {list.map((one) => (
          <tbody key={one.hospital.reference}>
            <tr><th scope="row">{one.hospital.name}</th><Cell count={one.persons} /><Cell count={one.courses} />{one.uses.map((use) => <UseCell key={use.month} used={use.used} looked={use.looked} />)}</tr>
            <Kinds one={one} />
          </tbody>
        ))}
      </table>
    </div>
  );
}

export function LearningFigures() {
  const quarters = endedQuarters(now.value, QUARTERS);
  const [period, setPeriod] = useState(quarters[0] ?? '');
  const [state, setState] = useState<{ figures: Figures | null; taught: Taught[]; problem: string }>({ figures: null, taught: [], problem: '' });
  const latest = useLatest();
  const load = () => latest(Promise.all([loadFigures(period), loadTaught(period)])).then(
    ([figures, taught]) => setState({ figures, taught, problem: '' }), (error: unknown) => setState({ figures: null, taught: [], problem: sentence(error) }),
  );
  useEffect(() => { void load(); }, [period]);
  return (
    <section aria-labelledby="learn-figures">
      <h2 id="learn-figures">{t('learn.figures')}</h2>
      <p class="hint">{t('learn.figures-hint')}</p>
      <SelectField id="learn-quarter" label={t('numbers.quarter')} value={period} onChange={setPeriod} options={quarters.map((one) => ({ value: one, label: one }))} />
      {state.problem && <Failure text={state.problem} retry={() => void load()} />}
      {!state.figures && !state.problem && <Skeleton />}
      {state.figures && <Table figures={state.figures} />}
      {state.figures && (
        <>
          <h3>{t('learn.f-taught')}</h3>
          <p class="hint">{t('learn.f-taught-hint')}</p>
          {state.taught.length > 0 ? <TaughtTable list={state.taught} /> : <p class="empty">{t('learn.f-taught-none')}</p>}
        </>
      )}
    </section>
  );
}
