// SPDX-License-Identifier: Apache-2.0
// Equipment of hospitals on both sides of a pairing: what is stopped, what is late and who sees to it, its
// way to the first patient. Who works at its hospital says what was done; who leads it orders.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { STEPS, kindName, lateOf, loadEquipment, nextOf, procedureWord, type Equipment, type Fault, type Step, type StepOf } from '../fhir/equipment';
import { language, t } from '../lib/i18n';
import { route, setQuery } from '../lib/router';
import { numberIn } from '../lib/dates';
import { useLatest } from '../lib/latest';
import { shortDate } from '../lib/time';
import { holdsOne } from '../navigation';
import { myPlace } from '../session';
import { FaultForm, OrderForm, RepairForm, StepForm } from '../ui/equipment-forms';
import { STATE_WORDS, STEP_WORDS } from '../ui/equipment-words';
import { SelectField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Skeleton } from '../ui/notice';
import { useHospitals } from '../ui/use-hospitals';

const LEADS = ['head-of-department', 'director', 'coordinator'] as const;

/** So many are shown one by one, whatever there is to tell of them. */
const SHOWN = 12;

/** In service, and nothing was ever planned, done or broken: of many, these stand together. */
const isQuiet = (one: Equipment) => one.state === 'in-service' && one.steps.length === 0 && one.faults.length === 0 && one.stops.length === 0;

function titleOf(one: Equipment): string {
  const kind = kindName(one.kind, language.value);
  return one.name && one.name !== kind ? `${one.name} (${kind})` : kind;
}

function Owner({ step }: { step: { owner: { name: string } } }) {
  return <span>{step.owner.name ? t('equip.owner-is', { name: step.owner.name }) : t('equip.owner-none')}</span>;
}

/** What is to be known at a glance: stopped since, late by, or what is next. */
function Glance({ one }: { one: Equipment }) {
  const fault = one.faults.find((each) => each.stops && !each.until);
  const late = lateOf(one);
  const next = nextOf(one);
  if (one.state === 'stopped' && fault) {
    return (
      <p class="equip-glance equip-late">
        <Icon name="alert" size={18} /><strong>{t('equip.off-for', { n: fault.days })}</strong> <span>{fault.what}</span> <Owner step={fault} />
      </p>
    );
  }
  if (late) {
    return (
      <p class="equip-glance equip-late">
        <Icon name="alert" size={18} /><strong>{t('equip.late', { step: t(STEP_WORDS[late.code]), n: late.daysLate })}</strong> <Owner step={late} />
      </p>
    );
  }
  if (!next || one.state === 'in-service') return null;
  return (
    <p class="equip-glance">
      {t('equip.next', { step: t(STEP_WORDS[next.code]) })} {next.due && <span>{t('equip.due', { day: shortDate(next.due) })}</span>} <Owner step={next} />
    </p>
  );
}

function StepLine({ one, step, again }: { one: Equipment; step: StepOf; again: () => void }) {
  const [open, setOpen] = useState(false);
  return (
    <li class={step.done ? 'equip-step equip-done' : 'equip-step'}>
      <div class="equip-step-head">
        <span class="equip-step-name">{step.done && <Icon name="answered" size={16} />}{t(STEP_WORDS[step.code])}</span>
        <span>{step.done ? t('equip.done', { day: shortDate(step.done) }) : step.due ? t('equip.due', { day: shortDate(step.due) }) : t('equip.no-day')}</span>
        {step.daysLate > 0 && <span class="mark">{t('equip.days-late', { n: step.daysLate })}</span>}
        {step.expected && !step.done && <span>{t('equip.expected', { day: shortDate(step.expected) })}</span>}
        {step.owner.name && <span class="hint">{step.owner.name}</span>}
      </div>
      {step.word && <p class="hint">{step.word}</p>}
      {step.people.length > 0 && <p class="hint">{t('equip.trained', { names: step.people.map((who) => who.name).join(', ') })}</p>}
      {one.mayKeep && !open && (!step.done || step.code === 'trained') && (
        <button type="button" class="button button-small" onClick={() => setOpen(true)} aria-label={t('equip.say-of', { step: t(STEP_WORDS[step.code]) })}>{t('equip.say')}</button>
      )}
      {open && <StepForm one={one} step={step} done={() => { setOpen(false); again(); }} leave={() => setOpen(false)} />}
    </li>
  );
}

/** A step that nobody planned. */
function MoreSteps({ one, again }: { one: Equipment; again: () => void }) {
  const [code, setCode] = useState<Step | ''>('');
  const more = STEPS.filter((step) => !one.steps.some((each) => each.code === step));
  if (!one.mayKeep || more.length === 0) return null;
  const step: StepOf | null = code ? { code, due: '', expected: '', done: '', daysLate: 0, owner: { reference: '', name: '' }, word: '', people: [] } : null;
  return (
    <>
      <SelectField
        id={`more-${one.id}`} label={t('equip.more-steps')} value={code} onChange={(chosen) => setCode(chosen as Step | '')}
        options={[{ value: '', label: t('equip.choose') }, ...more.map((each) => ({ value: each, label: t(STEP_WORDS[each]) }))]}
      />
      {step && <StepForm key={code} one={one} step={step} done={() => { setCode(''); again(); }} leave={() => setCode('')} />}
    </>
  );
}

function FaultLine({ one, fault, again }: { one: Equipment; fault: Fault; again: () => void }) {
  const [open, setOpen] = useState(false);
  return (
    <li class="equip-step">
      <div class="equip-step-head">
        <span class="equip-step-name">{!fault.until && <Icon name="alert" size={16} />}{fault.what}</span>
        <span>{t(fault.stops ? 'equip.fault-stops' : 'equip.fault-limits')}</span>
        <span>{fault.until ? t('equip.fault-was', { from: shortDate(fault.from), until: shortDate(fault.until) }) : t('equip.fault-since', { day: shortDate(fault.from) })}</span>
        <span class={fault.until ? 'hint' : 'mark'}>{t('equip.days', { n: fault.days })}</span>
        <span class="hint">{fault.owner.name}</span>
      </div>
      {one.mayKeep && !fault.until && !open && <button type="button" class="button button-small" onClick={() => setOpen(true)}>{t('equip.repaired')}</button>}
      {open && <RepairForm one={one} fault={fault} done={() => { setOpen(false); again(); }} leave={() => setOpen(false)} />}
    </li>
  );
}

function Card({ one, again }: { one: Equipment; again: () => void }) {
  const [reports, setReports] = useState(false);
  const title = titleOf(one);
  return (
    <li class={`equip-card equip-${one.state}`}>
      <h2>{title}</h2>
      <p class="equip-where">
        <span class={`equip-state equip-state-${one.state}`}>{t(STATE_WORDS[one.state])}</span>
        <span>{[one.hospital.name, one.unit.name === one.hospital.name ? '' : one.unit.name].filter(Boolean).join(', ')}</span>
        {one.uptime && <span>{t('equip.uptime', { percent: numberIn(language.value, Number(one.uptime), { minimumFractionDigits: 1 }), n: one.uptimeDays })}</span>}
      </p>
      <Glance one={one} />
      {one.stops.length > 0 && <p>{t('equip.stops', { names: one.stops.map((code) => procedureWord(code, language.value)).join(', ') })}</p>}
      <details>
        <summary>{t('equip.steps-of', { done: one.steps.filter((step) => step.done).length, all: one.steps.length, n: one.faults.length })}</summary>
        {one.steps.length === 0 && <p class="hint">{t('equip.no-steps')}</p>}
        <ol class="equip-steps">{one.steps.map((step) => <StepLine key={step.code} one={one} step={step} again={again} />)}</ol>
        <MoreSteps one={one} again={again} />
        {one.faults.length > 0 && <h3>{t('equip.faults')}</h3>}
        <ul class="equip-steps">{one.faults.map((fault) => <FaultLine key={fault.task} one={one} fault={fault} again={again} />)}</ul>
      </details>
      {one.mayKeep && one.state !== 'coming' && !reports && <div><button type="button" class="button" onClick={() => setReports(true)} aria-label={t('equip.report-of', { name: title })}>{t('equip.report')}</button></div>}
      {reports && <FaultForm one={one} done={() => { setReports(false); again(); }} leave={() => setReports(false)} />}
    </li>
  );
}

export function EquipmentPage() {
  const hospital = route.value.query.get('hospital') ?? '';
  const [list, setList] = useState<Equipment[] | null>(null);
  const [problem, setProblem] = useState('');
  const [orders, setOrders] = useState(false);
  const hospitals = useHospitals();
  const latest = useLatest();
  const load = () => latest(loadEquipment(hospital)).then((found) => { setList(found); setProblem(''); }, (error: unknown) => setProblem(sentence(error)));
  useEffect(() => { void load(); }, [hospital]);
  const mayOrder = holdsOne(LEADS);
  const where = hospital || (myPlace().organization ?? '');
  const many = (list?.length ?? 0) > SHOWN;
  const telling = (list ?? []).filter((one) => !many || !isQuiet(one));
  const quiet = (list ?? []).filter((one) => many && isQuiet(one));
  return (
    <div class="page page-wide page-equipment">
      <Heading text={t('equip.title')} />
      <p class="hint">{t('equip.lead')}</p>
      <SelectField
        id="equip-hospital" label={t('equip.hospital')} value={hospital} onChange={(chosen) => setQuery({ hospital: chosen })}
        options={[{ value: '', label: t('equip.all') }, ...hospitals.map((one) => ({ value: one.reference, label: one.name }))]}
      />
      {mayOrder && where && !orders && <div><button type="button" class="button button-main" onClick={() => setOrders(true)}>{t('equip.order')}</button></div>}
      {mayOrder && !where && <p class="hint">{t('equip.order-where')}</p>}
      {orders && <OrderForm hospital={where} done={() => { setOrders(false); void load(); }} leave={() => setOrders(false)} />}
      {problem && <Failure text={problem} retry={() => void load()} />}
      {!list && !problem && <Skeleton rows={4} />}
      {list?.length === 0 && <p class="empty">{t('equip.none')}</p>}
      <ul class="equip-list">{telling.map((one) => <Card key={one.id} one={one} again={() => void load()} />)}</ul>
      {quiet.length > 0 && (
        <details class="equip-quiet" open={telling.length === 0}>
          <summary>{t('equip.quiet', { n: quiet.length })}</summary>
          <ul class="equip-list">{quiet.map((one) => <Card key={one.id} one={one} again={() => void load()} />)}</ul>
        </details>
      )}
    </div>
  );
}
