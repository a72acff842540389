// SPDX-License-Identifier: Apache-2.0
// Goals of a pairing, few and measurable, and what it assists in since when.
import { useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { proceduresToLog } from '../fhir/logbook';
import { GOALS, setGoals, type Assisted, type Goal, type GoalKind, type Pairing } from '../fhir/pulse';
import { language, t } from '../lib/i18n';
import { SelectField, TextField } from './fields';
import { Icon } from './icon';
import { Notice } from './notice';
import { GOAL_WORDS } from './pulse-words';

const MOST_GOALS = 5;
const MOST_ASSISTED = 20;
const NEW_GOAL: Goal = { kind: 'cases', target: 4, per: 'month', procedure: '', from: '', until: '', count: null, verdict: 'not-yet' };
const procedures = () => [{ value: '', label: t('pulse.choose') }, ...proceduresToLog(language.value)];

interface RowProps<T> {
  at: number;
  one: T;
  change: (part: Partial<T>) => void;
  remove: () => void;
}

function GoalRow({ at, one, change, remove }: RowProps<Goal>) {
  const id = `goal-${at}`;
  return (
    <fieldset class="pulse-row">
      <legend>{t('pulse.goal', { n: at + 1 })}</legend>
      <SelectField id={`${id}-kind`} label={t('pulse.what')} value={one.kind} onChange={(kind) => change({ kind: kind as GoalKind })} options={GOALS.map((kind) => ({ value: kind, label: t(GOAL_WORDS[kind]) }))} />
      {one.kind === 'procedure' && <SelectField id={`${id}-procedure`} label={t('pulse.which')} value={one.procedure} onChange={(procedure) => change({ procedure })} options={procedures()} />}
      <div class="pair">
        <TextField id={`${id}-target`} label={t('pulse.target')} value={one.target ? String(one.target) : ''} onChange={(text) => change({ target: Number(text.replace(/\D/g, '')) })} input={{ inputMode: 'numeric' }} />
        <SelectField id={`${id}-per`} label={t('pulse.per')} value={one.per} onChange={(per) => change({ per: per as Goal['per'] })} options={[{ value: 'month', label: t('pulse.per-month') }, { value: 'year', label: t('pulse.per-year') }]} />
      </div>
      <div class="pair">
        <TextField id={`${id}-from`} label={t('post.first-day')} optional={t('form.optional')} value={one.from} onChange={(from) => change({ from })} input={{ type: 'date' }} />
        <TextField id={`${id}-until`} label={t('post.last-day')} optional={t('form.optional')} value={one.until} onChange={(until) => change({ until })} input={{ type: 'date' }} />
      </div>
      <button type="button" class="button" onClick={remove}>{t('pulse.remove')}</button>
    </fieldset>
  );
}

function AssistedRow({ at, one, change, remove }: RowProps<Assisted>) {
  const id = `assisted-${at}`;
  return (
    <fieldset class="pulse-row">
      <legend>{t('pulse.assisted')}</legend>
      <SelectField id={`${id}-what`} label={t('pulse.which')} value={one.what} onChange={(what) => change({ what })} options={[{ value: '', label: t('pulse.other') }, ...proceduresToLog(language.value)]} />
      {!one.what && <TextField id={`${id}-text`} label={t('pulse.in-words')} value={one.title} onChange={(title) => change({ title })} />}
      <TextField id={`${id}-since`} label={t('pulse.since')} optional={t('form.optional')} value={one.since} onChange={(since) => change({ since })} input={{ type: 'date' }} />
      <button type="button" class="button" onClick={remove}>{t('pulse.remove')}</button>
    </fieldset>
  );
}

const changed = <T,>(list: T[], at: number, part: Partial<T>) => list.map((one, place) => (place === at ? { ...one, ...part } : one));
const without = <T,>(list: T[], at: number) => list.filter((_, place) => place !== at);

export function PulseForm({ pairing, onDone }: { pairing: Pairing; onDone: () => void }) {
  const [goals, setGoalList] = useState(pairing.goals);
  const [assisted, setAssisted] = useState(pairing.assisted);
  const [state, setState] = useState({ busy: false, problem: '', saved: false });
  const save = async () => {
    setState({ busy: true, problem: '', saved: false });
    try {
      await setGoals(pairing.id, goals, assisted);
      setState({ busy: false, problem: '', saved: true });
      onDone();
    } catch (error) {
      setState({ busy: false, problem: sentence(error), saved: false });
    }
  };
  return (
    <form class="pulse-form" onSubmit={(event) => { event.preventDefault(); void save(); }}>
      <h2>{t('pulse.set')}</h2>
      <p class="hint">{t('pulse.set-hint')}</p>
      {goals.map((one, at) => <GoalRow key={at} at={at} one={one} change={(part) => setGoalList(changed(goals, at, part))} remove={() => setGoalList(without(goals, at))} />)}
      {goals.length < MOST_GOALS && <button type="button" class="button" onClick={() => setGoalList([...goals, NEW_GOAL])}><Icon name="add" />{t('pulse.add-goal')}</button>}
      {assisted.map((one, at) => <AssistedRow key={at} at={at} one={one} change={(part) => setAssisted(changed(assisted, at, part))} remove={() => setAssisted(without(assisted, at))} />)}
      {assisted.length < MOST_ASSISTED && <button type="button" class="button" onClick={() => setAssisted([...assisted, { what: '', title: '', since: '' }])}><Icon name="add" />{t('pulse.add-assisted')}</button>}
      {state.problem && <Notice kind="problem"><p>{state.problem}</p></Notice>}
      {state.saved && <Notice kind="info"><p>{t('pulse.saved')}</p></Notice>}
      <button type="submit" class="button button-main" disabled={state.busy}>{t('pulse.save')}</button>
    </form>
  );
}
