// SPDX-License-Identifier: Apache-2.0
// Figures of each year and each of something, such as a hospital, from one question (docs/DASHBOARD.md, yearly).
import { codeOf, indicatorOf, readReports, toldOf, type Asked, type Report, type Told } from './dashboard';

export interface Cells {
  /** What is told of ${indicator} in ${year} of ${code}; where it has no record there, ${kind: 'none'}. */
  at: (indicator: string, year: number, code: string) => Told;
  /** All codes that any figure has in any year. */
  codes: string[];
}

interface Cell { year: string; code: string; told: Told }

/** A year that is not told stands once, without a code. */
function cellsOf(report: Report, axis: string): Cell[] {
  const both = report.group?.[0]?.stratifier?.find(({ code }) => code?.length === 2 && codeOf(code[1]) === axis);
  return (both?.stratum ?? []).map((one) => ({ year: codeOf(one.component?.[0]?.value), code: codeOf(one.component?.[1]?.value), told: toldOf(one) }));
}

export async function loadCells(asked: Asked & { axis: string }): Promise<Cells> {
  const found = new Map<string, Told>();
  const codes = new Set<string>();
  for (const report of await readReports({ ...asked, yearly: true })) {
    for (const { year, code, told } of cellsOf(report, asked.axis)) {
      found.set(`${indicatorOf(report)} ${year} ${code}`, told);
      if (code) codes.add(code);
    }
  }
  return { at: (indicator, year, code) => found.get(`${indicator} ${year} ${code}`) ?? found.get(`${indicator} ${year} `) ?? { kind: 'none' }, codes: [...codes] };
}
