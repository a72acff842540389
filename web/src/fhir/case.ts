// SPDX-License-Identifier: Apache-2.0
// One case with everything that belongs to it, and its timeline.
import { isMe } from '../session';
import { history, read, resourcesOf, search } from './client';
import { CASE_STEP, MESSAGE_KIND, MESSAGE_PART, OPINION_ATTACHMENT, codeIn, isType, localReference, referenceTo, type CaseState } from './codes';
import { byReference, stateOf, whoIs } from './case-facts';
import { isMeeting, meetingOf, type Meeting } from './mdt';
import { plansOf, type Plan } from './plan';
import type { Shareable } from './share-rule';
import type { Attachment, ClinicalImpression, Communication, DocumentReference, Extension, Observation, Patient, Reference, Resource, ServiceRequest, Task } from './types';

/** What is said, by Communication.category and the opinion; and steps that say nothing. */
export const TIMELINE_KINDS = [
  'opened', 'taken', 'answer', 'question', 'information', 'message', 'action', 'outcome', 'decline', 'reroute', 'withdrawal', 'escalated', 'closed', 'expired',
  'bed', 'departure', 'arrival', 'return-note', 'alert', 'guided-step', 'minutes',
] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

export interface TimelineEntry {
  id: string;
  at: string;
  who: string;
  kind: TimelineKind;
  mine: boolean;
  text: string;
  attachments: Attachment[];
  /** What has a name of its own, by code: when they left, what to do at home. */
  parts?: { name: string; text: string }[];
}

export interface Case {
  request: ServiceRequest;
  task: Task;
  state: CaseState;
  patient: Patient;
  asker: string;
  owner: string;
  observations: Observation[];
  documents: DocumentReference[];
  shared: Shareable[]; // of the patient's record, as far as this reader sees it
  messages: Communication[];
  timeline: TimelineEntry[];
  meetings: Meeting[]; // the next first
  plans: Plan[]; // the newest first
}

function partName(part: { extension?: Extension[] }): string {
  return part.extension?.find((one) => one.url === MESSAGE_PART)?.valueCode ?? '';
}

function messageEntry(message: Communication, records: Map<string, Resource>): TimelineEntry {
  const code = codeIn(message.category?.[0], MESSAGE_KIND);
  const payload = message.payload ?? [];
  return {
    id: message.id ?? '',
    at: message.sent ?? message.meta?.lastUpdated ?? '',
    who: whoIs(message.sender, records),
    mine: isMe(message.sender),
    kind: TIMELINE_KINDS.find((kind) => kind === code) ?? 'message',
    parts: payload.flatMap((part) => {
      const name = partName(part);
      return name ? [{ name, text: part.contentString ?? part.contentReference?.display ?? '' }] : [];
    }),
    text: payload.flatMap((part) => (partName(part) ? [] : part.contentString ?? [])).join('\n\n'),
    attachments: payload.flatMap((part) => part.contentAttachment ?? []),
  };
}

function opinionEntry(opinion: ClinicalImpression, records: Map<string, Resource>): TimelineEntry {
  return {
    id: opinion.id ?? '',
    at: opinion.date ?? opinion.meta?.lastUpdated ?? '',
    who: whoIs(opinion.assessor, records),
    mine: isMe(opinion.assessor),
    kind: 'answer',
    text: [opinion.summary ?? '', ...(opinion.note ?? []).map((note) => note.text)].filter(Boolean).join('\n\n'),
    attachments: (opinion.extension ?? []).flatMap((one) => (one.url === OPINION_ATTACHMENT ? one.valueAttachment ?? [] : [])),
  };
}

/** The steps that may come without a word, as the timeline calls them. */
const STEP_KINDS: Record<string, TimelineKind> = {
  accept: 'taken', act: 'action', outcome: 'outcome', escalate: 'escalated', close: 'closed', expire: 'expired', withdraw: 'withdrawal', arrive: 'arrival',
};

interface Step {
  name: string;
  by: Reference | undefined;
  at: string;
}

export function stepOf(task: Task): Step | null {
  const parts = task.extension?.find((one) => one.url === CASE_STEP)?.extension;
  const part = (name: string): Extension | undefined => parts?.find((one) => one.url === name);
  if (!parts) return null;
  return { name: part('name')?.valueCode ?? '', by: part('by')?.valueReference, at: part('at')?.valueInstant ?? '' };
}

/** What the versions of the Task tell and no message does: who took the case, that it was closed. */
function stepEntries(versions: Task[], said: TimelineEntry[], records: Map<string, Resource>): TimelineEntry[] {
  const seen = new Set<string>(said.map((entry) => `${entry.kind} ${entry.at}`));
  return [...versions].reverse().flatMap((task) => {
    const step = stepOf(task);
    const kind = step && STEP_KINDS[step.name];
    if (!step || !kind || seen.has(`${kind} ${step.at}`)) return [];
    seen.add(`${kind} ${step.at}`);
    return [{ id: `${task.id ?? ''}-${kind}-${step.at}`, at: step.at, who: whoIs(step.by, records), mine: isMe(step.by), kind, text: '', attachments: [] }];
  });
}

async function taskVersions(task: Task): Promise<Task[]> {
  const bundle = await history(`Task/${task.id ?? ''}`);
  return resourcesOf(bundle).filter((resource) => isType<Task>(resource, 'Task'));
}

function timelineOf(request: ServiceRequest, asker: string, messages: TimelineEntry[], status: TimelineEntry[]): TimelineEntry[] {
  const opened: TimelineEntry = {
    id: 'opened', at: request.authoredOn ?? request.meta?.lastUpdated ?? '', who: asker, mine: isMe(request.requester), kind: 'opened', text: '', attachments: [],
  };
  return [opened, ...[...messages, ...status].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))];
}

function names(references: Reference[] | undefined, id: string): boolean {
  return (references ?? []).some((one) => localReference(one.reference) === `ServiceRequest/${id}`);
}

/** Those made for the case, in the order in which it lists them. */
function documentsOf(request: ServiceRequest, all: Resource[]): DocumentReference[] {
  const listed = (request.supportingInfo ?? []).map((one) => localReference(one.reference));
  const place = (one: DocumentReference) => (listed.indexOf(referenceTo(one)) + listed.length + 1) % (listed.length + 1); // not listed: last
  const own = all.filter((resource) => isType<DocumentReference>(resource, 'DocumentReference')).filter((one) => names(one.context?.related, request.id ?? ''));
  return own.sort((a, b) => place(a) - place(b));
}

/** What the case lists of the record, in its order, without what was made for the case itself. */
function sharedOf(request: ServiceRequest, records: Map<string, Resource>): Shareable[] {
  return (request.supportingInfo ?? []).flatMap((one) => records.get(localReference(one.reference)) ?? []).filter((record) => {
    const own = record as Resource & { basedOn?: Reference[]; context?: { related?: Reference[] } };
    return !names(own.basedOn, request.id ?? '') && !names(own.context?.related, request.id ?? '');
  });
}

/** Null when there is no such case, or it is not for this reader. */
export async function loadCase(id: string): Promise<Case | null> {
  const bundle = await search('ServiceRequest', {
    _id: id,
    _include: ['ServiceRequest:patient', 'ServiceRequest:requester', 'ServiceRequest:supporting-info'],
    _revinclude: ['Task:focus', 'Observation:based-on', 'Communication:based-on', 'ClinicalImpression:supporting-info', 'DocumentReference:related',
      'Appointment:based-on', 'CarePlan:activity-reference', 'Goal:addresses', 'Procedure:based-on'],
    _count: '1',
  });
  const records = byReference(bundle);
  const request = records.get(`ServiceRequest/${id}`);
  const all = [...records.values()];
  const task = all.find((resource) => isType<Task>(resource, 'Task'));
  if (!isType<ServiceRequest>(request, 'ServiceRequest') || !isType<Task>(task, 'Task')) return null;
  const patient = all.find((resource) => isType<Patient>(resource, 'Patient'))
    ?? (await read<Patient>(request.subject.reference ?? ''));
  const messages = all.filter((resource) => isType<Communication>(resource, 'Communication'));
  const asker = whoIs(request.requester, records);
  const said = [
    ...messages.map((message) => messageEntry(message, records)),
    ...all.filter((resource) => isType<ClinicalImpression>(resource, 'ClinicalImpression')).map((opinion) => opinionEntry(opinion, records)),
  ];
  const steps = stepEntries(await taskVersions(task), said, records);
  return {
    request,
    task,
    state: stateOf(task),
    patient,
    asker,
    owner: whoIs(task.owner, records),
    observations: all.filter((resource) => isType<Observation>(resource, 'Observation')).filter((one) => names(one.basedOn, id)),
    documents: documentsOf(request, all),
    shared: sharedOf(request, records),
    messages,
    timeline: timelineOf(request, asker, said, steps),
    meetings: all.filter(isMeeting).map((one) => meetingOf(one, records)).sort((a, b) => Date.parse(b.start) - Date.parse(a.start)),
    plans: plansOf(records),
  };
}

/** The types whose change can alter what a case's page shows. */
export const CASE_TYPES = new Set(['Task', 'ServiceRequest', 'Communication', 'ClinicalImpression', 'Observation', 'DocumentReference', 'Patient', 'Appointment', 'CarePlan', 'Goal', 'Procedure',
  'AllergyIntolerance', 'Condition', 'DiagnosticReport', 'ImagingStudy', 'MedicationRequest', 'MedicationStatement']);
