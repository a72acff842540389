// SPDX-License-Identifier: Apache-2.0
// Records that are worth a second look, as the node counts and lists them (docs/QUALITY.md).
import { read } from './client';
import { readParts, type Named, type Part } from './parts';

export const KINDS = ['late', 'no-outcome', 'twice', 'future', 'before-birth', 'impossible', 'backwards'] as const;
export type Kind = (typeof KINDS)[number];

export interface Counted {
  kind: Kind;
  /** Null: 1 to 4, told to nobody who reads no patient there. */
  records: number | null;
}

export interface HospitalQuality {
  hospital: Named;
  counts: Counted[];
}

export interface Quality {
  lateDays: number;
  outcomeDays: number;
  hospitals: HospitalQuality[];
}

export interface QualityRow {
  record: string;
  other: string;
  /** The id of its case; "": it is none. */
  case: string;
  about: string;
  day: string;
  /** Who can mend it: a person, else whoever holds the role. */
  person: Named | null;
  role: string;
}

async function ask(path: string) {
  return readParts((await read<{ parameter?: Part[] }>(path)).parameter ?? []);
}

const isKind = (code: string): code is Kind => KINDS.some((one) => one === code);

export async function loadQuality(): Promise<Quality> {
  const answer = await ask('Organization/$quality');
  return {
    lateDays: answer.number('late-days'), outcomeDays: answer.number('outcome-days'),
    hospitals: answer.all('hospital').map((one) => ({
      hospital: one.who('hospital'),
      counts: one.all('count').flatMap((count) => {
        const kind = count.text('kind');
        return isKind(kind) ? [{ kind, records: count.truth('few') ? null : count.number('records') }] : [];
      }),
    })),
  };
}

export async function loadQualityRows(hospital: string, kind: Kind): Promise<{ rows: QualityRow[]; more: boolean }> {
  const answer = await ask(`${hospital}/$quality?kind=${kind}`);
  return {
    more: answer.truth('more'),
    rows: answer.all('row').filter((one) => one.has('record')).map((one) => ({
      record: one.text('record'), other: one.text('other'), case: one.text('case'), about: one.text('about'), day: one.text('day'),
      person: one.has('person') ? one.who('person') : null, role: one.text('role'),
    })),
  };
}
