// SPDX-License-Identifier: Apache-2.0
// The list of cases. A case is a ServiceRequest; what is to be done about it is a Task,
// and the list is a search for Tasks.
import { isMe } from '../session';
import { follow, resourcesOf, search } from './client';
import { CASE_STATE, CASE_STATES, TASK_CODE, codeIn, isType, localReference, referenceTo, urgencyOf, type CaseState, type Urgency } from './codes';
import { identifierOf, nameOf, placeOf } from './patient';
import type { Bundle, Patient, Reference, Resource, ServiceRequest, Task } from './types';

export interface CaseItem {
  id: string;
  urgency: Urgency;
  state: CaseState;
  patient: Patient | undefined;
  question: string;
  asker: string;
  owner: string;
  mine: boolean;
  asked: boolean; // by me
  opened: string;
  changed: string;
}

export type Show = 'open' | 'mine' | 'waiting' | 'answered';
export const SHOWS: readonly Show[] = ['open', 'mine', 'waiting', 'answered'];

export interface CasePage {
  items: CaseItem[];
  /** Reads the next page, or null when this was the last. */
  more: (() => Promise<CasePage>) | null;
}

const OPEN = 'requested,accepted,on-hold';
const ANSWERED = 'in-progress,completed';
const PAGE = '100';

export function stateOf(task: Task): CaseState {
  const code = codeIn(task.businessStatus, CASE_STATE);
  return CASE_STATES.find((state) => state === code) ?? 'sent';
}

/** The name of who a reference means: as written beside it, else from the record itself. */
export function whoIs(reference: Reference | undefined, records: Map<string, Resource>): string {
  if (reference?.display) return reference.display;
  const record = records.get(localReference(reference?.reference)) as Patient | undefined;
  return record?.name ? nameOf(record) : '';
}

export function questionOf(request: ServiceRequest | undefined): string {
  return request?.reasonCode?.[0]?.text ?? request?.code?.text ?? '';
}

export function byReference(bundle: Bundle): Map<string, Resource> {
  return new Map(resourcesOf(bundle).map((resource) => [referenceTo(resource), resource]));
}

function itemOf(task: Task, records: Map<string, Resource>): CaseItem[] {
  const request = records.get(localReference(task.focus?.reference));
  if (!isType<ServiceRequest>(request, 'ServiceRequest') || !request.id) return [];
  const patient = records.get(localReference((task.for ?? request.subject).reference));
  return [{
    id: request.id,
    urgency: urgencyOf(task.priority ?? request.priority),
    state: stateOf(task),
    patient: isType<Patient>(patient, 'Patient') ? patient : undefined,
    question: questionOf(request),
    asker: whoIs(task.requester ?? request.requester, records),
    owner: whoIs(task.owner, records),
    mine: isMe(task.requester) || isMe(task.owner),
    asked: isMe(task.requester),
    opened: task.authoredOn ?? request.authoredOn ?? task.meta?.lastUpdated ?? '',
    changed: task.lastModified ?? task.meta?.lastUpdated ?? '',
  }];
}

function pageFrom(bundle: Bundle): CasePage {
  const records = byReference(bundle);
  const items = resourcesOf(bundle)
    .filter((resource) => isType<Task>(resource, 'Task'))
    .flatMap((task) => itemOf(task, records));
  const hasNext = bundle.link?.some((link) => link.relation === 'next') ?? false;
  if (!hasNext) return { items, more: null };
  return { items, more: async () => pageFrom((await follow(bundle, 'next')) ?? bundle) };
}

/** Open cases, or answered ones with the newest first. */
export async function loadCases(status: 'open' | 'answered'): Promise<CasePage> {
  const bundle = await search('Task', {
    code: `${TASK_CODE}|answer-case`,
    status: status === 'open' ? OPEN : ANSWERED,
    _include: ['Task:focus', 'Task:patient', 'Task:requester'],
    _sort: status === 'open' ? '-authored-on' : '-modified',
    _count: PAGE,
  });
  return pageFrom(bundle);
}

const RANK: Record<Urgency, number> = { stat: 0, urgent: 1, routine: 2 };

/** Nobody looks at it yet; somebody does; it waits for who asked; the rest. */
const STATE_ORDER: readonly CaseState[] = ['sent', 'allocated', 'information-asked'];

function rank(state: CaseState): number {
  const at = STATE_ORDER.indexOf(state);
  return at < 0 ? STATE_ORDER.length : at;
}

/** Emergencies first; among equals those nobody looks at yet, then who has waited longest. */
export function byUrgency(a: CaseItem, b: CaseItem): number {
  return RANK[a.urgency] - RANK[b.urgency] || rank(a.state) - rank(b.state) || a.opened.localeCompare(b.opened);
}

export function matches(item: CaseItem, text: string): boolean {
  const fold = (value: string) => value.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const patient = item.patient;
  const hay = fold([patient ? [nameOf(patient), identifierOf(patient), placeOf(patient)].join(' ') : '', item.question, item.asker, item.owner].join(' '));
  return fold(text).split(/\s+/).every((word) => hay.includes(word));
}
