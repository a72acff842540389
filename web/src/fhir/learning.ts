// SPDX-License-Identifier: Apache-2.0
// Courses and who takes part in them, as the node answers (docs/LEARNING.md).
import { operation, programmeSearch, resourcesOf, search } from './client';
import { isType, localReference, referenceTo } from './codes';
import { reading, type Named, type Part } from './logbook';
import type { Period, Practitioner, Reference, Resource } from './types';

export const KINDS = ['bedside-teaching', 'workshop', 'degree', 'placement', 'online'] as const;
export type Kind = (typeof KINDS)[number];
export type CourseStatus = 'planned' | 'under-way' | 'held' | 'cancelled';
export type EnrolmentStatus = 'planned' | 'accepted' | 'attending' | 'completed' | 'left' | 'refused';
export type Step = 'accept' | 'refuse' | 'attend' | 'leave' | 'complete';
/** What may be done with an enrolment. */
export type May = Step | 'supervise';
export type UseState = 'not-yet' | 'unknown' | 'used' | 'not-used' | 'unclear';

export interface Aim {
  number: number;
  procedure: string;
  text: string;
  target: number;
  operations: number;
}

export interface Use {
  month: number;
  until: string;
  state: UseState;
  /** Operations as operator in that time; -1: not told. */
  count: number;
  answers: { used: boolean; by: Named; on: string; word: string; late: boolean }[];
  /** Who was asked and has not answered. */
  missing: ('person' | 'head')[];
  /** May I still answer, though it is perhaps asked no more? */
  open: boolean;
}

export interface Learnt extends Aim {
  uses: Use[];
  /** So many months after return I am asked now; 0: I am not. */
  asked: number;
}

export interface Enrolment {
  id: string;
  status: EnrolmentStatus;
  course: Named;
  kind: Kind;
  place: string;
  person: Named;
  supervisors: Named[];
  learning: Named;
  teaching: Named;
  start: string;
  end: string;
  result: { passed: boolean; by: Named; on: string; word: string } | null;
  aims: Learnt[];
  may: May[];
  waits: ('accept' | 'result' | 'change')[];
  courseStatus: CourseStatus;
  /** What was changed of the course, and the person has not seen yet. */
  change: Change | null;
}

export interface Change {
  what: 'moved' | 'cancelled';
  by: Named;
  on: string;
  reason: string;
}

export interface Course {
  id: string;
  version: string;
  status: CourseStatus;
  kind: Kind;
  title: string;
  description: string;
  organisers: string[];
  start: string;
  end: string;
  place: string;
  capacity: number;
  aims: Aim[];
  teachers: string[];
  changes: Change[];
}

// ---- reading ----

interface CourseRecord extends Resource {
  status?: CourseStatus;
  kind?: Kind;
  title?: string;
  description?: string;
  organiser?: Reference[];
  period?: Period;
  place?: string;
  capacity?: number;
  aim?: { number?: number; procedure?: { coding?: { code?: string }[] }; targetLevel?: number; operations?: number; text?: string }[];
  teacher?: Reference[];
  change?: { on?: string; by?: Reference; what?: Change['what']; reason?: string }[];
}

function references(list: Reference[] | undefined): string[] {
  return (list ?? []).map((one) => localReference(one.reference)).filter(Boolean);
}

function courseOf(record: CourseRecord): Course {
  return {
    id: record.id ?? '',
    version: record.meta?.versionId ?? '',
    status: record.status ?? 'planned',
    kind: record.kind ?? 'workshop',
    title: record.title ?? '',
    description: record.description ?? '',
    organisers: references(record.organiser),
    start: record.period?.start ?? '',
    end: record.period?.end ?? '',
    place: record.place ?? '',
    capacity: record.capacity ?? 0,
    aims: (record.aim ?? []).map((one) => ({
      number: one.number ?? 0, procedure: one.procedure?.coding?.[0]?.code ?? '', text: one.text ?? '', target: one.targetLevel ?? 0, operations: one.operations ?? 0,
    })),
    teachers: references(record.teacher),
    changes: (record.change ?? []).map((one) => ({ what: one.what ?? 'moved', by: { reference: localReference(one.by?.reference), name: '' }, on: one.on ?? '', reason: one.reason ?? '' })),
  };
}

function isCourse(one: Resource): one is CourseRecord {
  return (one.resourceType as string) === 'Course';
}

/** Courses of both sides of my pairings, the next first, then those that are over. */
export async function loadCourses(): Promise<Course[]> {
  const bundle = await programmeSearch('Course', { _sort: '-date', _count: '200' });
  return resourcesOf(bundle).filter(isCourse).map(courseOf);
}

export async function loadCourse(id: string): Promise<Course | null> {
  const found = resourcesOf(await programmeSearch('Course', { _id: id })).filter(isCourse)[0];
  return found ? courseOf(found) : null;
}

function useOf(parts: Part[]): Use {
  const of = reading(parts);
  return {
    month: of.number('month'),
    until: of.text('until'),
    state: of.text('state') as UseState,
    count: parts.some((one) => one.name === 'count') ? of.number('count') : -1,
    answers: of.all('answer').map(reading).map((one) => ({ used: one.truth('used'), by: one.who('by'), on: one.text('on'), word: one.text('word'), late: one.truth('late') })),
    missing: codes(parts, 'missing') as Use['missing'],
    open: of.truth('open'),
  };
}

function learntOf(parts: Part[]): Learnt {
  const of = reading(parts);
  return {
    number: of.number('number'), procedure: of.text('procedure'), text: of.text('text'), target: of.number('target'), operations: of.number('operations'),
    uses: of.all('use').map(useOf), asked: of.number('asked'),
  };
}

function codes(parts: Part[], name: string): string[] {
  return parts.filter((one) => one.name === name).map((one) => String(one['valueCode'] ?? ''));
}

function people(parts: Part[], name: string): Named[] {
  return parts.filter((one) => one.name === name).map((one) => reading([one]).who(name));
}

function enrolmentOf(parts: Part[]): Enrolment {
  const of = reading(parts);
  const result = of.all('result').map(reading)[0];
  const change = of.all('change').map(reading)[0];
  return {
    id: of.text('id'),
    status: of.text('status') as EnrolmentStatus,
    course: of.who('course'),
    kind: of.text('kind') as Kind,
    place: of.text('place'),
    person: of.who('person'),
    supervisors: people(parts, 'supervisor'),
    learning: of.who('learning-department'),
    teaching: of.who('teaching-department'),
    start: of.text('start'),
    end: of.text('end'),
    result: result ? { passed: result.truth('passed'), by: result.who('by'), on: result.text('on'), word: result.text('word') } : null,
    aims: of.all('aim').map(learntOf),
    may: codes(parts, 'may') as May[],
    waits: codes(parts, 'waits') as Enrolment['waits'],
    courseStatus: of.text('course-status') as CourseStatus,
    change: change ? { what: change.text('what') as Change['what'], by: change.who('by'), on: change.text('on'), reason: change.text('reason') } : null,
  };
}

async function learningParts(query: Record<string, string>): Promise<Part[]> {
  const answer = await programmeSearch('Enrolment/$learning', query) as unknown as { parameter?: Part[] };
  return answer.parameter ?? [];
}

/** Enrolments that I may read: mine, or as ${query} asks. */
export async function loadLearning(query: { scope?: 'supervised' | 'waiting' } = {}): Promise<Enrolment[]> {
  return reading(await learningParts(query as Record<string, string>)).all('enrolment').map(enrolmentOf);
}

/** Those in the course ${id}, and what I may do with it. */
export async function loadTakingPart(id: string): Promise<{ list: Enrolment[]; mayPlan: boolean; mayCancel: boolean }> {
  const parts = await learningParts({ course: `Course/${id}` });
  const may = codes(parts, 'may');
  return { list: reading(parts).all('enrolment').map(enrolmentOf), mayPlan: may.includes('plan'), mayCancel: may.includes('cancel') };
}

/** People whose name has ${text} in it. */
export async function findPeople(text: string): Promise<Named[]> {
  const bundle = await search('Practitioner', { 'name:contains': text, _count: '8' });
  return resourcesOf(bundle).filter((one) => isType<Practitioner>(one, 'Practitioner')).map(namedPerson);
}

function namedPerson(one: Practitioner): Named {
  const name = one.name?.[0];
  return { reference: referenceTo(one), name: name?.text ?? ([...(name?.given ?? []), name?.family ?? ''].join(' ').trim() || referenceTo(one)) };
}

/** The people of ${list}, with their names. */
export async function namePeople(list: string[]): Promise<Named[]> {
  if (list.length === 0) return [];
  const bundle = await search('Practitioner', { _id: list.map((one) => one.replace('Practitioner/', '')).join(','), _count: '200' });
  return resourcesOf(bundle).filter((one) => isType<Practitioner>(one, 'Practitioner')).map(namedPerson);
}

// ---- writing ----

export interface NewCourse {
  id: string;
  kind: Kind;
  title: string;
  description: string;
  organisers: string[];
  start: string;
  end: string;
  place: string;
  capacity: string;
  teachers: Named[];
  aims: { procedure: string; text: string; operations: string; target: number }[];
}

const when = (name: string, value: string): [string, object][] => (value ? [[name, { valueDate: value }]] : []);
const text = (name: string, value: string): [string, object][] => (value.trim() ? [[name, { valueString: value.trim() }]] : []);
const who = (name: string, reference: string): [string, object] => [name, { valueReference: { reference } }];

function aimPart(aim: NewCourse['aims'][number]): [string, object] {
  const count = Number(aim.operations);
  return ['aim', {
    part: [
      ...(aim.procedure ? [{ name: 'procedure', valueCode: aim.procedure }] : [{ name: 'text', valueString: aim.text.trim() }]),
      ...(aim.procedure && count > 0 ? [{ name: 'operations', valueInteger: count }] : []),
      ...(aim.target > 0 ? [{ name: 'target', valueInteger: aim.target }] : []),
    ],
  }];
}

function courseParts(one: NewCourse): [string, object][] {
  return [
    ['kind', { valueCode: one.kind }],
    ...text('title', one.title),
    ...text('description', one.description),
    ...one.organisers.map((unit) => who('organiser', unit)),
    ...when('start', one.start),
    ...when('end', one.end),
    ...text('place', one.place),
    ...(Number(one.capacity) > 0 ? [['capacity', { valueInteger: Number(one.capacity) }] as [string, object]] : []),
    ...one.teachers.map((person) => who('teacher', person.reference)),
    ...one.aims.filter((aim) => aim.procedure || aim.text.trim()).map(aimPart),
  ];
}

export async function planCourse(one: NewCourse): Promise<void> {
  await operation('/Course/$plan', [['id', { valueId: one.id }], ...courseParts(one)], '/programme');
}

/** Say anew what a course is, if nobody did since ${version} was read. */
export async function changeCourse(one: NewCourse, status: CourseStatus, version: string): Promise<void> {
  await operation(`/Course/${one.id}/$plan`, [['status', { valueCode: status }], ...courseParts(one)], '/programme', version);
}

export async function cancelCourse(id: string, reason: string): Promise<void> {
  await operation(`/Course/${id}/$cancel`, text('reason', reason), '/programme');
}

/** Who looks after somebody from now on. */
export async function nameSupervisors(id: string, list: Named[]): Promise<void> {
  await operation(`/Enrolment/${id}/$supervise`, list.map((one) => who('supervisor', one.reference)), '/programme');
}

/** I have seen what was changed of my course. */
export async function seeChange(id: string): Promise<void> {
  await operation(`/Enrolment/${id}/$seen`, [], '/programme');
}

export async function enrol(course: string, person: string, more: { supervisors?: Named[]; start?: string; end?: string } = {}): Promise<void> {
  await operation(`/Course/${course}/$enrol`, [
    who('person', person),
    ...(more.supervisors ?? []).map((one) => who('supervisor', one.reference)),
    ...when('start', more.start ?? ''),
    ...when('end', more.end ?? ''),
  ], '/programme');
}

export async function takeStep(id: string, step: Step, values: { passed?: boolean; word?: string; end?: string } = {}): Promise<void> {
  await operation(`/Enrolment/${id}/$${step}`, [
    ...(values.passed === undefined ? [] : [['passed', { valueBoolean: values.passed }] as [string, object]]),
    ...when('end', values.end ?? ''),
    ...text('word', values.word ?? ''),
  ], '/programme');
}

export async function sayUsed(id: string, aim: number, month: number, used: boolean, word: string): Promise<void> {
  await operation(`/Enrolment/${id}/$used`, [
    ['aim', { valueInteger: aim }],
    ['month', { valueInteger: month }],
    ['used', { valueBoolean: used }],
    ...text('word', word),
  ], '/programme');
}

// ---- figures ----

/** null: hidden, since it is small or would give a small one away. */
export type Count = number | null;

type Counts = Record<'persons' | 'person-courses' | 'persons-sent' | 'persons-looked' | 'persons-used', Count>;

export interface Figures {
  hospitals: { hospital: Named; counts: Counts }[];
  total: Counts;
}

/** What a hospital taught. */
export interface Taught {
  hospital: Named;
  persons: Count;
  courses: Count;
  kinds: { kind: Kind; persons: Count; courses: Count }[];
  uses: { month: number; looked: Count; used: Count }[];
}

function counting(parts: Part[]): (name: string) => Count {
  return (name) => {
    const value = parts.find((one) => one.name === name)?.['valueInteger'];
    return typeof value === 'number' ? value : null;
  };
}

function countsOf(parts: Part[]): Counts {
  const count = counting(parts);
  return {
    persons: count('persons'), 'person-courses': count('person-courses'), 'persons-sent': count('persons-sent'), 'persons-looked': count('persons-looked'),
    'persons-used': count('persons-used'),
  };
}

function taughtOf(parts: Part[]): Taught {
  const of = reading(parts);
  const count = counting(parts);
  return {
    hospital: of.who('hospital'), persons: count('persons'), courses: count('person-courses'),
    kinds: of.all('kind').map((one) => ({ kind: reading(one).text('kind') as Kind, persons: counting(one)('persons'), courses: counting(one)('person-courses') })),
    uses: of.all('use').map((one) => ({ month: reading(one).number('month'), looked: counting(one)('persons-looked'), used: counting(one)('persons-used') })),
  };
}

/** How many each hospital taught in the quarter ${period}. */
export async function loadTaught(period: string): Promise<Taught[]> {
  const answer = await programmeSearch('Course/$taught', { period }) as unknown as { parameter?: Part[] };
  return reading(answer.parameter ?? []).all('hospital').map(taughtOf);
}

/** How many were trained in the quarter ${period}, "2026-Q3". */
export async function loadFigures(period: string): Promise<Figures> {
  const answer = await programmeSearch('Course/$figures', { period }) as unknown as { parameter?: Part[] };
  const of = reading(answer.parameter ?? []);
  return { hospitals: of.all('hospital').map((parts) => ({ hospital: reading(parts).who('hospital'), counts: countsOf(parts) })), total: countsOf(of.all('total')[0] ?? []) };
}
