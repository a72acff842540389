// SPDX-License-Identifier: Apache-2.0
// Which figures stand together on a page. What no topic names comes last.
import type { Definition } from '../fhir/indicators';
import { t, type TextKey } from '../lib/i18n';

const TOPICS: readonly (readonly [TextKey, readonly string[]])[] = [
  ['topic.teams', ['sending-hospitals', 'experts-deployed', 'expert-days', 'expert-presence', 'remote-hours', 'overlap-days', 'handover', 'handover-orphans']],
  ['topic.pairs', ['departments-twinned', 'hospital-pairs', 'telemedicine-links', 'agreements', 'research']],
  ['topic.learning', ['apprenticeships', 'independent-practitioners', 'local-independence', 'joint-operation', 'local-staff-trained', 'person-courses', 'outbound-training', 'skill-used-within-3-months', 'skill-used-after-return', 'skill-used-within-12-months', 'degrees']],
  ['topic.possible', [
    'serious-illnesses-treatable-in-region', 'moderate-illnesses-treatable-locally', 'minor-illnesses-treatable-in-county', 'illnesses-demonstrated', 'self-sufficiency', 'techniques-introduced', 'techniques-first-in-network',
    'new-technology-stock', 'technique-gaps-filled', 'gap-closure', 'gap-closing-days', 'gaps-reopened',
  ]],
  ['topic.cases', [
    'first-answer-time', 'first-answer-time-worked', 'allocation-time', 'answers-in-time', 'usable-requests', 'loop-closure', 'avoided-transfers', 'days-saved', 'days-away', 'case-discussion', 'emergency', 'mdt', 'monitoring',
    'rehabilitation', 'retention', 'equity', 'cases-per-thousand', 'language', 'protocols',
  ]],
  ['topic.volumes', ['outpatients', 'inpatients', 'surgeries', 'outcome-known', 'complications', 'life-expectancy', 'population']],
  ['topic.abroad', ['international-patients', 'international-episodes', 'international-bed-days', 'international-beds', 'international-beds-taken', 'students', 'experts-abroad']],
  ['topic.means', ['equipment', 'equipment-days', 'equipment-uptime', 'device-procedures', 'equipment-yield', 'funding', 'funding-at-rate', 'money-to-care', 'money-per-avoided-transfer']],
];

export interface Topic {
  name: string;
  list: Definition[];
}

/** ${all} by topic, each in the order of its topic; a topic without any is left out. */
export function topicsOf(all: readonly Definition[]): Topic[] {
  const named = new Set(TOPICS.flatMap(([, ids]) => ids));
  const topics = TOPICS.map(([key, ids]) => ({ name: t(key), list: ids.flatMap((id) => all.filter((one) => one.id === id)) }));
  return [...topics, { name: t('topic.other'), list: all.filter(({ id }) => !named.has(id)) }].filter(({ list }) => list.length > 0);
}
