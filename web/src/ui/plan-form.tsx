// SPDX-License-Identifier: Apache-2.0
// Planning rehabilitation: what it is, goals with a day each, kinds of session with how often
// and for how long. What is typed is kept until it is sent.
import { useRef } from 'preact/hooks';
import { storeFiles } from '../fhir/case-step';
import { makePlan, type GoalDraft, type PlanDraft, type SessionDraft } from '../fhir/plan';
import { today } from '../fhir/people';
import { useDraft } from '../lib/draft';
import type { PickedFile } from '../lib/files';
import { t } from '../lib/i18n';
import { newUuid } from '../lib/ids';
import { SelectField, TextArea, TextField } from './fields';
import { FilesField } from './files-field';
import { Icon } from './icon';
import { Notice } from './notice';
import { useSending } from './use-sending';

type Draft = PlanDraft & { files: PickedFile[] };

const NO_GOAL: GoalDraft = { text: '', due: '' };
const NO_SESSION: SessionDraft = { text: '', times: '3', per: 'week', weeks: '6' };
const MOST = 12;

function lackingIn(draft: Draft): string {
  if (!draft.text.trim()) return 'plan-text';
  const goal = draft.goals.findIndex((one) => !one.text.trim() || !one.due);
  if (goal >= 0) return draft.goals[goal]?.text.trim() ? `plan-due-${goal}` : `plan-goal-${goal}`;
  const session = draft.sessions.findIndex((one) => !one.text.trim() || !(Number(one.times) >= 1 && Number(one.weeks) >= 1));
  if (session < 0) return '';
  if (!draft.sessions[session]?.text.trim()) return `plan-session-${session}`;
  return Number(draft.sessions[session]?.times) >= 1 ? `plan-weeks-${session}` : `plan-times-${session}`;
}

interface RowsProps<T> {
  rows: T[];
  problem: (id: string) => string | undefined;
  onChange: (rows: T[]) => void;
}

function withRow<T>(rows: T[], at: number, part: Partial<T>): T[] {
  return rows.map((row, index) => (index === at ? { ...row, ...part } : row));
}

function RemoveRow({ name, onRemove }: { name: string; onRemove: () => void }) {
  return <button type="button" class="button-quiet" aria-label={name} onClick={onRemove}><Icon name="close" size={16} /></button>;
}

function Goals({ rows, problem, onChange }: RowsProps<GoalDraft>) {
  return (
    <fieldset class="plan-rows">
      <legend>{t('plan.goals')}</legend>
      {rows.map((goal, at) => (
        <div key={at} class="plan-row">
          <TextField id={`plan-goal-${at}`} label={t('plan.goal-n', { n: at + 1 })} problem={problem(`plan-goal-${at}`)} value={goal.text} onChange={(text) => onChange(withRow(rows, at, { text }))} />
          <TextField id={`plan-due-${at}`} label={t('plan.until')} problem={problem(`plan-due-${at}`)} value={goal.due} onChange={(due) => onChange(withRow(rows, at, { due }))} input={{ type: 'date', min: today() }} />
          {rows.length > 1 && <RemoveRow name={t('plan.remove-goal', { n: at + 1 })} onRemove={() => onChange(rows.filter((_, index) => index !== at))} />}
        </div>
      ))}
      {rows.length < MOST && <button type="button" class="button" onClick={() => onChange([...rows, NO_GOAL])}><Icon name="add" size={16} />{t('plan.add-goal')}</button>}
    </fieldset>
  );
}

function Sessions({ rows, problem, onChange }: RowsProps<SessionDraft>) {
  const per = [{ value: 'week', label: t('plan.per-week') }, { value: 'day', label: t('plan.per-day') }];
  return (
    <fieldset class="plan-rows">
      <legend>{t('plan.sessions')}</legend>
      {rows.map((one, at) => (
        <div key={at} class="plan-row plan-session">
          <TextField id={`plan-session-${at}`} label={t('plan.session-n', { n: at + 1 })} problem={problem(`plan-session-${at}`)} value={one.text} onChange={(text) => onChange(withRow(rows, at, { text }))} />
          <TextField id={`plan-times-${at}`} label={t('plan.times')} problem={problem(`plan-times-${at}`)} value={one.times} onChange={(times) => onChange(withRow(rows, at, { times }))} input={{ inputMode: 'numeric', maxLength: 2 }} />
          <SelectField id={`plan-per-${at}`} label={t('plan.per')} value={one.per} options={per} onChange={(value) => onChange(withRow(rows, at, { per: value as SessionDraft['per'] }))} />
          <TextField id={`plan-weeks-${at}`} label={t('plan.weeks')} problem={problem(`plan-weeks-${at}`)} value={one.weeks} onChange={(weeks) => onChange(withRow(rows, at, { weeks }))} input={{ inputMode: 'numeric', maxLength: 3 }} />
          {rows.length > 1 && <RemoveRow name={t('plan.remove-session', { n: at + 1 })} onRemove={() => onChange(rows.filter((_, index) => index !== at))} />}
        </div>
      ))}
      {rows.length < MOST && <button type="button" class="button" onClick={() => onChange([...rows, NO_SESSION])}><Icon name="add" size={16} />{t('plan.add-session')}</button>}
    </fieldset>
  );
}

export function PlanForm({ request, replaces, onMade }: { request: string; replaces: boolean; onMade: () => Promise<void> }) {
  const draft = useDraft<Draft>(`plan.${request}`, () => ({ id: newUuid(), text: '', goals: [NO_GOAL], sessions: [NO_SESSION], files: [] }));
  const form = useRef<HTMLFormElement>(null);
  const { busy, failure, lacks, send } = useSending();
  const value = draft.value.value;
  const change = (part: Partial<Draft>) => { draft.value.value = { ...draft.value.value, ...part }; };
  const problem = (id: string) => (lacks === id && lackingIn(value) === id ? t('step.lacks') : undefined);
  const submit = () => send(lackingIn(value), async () => {
    await makePlan(request, value, await storeFiles(value.files, request));
    draft.clear();
    form.current?.closest('details')?.removeAttribute('open');
    await onMade();
  });
  return (
    <form ref={form} class="beside-form" noValidate aria-label={t('plan.make')} onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      <p class="hint">{t(replaces ? 'plan.replaces' : 'plan.make-why')}</p>
      <TextArea id="plan-text" rows={3} label={t('plan.text')} problem={problem('plan-text')} value={value.text} onChange={(text) => change({ text })} />
      <Goals rows={value.goals} problem={problem} onChange={(goals) => change({ goals })} />
      <Sessions rows={value.sessions} problem={problem} onChange={(sessions) => change({ sessions })} />
      <FilesField id="plan-files" files={value.files} onChange={(files) => change({ files })} />
      {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
      <div class="form-end"><button type="submit" class="button button-main" disabled={busy}>{busy ? t('ask.sending') : t('plan.make-send')}</button></div>
    </form>
  );
}
