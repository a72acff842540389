// SPDX-License-Identifier: Apache-2.0
// The weekly review of closed cases: what waits for my rating, the case without names, and what
// came of the reviews of my department's or hospital's cases (docs/REVIEW.md).
import { read, operation } from './client';
import type { Urgency } from './codes';
import type { Resource } from './types';

export const MARKS = ['process', 'value', 'difficulty'] as const;
export type Mark = (typeof MARKS)[number];

interface Part {
  name: string;
  part?: Part[];
  [value: `value${string}`]: unknown;
}

interface Answer extends Resource {
  parameter: Part[];
}

export interface Rating {
  marks: Partial<Record<Mark, number>>;
  words: Partial<Record<Mark, string>>;
}

export interface MyReview {
  task: string;
  kind: string;
  due: string;
  given: string;
}

export interface ReviewResult {
  week: string;
  done: boolean;
  due: string;
  kind: string;
  asking: string;
  asked: string;
  /** Where I may open it anyway; else "". */
  case: string;
  ratings: Rating[];
  disagreements: Mark[];
  candidates: number;
  seed: string;
}

export interface BlindSet {
  minutes: number | null;
  values: { sign: string; text: string }[];
  news2: number | null;
}

export interface BlindWord {
  side: string;
  kind: string;
  minutes: number | null;
  texts: string[];
  files: number;
}

export interface BlindCase {
  due: string;
  given: string;
  rating: Rating;
  kind: string;
  urgency: Urgency;
  ageYears: number | null;
  ageMonths: number | null;
  gender: string;
  altitude: number | null;
  questions: string[];
  stories: string[];
  facts: { name: string; value: string }[];
  sets: BlindSet[];
  words: BlindWord[];
  opinion: { minutes: number | null; assessment: string; advice: string[]; here: string } | null;
  outcome: Record<string, string>;
  taken: number | null;
  answered: number | null;
  promised: number | null;
  escalated: number;
  filesLeftOut: number;
}

function value(part: Part | undefined): unknown {
  const key = part && Object.keys(part).find((one) => one.startsWith('value'));
  return key ? part[key as `value${string}`] : undefined;
}

function all(parts: Part[], name: string): Part[] {
  return parts.filter((one) => one.name === name);
}

function text(parts: Part[], name: string): string {
  return String(value(all(parts, name)[0]) ?? '');
}

function texts(parts: Part[], name: string): string[] {
  return all(parts, name).map((one) => String(value(one) ?? ''));
}

function number(parts: Part[], name: string): number | null {
  const found = value(all(parts, name)[0]);
  return typeof found === 'number' ? found : null;
}

function ratingOf(parts: Part[]): Rating {
  const rating: Rating = { marks: {}, words: {} };
  for (const mark of MARKS) {
    const given = number(parts, mark);
    if (given !== null) rating.marks[mark] = given;
    const word = text(parts, `${mark}-word`);
    if (word) rating.words[mark] = word;
  }
  return rating;
}

function resultOf(parts: Part[]): ReviewResult {
  return {
    week: text(parts, 'week'),
    done: text(parts, 'status') === 'done',
    due: text(parts, 'due'),
    kind: text(parts, 'kind'),
    asking: text(parts, 'asking'),
    asked: text(parts, 'asked'),
    case: text(parts, 'case'),
    ratings: all(parts, 'rating').map((one) => ratingOf(one.part ?? [])),
    disagreements: texts(parts, 'disagreement') as Mark[],
    candidates: number(parts, 'candidates') ?? 0,
    seed: text(parts, 'seed'),
  };
}

export async function reviews(): Promise<{ mine: MyReview[]; results: ReviewResult[] }> {
  const { parameter = [] } = await read<Answer>('Task/$reviews');
  return {
    mine: all(parameter, 'review').map(({ part = [] }) => ({ task: text(part, 'task'), kind: text(part, 'kind'), due: text(part, 'due'), given: text(part, 'given') })),
    results: all(parameter, 'result').map(({ part = [] }) => resultOf(part)),
  };
}

function opinionOf(part: Part | undefined): BlindCase['opinion'] {
  const parts = part?.part;
  if (!parts) return null;
  return {
    minutes: number(parts, 'minutes'), assessment: text(parts, 'assessment'), advice: texts(parts, 'advice'), here: text(parts, 'can-be-done-here'),
  };
}

function partsOf(parts: Part[], name: string): Part[] {
  return all(parts, name)[0]?.part ?? [];
}

/** The case of the task ${task}, without names. */
export async function blindCase(task: string): Promise<BlindCase> {
  const { parameter: parts = [] } = await read<Answer>(`Task/${encodeURIComponent(task)}/$review`);
  const clock = partsOf(parts, 'clock');
  return {
    due: text(parts, 'due'),
    given: text(parts, 'given'),
    rating: ratingOf(parts),
    kind: text(parts, 'kind'),
    urgency: text(parts, 'urgency') === 'emergency' ? 'stat' : (text(parts, 'urgency') as Urgency),
    ageYears: number(parts, 'age-years'),
    ageMonths: number(parts, 'age-months'),
    gender: text(parts, 'gender'),
    altitude: number(parts, 'altitude-about'),
    questions: texts(parts, 'question'),
    stories: texts(parts, 'story'),
    facts: all(parts, 'fact').map(({ part = [] }) => ({ name: text(part, 'name'), value: text(part, 'value') })),
    sets: all(parts, 'vitals').map(({ part = [] }) => ({
      minutes: number(part, 'minutes'), news2: number(part, 'news2'),
      values: all(part, 'value').map((one) => ({ sign: text(one.part ?? [], 'sign'), text: text(one.part ?? [], 'text') })),
    })),
    words: all(parts, 'message').map(({ part = [] }) => ({
      side: text(part, 'side'), kind: text(part, 'kind'), minutes: number(part, 'minutes'), texts: texts(part, 'text'), files: number(part, 'files') ?? 0,
    })),
    opinion: opinionOf(all(parts, 'opinion')[0]),
    outcome: Object.fromEntries(partsOf(parts, 'outcome').map((one) => [one.name, String(value(one) ?? '')])),
    taken: number(clock, 'taken'),
    answered: number(clock, 'answered'),
    promised: number(clock, 'promised'),
    escalated: number(clock, 'escalated') ?? 0,
    filesLeftOut: number(parts, 'files-left-out') ?? 0,
  };
}

export function rate(task: string, marks: Record<Mark, number>, words: Partial<Record<Mark, string>>): Promise<unknown> {
  const values: Record<string, object> = {};
  for (const mark of MARKS) {
    values[mark] = { valueInteger: marks[mark] };
    const word = words[mark]?.trim();
    if (word) values[`${mark}-word`] = { valueString: word };
  }
  return operation(`/Task/${encodeURIComponent(task)}/$review`, values);
}
