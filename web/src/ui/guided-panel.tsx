// SPDX-License-Identifier: Apache-2.0
// A guided procedure on the page of its case: the slot, who guides and who performs it, and in the
// end what was done by whom. What is said meanwhile stands in the timeline.
import { useEffect, useState } from 'preact/hooks';
import { onChange } from '../events';
import type { Case } from '../fhir/case';
import { kindOf } from '../fhir/case-facts';
import { sidesOf } from '../fhir/case-step';
import { hasEnded, localReference } from '../fhir/codes';
import { agreeSlot, guidedOf, peopleOf, recordProcedure, type Guided, type Slot } from '../fhir/guided';
import type { Reference } from '../fhir/types';
import { newUuid } from '../lib/ids';
import { language, t } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { dayAndTime, present } from '../lib/time';
import { Choice, SelectField, TextField } from './fields';
import { Icon } from './icon';
import { Notice } from './notice';
import { useSending } from './use-sending';

type Form = 'slot' | 'record';

/** As a field of date and time writes it, by the clocks here. */
function localTime(at: number): string {
  const here = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return here.toISOString().slice(0, 16);
}

function nameOf(person: Reference): string {
  return person.display ?? localReference(person.reference);
}

interface FormProps {
  item: Case;
  form: Form;
  slot: Slot | null;
  onDone: () => void;
  onClose: () => void;
}

function lackingIn(text: string, start: string, end: string, guide: string, operator: string): string {
  if (!text.trim()) return 'guided-text';
  if (!(Date.parse(end) > Date.parse(start))) return 'guided-end';
  return guide === operator ? 'guided-operator' : '';
}

interface Option {
  value: string;
  label: string;
}

/** What counts in a logbook: fetched when somebody records, for the list is long. */
function useProcedures(wanted: boolean): Option[] {
  const [procedures, setProcedures] = useState<Option[]>([]);
  useEffect(() => {
    if (wanted) import('../fhir/logbook').then((logbook) => setProcedures(logbook.proceduresToLog(language.value)), () => undefined);
  }, [wanted]);
  return procedures;
}

function GuidedForm({ item, form, slot, onDone, onClose }: FormProps) {
  const people = peopleOf(item);
  const begins = slot && form === 'record' ? Date.parse(slot.start) : present() + (form === 'slot' ? 3600_000 : -3600_000);
  const [text, setText] = useState(slot?.text ?? '');
  const [start, setStart] = useState(localTime(begins));
  const [end, setEnd] = useState(localTime(form === 'record' ? Math.min(present(), slot ? Math.max(Date.parse(slot.end), begins + 60_000) : present()) : begins + 3600_000));
  const [guide, setGuide] = useState(localReference(item.task.owner?.reference));
  const [operator, setOperator] = useState(localReference(item.request.requester?.reference));
  const [result, setResult] = useState<'completed' | 'stopped'>('completed');
  const [complication, setComplication] = useState('');
  const [code, setCode] = useState('');
  const procedures = useProcedures(form === 'record');
  const [id] = useState(newUuid);
  const { busy, failure, lacks, send } = useSending();
  const lacking = lackingIn(text, start, end, guide, operator);
  const problem = (field: string) => (lacks === field && lacking === field ? t('step.lacks') : undefined);
  const person = (reference: string): Reference => people.find((one) => one.reference === reference) ?? { reference };
  const options = people.map((one) => ({ value: one.reference ?? '', label: nameOf(one) }));
  const submit = () => send(lacking, async () => {
    const terms = { id, text: text.trim(), start: new Date(start).toISOString(), end: new Date(end).toISOString(), guide: person(guide), operator: person(operator) };
    const request = item.request.id ?? '';
    await (form === 'slot' ? agreeSlot(request, terms) : recordProcedure(request, terms, { result, complication, code }));
    onDone();
  });
  return (
    <form class="watch-form" noValidate aria-label={t(form === 'slot' ? 'guided.agree' : 'guided.record')} onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      <TextField id="guided-text" label={t(form === 'slot' ? 'guided.what' : 'guided.what-done')} problem={problem('guided-text')} value={text} onChange={setText} />
      <TextField id="guided-start" label={t('guided.start')} value={start} onChange={setStart} input={{ type: 'datetime-local' }} />
      <TextField id="guided-end" label={t('guided.end')} problem={problem('guided-end')} value={end} onChange={setEnd} input={{ type: 'datetime-local' }} />
      <SelectField id="guided-guide" label={t('guided.guide')} value={guide} onChange={setGuide} options={options} />
      <SelectField id="guided-operator" label={t('guided.operator')} hint={t('guided.people')} problem={problem('guided-operator')} value={operator} onChange={setOperator} options={options} />
      {form === 'record' && (
        <>
          <SelectField id="guided-code" label={t('log.procedure')} hint={t('guided.logbook')} value={code} onChange={setCode} options={[{ value: '', label: t('log.choose') }, ...procedures]} />
          <Choice id="guided-result" compact label={t('guided.result')} value={result} onChange={setResult}
            options={[{ value: 'completed', label: t('guided.completed') }, { value: 'stopped', label: t('guided.stopped') }]} />
          <TextField id="guided-complication" label={t('guided.complication')} optional={t('form.optional')} value={complication} onChange={setComplication} />
        </>
      )}
      {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
      <div class="watch-buttons">
        <button type="submit" class="button button-main" disabled={busy}>{t(form === 'slot' ? 'guided.agree-send' : 'guided.record-send')}</button>
        <button type="button" class="button" onClick={onClose}>{t('watch.not')}</button>
      </div>
    </form>
  );
}

function SlotLine({ slot, done }: { slot: Slot; done?: string }) {
  return (
    <div class="guided-line">
      <p><Icon name={done ? 'answered' : 'waiting'} size={18} /> <strong>{slot.text}</strong> {dayAndTime(slot.start)} – {dayAndTime(slot.end)}{done && ` · ${done}`}</p>
      <ul class="guided-parts">{slot.parts.map((part, at) => <li key={at}>{t(part.as === 'guide' ? 'guided.guides' : 'guided.performs', { name: part.name })}</li>)}</ul>
    </div>
  );
}

export function GuidedPanel({ item }: { item: Case }) {
  const request = item.request.id ?? '';
  const guided = kindOf(item.request) === 'guided-procedure';
  const [found, setFound] = useState<Guided>({ slot: null, done: [] });
  const [form, setForm] = useState<Form | ''>('');
  const latest = useLatest();
  const load = () => {
    if (guided) latest(guidedOf(request)).then(setFound, () => undefined);
  };
  useEffect(() => {
    load();
    return onChange((change) => {
      if (!change || change.type === 'Appointment' || change.type === 'Procedure') load();
    });
  }, [request, guided]);
  if (!guided) return null;
  const may = sidesOf(item.patient, item.task).length > 0 && !hasEnded(item.state) && peopleOf(item).length > 1;
  return (
    <section class="watch" aria-labelledby="guided-title">
      <h2 id="guided-title">{t('guided.title')}</h2>
      {!found.slot && found.done.length === 0 && <p class="hint">{t('guided.none')}</p>}
      {found.done.map((one) => (
        <SlotLine key={one.id} slot={one} done={[t(one.completed ? 'guided.completed' : 'guided.stopped'), one.complication].filter(Boolean).join(': ')} />
      ))}
      {found.slot && found.done.length === 0 && <SlotLine slot={found.slot} />}
      {may && form && <GuidedForm key={form} item={item} form={form} slot={found.slot} onDone={() => { setForm(''); load(); }} onClose={() => setForm('')} />}
      {may && !form && (
        <div class="watch-buttons">
          <button type="button" class="button" onClick={() => setForm('slot')}>{t('guided.agree')}</button>
          <button type="button" class="button" onClick={() => setForm('record')}>{t('guided.record')}</button>
        </div>
      )}
    </section>
  );
}
