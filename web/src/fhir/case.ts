// SPDX-License-Identifier: Apache-2.0
// One case with everything that belongs to it, and its timeline.
import { isMe } from '../session';
import { history, read, resourcesOf, search } from './client';
import { CASE_STATE, MESSAGE_KIND, codeIn, isType, localReference, type CaseState, type MessageKind } from './codes';
import { byReference, stateOf, whoIs } from './case-list';
import type { Shareable } from './share-rule';
import type { Attachment, Communication, DocumentReference, Observation, Patient, Reference, Resource, ServiceRequest, Task } from './types';

export interface TimelineEntry {
  id: string;
  at: string;
  who: string;
  kind: 'opened' | 'taken' | 'cancelled' | MessageKind;
  mine: boolean;
  text: string;
  attachments: Attachment[];
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
}

function messageEntry(message: Communication, records: Map<string, Resource>): TimelineEntry {
  const kind = codeIn(message.category?.[0], MESSAGE_KIND) as MessageKind | undefined;
  const payload = message.payload ?? [];
  return {
    id: message.id ?? '',
    at: message.sent ?? message.meta?.lastUpdated ?? '',
    who: whoIs(message.sender, records),
    mine: isMe(message.sender),
    kind: kind ?? 'message',
    text: payload.flatMap((part) => part.contentString ?? []).join('\n\n'),
    attachments: payload.flatMap((part) => part.contentAttachment ?? []),
  };
}

/** What the versions of the Task tell and no message does: who took the case, that it was withdrawn. */
function statusEntries(versions: Task[], records: Map<string, Resource>): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  const oldestFirst = [...versions].reverse();
  oldestFirst.forEach((task, at) => {
    const before = oldestFirst[at - 1];
    const state = codeIn(task.businessStatus, CASE_STATE);
    const taken = state === 'taken' && before !== undefined && codeIn(before.businessStatus, CASE_STATE) === 'waiting' && before.status === 'requested';
    const cancelled = task.status === 'cancelled' && before?.status !== 'cancelled';
    if (!taken && !cancelled) return;
    entries.push({
      id: `${task.id ?? ''}-${task.meta?.versionId ?? at}`,
      at: task.lastModified ?? task.meta?.lastUpdated ?? '',
      who: whoIs(task.owner, records),
      mine: isMe(task.owner),
      kind: cancelled ? 'cancelled' : 'taken',
      text: '',
      attachments: [],
    });
  });
  return entries;
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
    _revinclude: ['Task:focus', 'Observation:based-on', 'Communication:based-on', 'DocumentReference:related'],
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
  const status = statusEntries(await taskVersions(task), records);
  return {
    request,
    task,
    state: stateOf(task),
    patient,
    asker,
    owner: whoIs(task.owner, records),
    observations: all.filter((resource) => isType<Observation>(resource, 'Observation')).filter((one) => names(one.basedOn, id)),
    documents: all.filter((resource) => isType<DocumentReference>(resource, 'DocumentReference')).filter((one) => names(one.context?.related, id)),
    shared: sharedOf(request, records),
    messages,
    timeline: timelineOf(request, asker, messages.map((message) => messageEntry(message, records)), status),
  };
}

/** The types whose change can alter what a case's page shows. */
export const CASE_TYPES = new Set(['Task', 'ServiceRequest', 'Communication', 'Observation', 'DocumentReference', 'Patient',
  'AllergyIntolerance', 'Condition', 'DiagnosticReport', 'ImagingStudy', 'MedicationRequest', 'MedicationStatement']);
