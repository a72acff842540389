// SPDX-License-Identifier: Apache-2.0
// Forms of equipment: an order with its promises, a step, a fault, a repair.
import { useEffect, useState } from 'preact/hooks';
import {
  STEPS, kinds, newOrder, order, ownersAt, repaired, reportFault, saySteps, unitsOf, type Equipment, type Fault, type NewOrder, type Step, type StepOf,
} from '../fhir/equipment';
import type { Named } from '../fhir/parts';
import { newUuid } from '../lib/ids';
import { language, t } from '../lib/i18n';
import { STEP_WORDS } from './equipment-words';
import { SelectField, TextArea, TextField } from './fields';
import { Notice } from './notice';
import { useSending } from './use-sending';

interface Ends {
  done: () => void;
  leave: () => void;
}

/** The units of a hospital and who can answer for something there. */
export function useOwners(hospital: string): { units: Named[]; owners: Named[] } {
  const [found, setFound] = useState<{ units: Named[]; owners: Named[] }>({ units: [], owners: [] });
  useEffect(() => {
    let stale = false;
    if (hospital) {
      unitsOf(hospital).then(async (units) => ({ units, owners: await ownersAt(units) })).then((all) => { if (!stale) setFound(all); }, () => undefined);
    }
    return () => { stale = true; };
  }, [hospital]);
  return found;
}

export function OwnerField({ id, value, owners, onChange }: { id: string; value: string; owners: Named[]; onChange: (value: string) => void }) {
  return (
    <SelectField
      id={id} label={t('equip.owner')} hint={t('equip.owner-hint')} value={value} onChange={onChange}
      options={[{ value: '', label: t('equip.owner-none') }, ...owners.map((one) => ({ value: one.reference, label: one.name }))]}
    />
  );
}

export function End({ busy, label, leave }: { busy: boolean; label: string; leave: () => void }) {
  return (
    <div class="form-end">
      <button type="submit" class="button button-main" disabled={busy}>{label}</button>
      <button type="button" class="button" onClick={leave}>{t('action.cancel')}</button>
    </div>
  );
}

export function OrderForm({ hospital, done, leave }: Ends & { hospital: string }) {
  const [draft, setDraft] = useState<NewOrder>(() => newOrder(hospital));
  const sending = useSending();
  const { units, owners } = useOwners(hospital);
  const change = (part: Partial<NewOrder>) => setDraft({ ...draft, ...part });
  const send = () => sending.send(draft.kind ? '' : 'order-kind', () => order(draft).then(done));
  const promised: Step[] = STEPS.filter((step) => step !== 'ordered' && step !== 'first-patient');
  return (
    <form class="step-form" noValidate aria-label={t('equip.order')} onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <div class="pair">
        <SelectField id="order-kind" label={t('equip.kind')} problem={sending.lacks === 'order-kind' ? t('equip.kind-missing') : undefined} value={draft.kind} onChange={(kind) => change({ kind })} options={[{ value: '', label: t('equip.choose') }, ...kinds(language.value)]} />
        <SelectField id="order-unit" label={t('equip.unit')} value={draft.unit} onChange={(unit) => change({ unit })} options={units.map((one) => ({ value: one.reference, label: one.name }))} />
      </div>
      <div class="pair">
        <TextField id="order-name" label={t('equip.name')} optional={t('equip.optional')} value={draft.name} onChange={(name) => change({ name })} />
        <TextField id="order-day" label={t('equip.ordered-on')} optional={t('equip.optional')} value={draft.ordered} onChange={(ordered) => change({ ordered })} input={{ type: 'date' }} />
      </div>
      <OwnerField id="order-owner" value={draft.owner} owners={owners} onChange={(owner) => change({ owner })} />
      <fieldset class="equip-promises">
        <legend>{t('equip.promises')}</legend>
        <p class="hint">{t('equip.promises-hint')}</p>
        {promised.map((step) => (
          <TextField key={step} id={`order-${step}`} label={t(STEP_WORDS[step])} value={draft.due[step] ?? ''} onChange={(day) => change({ due: { ...draft.due, [step]: day } })} input={{ type: 'date' }} />
        ))}
      </fieldset>
      {sending.failure && <Notice kind="problem"><p>{sending.failure}</p></Notice>}
      <End busy={sending.busy} label={t('equip.order-send')} leave={leave} />
    </form>
  );
}

function Trained({ owners, chosen, onChange }: { owners: Named[]; chosen: string[]; onChange: (chosen: string[]) => void }) {
  const people = owners.filter((one) => one.reference.startsWith('Practitioner/'));
  return (
    <fieldset class="equip-people">
      <legend>{t('equip.who-trained')}</legend>
      {people.map((one) => (
        <label key={one.reference} class="find-check">
          <input type="checkbox" checked={chosen.includes(one.reference)} onChange={(event) => onChange(event.currentTarget.checked ? [...chosen, one.reference] : chosen.filter((each) => each !== one.reference))} />
          {one.name}
        </label>
      ))}
    </fieldset>
  );
}

export function StepForm({ one, step, done, leave }: Ends & { one: Equipment; step: StepOf }) {
  const [said, setSaid] = useState({ done: '', due: '', expected: '', owner: '', word: '' });
  const [people, setPeople] = useState<string[]>([]);
  const sending = useSending();
  const { owners } = useOwners(one.hospital.reference);
  const change = (part: Partial<typeof said>) => setSaid({ ...said, ...part });
  const id = `step-${one.id}-${step.code}`;
  const empty = !Object.values(said).some(Boolean) && people.length === 0;
  const send = () => sending.send(empty ? `${id}-done` : '', () => saySteps(one.id, step.code, { ...said, people }).then(done));
  return (
    <form class="step-form" noValidate aria-label={t('equip.say-of', { step: t(STEP_WORDS[step.code]) })} onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <div class="pair">
        <TextField id={`${id}-done`} label={t('equip.done-on')} problem={sending.lacks ? t('equip.nothing-said') : undefined} value={said.done} onChange={(day) => change({ done: day })} input={{ type: 'date' }} />
        {one.mayLead && !step.done && (step.due
          ? <TextField id={`${id}-expected`} label={t('equip.expected-on')} optional={t('equip.if-late')} value={said.expected} onChange={(day) => change({ expected: day })} input={{ type: 'date' }} />
          : <TextField id={`${id}-due`} label={t('equip.promised-for')} optional={t('equip.optional')} value={said.due} onChange={(day) => change({ due: day })} input={{ type: 'date' }} />)}
      </div>
      {one.mayLead && !step.done && <OwnerField id={`${id}-owner`} value={said.owner || step.owner.reference} owners={owners} onChange={(owner) => change({ owner })} />}
      {step.code === 'trained' && <Trained owners={owners} chosen={people} onChange={setPeople} />}
      <TextField id={`${id}-word`} label={t('equip.why')} optional={t('equip.optional')} value={said.word} onChange={(word) => change({ word })} />
      {sending.failure && <Notice kind="problem"><p>{sending.failure}</p></Notice>}
      <End busy={sending.busy} label={t('equip.save')} leave={leave} />
    </form>
  );
}

export function FaultForm({ one, done, leave }: Ends & { one: Equipment }) {
  const [fault] = useState(newUuid);
  const [what, setWhat] = useState('');
  const [stops, setStops] = useState(false);
  const [owner, setOwner] = useState('');
  const sending = useSending();
  const { owners } = useOwners(one.hospital.reference);
  const id = `fault-${one.id}`;
  const send = () => sending.send(what.trim() ? '' : id, () => reportFault(one.id, fault, what, stops, owner).then(done));
  return (
    <form class="step-form" noValidate aria-label={t('equip.report')} onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <TextArea id={id} label={t('equip.what')} problem={sending.lacks ? t('equip.what-missing') : undefined} rows={2} value={what} onChange={setWhat} onSubmit={() => void send()} />
      <label class="find-check"><input type="checkbox" checked={stops} onChange={(event) => setStops(event.currentTarget.checked)} />{t('equip.cannot-use')}</label>
      {stops && <p class="hint">{t('equip.cannot-use-hint')}</p>}
      <OwnerField id={`${id}-owner`} value={owner} owners={owners} onChange={setOwner} />
      {sending.failure && <Notice kind="problem"><p>{sending.failure}</p></Notice>}
      <End busy={sending.busy} label={t('equip.report-send')} leave={leave} />
    </form>
  );
}

export function RepairForm({ one, fault, done, leave }: Ends & { one: Equipment; fault: Fault }) {
  const [word, setWord] = useState('');
  const sending = useSending();
  const send = () => sending.send('', () => repaired(one.id, fault.task, word).then(done));
  return (
    <form class="step-form" noValidate aria-label={t('equip.repaired')} onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <TextField id={`repair-${fault.task}`} label={t('equip.repair-word')} optional={t('equip.optional')} value={word} onChange={setWord} />
      {sending.failure && <Notice kind="problem"><p>{sending.failure}</p></Notice>}
      <End busy={sending.busy} label={t('equip.repaired-send')} leave={leave} />
    </form>
  );
}
