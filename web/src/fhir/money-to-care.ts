// SPDX-License-Identifier: Apache-2.0
// What became of the money, over all years: what was paid by use, the way of devices to the first patient, and whether
// they work. Currencies are never added: where there are several, each is asked for by itself.
import { apartOf, by, codeOf, indicatorOf, readReports, toldOf, type Apart, type Report, type Told } from './dashboard';

export const FUNDING = 'funding';
export const DEVICES = 'equipment';
export const WAY = 'equipment-days';
export const WORKING = 'equipment-uptime';
export const YIELD = 'equipment-yield';
export const EACH_ILLNESS = 'money-to-care';
export const EACH_JOURNEY = 'money-per-avoided-transfer';

/** What was paid in a currency, by use. */
export interface Spent { currency: string; whole: Told; uses: Apart[] }

/** What was paid in a currency for each further illness, and for each journey spared. */
export interface Each { currency: string; illness: Told; journey: Told }

export interface MoneyToCare {
  spent: Spent[];
  /** Payments that whoever asks may not read: what was spent is without them. */
  unread: number;
  each: Each[];
  /** Steps of devices on their way: days since the order, and of how many. */
  steps: Apart[];
  devices: Told;
  working: Told;
  /** How often each device was used in a year, times the share of days on which it worked. */
  yields: Told;
}

const LEFT_OUT = 'https://belay.health/StructureDefinition/indicator-left-out';
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

const unreadIn = (report: Report | undefined) => Number(report?.extension?.find(({ url }) => url === LEFT_OUT)?.valueString ?? 0);

/** In each currency, and of devices: they are told of years that are over alone, so none is of the running one. */
async function ratiosOf(first: number, last: number): Promise<Pick<MoneyToCare, 'each' | 'yields'>> {
  if (last < first) return { each: [], yields: NOT_TOLD };
  const reports = await readReports({ first, last, measures: [EACH_ILLNESS, EACH_JOURNEY, YIELD] });
  const yielded = reports.find((one) => indicatorOf(one) === YIELD);
  const strata = (id: string) => { const report = reports.find((one) => indicatorOf(one) === id); return (report && by(report, 'currency')) ?? []; };
  const told = (id: string, currency: string) => toldOf(strata(id).find(({ value }) => codeOf(value) === currency));
  const currencies = [...new Set([...strata(EACH_ILLNESS), ...strata(EACH_JOURNEY)].map(({ value }) => codeOf(value)))].filter(Boolean);
  const each = currencies.map((currency) => ({ currency, illness: told(EACH_ILLNESS, currency), journey: told(EACH_JOURNEY, currency) }));
  return { each, yields: yielded ? toldOf(yielded.group?.[0]) : NOT_TOLD };
}

export async function loadMoneyToCare(first: number, last: number): Promise<MoneyToCare> {
  const [kinds, ways, ratios] = await Promise.all([
    readReports({ first, last, measures: [FUNDING, DEVICES, WORKING], axis: 'kind' }),
    readReports({ first, last, measures: [WAY], axis: 'step' }),
    ratiosOf(first, last - 1),
  ]);
  const of = (id: string) => kinds.find((one) => indicatorOf(one) === id);
  const told = (id: string) => { const report = of(id); return report ? toldOf(report.group?.[0]) : NOT_TOLD; };
  return { spent: await spentOf(of(FUNDING), first, last), unread: unreadIn(of(FUNDING)), ...ratios, steps: (ways[0] && apartOf(ways[0], 'step')) ?? [], devices: told(DEVICES), working: told(WORKING) };
}
