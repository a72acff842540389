// SPDX-License-Identifier: Apache-2.0
// Equipment of hospitals: its way to the first patient, delays, faults (docs/EQUIPMENT.md). The node
// counts the days; nothing here is about a patient.
import { entriesOf, entryName } from './catalogue-names';
import { newUuid } from '../lib/ids';
import { operation, read, resourcesOf, search } from './client';
import { isType, referenceTo } from './codes';
import { readParts, type Named, type Part, type Parts } from './parts';
import type { Organization, PractitionerRole } from './types';

export const STEPS = ['funded', 'ordered', 'arrived', 'site-ready', 'installed', 'accepted', 'trained', 'in-service', 'first-patient'] as const;
export type Step = (typeof STEPS)[number];
export type State = 'coming' | 'in-service' | 'stopped' | 'unknown';

export interface StepOf {
  code: Step;
  due: string;
  expected: string;
  done: string;
  daysLate: number;
  owner: Named;
  word: string;
  people: Named[];
}

export interface Fault {
  task: string;
  what: string;
  stops: boolean;
  from: string;
  until: string;
  days: number;
  owner: Named;
}

export interface Equipment {
  id: string;
  name: string;
  kind: string;
  state: State;
  unit: Named;
  hospital: Named;
  mayKeep: boolean;
  mayLead: boolean;
  /** Percent as it was told, "" where it was never in service; and of how many days. */
  uptime: string;
  uptimeDays: number;
  stops: string[];
  steps: StepOf[];
  faults: Fault[];
}

function stepOf(of: Parts): StepOf {
  return {
    code: of.text('code') as Step, due: of.text('due'), expected: of.text('expected'), done: of.text('done'), daysLate: of.number('days-late'),
    owner: of.who('owner'), word: of.text('word'), people: of.whos('person'),
  };
}

function faultOf(of: Parts): Fault {
  return {
    task: of.text('task'), what: of.text('what'), stops: of.truth('stops'), from: of.text('from'), until: of.text('until'), days: of.number('days'), owner: of.who('owner'),
  };
}

function equipmentOf(of: Parts): Equipment {
  return {
    id: of.text('id'), name: of.text('name'), kind: of.text('kind'), state: of.text('state') as State, unit: of.who('unit'), hospital: of.who('hospital'),
    mayKeep: of.truth('may-keep'), mayLead: of.truth('may-lead'), uptime: of.text('uptime'), uptimeDays: of.number('uptime-days'), stops: of.texts('stops'),
    steps: of.all('step').map(stepOf), faults: of.all('fault').map(faultOf),
  };
}

/** What the pages show first: what is stopped, then what is late, then what comes, then the rest. */
export function rankOf(one: Equipment): number {
  if (one.state === 'stopped') return 0;
  if (lateOf(one)) return 1;
  return one.state === 'coming' ? 2 : 3;
}

/** The step that is late and not done, the one that is latest; undefined: none is. */
export function lateOf(one: Equipment): StepOf | undefined {
  return one.steps.filter((step) => !step.done && step.daysLate > 0).sort((a, b) => b.daysLate - a.daysLate)[0];
}

/** The first step that is not done. */
export function nextOf(one: Equipment): StepOf | undefined {
  return one.steps.find((step) => !step.done);
}

export async function loadEquipment(hospital: string): Promise<Equipment[]> {
  const answer = await read<{ parameter?: Part[] }>(`Device/$equipment${hospital ? `?hospital=${encodeURIComponent(hospital)}` : ''}`);
  const found = readParts(answer.parameter ?? []).all('device').map(equipmentOf);
  return found.sort((a, b) => rankOf(a) - rankOf(b) || a.hospital.name.localeCompare(b.hospital.name) || a.name.localeCompare(b.name));
}

export const kindName = (code: string, language: string) => entryName('devices', code, language);
export const procedureWord = (code: string, language: string) => entryName('procedures', code, language);

export function kinds(language: string): { value: string; label: string }[] {
  return entriesOf('devices').map((one) => ({ value: one.code, label: kindName(one.code, language) })).sort((a, b) => a.label.localeCompare(b.label, language));
}

export interface NewOrder {
  id: string;
  unit: string;
  kind: string;
  name: string;
  ordered: string;
  owner: string;
  due: Partial<Record<Step, string>>;
}

export const newOrder = (unit: string): NewOrder => ({ id: newUuid(), unit, kind: '', name: '', ordered: '', owner: '', due: {} });

export async function order(one: NewOrder): Promise<void> {
  const step = (code: Step, due: string): [string, object] => ['step', {
    part: [{ name: 'code', valueCode: code }, { name: 'due', valueDate: due }, ...(one.owner ? [{ name: 'owner', valueReference: { reference: one.owner } }] : [])],
  }];
  await operation('/Device/$order', [
    ['id', { valueId: one.id }], ['unit', { valueReference: { reference: one.unit } }], ['kind', { valueCode: one.kind }],
    ...(one.name.trim() ? [['name', { valueString: one.name.trim() }] as [string, object]] : []),
    ...(one.ordered ? [['ordered', { valueDate: one.ordered }] as [string, object]] : []),
    ...STEPS.flatMap((code) => (one.due[code] ? [step(code, one.due[code])] : [])),
  ]);
}

export interface StepWord {
  done?: string;
  due?: string;
  expected?: string;
  owner?: string;
  word?: string;
  people?: string[];
}

export async function saySteps(device: string, step: Step, said: StepWord): Promise<void> {
  await operation(`/Device/${device}/$step`, [
    ['step', { valueCode: step }],
    ...(['done', 'due', 'expected'] as const).flatMap((name) => (said[name] ? [[name, { valueDate: said[name] }] as [string, object]] : [])),
    ...(said.owner ? [['owner', { valueReference: { reference: said.owner } }] as [string, object]] : []),
    ...(said.people ?? []).map((who) => ['person', { valueReference: { reference: who } }] as [string, object]),
    ...(said.word?.trim() ? [['word', { valueString: said.word.trim() }] as [string, object]] : []),
  ]);
}

/** ${id}: the same for every try, so that one whose answer was lost makes no second fault. */
export async function reportFault(device: string, id: string, what: string, stops: boolean, owner: string): Promise<void> {
  await operation(`/Device/${device}/$fault`, {
    id: { valueId: id }, what: { valueString: what.trim() }, stops: { valueBoolean: stops }, ...(owner ? { owner: { valueReference: { reference: owner } } } : {}),
  });
}

export async function repaired(device: string, fault: string, word: string): Promise<void> {
  await operation(`/Device/${device}/$repaired`, {
    fault: { valueReference: { reference: `Task/${fault}` } }, ...(word.trim() ? { word: { valueString: word.trim() } } : {}),
  });
}

/** The hospital ${unit} and its departments. */
export async function unitsOf(unit: string): Promise<Named[]> {
  const found = resourcesOf(await search('Organization', { _id: unit.replace('Organization/', ''), _revinclude: 'Organization:partof', _count: '200' }));
  return found.filter((one) => isType<Organization>(one, 'Organization')).map((one) => ({ reference: referenceTo(one), name: one.name ?? '' }));
}

/** Who can answer for a step: the units themselves and everybody with a post in them. */
export async function ownersAt(units: Named[]): Promise<Named[]> {
  const ids = units.map((one) => one.reference).join(',');
  if (!ids) return [];
  const posts = resourcesOf(await search('PractitionerRole', { organization: ids, active: 'true', _count: '200' })).filter((one) => isType<PractitionerRole>(one, 'PractitionerRole'));
  const people = new Map(posts.flatMap((one) => (one.practitioner?.reference ? [[one.practitioner.reference, one.practitioner.display ?? one.practitioner.reference]] : [])));
  return [...[...people].map(([reference, name]) => ({ reference, name })).sort((a, b) => a.name.localeCompare(b.name)), ...units];
}
