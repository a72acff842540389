// SPDX-License-Identifier: Apache-2.0
// What everybody is told of reports, without signing in; and how a coordinator decides it (docs/REPORTS.md).
import { operation, programmeRead } from './client';
import { readParts, type Part, type Parts } from './parts';
import type { Told } from './published';

export interface PublicFigure {
  title: string;
  definition: string;
  version: string;
  digest: string;
  stratum: string;
  /** Of a share: how many of how many, and its interval in percent; "": it is none. */
  met: string;
  of: string;
  low: string;
  high: string;
  told: Told;
}

export interface PublicReport {
  id: string;
  title: string;
  at: string;
  reason: string;
  position: string;
  hash: string;
  figures: PublicFigure[];
}

/** A figure that an act changed: "" where it was, or is, none. */
export interface Change {
  title: string;
  was: Told;
  is: Told;
}

export interface Act {
  act: string;
  at: string;
  title: string;
  reason: string;
  changes: Change[];
}

export interface Public {
  reports: PublicReport[];
  acts: Act[];
}

/** What the parts say of a figure; its value under ${value}. */
function toldOf(parts: Parts, value = 'value', most = 'atMost'): Told {
  return {
    asked: parts.text('indicator'), stratum: parts.text('stratum'), from: parts.text('from'), until: parts.text('until'), baseUntil: parts.text('baseUntil'), atEnd: parts.text('rule') === 'at-end',
    value: parts.text(value), atMost: parts.text(most), unit: parts.text('unit'), estimate: parts.text('kind') === 'estimate', verdict: 'cannot', by: '', years: '', lookedFrom: '', lookedUntil: '', why: '',
  };
}

export async function loadPublic(): Promise<Public> {
  const parts = readParts((await programmeRead<{ parameter?: Part[] }>('Report/$public')).parameter ?? []);
  return {
    reports: parts.all('report').map((one) => ({
      id: one.text('report'), title: one.text('title'), at: one.text('at'), reason: one.text('reason'), position: one.text('position'), hash: one.text('hash'),
      figures: one.all('figure').map((figure) => ({
        title: figure.text('title'), definition: figure.text('definition'), version: figure.text('version'), digest: figure.text('digest'), stratum: figure.text('stratum'),
        met: figure.text('met'), of: figure.text('of'), low: figure.text('low'), high: figure.text('high'), told: toldOf(figure),
      })),
    })),
    acts: parts.all('act').map((one) => ({
      act: one.text('act'), at: one.text('at'), title: one.text('title'), reason: one.text('reason'),
      changes: one.all('change').map((change) => ({ title: change.text('title'), was: toldOf(change, 'was', 'was-at-most'), is: toldOf(change, 'is', 'is-at-most') })),
    })),
  };
}

export interface Decision {
  reason: string;
  replaces: string;
  code: string;
}

/** What would be told of a report, and what would not. */
export interface Preview {
  told: string[];
  leftOut: string[];
  /** Of these: since a small number would follow from them and what is public of other times. */
  differences: string[];
}

export async function tryPublish(id: string): Promise<Preview> {
  const answer = await operation<{ parameter?: Part[] }>(`/Report/${id}/$publish`, { try: { valueBoolean: true } }, '/programme');
  const figures = readParts(answer.parameter ?? []).all('figure');
  const titles = (which: (why: string) => boolean) => figures.filter((one) => which(one.text('left-out'))).map((one) => one.text('title'));
  return { told: titles((why) => !why), leftOut: titles((why) => why !== ''), differences: titles((why) => why === 'difference') };
}

const decided = ({ reason, replaces, code }: Decision) => ({
  reason: { valueString: reason }, ...(replaces ? { replaces: { valueString: replaces } } : {}), ...(code ? { code: { valueString: code } } : {}),
});

export const publish = (id: string, decision: Decision) => operation(`/Report/${id}/$publish`, decided(decision), '/programme');
export const withdraw = (id: string, decision: Decision) => operation(`/Report/${id}/$withdraw`, decided({ ...decision, replaces: '' }), '/programme');
