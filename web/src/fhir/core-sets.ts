// SPDX-License-Identifier: Apache-2.0
// Which core sets there are: those one chooses by what the question is about, and those
// that come with a kind of case. To add one: a file in data/core-sets and a line here.
import type { TextKey } from '../lib/i18n';
import type { CaseKind } from './codes';
import type { Questionnaire } from './core-set';

export interface CoreSet {
  id: string;
  label: TextKey;
  load: () => Promise<{ default: unknown }>;
}

/** In the order they are offered. */
export const TOPICS: readonly CoreSet[] = [
  { id: 'trauma', label: 'core.trauma', load: () => import('../../../data/core-sets/trauma.json') },
  { id: 'abdomen', label: 'core.abdomen', load: () => import('../../../data/core-sets/abdomen.json') },
  { id: 'chest-pain', label: 'core.chest-pain', load: () => import('../../../data/core-sets/chest-pain.json') },
  { id: 'stroke', label: 'core.stroke', load: () => import('../../../data/core-sets/stroke.json') },
  { id: 'altitude', label: 'core.altitude', load: () => import('../../../data/core-sets/altitude.json') },
  { id: 'obstetric', label: 'core.obstetric', load: () => import('../../../data/core-sets/obstetric.json') },
  { id: 'newborn', label: 'core.newborn', load: () => import('../../../data/core-sets/newborn.json') },
  { id: 'child', label: 'core.child', load: () => import('../../../data/core-sets/child.json') },
  { id: 'general', label: 'core.general', load: () => import('../../../data/core-sets/general.json') },
];

export const OF_KIND: Partial<Record<CaseKind, CoreSet>> = {
  'second-opinion': { id: 'images', label: 'kind.second-opinion', load: () => import('../../../data/core-sets/images.json') },
  mdt: { id: 'mdt', label: 'kind.mdt', load: () => import('../../../data/core-sets/mdt.json') },
  transfer: { id: 'transfer', label: 'kind.transfer', load: () => import('../../../data/core-sets/transfer.json') },
  'guided-procedure': { id: 'procedure', label: 'kind.guided-procedure', load: () => import('../../../data/core-sets/procedure.json') },
  rehabilitation: { id: 'rehabilitation', label: 'kind.rehabilitation', load: () => import('../../../data/core-sets/rehabilitation.json') },
};

const ALL: readonly CoreSet[] = [...TOPICS, ...Object.values(OF_KIND)];

/** The sets that a case of ${kind} about ${topic} asks, in order. */
export function setsFor(kind: CaseKind, topic: string): CoreSet[] {
  const chosen = TOPICS.find((set) => set.id === topic);
  const own = OF_KIND[kind];
  return [...(own ? [own] : []), ...(chosen ? [chosen] : [])];
}

export async function loadSet(id: string): Promise<Questionnaire | null> {
  const set = ALL.find((one) => one.id === id);
  return set ? ((await set.load()).default as Questionnaire) : null;
}

/** The id of the set that a QuestionnaireResponse answers; "" for one of others. */
export function setOf(questionnaire: string): string {
  const id = /\/Questionnaire\/core-([a-z-]+)(\||$)/.exec(questionnaire)?.[1] ?? '';
  return ALL.some((set) => set.id === id) ? id : '';
}
