// SPDX-License-Identifier: Apache-2.0
// Meetings about a case (docs/CASES.md): what an Appointment and its minutes say, what waits
// for my word in them, and the operations that change them.
import { isMe, session } from '../session';
import { now } from '../lib/time';
import { byReference } from './case-facts';
import { follow, operation, resourcesOf, search } from './client';
import { codeIn, isType, localReference, referenceTo } from './codes';
import { nameOf } from './patient';
import type { Communication, Concept, Extension, Organization, Patient, Practitioner, Reference, Resource } from './types';

export const CASE_RECORD = 'https://belay.health/CodeSystem/case-record';
const DEPARTMENT = 'https://belay.health/StructureDefinition/mdt-department';
const MINUTES = 'https://belay.health/StructureDefinition/mdt-minutes';
const PRESENT = 'https://belay.health/StructureDefinition/mdt-present';
const WORD = 'https://belay.health/StructureDefinition/mdt-word';
const DECISION = 'https://belay.health/StructureDefinition/mdt-decision';

interface MarkedExtension extends Extension {
  valueBoolean?: boolean;
  valueString?: string;
  valuePositiveInt?: number;
}

interface ParticipantRecord {
  extension?: MarkedExtension[];
  type?: Concept[];
  actor?: Reference;
  status: 'accepted' | 'declined' | 'needs-action' | 'tentative';
}

export interface Appointment extends Resource {
  resourceType: 'Appointment';
  extension?: Extension[];
  status: string;
  cancelationReason?: Concept;
  appointmentType?: Concept;
  description?: string;
  start?: string;
  end?: string;
  basedOn?: Reference[];
  participant?: ParticipantRecord[];
}

export interface Participant {
  reference: string;
  name: string;
  me: boolean;
  called: boolean;
  answer: ParticipantRecord['status'];
  word: string;
  present: boolean;
}

export interface Word {
  reference: string;
  name: string;
  mine: boolean;
  agrees: boolean;
  text: string;
  at: string;
}

export interface Decision {
  number: number;
  text: string;
  words: Word[];
}

export interface Minutes {
  text: string;
  by: string;
  at: string;
  decisions: Decision[];
}

export interface Meeting {
  id: string;
  request: string; // the id of the case
  status: string;
  subject: string;
  start: string;
  end: string;
  calledOff: string; // why
  patient: Patient | undefined;
  departments: { reference: string; name: string }[];
  participants: Participant[];
  minutes: Minutes | null;
}

// ---- reading ----

function textOf(list: MarkedExtension[] | undefined, url: string): string {
  return list?.find((one) => one.url === url)?.valueString ?? '';
}

/** As the record of the person or place has it; what stands beside the reference may be out of date. */
function nameIn(reference: Reference | undefined, records: Map<string, Resource>): string {
  const record = records.get(localReference(reference?.reference));
  if (isType<Practitioner>(record, 'Practitioner')) return nameOf(record as unknown as Patient);
  if (isType<Organization>(record, 'Organization')) {
    const above = records.get(localReference(record.partOf?.reference)) as Organization | undefined;
    return [record.name, above?.name].filter(Boolean).join(', ');
  }
  return reference?.display ?? localReference(reference?.reference);
}

function participantOf(record: ParticipantRecord, records: Map<string, Resource>): Participant {
  return {
    reference: localReference(record.actor?.reference),
    name: nameIn(record.actor, records),
    me: isMe(record.actor),
    called: record.type !== undefined,
    answer: record.status,
    word: textOf(record.extension, WORD),
    present: record.extension?.some((one) => one.url === PRESENT) ?? false,
  };
}

function wordOf(extension: MarkedExtension, records: Map<string, Resource>): Word {
  const part = (url: string) => (extension.extension as MarkedExtension[] | undefined)?.find((one) => one.url === url);
  const by = part('by')?.valueReference;
  return {
    reference: localReference(by?.reference), name: nameIn(by, records), mine: isMe(by), agrees: part('agrees')?.valueBoolean ?? false,
    text: part('text')?.valueString ?? '', at: part('at')?.valueInstant ?? '',
  };
}

function decisionOf(extension: Extension, records: Map<string, Resource>): Decision {
  const parts: MarkedExtension[] = extension.extension ?? [];
  return {
    number: parts.find((one) => one.url === 'number')?.valuePositiveInt ?? 0,
    text: textOf(parts, 'text'),
    words: parts.filter((one) => one.url === 'word').map((one) => wordOf(one, records)),
  };
}

/** The record that the meeting itself names, and no other. */
function minutesOf(appointment: Appointment, records: Map<string, Resource>): Minutes | null {
  const reference = appointment.extension?.find((one) => one.url === MINUTES)?.valueReference?.reference;
  const record = records.get(localReference(reference));
  if (!isType<Communication>(record, 'Communication')) return null;
  const extensions = (record as Communication & { extension?: Extension[] }).extension ?? [];
  return {
    text: record.payload?.[0]?.contentString ?? '',
    by: nameIn(record.sender, records),
    at: record.sent ?? '',
    decisions: extensions.filter((one) => one.url === DECISION).map((one) => decisionOf(one, records)),
  };
}

export function isMeeting(resource: Resource | undefined): resource is Appointment {
  return isType<Appointment>(resource, 'Appointment') && codeIn(resource.appointmentType, CASE_RECORD) === 'mdt';
}

export function meetingOf(appointment: Appointment, records: Map<string, Resource>): Meeting {
  const people = (appointment.participant ?? []).filter((one) => localReference(one.actor?.reference).startsWith('Practitioner/'));
  const patient = appointment.participant?.map((one) => records.get(localReference(one.actor?.reference))).find((one) => isType<Patient>(one, 'Patient'));
  return {
    id: appointment.id ?? '',
    request: localReference(appointment.basedOn?.[0]?.reference).replace('ServiceRequest/', ''),
    status: appointment.status,
    subject: appointment.description ?? '',
    start: appointment.start ?? '',
    end: appointment.end ?? '',
    calledOff: appointment.cancelationReason?.text ?? '',
    patient,
    departments: (appointment.extension ?? []).filter((one) => one.url === DEPARTMENT)
      .map((one) => ({ reference: localReference(one.valueReference?.reference), name: nameIn(one.valueReference, records) })),
    participants: people.map((one) => participantOf(one, records)),
    minutes: minutesOf(appointment, records),
  };
}

/** What a search for Appointments takes along. */
const ALONG = { _include: ['Appointment:practitioner', 'Appointment:patient'], _revinclude: 'Communication:part-of' };
const MEETING_TYPE = `${CASE_RECORD}|mdt`;
const MOST_PAGES = 10;

async function everything(query: Record<string, string | string[]>): Promise<Map<string, Resource>> {
  let bundle = await search('Appointment', query);
  const found = byReference(bundle);
  for (let page = 1; page < MOST_PAGES; page++) {
    const next = follow(bundle, 'next');
    if (!next) break;
    bundle = await next;
    resourcesOf(bundle).forEach((one) => found.set(referenceTo(one), one));
  }
  return found;
}

/** The meetings of the cases I see that end after ${from}, the earliest first. */
export async function loadMeetings(from: string): Promise<Meeting[]> {
  const records = await everything({ 'appointment-type': MEETING_TYPE, date: `ge${from}`, _sort: 'date', _count: '100', ...ALONG });
  return [...records.values()].filter(isMeeting).map((one) => meetingOf(one, records)).sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
}

/** One meeting with the names of its departments; null when there is none for this reader. */
export async function loadMeeting(id: string): Promise<Meeting | null> {
  const records = byReference(await search('Appointment', { _id: id, ...ALONG }));
  const appointment = records.get(`Appointment/${id}`);
  if (!isMeeting(appointment)) return null;
  const units = (appointment.extension ?? []).filter((one) => one.url === DEPARTMENT).map((one) => localReference(one.valueReference?.reference).replace('Organization/', ''));
  if (units.length > 0) {
    const places = byReference(await search('Organization', { _id: units.join(','), _include: 'Organization:partof' }));
    places.forEach((one, reference) => records.set(reference, one));
  }
  return meetingOf(appointment, records);
}

// ---- what waits ----

export function isAhead(meeting: Meeting): boolean {
  return Date.parse(meeting.end) > now.value && (meeting.status === 'pending' || meeting.status === 'booked');
}

export function myPart(meeting: Meeting): Participant | undefined {
  return meeting.participants.find((one) => one.me);
}

/** Is a department of mine invited, and nobody of it has said yes? */
function waitsForMine(meeting: Meeting): boolean {
  const mine = (session.value?.posts ?? []).map((post) => post.department);
  return meeting.departments.some((one) => mine.includes(one.reference));
}

export type Waits = 'answer' | 'department' | 'minutes' | 'word';

/** Decisions on which a word of mine is still owed. */
export function owed(meeting: Meeting): Decision[] {
  const part = myPart(meeting);
  if (!meeting.minutes || !part || !(part.present || part.answer === 'accepted')) return [];
  return meeting.minutes.decisions.filter((one) => !one.words.some((word) => word.mine));
}

/** Why ${meeting} waits for me; null: it does not. */
export function waitsFor(meeting: Meeting): Waits | null {
  const part = myPart(meeting);
  if (isAhead(meeting)) {
    if (part?.called && hasBegun(meeting)) return 'minutes';
    if (part?.answer === 'needs-action') return 'answer';
    return !part && waitsForMine(meeting) ? 'department' : null;
  }
  if (meeting.status === 'cancelled') return null;
  if (!meeting.minutes) return part?.called ? 'minutes' : null;
  return owed(meeting).length > 0 ? 'word' : null;
}

export function mayAnswer(meeting: Meeting): boolean {
  return isAhead(meeting) && (myPart(meeting) !== undefined || waitsForMine(meeting));
}

export function mayAgree(meeting: Meeting): boolean {
  const part = myPart(meeting);
  return meeting.minutes !== null && part !== undefined && (part.present || part.answer !== 'declined');
}

/** Am I in it, or is it my department's? */
export function isMine(meeting: Meeting): boolean {
  return myPart(meeting) !== undefined || waitsForMine(meeting);
}

export function hasBegun(meeting: Meeting): boolean {
  return Date.parse(meeting.start) <= now.value;
}

// ---- operations ----

export interface Invited {
  reference: string;
  name: string;
}

export interface CallOf {
  id: string;
  subject: string;
  start: string;
  end: string;
  invited: Invited[];
}

export function callMeeting(request: string, call: CallOf): Promise<Appointment> {
  return operation<Appointment>(`/ServiceRequest/${request}/$call-mdt`, [
    ['id', { valueId: call.id }], ['subject', { valueString: call.subject.trim() }], ['start', { valueInstant: call.start }], ['end', { valueInstant: call.end }],
    ...call.invited.map((one): [string, object] => [
      one.reference.startsWith('Practitioner/') ? 'person' : 'department', { valueReference: { reference: one.reference, display: one.name } },
    ]),
  ]);
}

function said(text: string): [string, object][] {
  return text.trim() ? [['text', { valueString: text.trim() }]] : [];
}

export function answerMeeting(meeting: Meeting, answer: 'accepted' | 'declined', text: string): Promise<Appointment> {
  return operation(`/ServiceRequest/${meeting.request}/$mdt-reply`, [['meeting', { valueId: meeting.id }], ['answer', { valueCode: answer }], ...said(text)]);
}

export function cancelMeeting(meeting: Meeting, reason: string): Promise<Appointment> {
  return operation(`/ServiceRequest/${meeting.request}/$mdt-cancel`, [['meeting', { valueId: meeting.id }], ['reason', { valueString: reason.trim() }]]);
}

export interface MinutesOf {
  id: string;
  text: string;
  decisions: string[];
  present: Invited[];
}

export function writeMinutes(meeting: Meeting, minutes: MinutesOf): Promise<Communication> {
  return operation(`/ServiceRequest/${meeting.request}/$mdt-minutes`, [
    ['id', { valueId: minutes.id }], ['meeting', { valueId: meeting.id }], ['text', { valueString: minutes.text.trim() }],
    ...minutes.decisions.filter((one) => one.trim()).map((one): [string, object] => ['decision', { valueString: one.trim() }]),
    ...minutes.present.map((one): [string, object] => ['present', { valueReference: { reference: one.reference, display: one.name } }]),
  ]);
}

export function agreeTo(meeting: Meeting, decision: number, agrees: boolean, text: string): Promise<Communication> {
  return operation(`/ServiceRequest/${meeting.request}/$mdt-agree`, [
    ['meeting', { valueId: meeting.id }], ['decision', { valuePositiveInt: decision }], ['agrees', { valueBoolean: agrees }], ...said(text),
  ]);
}
