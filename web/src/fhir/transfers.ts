// SPDX-License-Identifier: Apache-2.0
// The patients who are being moved now, as far as I may see them: both directions.
import { session } from '../session';
import { follow, resourcesOf, search } from './client';
import { CASE_KIND, CASE_OUTPUT, CASE_SIDES, codeIn, isType, localReference, urgencyOf, type CaseState, type Urgency } from './codes';
import { questionOf, stateOf } from './case-facts';
import { stepOf } from './case';
import type { Bundle, Organization, Patient, Resource, ServiceRequest, Task } from './types';

export interface Transfer {
  id: string;
  patient: Patient;
  question: string;
  urgency: Urgency;
  state: CaseState;
  /** When it came to where it stands. */
  since: string;
  /** The hospital that asks, and the department that is asked now. */
  from: string;
  to: string;
  bed: string;
  bedReference: string;
  expected: string;
  /** To my hospital; else from it. */
  coming: boolean;
}

const MOST_PAGES = 10;

/** The states in which somebody is still to be moved, or not yet home again. */
export const MOVING: readonly CaseState[] = ['sent', 'allocated', 'information-asked', 'bed-accepted', 'on-the-way', 'arrived', 'back-home'];

function sidesOf(task: Task): { asking: string; asked: string } {
  const parts = task.extension?.find((one) => one.url === CASE_SIDES)?.extension ?? [];
  const units = (name: string) => parts.filter((one) => one.url === name).map((one) => localReference(one.valueReference?.reference));
  return { asking: units('asking')[0] ?? '', asked: units('asked').at(-1) ?? '' };
}

function nameOfUnit(reference: string, records: Map<string, Resource>): string {
  const unit = records.get(reference) as Organization | undefined;
  const above = records.get(localReference(unit?.partOf?.reference)) as Organization | undefined;
  return [unit?.name, above?.name].filter(Boolean).join(', ');
}

function transferOf(task: Task, records: Map<string, Resource>): Transfer | null {
  const request = records.get(`ServiceRequest/${task.id ?? ''}`) as ServiceRequest | undefined;
  const patient = records.get(localReference(request?.subject.reference)) as Patient | undefined;
  const state = stateOf(task);
  if (!request || !patient || !MOVING.includes(state)) return null;
  const sides = sidesOf(task);
  const mine = (session.value?.posts ?? []).map((post) => post.organization);
  return {
    id: request.id ?? '',
    patient,
    question: questionOf(request),
    urgency: urgencyOf(request.priority),
    state,
    since: stepOf(task)?.at ?? task.lastModified ?? '',
    from: nameOfUnit(sides.asking, records),
    to: nameOfUnit(sides.asked, records),
    bed: task.location?.display ?? '',
    bedReference: localReference(task.location?.reference),
    expected: task.output?.filter((one) => codeIn(one.type, CASE_OUTPUT) === 'expected').at(-1)?.valueDateTime ?? '',
    coming: !mine.includes(sides.asking),
  };
}

async function everything(first: Bundle): Promise<Resource[]> {
  const found = resourcesOf(first);
  let next = follow(first, 'next');
  for (let page = 1; next && page < MOST_PAGES; page++) {
    const bundle = await next;
    found.push(...resourcesOf(bundle));
    next = follow(bundle, 'next');
  }
  return found;
}

async function unitsOf(tasks: Task[]): Promise<Resource[]> {
  const ids = [...new Set(tasks.flatMap((task) => Object.values(sidesOf(task))))].map((one) => one.replace('Organization/', '')).filter(Boolean);
  if (ids.length === 0) return [];
  return resourcesOf(await search('Organization', { _id: ids.join(','), _include: 'Organization:partof', _count: '500' }));
}

/** What is due first stands first: who is on the way, then who waits for a bed, the oldest first. */
const ORDER: readonly CaseState[] = ['on-the-way', 'bed-accepted', 'sent', 'allocated', 'information-asked', 'arrived', 'back-home'];

export async function loadTransfers(): Promise<Transfer[]> {
  const found = await everything(await search('ServiceRequest', {
    category: `${CASE_KIND}|transfer`, status: 'active', _include: 'ServiceRequest:patient', _revinclude: 'Task:focus', _count: '100',
  }));
  const tasks = found.filter((one) => isType<Task>(one, 'Task'));
  const records = new Map([...found, ...(await unitsOf(tasks))].map((one) => [`${one.resourceType}/${one.id ?? ''}`, one]));
  return tasks.flatMap((task) => transferOf(task, records) ?? [])
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.since.localeCompare(b.since));
}
