// SPDX-License-Identifier: Apache-2.0
// The worklist of whoever is signed in, as the node orders it: what waits for my side first,
// then by urgency and by what is due (Task/$worklist).
import { read } from './client';
import { localReference, urgencyOf, type CaseState, type Urgency } from './codes';
import type { Side } from './case-step';
import type { Gender, HumanName, Patient, Priority, Reference } from './types';

export interface WorkItem {
  id: string;
  state: CaseState;
  urgency: Urgency;
  /** As whose people I see it. */
  side: Side;
  /** The next word is my side's. */
  waits: boolean;
  /** ... and mine, or anybody's of my unit. */
  mine: boolean;
  kind: string;
  question: string;
  patient: Patient;
  hospital: string;
  /** "Organization/ID" of it, the patient's. */
  hospitalReference: string;
  asker: string;
  owner: string;
  sent: string;
  allocateBy: string;
  allocated: string;
  answerBy: string;
  answered: string;
  pausedSince: string;
  changed: string;
  /** How often a clock ran out and it went on to somebody else. */
  level: number;
}

export interface WorkPage {
  items: WorkItem[];
  /** For the next page; "" at the end. */
  next: string;
  total: number | null;
}

export interface WorkQuery {
  show: 'waiting' | 'open' | 'ended' | 'all';
  state?: string;
  urgency?: string;
  side?: string;
  mine?: boolean;
  page?: string;
  count?: number;
}

interface Part {
  name: string;
  part?: Part[];
  [value: `value${string}`]: unknown;
}

function valueOf(parts: Part[], name: string): unknown {
  const part = parts.find((one) => one.name === name);
  const key = part && Object.keys(part).find((one) => one.startsWith('value'));
  return key ? part[key as `value${string}`] : undefined;
}

function itemOf(parts: Part[]): WorkItem {
  const text = (name: string) => String(valueOf(parts, name) ?? '');
  const who = (name: string) => valueOf(parts, name) as Reference | undefined;
  const name = valueOf(parts, 'patient-name') as HumanName | undefined;
  const patient: Patient = {
    resourceType: 'Patient',
    id: localReference(who('patient')?.reference).split('/')[1] ?? '',
    ...(name ? { name: [name] } : {}),
    ...(text('gender') ? { gender: text('gender') as Gender } : {}),
    ...(text('birth-date') ? { birthDate: text('birth-date') } : {}),
  };
  return {
    id: text('id'),
    state: text('state') as CaseState,
    urgency: text('urgency') === 'emergency' ? 'stat' : urgencyOf(text('urgency') as Priority),
    side: text('side') as Side,
    waits: valueOf(parts, 'waits') === true,
    mine: valueOf(parts, 'mine') === true,
    kind: (valueOf(parts, 'kind') as { code?: string } | undefined)?.code ?? 'advice',
    question: text('question'),
    patient,
    hospital: who('hospital')?.display ?? '',
    hospitalReference: localReference(who('hospital')?.reference),
    asker: who('asker')?.display ?? '',
    owner: who('owner')?.display ?? '',
    sent: text('sent'),
    allocateBy: text('allocate-by'),
    allocated: text('allocated'),
    answerBy: text('answer-by'),
    answered: text('answered'),
    pausedSince: text('paused-since'),
    changed: text('changed'),
    level: Number(valueOf(parts, 'level') ?? 0),
  };
}

export async function loadWork(query: WorkQuery): Promise<WorkPage> {
  const parameters = new URLSearchParams({ show: query.show, _count: String(query.count ?? 100) });
  if (query.state) parameters.set('state', query.state);
  if (query.urgency) parameters.set('urgency', query.urgency);
  if (query.side) parameters.set('side', query.side);
  if (query.mine) parameters.set('mine', 'true');
  if (query.page) parameters.set('_page', query.page);
  else parameters.set('total', 'true');
  const answer = await read<{ parameter?: Part[] }>(`Task/$worklist?${parameters.toString()}`);
  const all = answer.parameter ?? [];
  const total = valueOf(all, 'total');
  return {
    items: all.filter((one) => one.name === 'case').map((one) => itemOf(one.part ?? [])),
    next: String(valueOf(all, 'next') ?? ''),
    total: typeof total === 'number' ? total : null,
  };
}

/** ${before} and the page behind it. A case that moved on meanwhile may be on both: it is shown once, as it is now. */
export function joined(before: readonly WorkItem[], page: readonly WorkItem[]): WorkItem[] {
  const newer = new Set(page.map(({ id }) => id));
  return [...before.filter(({ id }) => !newer.has(id)), ...page];
}

/** The clock that runs now: until it is taken, then until its first answer; null: none does. */
export function clockOf(item: WorkItem): { what: 'take' | 'answer'; by: string } | null {
  if (item.answered || item.pausedSince) return null;
  if (item.state === 'sent' && !item.allocated && item.allocateBy) return { what: 'take', by: item.allocateBy };
  const running = item.state === 'sent' || item.state === 'allocated';
  return running && item.answerBy ? { what: 'answer', by: item.answerBy } : null;
}
