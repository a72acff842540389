// SPDX-License-Identifier: Apache-2.0
// The steps of a case as a page takes them: which ones stand open to whom, what each asks
// for, and the operation that takes it (docs/CASES.md). The node has the rules; this table
// only keeps out of sight what it would refuse.
import { session } from '../session';
import type { PickedFile } from '../lib/files';
import { presentInstant } from '../lib/time';
import { newUuid } from '../lib/ids';
import { uploadAs } from './attach';
import { operation, transaction } from './client';
import { CASE_SIDES, localReference, type CaseKind, type CaseState } from './codes';
import type { Attachment, Patient, Task } from './types';

export type Side = 'asking' | 'asked';
export type StepName =
  | 'accept' | 'answer' | 'ask-back' | 'inform' | 'message' | 'act' | 'outcome' | 'close' | 'lose' | 'reroute' | 'decline' | 'withdraw'
  | 'guide-step' | 'accept-transfer' | 'depart' | 'arrive' | 'return';

export type StepField =
  | { name: string; as: 'text'; optional?: true; rows?: number; unless?: { field: string; is: string } }
  | { name: string; as: 'bed'; optional?: true }
  | { name: string; as: 'time'; optional: true }
  | { name: string; as: 'code'; codes: readonly string[] }
  | { name: string; as: 'truth' }
  | { name: string; as: 'unit' };

export interface Step {
  name: StepName;
  side: Side | 'both';
  from: readonly CaseState[];
  fields: readonly StepField[];
  /** Files may go along. */
  files?: true;
  /** It is kept under an id of ours, so that a second try writes nothing twice. */
  once?: true;
  /** The next word is theirs: it stands in sight. The others wait behind a button. */
  first?: true;
  /** The kind of case it is for; without: any. */
  kind?: CaseKind;
  /** It ends the case, or takes it away from somebody. */
  ends?: true;
}

const UNANSWERED = ['sent', 'allocated', 'information-asked'] as const;
const ANSWERED = ['answered', 'acted-on'] as const;
const JOURNEY = ['bed-accepted', 'on-the-way', 'arrived', 'back-home'] as const; // of a transfer
const OPEN = [...UNANSWERED, ...ANSWERED, ...JOURNEY, 'outcome-known'] as const;
const NO_DEATH = { field: 'patient', is: 'died' };

/** In the order in which they are offered. */
export const STEPS: readonly Step[] = [
  {
    name: 'accept-transfer', side: 'asked', kind: 'transfer', from: UNANSWERED, first: true, files: true, once: true,
    fields: [{ name: 'bed', as: 'bed' }, { name: 'text', as: 'text', optional: true, rows: 2 }],
  },
  {
    name: 'depart', side: 'asking', kind: 'transfer', from: ['bed-accepted'], first: true, files: true, once: true,
    fields: [
      { name: 'means', as: 'code', codes: ['ambulance', 'car', 'bus', 'plane', 'other'] },
      { name: 'escort', as: 'code', codes: ['doctor', 'nurse', 'family', 'nobody'] },
      { name: 'left', as: 'time', optional: true },
      { name: 'expected', as: 'time', optional: true },
      { name: 'text', as: 'text', optional: true, rows: 2 },
    ],
  },
  {
    name: 'arrive', side: 'asked', kind: 'transfer', from: ['bed-accepted', 'on-the-way'], first: true, files: true, once: true,
    fields: [{ name: 'bed', as: 'bed', optional: true }, { name: 'text', as: 'text', optional: true, rows: 2 }],
  },
  {
    name: 'return', side: 'asked', kind: 'transfer', from: ['arrived'], first: true, files: true, once: true,
    fields: [
      { name: 'patient', as: 'code', codes: ['better', 'same', 'worse', 'died'] },
      { name: 'done', as: 'text' },
      { name: 'at-home', as: 'text', unless: NO_DEATH },
      { name: 'medicines', as: 'text', unless: NO_DEATH },
      { name: 'seen-again', as: 'text', rows: 2, unless: NO_DEATH },
    ],
  },
  {
    name: 'answer', side: 'asked', from: UNANSWERED, first: true, files: true, once: true,
    fields: [
      { name: 'assessment', as: 'text', rows: 4 },
      { name: 'advice', as: 'text', rows: 5 },
      { name: 'urgency', as: 'code', codes: ['stat', 'urgent', 'routine'] },
      { name: 'can-be-done-here', as: 'code', codes: ['yes', 'with-help', 'no'] },
    ],
  },
  { name: 'guide-step', side: 'both', kind: 'guided-procedure', from: OPEN, first: true, files: true, once: true, fields: [{ name: 'text', as: 'text', rows: 2 }] },
  { name: 'ask-back', side: 'asked', from: ['sent', 'allocated'], first: true, files: true, once: true, fields: [{ name: 'text', as: 'text' }] },
  { name: 'inform', side: 'asking', from: ['information-asked'], first: true, files: true, once: true, fields: [{ name: 'text', as: 'text', optional: true }] },
  {
    name: 'outcome', side: 'asking', from: [...ANSWERED, 'back-home'], first: true, files: true, once: true,
    fields: [
      { name: 'helpful', as: 'code', codes: ['yes', 'partly', 'no'] },
      { name: 'plan-changed', as: 'truth' },
      { name: 'transfer-avoided', as: 'truth' },
      { name: 'patient', as: 'code', codes: ['better', 'same', 'worse', 'died', 'unknown'] },
      { name: 'text', as: 'text', optional: true, rows: 2 },
    ],
  },
  { name: 'act', side: 'asking', from: ['answered'], first: true, files: true, once: true, fields: [{ name: 'text', as: 'text', optional: true }] },
  { name: 'close', side: 'asking', from: ['outcome-known'], first: true, ends: true, fields: [] },
  { name: 'message', side: 'both', from: OPEN, files: true, once: true, fields: [{ name: 'text', as: 'text', optional: true }] },
  { name: 'reroute', side: 'both', from: UNANSWERED, once: true, fields: [{ name: 'to', as: 'unit' }, { name: 'reason', as: 'text', rows: 2 }] },
  {
    name: 'decline', side: 'asked', from: ['sent', 'allocated', 'bed-accepted'], once: true, ends: true,
    fields: [{ name: 'reason', as: 'text', rows: 2 }, { name: 'alternative', as: 'text', rows: 2 }],
  },
  { name: 'withdraw', side: 'asking', from: [...UNANSWERED, 'bed-accepted', 'on-the-way'], once: true, ends: true, fields: [{ name: 'reason', as: 'text', rows: 2 }] },
  { name: 'lose', side: 'asking', from: [...ANSWERED, 'back-home'], ends: true, fields: [] },
];

const CLINICAL = ['clinician', 'nurse', 'therapist', 'head-of-department'];

/** On which sides I stand: of the patient's hospital, or of a place that was asked. */
export function sidesOf(patient: Patient, task: Task): Side[] {
  const home = localReference(patient.managingOrganization?.reference);
  const asked = askedUnits(task);
  const posts = session.value?.posts;
  if (!posts) return session.value?.role === 'expert' ? ['asked'] : ['asking']; // a token that names no person
  const asking = posts.some((post) => CLINICAL.includes(post.role) && post.organization === home);
  const mine = posts.some((post) => [...CLINICAL, 'expert'].includes(post.role) && asked.some((unit) => unit === post.department || unit === post.organization));
  return [...(asking ? ['asking' as const] : []), ...(mine ? ['asked' as const] : [])];
}

function askedUnits(task: Task): string[] {
  const sides = task.extension?.find((one) => one.url === CASE_SIDES);
  return (sides?.extension ?? []).filter((one) => one.url === 'asked').map((one) => localReference(one.valueReference?.reference));
}

export function stepsFor(state: CaseState, sides: readonly Side[], kind = 'advice'): Step[] {
  return STEPS.filter((step) => (!step.kind || step.kind === kind) && step.from.includes(state) && (step.side === 'both' ? sides.length > 0 : sides.includes(step.side)));
}

/** What was filled in: texts, codes, "true" or "false", a unit's reference. */
export type StepValues = Record<string, string>;

/** Those that are asked about, as far as it is filled in. */
export function fieldsOf(step: Step, values: StepValues): StepField[] {
  return step.fields.filter((field) => !(field.as === 'text' && field.unless && values[field.unless.field] === field.unless.is));
}

/** The first field that lacks something, or null. */
export function lacking(step: Step, values: StepValues, files: PickedFile[]): string | null {
  const wanted = fieldsOf(step, values).find((field) => !('optional' in field && field.optional) && !values[field.name]?.trim());
  if (wanted) return wanted.name;
  const says = step.name === 'message' || step.name === 'inform';
  return says && !values['text']?.trim() && files.length === 0 ? 'text' : null;
}

function valueOf(field: StepField, value: string): object {
  if (field.as === 'code') return { valueCode: value };
  if (field.as === 'truth') return { valueBoolean: value === 'true' };
  if (field.as === 'time') return { valueDateTime: new Date(value).toISOString() };
  if (field.as === 'bed' || field.as === 'unit') return { valueReference: { reference: value } };
  return { valueString: value.trim() };
}

const names = new WeakMap<PickedFile, string>(); // so that a second try stores no file twice

/** Stored first, open to who may read the case: then the step names them. */
export async function storeFiles(files: PickedFile[], request: string): Promise<Attachment[]> {
  const uploads = files.map((file) => {
    const id = names.get(file) ?? newUuid();
    names.set(file, id);
    return uploadAs(id, file, presentInstant(), { reference: `ServiceRequest/${request}` });
  });
  if (uploads.length > 0) await transaction(uploads.map(({ entry }) => entry));
  return uploads.map(({ attachment }) => attachment);
}

export interface Taken {
  /** A UUID of ours, kept with the draft. */
  id: string;
  values: StepValues;
  files: PickedFile[];
}

/** Take ${step} in the case ${request}. What the node says when it refuses is a CallError. */
export async function takeStep(request: string, step: Step, taken: Taken): Promise<Task> {
  const given: [string, object][] = fieldsOf(step, taken.values)
    .filter((field) => taken.values[field.name]?.trim())
    .map((field) => [field.name, valueOf(field, taken.values[field.name] ?? '')]);
  if (step.once) given.push(['id', { valueId: taken.id }]);
  if (step.name === 'lose') given.push(['lost-to-follow-up', { valueBoolean: true }]);
  const files = await storeFiles(step.files ? taken.files : [], request);
  given.push(...files.map((one): [string, object] => ['attachment', { valueAttachment: one }]));
  return operation<Task>(`/ServiceRequest/${request}/$${step.name === 'lose' ? 'close' : step.name}`, given);
}

/** Say that I am looking at it. A 409 says who was first. */
export function accept(request: string): Promise<Task> {
  return operation<Task>(`/ServiceRequest/${request}/$accept`, []);
}
