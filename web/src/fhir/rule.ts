// SPDX-License-Identifier: Apache-2.0
// Rules of procedures as the node answers them (docs/SIGNOFF.md): the figures that count, what follows
// from them, and the next version.
import { operation, programmeRead } from './client';
import type { Result } from './logbook';
import { readParts, type Named, type Part, type Parts } from './parts';

/** Shares are typed as per cent, and sent as what they are. */
export const SHARES = ['inadequate', 'adequate', 'alpha', 'highest-rate', 'confidence', 'outcome-share'] as const;
export const COUNTS = ['horizon', 'volume', 'ratings', 'level', 'assessors', 'rotations', 'recent-cases', 'recent-days', 'valid-months'] as const;
export type Share = (typeof SHARES)[number];
export type Count = (typeof COUNTS)[number];
export type Figure = Share | Count;

export const USUAL = 'usual';

export interface Meaning {
  limit: number;
  straight: number;
  power: number;
  watchLimit: number;
  /** The fewest cases that suffice with 0, 1, 2 and 3 failures. */
  few: number[];
}

export interface Rule {
  id: string;
  procedure: string;
  version: number;
  source: string;
  figures: Record<Figure, number>;
  failures: Result[];
  meaning: Meaning;
  changed: { who: Named; when: string; role: string; reason: string } | null;
}

function ruleOf(of: Parts): Rule {
  const meaning = of.all('meaning')[0];
  const changed = of.all('changed')[0];
  return {
    id: of.text('id'),
    procedure: of.text('procedure'),
    version: of.number('version'),
    source: of.text('source'),
    figures: Object.fromEntries([...SHARES, ...COUNTS].map((one) => [one, of.number(one)])) as Record<Figure, number>,
    failures: of.texts('failure') as Result[],
    meaning: {
      limit: meaning?.number('limit') ?? 0,
      straight: meaning?.number('straight') ?? 0,
      power: meaning?.number('power') ?? 0,
      watchLimit: meaning?.number('watch-limit') ?? 0,
      few: meaning?.texts('few').map(Number) ?? [],
    },
    changed: changed ? { who: changed.who('who'), when: changed.text('when'), role: changed.text('role'), reason: changed.text('reason') } : null,
  };
}

export async function loadRules(): Promise<{ rules: Rule[]; mayChange: boolean }> {
  const { parameter = [] } = await programmeRead<{ parameter?: Part[] }>('ProcedureRule/$rules');
  const of = readParts(parameter);
  return { rules: of.all('rule').map(ruleOf), mayChange: of.truth('may-change') };
}

export interface Draft {
  /** The rule that counts now. */
  before: Rule;
  procedure: string;
  /** As typed: shares in per cent. */
  figures: Record<Figure, string>;
  failures: Result[];
  source: string;
  reason: string;
  code: string;
}

const inPercent = (share: number) => String(Math.round(share * 1e6) / 1e4);

export function draftOf(before: Rule, procedure = before.procedure): Draft {
  const figures = {} as Record<Figure, string>;
  for (const one of SHARES) figures[one] = inPercent(before.figures[one]);
  for (const one of COUNTS) figures[one] = String(before.figures[one]);
  return { before, procedure, figures, failures: before.failures, source: before.source, reason: '', code: '' };
}

/** The first figure that is no number; '' none. */
export function wrongIn(draft: Draft): Figure | '' {
  const bad = (text: string) => !/^\d+([.,]\d+)?$/.test(text.trim());
  return [...SHARES, ...COUNTS].find((one) => bad(draft.figures[one])) ?? '';
}

const numberOf = (text: string) => Number(text.trim().replace(',', '.'));

function valuesOf(draft: Draft): [string, object][] {
  return [
    ...(draft.procedure === USUAL ? [] : [['procedure', { valueCode: draft.procedure }] as [string, object]]),
    ['replaces', { valueId: draft.before.id }],
    ...SHARES.map((one): [string, object] => [one, { valueDecimal: Math.round(numberOf(draft.figures[one]) * 1e4) / 1e6 }]),
    ...COUNTS.map((one): [string, object] => [one, { valueInteger: numberOf(draft.figures[one]) }]),
    ...draft.failures.map((one): [string, object] => ['failure', { valueCode: one }]),
    ...(draft.source.trim() ? [['source', { valueString: draft.source.trim() }] as [string, object]] : []),
  ];
}

async function send(values: [string, object][]): Promise<Rule> {
  const { parameter = [] } = await operation<{ parameter?: Part[] }>('/ProcedureRule/$change', values, '/programme');
  const found = readParts(parameter).all('rule')[0];
  if (!found) throw new Error('ProcedureRule/$change answered with no rule.');
  return ruleOf(found);
}

/** What ${draft} would mean; nothing is written. */
export function tryRule(draft: Draft): Promise<Rule> {
  return send([...valuesOf(draft), ['try', { valueBoolean: true }]]);
}

export function changeRule(draft: Draft): Promise<Rule> {
  return send([...valuesOf(draft), ['reason', { valueString: draft.reason.trim() }], ['code', { valueString: draft.code.replace(/\s/g, '') }]]);
}
