// SPDX-License-Identifier: Apache-2.0
// What the kinds of open things are called, and where each is opened.
import type { Item, Kind } from '../fhir/handover';
import { procedureName } from '../fhir/logbook';
import { language, type TextKey } from '../lib/i18n';
import { hrefTo } from '../lib/router';

export const KIND_WORDS: Record<Kind, TextKey> = {
  case: 'handover.case',
  transfer: 'handover.transfer',
  watch: 'handover.watch',
  meeting: 'handover.meeting',
  plan: 'handover.plan',
  promise: 'handover.promise',
  apprentice: 'handover.apprentice',
  placement: 'handover.placement',
  rating: 'handover.rating',
  'follow-up': 'handover.follow-up',
  gap: 'handover.gap',
  equipment: 'handover.equipment',
  funding: 'handover.funding',
  review: 'handover.review',
  contact: 'handover.contact',
};

/** Where ${item} is gone on with; "": it has no page of its own. */
export function itemLink(item: Item): string {
  const [type, id = ''] = item.about.reference.split('/');
  if (type === 'ServiceRequest') return hrefTo('case', id);
  if (item.kind === 'apprentice') return hrefTo('logbook', id);
  if (item.kind === 'rating') return hrefTo('rate');
  if (item.kind === 'follow-up') return hrefTo('aftercare');
  if (item.kind === 'placement') return hrefTo('learning');
  if (item.kind === 'gap') return hrefTo('gaps');
  if (item.kind === 'equipment') return hrefTo('equipment');
  if (item.kind === 'funding') return hrefTo('money');
  return '';
}

/** What it is, in the words of the record. */
export function itemTitle(item: Item): string {
  if (item.kind === 'rating' || item.kind === 'follow-up') return procedureName(item.title, language.value);
  if (item.kind === 'apprentice') return item.about.name;
  if (item.kind === 'placement') return [item.about.name, item.title].filter(Boolean).join(' · ');
  return item.title;
}
