// SPDX-License-Identifier: Apache-2.0
// Sign-offs as the node answers (docs/SIGNOFF.md): what waits, the conditions of one, and the
// three things that people do with them.
import { operation, programmeRead } from './client';
import { lineOf, reading, type Answer, type Condition, type Named, type Part, type ProcedureLine } from './logbook';

export type SignRole = 'master' | 'head-of-department' | 'quality-office';
export type SignStatus = 'proposed' | 'signed' | 'refused' | 'withdrawn';

/** Why who holds an office at the hospital cannot sign as such. */
export type Held = 'is-the-person' | 'is-the-master' | 'is-the-head' | 'has-signed';

/** In the place of whom: of this department's head, or this hospital's quality office. */
export interface Place {
  of: string;
  /** Where who stands in holds that office; "": at no hospital. */
  from: string;
  /** Who holds it there and cannot sign; none: nobody holds it. */
  holders: { who: Named; why: Held }[];
}

export interface Act {
  role: SignRole;
  place: Place | null;
  who: Named;
  when: string;
  reason: string;
  against: boolean;
}

export interface SignOff {
  id: string;
  status: SignStatus;
  person: Named;
  procedure: string;
  department: Named;
  hospital: Named;
  renews: string;
  proposed: { who: Named; when: string; word: string };
  signatures: Act[];
  validUntil: string;
  /** When it stopped counting, or will, where too few cases end it before its last day; "" else. */
  lapses: string;
  /** The chart over the cases since rose above its limit, and nobody has said what they found. */
  alarm: boolean;
  ended: Act | null;
  /** As what I may act on it now. */
  roles: SignRole[];
  /** Of these, where I would act in the place of others. */
  stands: Partial<Record<SignRole, Place>>;
  /** Conditions that are not met or not known; of what is proposed. */
  unmet: number;
}

export interface OpenGoal {
  person: Named;
  procedure: string;
  department: Named;
}

export interface ConditionNow {
  name: Condition;
  answer: Answer;
  value: number;
  needed: number;
  operations: number;
  ratings: number;
  present: string[];
  missing: string[];
}

/** The chart over the cases since the signing whose outcome is known, with its rule. */
export interface Watched {
  limit: number;
  accepted: number;
  alarming: number;
  horizon: number;
  alpha: number;
  points: { day: string; failed: boolean; score: number }[];
  looked: Act[];
}

export interface SignOffNow {
  signOff: SignOff;
  watch: Watched | null;
  conditions: ConditionNow[];
  line: ProcedureLine | null;
}

function officeOf(of: ReturnType<typeof reading>, name: string): string {
  return [of.who(name).name, of.who(`${name}-hospital`).name].filter(Boolean).join(', ');
}

function placeOf(parts: Part[] | undefined): Place | null {
  if (!parts) return null;
  const of = reading(parts);
  return { of: officeOf(of, 'organization'), from: officeOf(of, 'from'), holders: of.all('holder').map(reading).map((one) => ({ who: one.who('who'), why: one.text('why') as Held })) };
}

function standsOf(all: Part[][]): Partial<Record<SignRole, Place>> {
  return Object.fromEntries(all.map((one) => [reading(one).text('role'), placeOf(one)]));
}

function actOf(parts: Part[] | undefined): Act | null {
  if (!parts) return null;
  const of = reading(parts);
  return { role: of.text('role') as SignRole, place: placeOf(of.all('in-place-of')[0]), who: of.who('who'), when: of.text('when'), reason: of.text('reason'), against: of.text('against') === 'true' };
}

function texts(parts: Part[], name: string): string[] {
  return parts.filter((one) => one.name === name).map((one) => String(one['valueCode'] ?? ''));
}

function signOffOf(parts: Part[]): SignOff {
  const of = reading(parts);
  const asked = reading(of.all('proposed')[0] ?? []);
  return {
    id: of.text('id'),
    status: of.text('status') as SignStatus,
    person: of.who('person'),
    procedure: of.text('procedure'),
    department: of.who('department'),
    hospital: of.who('organization'),
    renews: of.text('renews'),
    proposed: { who: asked.who('who'), when: asked.text('when'), word: asked.text('word') },
    signatures: of.all('signature').flatMap((one) => actOf(one) ?? []),
    validUntil: of.text('valid-until'),
    lapses: of.text('lapses'),
    alarm: of.truth('alarm'),
    ended: actOf(of.all('withdrawn')[0] ?? of.all('refused')[0]),
    roles: texts(parts, 'role') as SignRole[],
    stands: standsOf(of.all('stand-in')),
    unmet: of.number('unmet'),
  };
}

function conditionOf(parts: Part[]): ConditionNow {
  const of = reading(parts);
  const evidence = parts.filter((one) => one.name === 'evidence').map((one) => String((one['valueReference'] as { reference?: string } | undefined)?.reference ?? ''));
  return {
    name: of.text('name') as Condition,
    answer: of.text('answer') as Answer,
    value: of.number('value'),
    needed: of.number('needed'),
    operations: evidence.filter((one) => one.startsWith('Procedure/')).length,
    ratings: evidence.filter((one) => one.startsWith('Observation/')).length,
    present: texts(parts, 'present'),
    missing: texts(parts, 'missing'),
  };
}

function watchedOf(parts: Part[] | undefined): Watched | null {
  if (!parts) return null;
  const of = reading(parts);
  return {
    limit: of.number('limit'),
    accepted: of.number('accepted'),
    alarming: of.number('alarming'),
    horizon: of.number('horizon'),
    alpha: of.number('alpha'),
    points: of.all('case').map(reading).map((one) => ({ day: one.text('day'), failed: one.truth('failed'), score: one.number('score') })),
    looked: of.all('looked').flatMap((one) => actOf(one) ?? []),
  };
}

export async function signOffs(): Promise<{ list: SignOff[]; open: OpenGoal[] }> {
  const answer = await programmeRead<{ parameter?: Part[] }>('SignOff/$waiting');
  const of = reading(answer.parameter ?? []);
  return {
    list: of.all('sign-off').map(signOffOf),
    open: of.all('open').map(reading).map((one) => ({ person: one.who('person'), procedure: one.text('procedure'), department: one.who('department') })),
  };
}

export async function signOffNow(id: string): Promise<SignOffNow> {
  const { parameter = [] } = await programmeRead<{ parameter?: Part[] }>(`SignOff/${encodeURIComponent(id)}/$conditions`);
  const of = reading(parameter);
  const line = parameter.find((one) => one.name === 'procedure' && one.part)?.part; // the other says which it is
  return { signOff: signOffOf(parameter), watch: watchedOf(of.all('watch')[0]), conditions: of.all('condition').map(conditionOf), line: line ? lineOf(line) : null };
}

export function propose(goal: OpenGoal): Promise<unknown> {
  return operation('/SignOff/$propose', {
    person: { valueReference: { reference: goal.person.reference } },
    procedure: { valueCode: goal.procedure },
    department: { valueReference: { reference: goal.department.reference } },
  }, '/programme');
}

/** Say what was found when an alarm was looked at. */
export function acknowledge(id: string, role: SignRole, reason: string): Promise<unknown> {
  return operation(`/SignOff/${encodeURIComponent(id)}/$acknowledge`, { role: { valueCode: role }, reason: { valueString: reason.trim() } }, '/programme');
}

export interface Given {
  role: SignRole;
  reason: string;
  code: string;
}

export function act(id: string, what: 'sign' | 'refuse' | 'withdraw', given: Given): Promise<unknown> {
  const reason = given.reason.trim();
  return operation(`/SignOff/${encodeURIComponent(id)}/$${what}`, {
    role: { valueCode: given.role },
    ...(reason ? { reason: { valueString: reason } } : {}),
    ...(what === 'refuse' ? {} : { code: { valueString: given.code.replace(/\s/g, '') } }),
  }, '/programme');
}
