// SPDX-License-Identifier: Apache-2.0
// What is handed over when a post ends, as the node answers (docs/HANDOVER.md).
import { operation, programmeRead, read } from './client';
import { localReference } from './codes';
import type { Reference } from './types';

export const KINDS = ['case', 'transfer', 'watch', 'meeting', 'plan', 'promise', 'apprentice', 'placement', 'rating', 'follow-up', 'gap', 'equipment', 'funding', 'review', 'contact'] as const;
export type Kind = (typeof KINDS)[number];

interface Part {
  name: string;
  part?: Part[];
  [value: `value${string}`]: unknown;
}

interface Answer {
  parameter?: Part[];
}

export interface Named {
  reference: string;
  name: string;
}

export interface Term {
  post: string;
  person: Named;
  department: Named;
  role: string;
  end: string;
  ended: boolean;
  /** Of which team it is a post; "": of none. */
  team: Named;
}

export interface Item {
  kind: Kind;
  record: string;
  title: string;
  patient: Named;
  about: Named;
  due: string;
  weight: number;
  /** The person goes on with it in another post. */
  stays: boolean;
  /** Nobody else can do it. */
  own: boolean;
  successor: Named;
  inPost: boolean;
  acknowledged: string;
  declined: string;
  fell: string;
}

export interface Count {
  kind: Kind;
  all: number;
  acknowledged: number;
  orphans: number;
  weight: number;
}

export interface Figures {
  /** null: there is nothing to hand over. */
  index: number | null;
  all: number;
  acknowledged: number;
  orphans: number;
  orphanedTrainees: number;
  orphanedCapabilities: number;
  /** null: nobody comes after. */
  overlapDays: number | null;
  counts: Count[];
}

export interface Pack extends Term, Figures {
  items: Item[];
}

/** What a whole team hands over; a thing that somebody has by two posts is counted once. */
export interface TeamPack extends Pick<Figures, 'index' | 'all' | 'acknowledged' | 'orphans' | 'counts'> {
  team: Named;
  /** Posts of it that are not shown to me. */
  hidden: number;
  postings: Pack[];
}

export interface Waiting {
  mine: (Term & Figures)[];
  take: (Term & { item: Item })[];
  held: (Term & { item: Item })[];
  terms: (Term & Figures)[];
}

function reading(parts: Part[]) {
  const value = (name: string): unknown => {
    const part = parts.find((one) => one.name === name);
    const key = part && Object.keys(part).find((one) => one.startsWith('value'));
    return key ? part[key as `value${string}`] : undefined;
  };
  return {
    text: (name: string) => String(value(name) ?? ''),
    number: (name: string) => Number(value(name) ?? 0),
    maybe: (name: string) => (value(name) === undefined ? null : Number(value(name))),
    truth: (name: string) => value(name) === true,
    who: (name: string): Named => {
      const reference = value(name) as Reference | undefined;
      const local = reference?.reference ? localReference(reference.reference) : '';
      return { reference: local, name: reference?.display ?? local };
    },
    all: (name: string) => parts.filter((one) => one.name === name).map((one) => one.part ?? []),
  };
}

function termOf(parts: Part[]): Term {
  const of = reading(parts);
  return { post: of.text('post'), person: of.who('person'), department: of.who('department'), role: of.text('role'), end: of.text('end'), ended: of.truth('ended'), team: of.who('team') };
}

function figuresOf(parts: Part[]): Figures {
  const of = reading(parts);
  return {
    index: of.maybe('index'),
    all: of.number('all'),
    acknowledged: of.number('acknowledged'),
    orphans: of.number('orphans'),
    orphanedTrainees: of.number('orphaned-trainees'),
    orphanedCapabilities: of.number('orphaned-capabilities'),
    overlapDays: of.maybe('overlap-days'),
    counts: of.all('count').map(reading).map((one) => ({
      kind: one.text('kind') as Kind, all: one.number('all'), acknowledged: one.number('acknowledged'), orphans: one.number('orphans'), weight: one.number('weight'),
    })),
  };
}

function itemOf(parts: Part[]): Item {
  const of = reading(parts);
  return {
    kind: of.text('kind') as Kind,
    record: of.who('record').reference,
    title: of.text('title'),
    patient: of.who('patient'),
    about: of.who('about'),
    due: of.text('due'),
    weight: of.number('weight'),
    stays: of.truth('stays'),
    own: of.truth('own'),
    successor: of.who('successor'),
    inPost: of.truth('in-post'),
    acknowledged: of.text('acknowledged'),
    declined: of.text('declined'),
    fell: of.text('fell'),
  };
}

function packOf(parts: Part[]): Pack {
  return { ...termOf(parts), ...figuresOf(parts), items: reading(parts).all('item').map(itemOf) };
}

export async function loadPack(post: string): Promise<Pack> {
  const { parameter = [] } = await read<Answer>(`PractitionerRole/${encodeURIComponent(post)}/$handover`);
  return packOf(parameter);
}

export async function loadTeamPack(team: string): Promise<TeamPack> {
  const { parameter = [] } = await read<Answer>(`Organization/${encodeURIComponent(team)}/$handover`);
  const of = reading(parameter);
  return { ...figuresOf(parameter), team: of.who('team'), hidden: of.number('hidden'), postings: of.all('posting').map(packOf) };
}

export async function handoversWaiting(): Promise<Waiting> {
  const { parameter = [] } = await programmeRead<Answer>('Handover/$waiting');
  const of = reading(parameter);
  // an item that is not shown to me any more has no parts
  const withItem = (name: string) => of.all(name).flatMap((parts) => reading(parts).all('item').map((item) => ({ ...termOf(parts), item: itemOf(item) })));
  const withFigures = (name: string) => of.all(name).map((parts) => ({ ...termOf(parts), ...figuresOf(parts) }));
  return { mine: withFigures('mine'), take: withItem('take'), held: withItem('held'), terms: withFigures('term') };
}

export interface Done {
  done: number;
  cannot: number;
}

async function say(post: string, name: string, pairs: [string, object][]): Promise<Done> {
  const { parameter = [] } = await operation<Answer>(`/Handover/${encodeURIComponent(post)}/$${name}`, pairs, '/programme');
  const of = reading(parameter);
  return { done: of.number('done'), cannot: of.number('cannot') };
}

const itemPair = (record: string): [string, object] => ['item', { valueReference: { reference: record } }];

/** Name ${successor} for ${record}; "" : for all that has nobody. */
export function nameSuccessor(post: string, successor: string, record: string): Promise<Done> {
  return say(post, 'name-successor', [['successor', { valueReference: { reference: successor } }], ...(record ? [itemPair(record)] : [])]);
}

/** Take ${record} over, or say no; "" : all that waits for me. */
export function acknowledge(post: string, record: string, accept: boolean): Promise<Done> {
  return say(post, 'acknowledge', [...(record ? [itemPair(record)] : []), ...(accept ? [] : [['accept', { valueBoolean: false }] as [string, object]])]);
}
