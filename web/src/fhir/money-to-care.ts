// SPDX-License-Identifier: Apache-2.0
// What became of the money, over all years: what was paid by use, the way of devices to the first patient, and whether
// they work. Currencies are never added: where there are several, each is asked for by itself.
import { apartOf, by, codeOf, indicatorOf, readReports, toldOf, type Apart, type Report, type Told } from './dashboard';

export const FUNDING = 'funding';
export const DEVICES = 'equipment';
export const WAY = 'equipment-days';
export const WORKING = 'equipment-uptime';

/** What was paid in a currency, by use. */
export interface Spent { currency: string; whole: Told; uses: Apart[] }

export interface MoneyToCare {
  spent: Spent[];
  /** Steps of devices on their way: days since the order, and of how many. */
  steps: Apart[];
  devices: Told;
  working: Told;
}

const NOT_TOLD: Told = { kind: 'none' };

function spentIn(report: Report | undefined, currency: string): Spent {
  return { currency, whole: toldOf(report?.group?.[0]), uses: (report && apartOf(report, 'kind')) ?? [] };
}

async function spentOf(report: Report | undefined, first: number, last: number): Promise<Spent[]> {
  const currencies = ((report && by(report, 'currency')) ?? []).map(({ value }) => codeOf(value)).filter(Boolean).sort();
  const [only, ...others] = currencies;
  if (only !== undefined && others.length === 0) return [spentIn(report, only)];
  return Promise.all(currencies.map(async (currency) => {
    const [one] = await readReports({ first, last, measures: [FUNDING], axis: 'kind', stratum: `currency|${currency}` });
    return spentIn(one, currency);
  }));
}

export async function loadMoneyToCare(first: number, last: number): Promise<MoneyToCare> {
  const [kinds, ways] = await Promise.all([
    readReports({ first, last, measures: [FUNDING, DEVICES, WORKING], axis: 'kind' }),
    readReports({ first, last, measures: [WAY], axis: 'step' }),
  ]);
  const of = (id: string) => kinds.find((one) => indicatorOf(one) === id);
  const told = (id: string) => { const report = of(id); return report ? toldOf(report.group?.[0]) : NOT_TOLD; };
  return { spent: await spentOf(of(FUNDING), first, last), steps: (ways[0] && apartOf(ways[0], 'step')) ?? [], devices: told(DEVICES), working: told(WORKING) };
}
