// SPDX-License-Identifier: Apache-2.0
// Writing into a case: a message and what it does to the case's Task, in one transaction
// that holds only if nobody changed the Task in between.
import { isMe, meAsReference, session } from '../session';
import type { PickedFile } from '../lib/files';
import { presentInstant } from '../lib/time';
import { create, upload } from './attach';
import { CallError, transaction } from './client';
import { CASE_STATE, MESSAGE_KIND, URI_IDENTIFIER, concept, referenceTo, type CaseState, type MessageKind } from './codes';
import { loadCase, type Case } from './case';
import type { BundleEntry, Communication, Task } from './types';

export interface Reply {
  id: string; // a UUID of ours: a second try finds the first
  kind: MessageKind;
  text: string;
  files: PickedFile[];
}

const STATE_WORDS: Record<CaseState, string> = {
  waiting: 'Waiting for an answer',
  taken: 'Being looked at',
  'question-back': 'Waiting for the asker',
  answered: 'Answered',
};

/** What this reader may write: an expert answers, those who treat the patient add to the case. */
export function kindsFor(item: Case): MessageKind[] {
  if (item.task.status === 'cancelled') return [];
  if (isMe(item.request.requester) || session.value?.role === 'clinician') return ['message'];
  return session.value?.role === 'expert' ? ['answer', 'question'] : [];
}

function withState(task: Task, state: CaseState, status: Task['status'], at: string): Task {
  return { ...task, status, businessStatus: concept(CASE_STATE, state, STATE_WORDS[state]), lastModified: at };
}

/** The Task as it stands after a message of ${kind}. */
function taskAfter(item: Case, kind: MessageKind, at: string): Task {
  const { task } = item;
  if (kind === 'answer') return { ...withState(task, 'answered', 'completed', at), owner: meAsReference() };
  if (kind === 'question') return { ...withState(task, 'question-back', 'in-progress', at), owner: meAsReference() };
  const theirTurn = item.state === 'question-back' || item.state === 'answered';
  if (theirTurn && isMe(item.request.requester)) return withState(task, 'waiting', 'in-progress', at);
  return { ...task, lastModified: at };
}

function taskUpdate(task: Task): BundleEntry {
  return {
    resource: task,
    request: { method: 'PUT', url: referenceTo(task), ifMatch: `W/"${task.meta?.versionId ?? ''}"` },
  };
}

function entriesFor(item: Case, reply: Reply, at: string): BundleEntry[] {
  const uploads = reply.files.map((file) => upload(file, at, { reference: referenceTo(item.request) }));
  const about = { reference: referenceTo(item.request) };
  const message: Communication = {
    resourceType: 'Communication',
    identifier: [{ system: URI_IDENTIFIER, value: `urn:uuid:${reply.id}` }],
    basedOn: [about],
    status: 'completed',
    category: [concept(MESSAGE_KIND, reply.kind)],
    subject: item.request.subject,
    about: [about],
    sent: at,
    sender: meAsReference(),
    payload: [
      ...(reply.text.trim() ? [{ contentString: reply.text.trim() }] : []),
      ...uploads.map(({ attachment }) => ({ contentAttachment: attachment })),
    ],
  };
  return [create(message, reply.id), ...uploads.map(({ entry }) => entry), taskUpdate(taskAfter(item, reply.kind, at))];
}

function holds(item: Case, reply: Reply): boolean {
  return item.messages.some((message) => message.identifier?.some((one) => one.value === `urn:uuid:${reply.id}`));
}

/**
 * Sends ${reply}. When another change came first, or the link broke half-way, the case is
 * read again: a message already there is not sent twice, and one that is not is tried once
 * more on top of what is there now.
 */
export async function sendReply(item: Case, reply: Reply): Promise<void> {
  try {
    await transaction(entriesFor(item, reply, presentInstant()));
  } catch (error) {
    if (!(error instanceof CallError) || (error.kind !== 'conflict' && error.kind !== 'unsure')) throw error;
    const fresh = await loadCase(item.request.id ?? '').catch(() => null);
    if (!fresh) throw error;
    if (holds(fresh, reply)) return;
    await transaction(entriesFor(fresh, reply, presentInstant()));
  }
}

/** Say that I am looking at this case. Fails with 'conflict' if someone was quicker. */
export async function takeCase(item: Case): Promise<void> {
  const task = withState(item.task, 'taken', 'in-progress', presentInstant());
  await transaction([taskUpdate({ ...task, owner: meAsReference() })]);
}
