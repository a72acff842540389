// SPDX-License-Identifier: Apache-2.0
// The pulse of pairings as the node answers (docs/TEAMS.md): what two sides did together, their
// goals, when it has gone quiet, and what each says of the month.
import { operation, read } from './client';
import { readParts, type Named, type Part, type Parts } from './parts';

export const SIDES = ['helped', 'helping'] as const;
export type Side = (typeof SIDES)[number];
export const COUNTS = ['contacts', 'cases', 'operations', 'visits'] as const;
export type CountKind = (typeof COUNTS)[number];
export const GOALS = [...COUNTS, 'procedure'] as const;
export type GoalKind = (typeof GOALS)[number];
export type Verdict = 'met' | 'not-met' | 'not-told' | 'not-yet';

/** Null: not told at all. 'masked': 1 to 4. */
export type Count = number | 'masked' | null;

export interface Goal {
  kind: GoalKind;
  target: number;
  per: 'month' | 'year';
  procedure: string;
  from: string;
  until: string;
  count: Count;
  verdict: Verdict;
}

export interface Assisted {
  what: string; // a procedure's code; "" where it is words
  title: string;
  since: string;
}

/** Score 0: not answered. */
export interface MonthAnswer {
  side: Side;
  score: number;
  words: string;
  by: Named;
}

export interface PulseMonth {
  month: string;
  counts: Record<CountKind, Count>;
  answers: MonthAnswer[];
}

export interface Pairing {
  id: string;
  code: string;
  helped: Named;
  helping: Named;
  helpedHospital: Named;
  helpingHospital: Named;
  from: string;
  /** Numbers are as they are; else steps of five. */
  exact: boolean;
  maySet: boolean;
  /** The month that is asked about; "" none. */
  asked: string;
  speaks: Side[];
  goals: Goal[];
  assisted: Assisted[];
  /** Null: not looked at. */
  quiet: { is: boolean; since: string; days: number; rule: string } | null;
  months: PulseMonth[];
}

function countIn(parts: Parts, name: string): Count {
  if (!parts.has(name)) return null;
  return parts.text(name) === 'masked' ? 'masked' : parts.number(name);
}

function goalIn(parts: Parts): Goal {
  return {
    kind: parts.text('kind') as GoalKind, target: parts.number('target'), per: parts.text('per') as Goal['per'], procedure: parts.text('procedure'),
    from: parts.text('from'), until: parts.text('until'), count: countIn(parts, 'count'), verdict: (parts.text('verdict') || 'not-yet') as Verdict,
  };
}

function monthIn(parts: Parts): PulseMonth {
  const counts = Object.fromEntries(COUNTS.map((kind) => [kind, countIn(parts, kind)])) as Record<CountKind, Count>;
  const answers = parts.all('answer').map((one) => ({ side: one.text('side') as Side, score: one.number('score'), words: one.text('words'), by: one.who('by') }));
  return { month: parts.text('month'), counts, answers };
}

function pairingIn(parts: Parts): Pairing {
  const [quiet] = parts.all('quiet');
  return {
    id: parts.text('id'), code: parts.text('code'), helped: parts.who('helped'), helping: parts.who('helping'),
    helpedHospital: parts.who('helped-hospital'), helpingHospital: parts.who('helping-hospital'), from: parts.text('from'),
    exact: parts.truth('exact'), maySet: parts.truth('may-set'), asked: parts.text('asked'), speaks: parts.texts('speaks') as Side[],
    goals: parts.all('goal').map(goalIn), months: parts.all('month').map(monthIn),
    assisted: parts.all('assisted').map((one) => ({ what: one.text('what'), title: one.text('title'), since: one.text('since') })),
    quiet: quiet ? { is: quiet.truth('is'), since: quiet.text('since'), days: quiet.number('days'), rule: quiet.text('rule') } : null,
  };
}

async function pairingsOf(path: string): Promise<Pairing[]> {
  const answer = await read<{ parameter?: Part[] }>(path);
  return readParts(answer.parameter ?? []).all('pairing').map(pairingIn);
}

/** Those I may see; ${hospital} "": of all. */
export function loadPairings(hospital: string): Promise<Pairing[]> {
  return pairingsOf(`OrganizationAffiliation/$pulse${hospital ? `?organization=${encodeURIComponent(hospital)}` : ''}`);
}

export async function loadPairing(id: string): Promise<Pairing | undefined> {
  return (await pairingsOf(`OrganizationAffiliation/${id}/$pulse`))[0];
}

/** Whose question of the month waits for me; and what has gone quiet, for coordinators. */
export function pairingsWaiting(): Promise<Pairing[]> {
  return pairingsOf('OrganizationAffiliation/$waiting');
}

/** The side for which I am asked and have not answered; null: none. */
export function waitingSide(one: Pairing): Side | null {
  const month = one.months.find((found) => found.month === one.asked);
  return one.speaks.find((side) => !month?.answers.some((answer) => answer.side === side && answer.score > 0)) ?? null;
}

export async function answerMonth(one: Pairing, side: Side, score: number, words: string): Promise<void> {
  await operation(`/OrganizationAffiliation/${one.id}/$answer`, {
    month: { valueString: one.asked }, score: { valueInteger: score }, side: { valueCode: side }, ...(words.trim() ? { words: { valueString: words.trim() } } : {}),
  });
}

const when = (name: string, day: string) => (day ? [{ name, valueDate: day }] : []);

/** All goals, and all that is assisted in, anew. */
export async function setGoals(id: string, goals: Goal[], assisted: Assisted[]): Promise<void> {
  const given: [string, object][] = [
    ...goals.map((goal): [string, object] => ['goal', {
      part: [
        { name: 'kind', valueCode: goal.kind }, { name: 'target', valueInteger: goal.target }, { name: 'per', valueCode: goal.per },
        ...(goal.kind === 'procedure' ? [{ name: 'procedure', valueCode: goal.procedure }] : []), ...when('from', goal.from), ...when('until', goal.until),
      ],
    }]),
    ...assisted.map((one): [string, object] => ['assisted', {
      part: [one.what ? { name: 'what', valueCode: one.what } : { name: 'text', valueString: one.title.trim() }, ...when('since', one.since)],
    }]),
  ];
  await operation(`/OrganizationAffiliation/${id}/$goals`, given);
}
