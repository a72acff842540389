// SPDX-License-Identifier: Apache-2.0
// The plan of rehabilitation of a case: goals, how much of the sessions was done, what was
// said of them, and the forms of those who follow it.
import { useRef, useState } from 'preact/hooks';
import { judgeGoal, reportSession, type GoalResult, type Plan, type PlanGoal, type ReportDraft, type SessionKind, type SessionReport } from '../fhir/plan';
import { useDraft } from '../lib/draft';
import { t, type TextKey } from '../lib/i18n';
import { newUuid } from '../lib/ids';
import { shortDate } from '../lib/time';
import { AttachmentView } from './attachment';
import { Choice, SelectField, TextArea, TextField } from './fields';
import { Icon } from './icon';
import { Notice } from './notice';
import { TimeToggle } from './time-ago';
import { useSending } from './use-sending';

const RESULTS: Record<GoalResult, TextKey> = { achieved: 'plan.achieved', partly: 'plan.partly', not: 'plan.not' };

interface Following {
  request: string;
  /** Of the hospital that asked: sessions are reported here. */
  asking: boolean;
  /** Of either side. */
  judges: boolean;
  reload: () => Promise<void>;
}

function Judge({ goal, request, reload }: { goal: PlanGoal } & Pick<Following, 'request' | 'reload'>) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const { busy, failure, send } = useSending();
  const judge = (result: GoalResult) => send('', async () => {
    await judgeGoal(request, goal.id, result, text);
    setOpen(false);
    setText('');
    await reload();
  });
  if (!open) return <button type="button" class="link no-print" onClick={() => setOpen(true)}>{t(goal.result ? 'plan.judge-again' : 'plan.judge')}</button>;
  return (
    <div class="my-word no-print">
      <TextField id={`goal-${goal.id}`} label={t('plan.goal-word')} optional={t('form.optional')} value={text} onChange={setText} />
      <span class="button-row">
        {(Object.keys(RESULTS) as GoalResult[]).map((result) => (
          <button key={result} type="button" class="button" disabled={busy} onClick={() => void judge(result)}>{t(RESULTS[result])}</button>
        ))}
      </span>
      {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
    </div>
  );
}

function Goal({ goal, following }: { goal: PlanGoal; following: Following }) {
  return (
    <li class="goal">
      <span class="goal-text">{goal.text}</span>
      <span class="hint">{t('plan.due', { date: shortDate(goal.due) })}</span>
      {goal.result && <span class={`state goal-${goal.result}`}><Icon name={goal.result === 'not' ? 'close' : 'answered'} size={16} />{t(RESULTS[goal.result])}</span>}
      {goal.note && !(goal.note.text in RESULTS) && <span class="word-text">{goal.note.by}: {goal.note.text}</span>}
      {following.judges && <Judge goal={goal} request={following.request} reload={following.reload} />}
    </li>
  );
}

function often(kind: SessionKind): string {
  return t(kind.per === 'day' ? 'plan.often-day' : 'plan.often-week', { times: kind.times, weeks: kind.weeks });
}

function Kind({ kind }: { kind: SessionKind }) {
  const share = Math.min(100, Math.round((100 * kind.done) / kind.planned));
  return (
    <li class="session-kind">
      <span class="goal-text">{kind.text}</span>
      <span class="hint">{often(kind)}</span>
      <span class="bar" aria-hidden="true"><span style={{ inlineSize: `${share}%` }} /></span>
      <span class="bar-text">{t('plan.done-of', { done: kind.done, planned: kind.planned })}</span>
    </li>
  );
}

function Report({ report }: { report: SessionReport }) {
  return (
    <li class="report">
      <span class={report.done ? 'state state-closed' : 'state'}><Icon name={report.done ? 'answered' : 'close'} size={16} />{t(report.done ? 'plan.was-done' : 'plan.was-not-done')}</span>
      <span>{report.what}</span>
      <span class="byline">{report.by} <TimeToggle at={report.at} /></span>
      <span class="word-text">{report.text}</span>
      {report.next && <span class="hint">{t('plan.next-on', { date: shortDate(report.next) })}</span>}
    </li>
  );
}

function lackingIn(draft: ReportDraft, kinds: number): string {
  if (kinds > 1 && !draft.session) return 'session-kind';
  if (!draft.done) return 'session-done';
  return draft.text.trim() ? '' : 'session-text';
}

function ReportForm({ plan, request, reload }: { plan: Plan } & Pick<Following, 'request' | 'reload'>) {
  const draft = useDraft<ReportDraft>(`session.${plan.id}`, () => ({ id: newUuid(), session: '1', done: '', text: '', next: '' }));
  const { busy, failure, lacks, send } = useSending();
  const form = useRef<HTMLDetailsElement>(null);
  const value = draft.value.value;
  const change = (part: Partial<ReportDraft>) => { draft.value.value = { ...draft.value.value, ...part }; };
  const problem = (id: string) => (lacks === id && lackingIn(value, plan.sessions.length) === id ? t('step.lacks') : undefined);
  const submit = () => send(lackingIn(value, plan.sessions.length), async () => {
    await reportSession(request, value);
    draft.clear();
    form.current?.removeAttribute('open');
    await reload();
  });
  return (
    <details ref={form} class="beside no-print">
      <summary>{t('plan.report')}</summary>
      <form class="beside-form" noValidate aria-label={t('plan.report')} onSubmit={(event) => { event.preventDefault(); void submit(); }}>
        {plan.sessions.length > 1 && (
          <SelectField id="session-kind" label={t('plan.which')} value={value.session} onChange={(session) => change({ session })} options={plan.sessions.map((one) => ({ value: String(one.number), label: one.text }))} />
        )}
        <Choice
          id="session-done" compact label={t('plan.done')} problem={problem('session-done')} value={value.done} onChange={(done) => change({ done })}
          options={[{ value: 'true', label: t('step.yes') }, { value: 'false', label: t('step.no') }]}
        />
        <TextArea id="session-text" rows={2} label={t(value.done === 'false' ? 'plan.why-not' : 'plan.how')} problem={problem('session-text')} value={value.text} onChange={(text) => change({ text })} onSubmit={() => void submit()} />
        <TextField id="session-next" label={t('plan.next')} optional={t('form.optional')} value={value.next} onChange={(next) => change({ next })} input={{ type: 'date' }} />
        {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
        <div class="form-end"><button type="submit" class="button button-main" disabled={busy}>{busy ? t('ask.sending') : t('plan.report-send')}</button></div>
      </form>
    </details>
  );
}

function OnePlan({ plan, following }: { plan: Plan; following: Following | null }) {
  const follow = following ?? { request: '', asking: false, judges: false, reload: async () => undefined };
  return (
    <>
      <p class="byline">{t('plan.by', { name: plan.by })} <TimeToggle at={plan.at} /></p>
      <p class="entry-text">{plan.text}</p>
      {plan.attachments.map((one) => <AttachmentView key={one.url} attachment={one} />)}
      <h3>{t('plan.goals')}</h3>
      <ul class="goals">{plan.goals.map((one) => <Goal key={one.id} goal={one} following={follow} />)}</ul>
      <h3>{t('plan.sessions')}</h3>
      <ul class="goals">{plan.sessions.map((one) => <Kind key={one.number} kind={one} />)}</ul>
      {follow.asking && <ReportForm plan={plan} request={follow.request} reload={follow.reload} />}
      {plan.reports.length > 0 && (
        <details class="beside" open={plan.reports.length <= 3}>
          <summary>{t('plan.reports', { n: plan.reports.length })}</summary>
          <ul class="goals">{plan.reports.map((one) => <Report key={one.id} report={one} />)}</ul>
        </details>
      )}
    </>
  );
}

export function CasePlan({ plans, following }: { plans: Plan[]; following: Following }) {
  const [now, ...before] = plans;
  if (!now) return null;
  return (
    <section class="plan" aria-labelledby="plan-title">
      <h2 id="plan-title">{t('plan.title')}</h2>
      <OnePlan key={now.id} plan={now} following={now.active ? following : null} />
      {before.length > 0 && (
        <details class="beside">
          <summary>{t('plan.before', { n: before.length })}</summary>
          {before.map((one) => <div key={one.id} class="plan-before"><OnePlan plan={one} following={null} /></div>)}
        </details>
      )}
    </section>
  );
}
