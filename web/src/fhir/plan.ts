// SPDX-License-Identifier: Apache-2.0
// Plans of rehabilitation of a case (docs/CASES.md): what the CarePlan, its Goals and the
// Procedures of its sessions say, and the operations that write them.
import { whoIs } from './case-facts';
import { operation } from './client';
import { codeIn, isType, localReference, referenceTo } from './codes';
import { CASE_RECORD } from './mdt';
import type { Annotation, Attachment, Concept, Extension, Reference, Resource } from './types';

const SESSION = 'https://belay.health/StructureDefinition/plan-session';
const ATTACHMENT = 'https://belay.health/StructureDefinition/plan-attachment';
const RESULT = 'https://belay.health/CodeSystem/goal-result';

interface Repeat {
  boundsDuration?: { value?: number };
  count?: number;
  frequency?: number;
  periodUnit?: string;
}

interface CarePlan extends Resource {
  resourceType: 'CarePlan';
  extension?: Extension[];
  status: string;
  category?: Concept[];
  description?: string;
  created?: string;
  author?: Reference;
  goal?: Reference[];
  activity?: { detail?: { description?: string; scheduledTiming?: { repeat?: Repeat } } }[];
}

interface GoalRecord extends Resource {
  resourceType: 'Goal';
  category?: Concept[];
  description?: { text?: string };
  target?: { dueDate?: string }[];
  achievementStatus?: Concept;
  note?: (Annotation & { authorReference?: Reference; time?: string })[];
}

interface Procedure extends Resource {
  resourceType: 'Procedure';
  extension?: Extension[];
  status: string;
  statusReason?: { text?: string };
  category?: Concept;
  basedOn?: Reference[];
  code?: { text?: string };
  performedDateTime?: string;
  performer?: { actor: Reference }[];
  note?: Annotation[];
}

export type GoalResult = 'achieved' | 'partly' | 'not';

export interface PlanGoal {
  id: string;
  text: string;
  due: string;
  result: GoalResult | '';
  note: { by: string; text: string; at: string } | null;
}

export interface SessionKind {
  number: number;
  text: string;
  times: number;
  per: 'day' | 'week';
  weeks: number;
  planned: number;
  done: number;
}

export interface SessionReport {
  id: string;
  what: string;
  at: string;
  done: boolean;
  by: string;
  text: string;
  next: string;
}

export interface Plan {
  id: string;
  active: boolean;
  text: string;
  by: string;
  at: string;
  goals: PlanGoal[];
  sessions: SessionKind[];
  reports: SessionReport[];
  attachments: Attachment[];
}

function goalOf(goal: GoalRecord, records: Map<string, Resource>): PlanGoal {
  const note = goal.note?.at(-1);
  return {
    id: goal.id ?? '',
    text: goal.description?.text ?? '',
    due: goal.target?.[0]?.dueDate ?? '',
    result: (codeIn(goal.achievementStatus, RESULT) ?? '') as PlanGoal['result'],
    note: note ? { by: whoIs(note.authorReference, records), text: note.text, at: note.time ?? '' } : null,
  };
}

interface SessionMark extends Extension {
  valuePositiveInt?: number;
  valueDate?: string;
}

function markOf(procedure: Procedure, part: string): SessionMark | undefined {
  const mark = procedure.extension?.find((one) => one.url === SESSION);
  return mark?.extension?.find((one) => one.url === part) as SessionMark | undefined;
}

function reportOf(procedure: Procedure, records: Map<string, Resource>): SessionReport {
  const done = procedure.status === 'completed';
  return {
    id: procedure.id ?? '',
    what: procedure.code?.text ?? '',
    at: procedure.performedDateTime ?? '',
    done,
    by: whoIs(procedure.performer?.[0]?.actor, records),
    text: (done ? procedure.note?.[0]?.text : procedure.statusReason?.text) ?? '',
    next: markOf(procedure, 'next')?.valueDate ?? '',
  };
}

function kindsOf(plan: CarePlan, sessions: Procedure[]): SessionKind[] {
  const details = (plan.activity ?? []).flatMap((one) => one.detail ?? []);
  return details.map((detail, at) => {
    const repeat = detail.scheduledTiming?.repeat;
    return {
      number: at + 1,
      text: detail.description ?? '',
      times: repeat?.frequency ?? 1,
      per: repeat?.periodUnit === 'd' ? 'day' : 'week',
      weeks: repeat?.boundsDuration?.value ?? 1,
      planned: repeat?.count ?? 1,
      done: sessions.filter((one) => one.status === 'completed' && markOf(one, 'number')?.valuePositiveInt === at + 1).length,
    };
  });
}

function planOf(plan: CarePlan, records: Map<string, Resource>): Plan {
  const own = `CarePlan/${plan.id ?? ''}`;
  const sessions = [...records.values()]
    .filter((one): one is Procedure => isType<Procedure>(one, 'Procedure') && codeIn(one.category, CASE_RECORD) === 'rehabilitation-session')
    .filter((one) => one.basedOn?.some((reference) => localReference(reference.reference) === own))
    .sort((a, b) => Date.parse(b.performedDateTime ?? '') - Date.parse(a.performedDateTime ?? ''));
  return {
    id: plan.id ?? '',
    active: plan.status === 'active',
    text: plan.description ?? '',
    by: whoIs(plan.author, records),
    at: plan.created ?? '',
    goals: (plan.goal ?? []).flatMap((one) => {
      const goal = records.get(localReference(one.reference));
      return isType<GoalRecord>(goal, 'Goal') ? [goalOf(goal, records)] : [];
    }),
    sessions: kindsOf(plan, sessions),
    reports: sessions.map((one) => reportOf(one, records)),
    attachments: (plan.extension ?? []).flatMap((one) => (one.url === ATTACHMENT ? one.valueAttachment ?? [] : [])),
  };
}

/** The plans among ${records} of a case, the newest first: the first is followed, if it is active. */
export function plansOf(records: Map<string, Resource>): Plan[] {
  return [...records.values()]
    .filter((one): one is CarePlan => isType<CarePlan>(one, 'CarePlan') && (one.category ?? []).some((code) => codeIn(code, CASE_RECORD) === 'rehabilitation-plan'))
    .map((one) => planOf(records.get(referenceTo(one)) as CarePlan, records))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

// ---- operations ----

export interface GoalDraft {
  text: string;
  due: string;
}

export interface SessionDraft {
  text: string;
  times: string;
  per: 'day' | 'week';
  weeks: string;
}

export interface PlanDraft {
  id: string;
  text: string;
  goals: GoalDraft[];
  sessions: SessionDraft[];
}

export function makePlan(request: string, draft: PlanDraft, attachments: Attachment[]): Promise<Resource> {
  return operation(`/ServiceRequest/${request}/$plan`, [
    ['id', { valueId: draft.id }], ['text', { valueString: draft.text.trim() }],
    ...draft.goals.map((goal): [string, object] => ['goal', { part: [{ name: 'text', valueString: goal.text.trim() }, { name: 'due', valueDate: goal.due }] }]),
    ...draft.sessions.map((session): [string, object] => ['session', { part: [
      { name: 'text', valueString: session.text.trim() }, { name: 'times', valuePositiveInt: Number(session.times) },
      { name: 'per', valueCode: session.per }, { name: 'weeks', valuePositiveInt: Number(session.weeks) },
    ] }]),
    ...attachments.map((one): [string, object] => ['attachment', { valueAttachment: one }]),
  ]);
}

export interface ReportDraft {
  id: string;
  session: string;
  done: '' | 'true' | 'false';
  text: string;
  next: string;
}

export function reportSession(request: string, draft: ReportDraft): Promise<Resource> {
  return operation(`/ServiceRequest/${request}/$session`, [
    ['id', { valueId: draft.id }], ['session', { valuePositiveInt: Number(draft.session) }], ['done', { valueBoolean: draft.done === 'true' }],
    ['text', { valueString: draft.text.trim() }], ...(draft.next ? [['next', { valueDate: draft.next }] as [string, object]] : []),
  ]);
}

export function judgeGoal(request: string, goal: string, result: GoalResult, text: string): Promise<Resource> {
  return operation(`/ServiceRequest/${request}/$goal`, [
    ['goal', { valueId: goal }], ['result', { valueCode: result }], ...(text.trim() ? [['text', { valueString: text.trim() }] as [string, object]] : []),
  ]);
}
