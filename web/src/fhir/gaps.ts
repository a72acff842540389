// SPDX-License-Identifier: Apache-2.0
// Technique gaps of hospitals, and the money for them (docs/EQUIPMENT.md): where a gap stands and what is left is
// the node's word. Amounts stay texts here.
import { newUuid } from '../lib/ids';
import { operation, read } from './client';
import { readParts, type Named, type Part, type Parts } from './parts';

export const GAP_STATES = ['opened', 'planned', 'equipped', 'first-case', 'lapsed', 'filled'] as const;
export type GapState = (typeof GAP_STATES)[number];

export interface Gap {
  id: string;
  thing: { token: string; name: string };
  hospital: Named;
  unit: Named;
  state: GapState;
  daysOpen: number;
  planned: string;
  daysLate: number;
  owner: Named;
  word: string;
  equipped: boolean;
  firstCase: string;
  firstInRegion: boolean;
  regionHospitals: number;
  regionOperations: number;
  cases: number;
  casesNeeded: number;
  mayLead: boolean;
}

interface Coding { system?: string; code?: string; display?: string }

function gapOf(of: Parts, parts: Part[]): Gap {
  const thing = (parts.find((one) => one.name === 'thing')?.valueCoding ?? {}) as Coding;
  return {
    id: of.text('id'), thing: { token: `${thing.system ?? ''}|${thing.code ?? ''}`, name: thing.display ?? '' }, hospital: of.who('hospital'), unit: of.who('unit'),
    state: of.text('state') as GapState, daysOpen: of.number('days-open'), planned: of.text('planned'), daysLate: of.number('days-late'), owner: of.who('owner'),
    word: of.text('word'), equipped: of.truth('equipped'), firstCase: of.text('first-case'), firstInRegion: of.truth('first-in-region'),
    regionHospitals: of.number('region-hospitals'), regionOperations: of.number('region-operations'), cases: of.number('cases'), casesNeeded: of.number('cases-needed'), mayLead: of.truth('may-lead'),
  };
}

const among = (hospital: string) => (hospital ? `?hospital=${encodeURIComponent(hospital)}` : '');

/** The latest gaps; ${more}: there are others, which are told of one hospital. */
export interface Gaps { list: Gap[]; more: boolean }

export async function loadGaps(hospital: string): Promise<Gaps> {
  const answer = await read<{ parameter?: Part[] }>(`Task/$gaps${among(hospital)}`);
  const found = (answer.parameter ?? []).filter((one) => one.name === 'gap').map((one) => gapOf(readParts(one.part ?? []), one.part ?? []));
  const rank = (one: Gap) => (one.state === 'filled' ? 2 : one.state === 'lapsed' || one.daysLate > 0 ? 0 : 1);
  return { list: found.sort((a, b) => rank(a) - rank(b) || b.daysOpen - a.daysOpen), more: readParts(answer.parameter ?? []).truth('more') };
}

export interface GapPlan {
  owner: string;
  planned: string;
  word: string;
}

function planOf(plan: GapPlan): [string, object][] {
  return [
    ...(plan.owner ? [['owner', { valueReference: { reference: plan.owner } }] as [string, object]] : []),
    ...(plan.planned ? [['planned', { valueDate: plan.planned }] as [string, object]] : []),
    ...(plan.word.trim() ? [['word', { valueString: plan.word.trim() }] as [string, object]] : []),
  ];
}

export async function openGap(id: string, unit: string, token: string, plan: GapPlan): Promise<void> {
  const [system = '', code = ''] = token.split('|');
  await operation('/Task/$gap', [['id', { valueId: id }], ['unit', { valueReference: { reference: unit } }], ['thing', { valueCoding: { system, code } }], ...planOf(plan)]);
}

export async function planGap(id: string, plan: GapPlan): Promise<void> {
  await operation(`/Task/${id}/$gap`, planOf(plan));
}

// ---- money ----

export const USES = ['equipment', 'building', 'training', 'people', 'running', 'other'] as const;
export type Use = (typeof USES)[number];

export interface Payment {
  on: string;
  amount: string;
  use: Use;
  bought: Named;
  by: Named;
  word: string;
}

export type FundingStatus = 'committed' | 'closed' | 'cancelled';

export interface Funding {
  id: string;
  title: string;
  recipient: Named;
  funder: string;
  on: string;
  committed: string;
  currency: string;
  paid: string;
  left: string;
  inOther: string;
  other: string;
  rate: string;
  rateOn: string;
  rateSource: string;
  status: FundingStatus;
  endedOn: string;
  endedWhy: string;
  endedBy: string;
  used: { use: Use; amount: string }[];
  mayLead: boolean;
  payments: Payment[];
}

function fundingOf(of: Parts): Funding {
  return {
    id: of.text('id'), title: of.text('title'), recipient: of.who('recipient'), funder: of.who('funder').name || of.text('funder-name'), on: of.text('on'),
    committed: of.text('committed'), currency: of.text('currency'), paid: of.text('paid'), left: of.text('left'), inOther: of.text('in-other'), other: of.text('other'),
    rate: of.text('rate'), rateOn: of.text('rate-on'), rateSource: of.text('rate-source'),
    status: (of.text('status') || 'committed') as FundingStatus, endedOn: of.text('ended-on'), endedWhy: of.text('ended-why'), endedBy: of.who('ended-by').name,
    used: of.all('used').map((one) => ({ use: one.text('use') as Use, amount: one.text('amount') })), mayLead: of.truth('may-lead'),
    payments: of.all('payment').map((one) => ({ on: one.text('on'), amount: one.text('amount'), use: one.text('use') as Use, bought: one.who('bought'), by: one.who('by'), word: one.text('word') })),
  };
}

export async function loadMoney(hospital: string): Promise<Funding[]> {
  const answer = await read<{ parameter?: Part[] }>(`Funding/$money${among(hospital)}`, '/programme');
  return readParts(answer.parameter ?? []).all('funding').map(fundingOf);
}

export interface Commitment {
  id: string;
  recipient: string;
  title: string;
  funder: string;
  amount: string;
  currency: string;
  on: string;
  rate: string;
  other: string;
  rateOn: string;
  rateSource: string;
}

export const newCommitment = (recipient: string): Commitment => ({ id: newUuid(), recipient, title: '', funder: '', amount: '', currency: 'CNY', on: '', rate: '', other: 'USD', rateOn: '', rateSource: '' });

/** Does ${text} read as an amount? At most four decimals, none of them lost on the way. */
export const isAmount = (text: string) => /^(0|[1-9]\d{0,10})(\.\d{1,4})?$/.test(text.trim()) && Number(text) > 0;

export async function commit(one: Commitment): Promise<void> {
  await operation('/Funding/$commit', [
    ['id', { valueId: one.id }], ['recipient', { valueReference: { reference: one.recipient } }], ['title', { valueString: one.title.trim() }],
    ['amount', { valueString: one.amount.trim() }], ['currency', { valueCode: one.currency.trim().toUpperCase() }],
    ...(one.funder.trim() ? [['funder-name', { valueString: one.funder.trim() }] as [string, object]] : []),
    ...(one.on ? [['on', { valueDate: one.on }] as [string, object]] : []),
    ...(one.rate.trim() ? [['rate', {
      part: [{ name: 'currency', valueCode: one.other.trim().toUpperCase() }, { name: 'value', valueString: one.rate.trim() }, { name: 'on', valueDate: one.rateOn },
        { name: 'source', valueString: one.rateSource.trim() }],
    }] as [string, object]] : []),
  ], '/programme');
}

/** Nothing more is paid from it, or it was taken back; for good. */
export async function endFunding(id: string, how: 'close' | 'cancel', reason: string): Promise<void> {
  await operation(`/Funding/${id}/$${how}`, { reason: { valueString: reason.trim() } }, '/programme');
}

export interface NewPayment {
  id: string;
  amount: string;
  use: Use | '';
  bought: string;
  on: string;
  word: string;
}

export const newPayment = (): NewPayment => ({ id: newUuid(), amount: '', use: '', bought: '', on: '', word: '' });

export async function pay(funding: string, one: NewPayment): Promise<void> {
  await operation(`/Funding/${funding}/$pay`, [
    ['id', { valueId: one.id }], ['amount', { valueString: one.amount.trim() }], ['use', { valueCode: one.use }],
    ...(one.bought ? [['bought', { valueReference: { reference: one.bought } }] as [string, object]] : []),
    ...(one.on ? [['on', { valueDate: one.on }] as [string, object]] : []),
    ...(one.word.trim() ? [['word', { valueString: one.word.trim() }] as [string, object]] : []),
  ], '/programme');
}
