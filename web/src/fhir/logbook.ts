// SPDX-License-Identifier: Apache-2.0
// Logbooks and what waits to be said of operations, as the node answers (docs/LOGBOOK.md).
import { read, operation, programmeSearch, resourcesOf, search } from './client';
import { entriesOf, entryName, entryOf } from './catalogue-names';
import { isType, localReference, referenceTo } from './codes';
import type { OneCall } from './outgoing';
import { procedures as standardSteps } from '../../../data/procedure-steps.json';
import { t } from '../lib/i18n';
import { session } from '../session';
import type { Observation, Organization, Practitioner, PractitionerRole, Reference, Resource } from './types';

export const FUNCTIONS = ['operator', 'supervisor', 'assistant', 'observer'] as const;
export type PartIn = (typeof FUNCTIONS)[number];
export const PERFORMANCES = ['unprepared', 'inexperienced', 'intermediate', 'practice-ready', 'exceptional'] as const;
export type Performance = (typeof PERFORMANCES)[number];
export const DIFFICULTIES = ['easier', 'average', 'harder'] as const;
export type Difficulty = (typeof DIFFICULTIES)[number];
export const RESULTS = ['well', 'complication', 'serious', 'died', 'unknown'] as const;
export type Result = (typeof RESULTS)[number];
export const CONDITIONS = ['volume', 'ratings', 'assessors', 'rotations', 'curve', 'outcomes', 'no-event', 'recency', 'place'] as const;
export type Condition = (typeof CONDITIONS)[number];
export type Answer = 'met' | 'not-met' | 'not-known';
export type Verdict = 'arrived' | 'on-the-way' | 'undecidable';
export type Look = 'discharge' | 'day-30';

export interface Part {
  name: string;
  part?: Part[];
  [value: `value${string}`]: unknown;
}

function valueOf(parts: Part[], name: string): unknown {
  const part = parts.find((one) => one.name === name);
  const key = part && Object.keys(part).find((one) => one.startsWith('value'));
  return key ? part[key as `value${string}`] : undefined;
}

export function reading(parts: Part[]) {
  return {
    text: (name: string) => String(valueOf(parts, name) ?? ''),
    number: (name: string) => Number(valueOf(parts, name) ?? 0),
    truth: (name: string) => valueOf(parts, name) === true,
    who: (name: string) => personOf(valueOf(parts, name) as Reference | undefined),
    all: (name: string) => parts.filter((one) => one.name === name).map((one) => one.part ?? []),
  };
}

export interface Named {
  reference: string;
  name: string;
}

export function personOf(reference: Reference | undefined): Named {
  const local = localReference(reference?.reference);
  return { reference: local, name: reference?.display ?? local };
}

// ---- a logbook ----

export interface CurvePoint {
  day: string;
  failed: boolean;
  score: number;
}

export interface Curve {
  verdict: Verdict;
  cases: number;
  failures: number;
  arrivedAt: number;
  straight: number;
  needed: number;
  expected: number;
  points: CurvePoint[];
}

export interface ProcedureLine {
  code: string;
  counts: Record<PartIn, number>;
  /** Of an older logbook: they count nowhere else. */
  imported: number;
  rated: number;
  lastLevel: number;
  known: number;
  more: number;
  allMet: boolean;
  curve: Curve | null;
  conditions: { name: Condition; answer: Answer; value: number; needed: number }[];
  rule: { version: string; source: string; inadequate: number; adequate: number; alpha: number; horizon: number; limit: number; highest: number; confidence: number; days: number; failures: string[] };
}

export interface Rating {
  assessor: Named;
  level: number;
  scale: string;
  value: number;
  performance: string;
  difficulty: string;
  answered: boolean;
  observation: string;
  /** What was said of single steps, on the same scale. */
  steps: { name: string; level: number; value: number }[];
}

export interface LogbookRow {
  id: string;
  code: string;
  day: string;
  function: PartIn;
  outcome: 'good' | 'failure' | 'not-known';
  imported: boolean;
  steps: { name: string; function: PartIn }[];
  others: { function: PartIn; who: Named }[];
  ratings: Rating[];
}

export interface Logbook {
  person: Named;
  lines: ProcedureLine[];
  rows: LogbookRow[];
  next: string;
}

function curveOf(parts: Part[] | undefined): Curve | null {
  if (!parts) return null;
  const of = reading(parts);
  return {
    verdict: of.text('verdict') as Verdict,
    cases: of.number('cases'),
    failures: of.number('failures'),
    arrivedAt: of.number('arrived-at'),
    straight: of.number('straight'),
    needed: of.number('needed'),
    expected: of.number('expected'),
    points: of.all('point').map(reading).map((point) => ({ day: point.text('day'), failed: point.truth('failed'), score: point.number('score') })),
  };
}

function ruleOf(parts: Part[]): ProcedureLine['rule'] {
  const of = reading(parts);
  return {
    version: of.text('version'),
    source: of.text('source'),
    inadequate: of.number('inadequate'),
    adequate: of.number('adequate'),
    alpha: of.number('alpha'),
    horizon: of.number('horizon'),
    limit: of.number('limit'),
    highest: of.number('highest-rate'),
    confidence: of.number('confidence'),
    days: of.number('recent-days'),
    failures: parts.filter((one) => one.name === 'failure').map((one) => String(one['valueCode'] ?? '')),
  };
}

export function lineOf(parts: Part[]): ProcedureLine {
  const of = reading(parts);
  return {
    code: of.text('code'),
    counts: { operator: of.number('operator'), supervisor: of.number('supervisor'), assistant: of.number('assistant'), observer: of.number('observer') },
    imported: of.number('imported'),
    rated: of.number('rated'),
    lastLevel: of.number('last-level'),
    known: of.number('outcomes-known'),
    more: of.number('more-cases'),
    allMet: of.truth('all-met'),
    curve: curveOf(of.all('curve')[0]),
    conditions: of.all('condition').map(reading).map((one) => ({ name: one.text('name') as Condition, answer: one.text('answer') as Answer, value: one.number('value'), needed: one.number('needed') })),
    rule: ruleOf(of.all('rule')[0] ?? []),
  };
}

function ratingOf(parts: Part[]): Rating {
  const of = reading(parts);
  return {
    assessor: of.who('assessor'),
    level: of.number('level'),
    scale: of.text('scale'),
    value: of.number('value'),
    performance: of.text('performance'),
    difficulty: of.text('difficulty'),
    answered: of.truth('answered'),
    observation: of.who('observation').reference,
    steps: of.all('step').map(reading).map((one) => ({ name: one.text('name'), level: one.number('level'), value: one.number('value') })),
  };
}

function partsIn(parts: Part[]): { function: PartIn; who: Named }[] {
  return parts.flatMap((one) => {
    const part = FUNCTIONS.find((name) => name === one.name);
    return part ? [{ function: part, who: personOf(one['valueReference'] as Reference | undefined) }] : [];
  });
}

function rowOf(parts: Part[]): LogbookRow {
  const of = reading(parts);
  return {
    id: of.text('id'),
    code: of.text('code'),
    day: of.text('day'),
    function: of.text('function') as PartIn,
    outcome: of.text('outcome') as LogbookRow['outcome'],
    imported: of.truth('imported'),
    steps: of.all('step').map(reading).map((one) => ({ name: one.text('name'), function: one.text('function') as PartIn })),
    others: partsIn(parts),
    ratings: of.all('rating').map(ratingOf),
  };
}

/** The logbook of Practitioner/${id}; ${page}: what "next" said. */
export async function loadLogbook(id: string, page = ''): Promise<Logbook> {
  const query = new URLSearchParams({ _count: '20', ...(page ? { _page: page } : {}) });
  const answer = await read<{ parameter?: Part[] }>(`Practitioner/${encodeURIComponent(id)}/$logbook?${query.toString()}`);
  const of = reading(answer.parameter ?? []);
  return { person: of.who('person'), lines: of.all('procedure').map(lineOf), rows: of.all('case').map(rowOf), next: of.text('next') };
}

/** What somebody wrote beside a rating: assessor and apprentice. */
export async function wordsOf(rating: Rating): Promise<{ by: string; text: string }[]> {
  const bundle = await search('Observation', { _id: rating.observation.replace('Observation/', '') });
  const record = resourcesOf(bundle)[0];
  if (!isType<Observation>(record, 'Observation')) return [];
  const notes = (record as Observation & { note?: { text?: string; authorReference?: Reference }[] }).note ?? [];
  return notes.map((note) => ({ by: localReference(note.authorReference?.reference), text: note.text ?? '' }));
}

// ---- procedures and people ----

const OPERATE: readonly string[] = ['clinician', 'expert', 'head-of-department'];

/** Does whoever is signed in operate? A nurse, a technician and a therapist do other things first. */
export function operates(): boolean {
  const others = (session.value?.posts ?? []).filter((post) => post.role !== 'apprentice');
  return others.length === 0 || others.some((post) => OPERATE.includes(post.role));
}

/** Is it done with the hands, as an operation is? */
export function isByHand(code: string): boolean {
  return entryOf('procedures', code)?.hands !== false;
}

/** What can be logged and learnt, in two groups: first the one that whoever is signed in mostly does. */
export function proceduresToLog(language: string): { value: string; label: string; group: string }[] {
  const first = operates();
  const all = entriesOf('procedures').map((one) => ({ value: one.code, label: procedureName(one.code, language), hands: one.hands === true }));
  return all
    .sort((a, b) => (a.hands === b.hands ? a.label.localeCompare(b.label, language) : a.hands === first ? -1 : 1))
    .map(({ value, label, hands }) => ({ value, label, group: t(hands ? 'log.group-hands' : 'log.group-other') }));
}

/** Each procedure, and how the catalogue calls it. */
export function procedureWords(): [string, string[]][] {
  return entriesOf('procedures').map((one) => [one.code, [one.en, one.zh].filter(Boolean)]);
}

export function procedureName(code: string, language: string): string {
  return entryName('procedures', code, language);
}

interface StepEntry {
  en: string;
  zh: string;
}

const STEPS: Record<string, readonly StepEntry[] | undefined> = standardSteps;

/** The standard steps of a procedure; their English words are what is recorded. */
export function stepsOf(code: string): string[] {
  return (STEPS[code] ?? []).map((one) => one.en);
}

/** How a recorded step is called here; what somebody wrote themselves stays as it is. */
export function stepName(code: string, step: string, language: string): string {
  return (language === 'zh' && STEPS[code]?.find((one) => one.en === step)?.zh) || step;
}

/** An Apprenticeship, as far as these pages read it. */
interface Apprenticeship extends Resource {
  status?: string;
  apprentice?: Reference;
  master?: Reference;
}

function apprenticeships(records: Resource[]): Apprenticeship[] {
  return records.filter((one) => (one.resourceType as string) === 'Apprenticeship') as Apprenticeship[];
}

function nameOf(person: Practitioner): string {
  const name = person.name?.[0];
  return name?.text ?? ([...(name?.given ?? []), name?.family ?? ''].join(' ').trim() || referenceTo(person));
}

async function named(references: string[]): Promise<Named[]> {
  const ids = [...new Set(references)].filter((one) => one.startsWith('Practitioner/')).map((one) => one.split('/')[1] ?? '');
  if (ids.length === 0) return [];
  const bundle = await search('Practitioner', { _id: ids.join(','), _count: '200' });
  const people = resourcesOf(bundle).filter((one) => isType<Practitioner>(one, 'Practitioner'));
  return people.map((one) => ({ reference: referenceTo(one), name: nameOf(one) })).sort((a, b) => a.name.localeCompare(b.name));
}

/** Those whose learning I may read: apprentices of mine, or of a department I head. */
export async function myApprentices(me: string): Promise<Named[]> {
  const bundle = await programmeSearch('Apprenticeship', { _count: '200' });
  const found = apprenticeships(resourcesOf(bundle)).map((one) => localReference(one.apprentice?.reference));
  return named(found.filter((one) => one !== me));
}

/** Whom one operates with: everybody with a post in ${units}, and my masters. */
export async function colleagues(units: string[], me: string): Promise<Named[]> {
  const masters = programmeSearch('Apprenticeship', { apprentice: me, _count: '100' }).then((bundle) => apprenticeships(resourcesOf(bundle)).map((one) => localReference(one.master?.reference)), () => []);
  const posts = units.length === 0 ? Promise.resolve([]) : search('PractitionerRole', { organization: units.join(','), active: 'true', _count: '200' }).then((bundle) => resourcesOf(bundle).filter((one) => isType<PractitionerRole>(one, 'PractitionerRole')).map((one) => localReference(one.practitioner?.reference)));
  const [first, second] = await Promise.all([masters, posts]);
  return named([...first, ...second]);
}

/** Departments and hospital of my posts. */
export async function unitsAround(organization: string): Promise<string[]> {
  const bundle = await search('Organization', { partof: organization, _count: '100', _elements: 'id' });
  return [organization, ...resourcesOf(bundle).filter((one) => isType<Organization>(one, 'Organization')).map(referenceTo)];
}

// ---- what waits ----

export interface ToRate {
  id: string;
  code: string;
  day: string;
  function: PartIn;
  apprentice: Named;
  /** Those that the apprentice did, where it was recorded by steps. */
  steps?: string[];
}

export interface ToFollow {
  id: string;
  code: string;
  day: string;
  missing: Look;
  due: string;
  patient: Named | null;
}

/** What was said of me lately. */
export interface Rated {
  observation: string;
  at: string;
}

/** Something serious, as it was said, that a head of department who had no part in it reviews. */
export interface ToReview {
  id: string;
  code: string;
  day: string;
  patient: Named | null;
  people: { function: PartIn; who: Named }[];
  looks: { at: string; result: Result; text: string; by: Named }[];
}

function reviewOf(parts: Part[]): ToReview {
  const of = reading(parts);
  return {
    id: of.text('id'), code: of.text('code'), day: of.text('day'), patient: of.who('patient').reference ? of.who('patient') : null,
    people: partsIn(parts),
    looks: of.all('look').map(reading).map((one) => ({ at: one.text('at'), result: one.text('result') as Result, text: one.text('text'), by: one.who('by') })),
  };
}

/** Each step once, as many as a rating takes. */
function stepsIn(parts: Part[][]): string[] {
  return [...new Set(parts.map((one) => reading(one).text('name')))].slice(0, MOST_STEPS);
}

/** Whose part is rated by whom: as $waiting has it. */
export function mayRate(mine: PartIn, theirs: PartIn): boolean {
  return (mine === 'supervisor' && (theirs === 'operator' || theirs === 'assistant')) || (mine === 'operator' && theirs === 'assistant');
}

export async function loadWaiting(all: boolean): Promise<{ rates: ToRate[]; rated: Rated[]; follows: ToFollow[]; reviews: ToReview[] }> {
  const answer = await read<{ parameter?: Part[] }>(`Procedure/$waiting${all ? '?all=true' : ''}`);
  const of = reading(answer.parameter ?? []);
  return {
    reviews: of.all('review').map(reviewOf),
    rates: of.all('rate').map(reading).map((one) => ({ id: one.text('id'), code: one.text('code'), day: one.text('day'), function: one.text('function') as PartIn, apprentice: one.who('apprentice'), steps: stepsIn(one.all('step')) })),
    rated: of.all('rated').map(reading).map((one) => ({ observation: one.who('observation').reference, at: one.text('at') })),
    follows: of.all('follow-up').map(reading).map((one) => ({
      id: one.text('id'), code: one.text('code'), day: one.text('day'), missing: one.text('missing') as Look, due: one.text('due'), patient: one.who('patient').reference ? one.who('patient') : null,
    })),
  };
}

// ---- writing ----

export interface NewOperation {
  id: string;
  code: string;
  day: string;
  mine: PartIn;
  me: string;
  other: string;
  others: PartIn;
  patient: string;
  /** Who operated in which standard step. */
  steps: { step: string; who: string }[];
  /** Which it used. */
  devices: readonly string[];
}

type Parameter = [string, object];

function parametersOf(pairs: Parameter[]): object {
  return { resourceType: 'Parameters', parameter: pairs.map(([name, value]) => ({ name, ...value })) };
}

/** What $record takes. */
export function operationCall(one: NewOperation): OneCall {
  const part = (who: string, as: PartIn, step = ''): Parameter => [
    'part', { part: [{ name: 'who', valueReference: { reference: who } }, { name: 'as', valueCode: as }, ...(step ? [{ name: 'step', valueString: step }] : [])] },
  ];
  const body = parametersOf([
    ['id', { valueId: one.id }],
    ['code', { valueCode: one.code }],
    ['performed', { valueDateTime: one.day }],
    ...(one.patient ? [['patient', { valueReference: { reference: one.patient } }] as Parameter] : []),
    part(one.me, one.mine),
    ...(one.other ? [part(one.other, one.others)] : []),
    ...one.steps.map(({ step, who }) => part(who, 'operator', step)),
    ...one.devices.map((reference): Parameter => ['device', { valueReference: { reference } }]),
  ]);
  return { kind: 'operation', path: '/Procedure/$record', body, after: '' };
}

/** As many steps as the node takes in one rating (LIMIT_OWN_STEPS). */
export const MOST_STEPS = 6;

export const SCALES = ['zwisch', 'o-score'] as const;
export type Scale = (typeof SCALES)[number];

export interface NewRating {
  id: string;
  procedure: string;
  apprentice: string;
  scale: Scale;
  value: number;
  performance: Performance;
  difficulty: Difficulty;
  word: string;
  /** Of single steps, on the same scale. */
  steps: { step: string; value: number }[];
}

/** What $rate takes. An operation of mine that still waits goes first: a rating of what is not there is refused. */
export function ratingCall({ id, procedure, apprentice, scale, value, performance, difficulty, word, steps }: NewRating): OneCall {
  const body = parametersOf([
    ['id', { valueId: id }],
    ['apprentice', { valueReference: { reference: apprentice } }],
    ['scale', { valueCode: scale }],
    ['value', { valueInteger: value }],
    ['performance', { valueCode: performance }],
    ['difficulty', { valueCode: difficulty }],
    ...(word.trim() ? [['word', { valueString: word.trim() }] as Parameter] : []),
    ...steps.map(({ step, value: of }): Parameter => ['step', { part: [{ name: 'name', valueString: step }, { name: 'value', valueInteger: of }] }]),
  ]);
  return { kind: 'rating', path: `/Procedure/${procedure}/$rate`, body, after: procedure };
}

export async function respond(procedure: string, assessor: string, word: string): Promise<void> {
  await operation(`/Procedure/${procedure}/$respond`, { assessor: { valueReference: { reference: assessor } }, word: { valueString: word.trim() } });
}

export async function followUp(one: ToFollow, result: Result, text: string): Promise<void> {
  await operation(`/Procedure/${one.id}/$follow-up`, {
    at: { valueCode: one.missing },
    result: { valueCode: result },
    ...(text.trim() ? { text: { valueString: text.trim() } } : {}),
  });
}

export async function reviewEvent(one: ToReview, text: string): Promise<void> {
  await operation(`/Procedure/${one.id}/$follow-up`, { at: { valueCode: 'review' }, text: { valueString: text.trim() } });
}
