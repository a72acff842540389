// SPDX-License-Identifier: Apache-2.0
// A procedure that is guided from afar: when, by whom, and what was done (docs/CASES.md).
import { operation, resourcesOf, search } from './client';
import type { Case } from './case';
import { codeIn, localReference } from './codes';
import type { Concept, Reference, Resource } from './types';

const FUNCTIONS = 'https://belay.health/CodeSystem/operation-function';
const RECORD = 'https://belay.health/CodeSystem/case-record';

export interface Part {
  as: 'guide' | 'operator';
  name: string;
}

export interface Slot {
  id: string;
  text: string;
  start: string;
  end: string;
  parts: Part[];
}

export interface Done extends Slot {
  completed: boolean;
  complication: string;
}

export interface Guided {
  slot: Slot | null;
  done: Done[];
}

interface Appointment extends Resource {
  description?: string;
  start?: string;
  end?: string;
  appointmentType?: Concept;
  participant?: { type?: Concept[]; actor?: Reference }[];
}

interface Procedure extends Resource {
  status?: string;
  category?: Concept;
  code?: Concept;
  performedPeriod?: { start?: string; end?: string };
  performer?: { function?: Concept; actor?: Reference }[];
  complication?: Concept[];
}

function partOf(concept: Concept | undefined, actor: Reference | undefined): Part {
  return { as: codeIn(concept, FUNCTIONS) === 'guide' ? 'guide' : 'operator', name: actor?.display ?? localReference(actor?.reference) };
}

export async function guidedOf(request: string): Promise<Guided> {
  const about = { 'based-on': `ServiceRequest/${request}`, _count: '50' };
  const [slots, procedures] = await Promise.all([search('Appointment', about), search('Procedure', about)]);
  const found = (resourcesOf(slots) as Appointment[]).filter((one) => one.resourceType === 'Appointment' && codeIn(one.appointmentType, RECORD) === 'guided-slot')
    .sort((a, b) => Date.parse(b.meta?.lastUpdated ?? '') - Date.parse(a.meta?.lastUpdated ?? ''))[0];
  const done = (resourcesOf(procedures) as Procedure[]).filter((one) => one.resourceType === 'Procedure' && codeIn(one.category, RECORD) === 'guided-procedure');
  return {
    slot: found ? {
      id: found.id ?? '', text: found.description ?? '', start: found.start ?? '', end: found.end ?? '',
      parts: (found.participant ?? []).map((one) => partOf(one.type?.[0], one.actor)),
    } : null,
    done: done.map((one) => ({
      id: one.id ?? '', text: one.code?.text ?? '', start: one.performedPeriod?.start ?? '', end: one.performedPeriod?.end ?? '',
      parts: (one.performer ?? []).map((part) => partOf(part.function, part.actor)), completed: one.status === 'completed', complication: one.complication?.[0]?.text ?? '',
    })),
  };
}

/** Who has to do with the case already: each once. */
export function peopleOf(item: Case): Reference[] {
  const all = [item.request.requester, item.task.owner, ...item.messages.map((one) => one.sender)];
  const people = new Map<string, Reference>();
  for (const one of all) {
    const reference = localReference(one?.reference);
    if (reference.startsWith('Practitioner/') && !people.has(reference)) people.set(reference, { reference, ...(one?.display ? { display: one.display } : {}) });
  }
  return [...people.values()];
}

export interface GuidedTerms {
  id: string;
  text: string;
  start: string;
  end: string;
  guide: Reference;
  operator: Reference;
}

function parameters({ id, text, start, end, guide, operator }: GuidedTerms): Record<string, object> {
  return {
    id: { valueId: id }, text: { valueString: text }, start: { valueInstant: start }, end: { valueInstant: end }, guide: { valueReference: guide }, operator: { valueReference: operator },
  };
}

export function agreeSlot(request: string, terms: GuidedTerms): Promise<unknown> {
  return operation(`/ServiceRequest/${request}/$agree-slot`, parameters(terms));
}

export interface GuidedResult {
  result: 'completed' | 'stopped';
  complication: string;
  /** Of the catalogue: by it the operation counts in the logbook of who performed it. "": it does not. */
  code: string;
}

export function recordProcedure(request: string, terms: GuidedTerms, { result, complication, code }: GuidedResult): Promise<unknown> {
  return operation(`/ServiceRequest/${request}/$record-procedure`, {
    ...parameters(terms), result: { valueCode: result },
    ...(complication.trim() ? { complication: { valueString: complication.trim() } } : {}),
    ...(code ? { code: { valueId: code } } : {}),
  });
}
