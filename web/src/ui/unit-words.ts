// SPDX-License-Identifier: Apache-2.0
// A number with what it counts, in the words of the chosen language: one hospital, 203 hospitals.
import { amountIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';

/** The units of definitions/indicators.json. Signs and currencies are no words. */
const UNITS: Readonly<Record<string, TextKey>> = {
  admission: 'counted.admission',
  agreement: 'counted.agreement',
  apprenticeship: 'counted.apprenticeship',
  bed: 'counted.bed',
  'bed-day': 'counted.bed-day',
  case: 'counted.case',
  day: 'counted.day',
  department: 'counted.department',
  device: 'counted.device',
  episode: 'counted.episode',
  gap: 'counted.gap',
  hospital: 'counted.hospital',
  hour: 'counted.hour',
  illness: 'counted.illness',
  inhabitant: 'counted.inhabitant',
  inpatient: 'counted.inpatient',
  item: 'counted.item',
  kilometre: 'counted.kilometre',
  lapse: 'counted.lapse',
  meeting: 'counted.meeting',
  minute: 'counted.minute',
  operation: 'counted.operation',
  'operation per device and year': 'counted.operation-per-device-year',
  outpatient: 'counted.outpatient',
  pair: 'counted.pair',
  patient: 'counted.patient',
  payment: 'counted.payment',
  person: 'counted.person',
  'person-course': 'counted.person-course',
  'person-day': 'counted.person-day',
  return: 'counted.return',
  study: 'counted.study',
  technique: 'counted.technique',
  transfer: 'counted.transfer',
  year: 'counted.year',
};

/** ${value} of ${unit}; a unit without words here stands as it is. ${most}: where it is told from what to what. */
export function amountOf(value: string, unit: string, most = ''): string {
  const low = amountIn(language.value, value);
  const said = most ? t('computed.range', { low, high: amountIn(language.value, most) }) : low;
  const key = UNITS[unit];
  return key ? t(key, { n: Number(most || value), value: said }) : `${said} ${unit}`.trim();
}
