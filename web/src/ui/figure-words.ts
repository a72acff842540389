// SPDX-License-Identifier: Apache-2.0
// What people call the figures computed from records, and how their numbers are said.
import type { Definition } from '../fhir/indicators';
import { hasUnits, numberIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';

/** What people call them; a definition without a name here has its own. */
const NAMES: Record<string, TextKey> = {
  'experts-deployed': 'computed.experts-deployed', 'sending-hospitals': 'computed.sending-hospitals', 'expert-days': 'computed.expert-days',
  'departments-twinned': 'computed.departments-twinned', 'hospital-pairs': 'computed.hospital-pairs', 'telemedicine-links': 'computed.telemedicine-links',
  apprenticeships: 'computed.apprenticeships', 'independent-practitioners': 'computed.independent-practitioners', 'local-staff-trained': 'computed.local-staff-trained',
  'person-courses': 'computed.person-courses', degrees: 'computed.degrees', 'outbound-training': 'computed.outbound-training',
  'skill-used-after-return': 'computed.skill-used-after-return', 'skill-used-within-3-months': 'computed.skill-used-within-3-months', 'skill-used-within-12-months': 'computed.skill-used-within-12-months',
  'techniques-introduced': 'computed.techniques-introduced', 'techniques-first-in-network': 'computed.techniques-first-in-network',
  'technique-gaps-filled': 'computed.technique-gaps-filled', equipment: 'computed.equipment', 'first-answer-time': 'computed.first-answer-time',
  'first-answer-time-worked': 'computed.first-answer-time-worked', 'allocation-time': 'computed.allocation-time', 'answers-in-time': 'computed.answers-in-time',
  emergency: 'computed.emergency', 'usable-requests': 'computed.usable-requests', 'loop-closure': 'computed.loop-closure', 'avoided-transfers': 'computed.avoided-transfers',
  'avoided-kilometres': 'computed.avoided-kilometres', 'avoided-minutes': 'computed.avoided-minutes', 'case-discussion': 'computed.case-discussion', mdt: 'computed.mdt',
  monitoring: 'computed.monitoring', rehabilitation: 'computed.rehabilitation', retention: 'computed.retention', equity: 'computed.equity', transfers: 'computed.transfers',
  funding: 'computed.funding', agreements: 'computed.agreements',
  'international-patients': 'computed.international-patients', 'international-episodes': 'computed.international-episodes', 'international-bed-days': 'computed.international-bed-days',
  'international-beds': 'computed.international-beds', 'international-beds-taken': 'computed.international-beds-taken', students: 'computed.students',
  'experts-abroad': 'computed.experts-abroad', research: 'computed.research',
  'joint-operation': 'computed.joint-operation', 'new-technology-stock': 'computed.new-technology-stock', 'expert-presence': 'computed.expert-presence', 'remote-hours': 'computed.remote-hours', 'gaps-reopened': 'computed.gaps-reopened',
  'outcome-known': 'computed.outcome-known', complications: 'computed.complications',
  protocols: 'computed.protocols', language: 'computed.language', 'local-independence': 'computed.local-independence', 'gap-closure': 'computed.gap-closure', 'gap-closing-days': 'computed.gap-closing-days',
  'equipment-days': 'computed.equipment-days', 'equipment-uptime': 'computed.equipment-uptime', 'device-procedures': 'computed.device-procedures', population: 'computed.population', 'funding-at-rate': 'computed.funding-at-rate', handover: 'computed.handover', 'handover-orphans': 'computed.handover-orphans', 'overlap-days': 'computed.overlap-days',
  'serious-illnesses-treatable-in-region': 'computed.serious-illnesses-treatable-in-region', 'serious-illnesses-listed-in-region': 'computed.serious-illnesses-listed-in-region',
  'serious-illnesses-sustained-in-region': 'computed.serious-illnesses-sustained-in-region', 'moderate-illnesses-treatable-locally': 'computed.moderate-illnesses-treatable-locally',
  'moderate-illnesses-listed-locally': 'computed.moderate-illnesses-listed-locally', 'moderate-illnesses-sustained-locally': 'computed.moderate-illnesses-sustained-locally',
  'minor-illnesses-treatable-in-county': 'computed.minor-illnesses-treatable-in-county', 'minor-illnesses-listed-in-county': 'computed.minor-illnesses-listed-in-county',
  'minor-illnesses-sustained-in-county': 'computed.minor-illnesses-sustained-in-county', 'self-sufficiency': 'computed.self-sufficiency', 'illnesses-demonstrated': 'computed.illnesses-demonstrated',
  'money-to-care': 'computed.money-to-care', 'money-per-avoided-transfer': 'computed.money-per-avoided-transfer', 'cases-per-thousand': 'computed.cases-per-thousand',
  'equipment-yield': 'computed.equipment-yield', 'days-away': 'computed.days-away', 'days-saved': 'computed.days-saved',
};

export function nameOf(one: Pick<Definition, 'id' | 'title'>): string {
  const key = NAMES[one.id];
  return key ? t(key) : one.title;
}

/** A number that nobody counted, but worked out from what others did. */
export const estimated = (said: string) => `≈ ${said}`;

/** "63 %", "45 min", "12.5 points". */
export const percent = (share: number) => numberIn(language.value, share, { style: 'percent', maximumFractionDigits: 0 });

export function measure(amount: number, unit: string): string {
  if (unit === 'minute') return minutesSay(amount);
  if (unit === 'day') return timeSays(amount, unit, { unitDisplay: 'long', maximumFractionDigits: 1 });
  return `${numberIn(language.value, amount, { maximumFractionDigits: 1 })} ${unit}`;
}

const TIMES: Record<'minute' | 'hour' | 'day', TextKey> = { minute: 'counted.minute', hour: 'counted.hour', day: 'counted.day' };

/** In a language whose units browsers do not have, in words of our own. */
function timeSays(amount: number, unit: keyof typeof TIMES, options: Intl.NumberFormatOptions): string {
  if (hasUnits(language.value)) return numberIn(language.value, amount, { style: 'unit', unit, ...options });
  return t(TIMES[unit], { n: amount, value: numberIn(language.value, amount, { maximumFractionDigits: options.maximumFractionDigits ?? 0 }) });
}

function minutesSay(minutes: number): string {
  const [amount, unit] = minutes < 120 ? [minutes, 'minute' as const] : minutes < 2880 ? [minutes / 60, 'hour' as const] : [minutes / 1440, 'day' as const];
  return timeSays(amount, unit, { maximumFractionDigits: amount < 10 ? 1 : 0 });
}
