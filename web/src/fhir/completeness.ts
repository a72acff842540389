// SPDX-License-Identifier: Apache-2.0
// How complete a question is before it is sent: what whoever answers would otherwise ask
// back. It counts, and names what is missing; it never keeps anybody from sending.
import type { CaseKind } from './codes';
import { answerKey, isAnswered, type Answers, type Question } from './core-set';
import type { NumberVital, VitalsDraft } from './vitals';

export interface Asked {
  set: string;
  question: Question;
}

/** What the count looks at. */
export interface Filled {
  patient: boolean; // found, or registered with name, sex and age
  question: string;
  story: string;
  urgency: string;
  kind: CaseKind;
  topic: string;
  answers: Answers;
  vitals: VitalsDraft;
  files: number;
}

export type Part = 'patient' | 'question' | 'story' | 'urgency' | 'topic' | 'vitals' | 'images';

export interface Missing {
  field: string; // id of the control to go to
  part: Part | null; // null: a question of a core set
  text: string; // of that question; "" for a part
}

export interface Completeness {
  have: number;
  of: number;
  missing: Missing[];
}

const FIELDS: Record<Part, string> = {
  patient: 'patient', question: 'question', story: 'story', urgency: 'urgency', topic: 'topic', vitals: 'vital-breaths', images: 'files',
};
const NEEDED_VITALS: readonly NumberVital[] = ['breaths', 'saturation', 'pulse', 'temperature', 'systolic'];
const SHORT_STORY = 40; // letters; below it a story is a heading
/** Kinds that are asked of a picture or a plan, where vital signs say little. */
const WITHOUT_VITALS: readonly CaseKind[] = ['second-opinion', 'mdt', 'rehabilitation'];

function hasVitals(vitals: VitalsDraft): boolean {
  return NEEDED_VITALS.every((id) => (vitals.numbers[id] ?? '').trim() !== '') && vitals.consciousness !== '';
}

/** Letters that say as much as ${text}: a Chinese sign says about what three letters do. */
export function weightOf(text: string): number {
  return [...text.trim()].reduce((sum, sign) => sum + (/\p{Script=Han}/u.test(sign) ? 3 : 1), 0);
}

function parts(filled: Filled): [Part, boolean][] {
  const vitals = !WITHOUT_VITALS.includes(filled.kind);
  return [
    ['patient', filled.patient],
    ['question', filled.question.trim() !== ''],
    ['story', weightOf(filled.story) >= SHORT_STORY],
    ['urgency', filled.urgency !== ''],
    ...(filled.kind === 'second-opinion' ? [] : [['topic', filled.topic !== ''] as [Part, boolean]]),
    ...(vitals ? [['vitals', hasVitals(filled.vitals)] as [Part, boolean]] : []),
    ...(filled.kind === 'second-opinion' ? [['images', filled.files > 0] as [Part, boolean]] : []),
  ];
}

export function completeness(filled: Filled, asked: Asked[]): Completeness {
  const counted = parts(filled);
  const needed = asked.filter(({ question }) => question.required);
  const open = needed.filter(({ set, question }) => !isAnswered(filled.answers[answerKey(set, question.id)]));
  const missing: Missing[] = [
    ...counted.filter(([, there]) => !there).map(([part]) => ({ field: FIELDS[part], part, text: '' })),
    ...open.map(({ set, question }) => ({ field: fieldOf(set, question.id), part: null, text: question.text })),
  ];
  return { have: counted.length + needed.length - missing.length, of: counted.length + needed.length, missing };
}

/** The id of the control of a question. */
export function fieldOf(set: string, question: string): string {
  return `core-${set}-${question}`;
}
