// SPDX-License-Identifier: Apache-2.0
// Writing into a case: each step is an operation on its request (docs/CASES.md), which says
// for itself whether the case stands where the step begins.
import { isMe, session } from '../session';
import type { PickedFile } from '../lib/files';
import { newUuid } from '../lib/ids';
import { presentInstant } from '../lib/time';
import { uploadAs } from './attach';
import { operation, transaction } from './client';
import { hasAnswer, hasEnded, referenceTo, type MessageKind, type Urgency } from './codes';
import type { Case } from './case';
import type { Attachment, Task } from './types';

export type Here = 'yes' | 'with-help' | 'no';

export interface Reply {
  id: string; // a UUID of ours: under it, a second try finds the first
  kind: MessageKind;
  text: string;
  files: PickedFile[];
  advice: string; // of an answer
  urgency: Urgency;
  here: Here;
}

/** Those who treat the patient: who asked, and the clinicians of their hospital. */
function asks(item: Case): boolean {
  return isMe(item.request.requester) || session.value?.role === 'clinician';
}

/** What this reader may write: an expert answers, those who treat the patient add to the case. */
export function kindsFor(item: Case): MessageKind[] {
  if (hasEnded(item.state)) return [];
  if (asks(item)) return ['message'];
  if (session.value?.role !== 'expert') return [];
  if (hasAnswer(item.state)) return ['message'];
  return item.state === 'information-asked' ? ['answer', 'message'] : ['answer', 'question'];
}

function step(item: Case, name: string, values: [string, object][]): Promise<Task> {
  return operation<Task>(`/${referenceTo(item.request)}/$${name}`, values);
}

const names = new WeakMap<PickedFile, string>(); // so that a second try stores no file twice

/** Stores the files, open to who may read the case. */
async function store(item: Case, files: PickedFile[]): Promise<Attachment[]> {
  const uploads = files.map((file) => {
    const id = names.get(file) ?? newUuid();
    names.set(file, id);
    return uploadAs(id, file, presentInstant(), { reference: referenceTo(item.request) });
  });
  if (uploads.length > 0) await transaction(uploads.map(({ entry }) => entry));
  return uploads.map(({ attachment }) => attachment);
}

export async function sendReply(item: Case, reply: Reply): Promise<void> {
  const attachments = await store(item, reply.files);
  const text = reply.text.trim();
  const common: [string, object][] = [...attachments.map((one): [string, object] => ['attachment', { valueAttachment: one }]), ['id', { valueId: reply.id }]];
  const said: [string, object][] = text ? [['text', { valueString: text }], ...common] : common;
  if (reply.kind === 'answer') {
    await step(item, 'answer', [
      ['assessment', { valueString: text }],
      ['advice', { valueString: reply.advice.trim() }],
      ['urgency', { valueCode: reply.urgency }],
      ['can-be-done-here', { valueCode: reply.here }],
      ...common,
    ]);
  } else if (reply.kind === 'question') {
    await step(item, 'ask-back', said);
  } else {
    await step(item, item.state === 'information-asked' && asks(item) ? 'inform' : 'message', said);
  }
}

/** Say that I am looking at this case. Fails with 'conflict' if someone was quicker. */
export async function takeCase(item: Case): Promise<void> {
  await step(item, 'accept', []);
}
