// SPDX-License-Identifier: Apache-2.0
// Sets over time as lines of a chart, rows of a table and a file: the same numbers in all.
import type { VitalSet } from './vitals-answer';

export const TREND_COLUMNS = ['saturation', 'respiration', 'pulse', 'systolic', 'diastolic', 'temperature', 'score'] as const;
export type TrendColumn = (typeof TREND_COLUMNS)[number];

export const TREND_UNITS: Record<TrendColumn, string> = {
  saturation: '%', respiration: '/min', pulse: '/min', systolic: 'mmHg', diastolic: 'mmHg', temperature: '°C', score: '',
};

export interface TrendRow {
  at: string;
  values: Partial<Record<TrendColumn, number>>;
  /** The score is the least it can be: signs are missing. */
  atLeast: boolean;
  /** What is expected of the saturation there and then; null where nothing can be said. */
  low: number | null;
  middle: number | null;
}

/** The oldest first. What the node did not use, and scores that it refused, are no values. */
export function trendOf(sets: VitalSet[]): TrendRow[] {
  return [...sets].reverse().map((set) => {
    const values: TrendRow['values'] = {};
    for (const column of TREND_COLUMNS) {
      const reading = set.readings.find((one) => one.sign === column && !one.notUsed);
      if (reading?.quantity?.value !== undefined) values[column] = reading.quantity.value;
    }
    // of a score without any sign nothing can be drawn
    if (!set.news2.refused && set.news2.points.length > 0) values.score = set.news2.total;
    return { at: set.at, values, atLeast: !set.news2.complete, low: set.context.low, middle: set.context.middleHigh };
  });
}

/** Has this column a line to draw: two points at least? */
export function isDrawn(rows: TrendRow[], column: TrendColumn): boolean {
  return rows.filter((row) => row.values[column] !== undefined).length > 1;
}

function cell(value: string | number | null | undefined): string {
  const text = String(value ?? '');
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** As a file that any program opens: names and units at the head, times as they were written. */
export function csvOf(rows: TrendRow[]): string {
  const named = TREND_COLUMNS.map((column) => (TREND_UNITS[column] ? `${column} (${TREND_UNITS[column]})` : 'NEWS2'));
  const head = ['time', ...named, 'NEWS2 is the least it can be', 'SpO2 expected, lower end (%), not validated', 'SpO2 expected, middle (%), not validated'];
  const lines = rows.map((row) => [
    row.at, ...TREND_COLUMNS.map((column) => row.values[column]), row.values.score === undefined ? '' : row.atLeast ? 'yes' : 'no', row.low, row.middle,
  ]);
  return [head, ...lines].map((line) => line.map(cell).join(',')).join('\r\n') + '\r\n';
}
