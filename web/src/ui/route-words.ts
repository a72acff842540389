// SPDX-License-Identifier: Apache-2.0
// What the answer of $route says, in the reader's language: by codes, never by the node's English.
import type { RouteOption, RoutePace, RouteReason } from '../fhir/route';
import { numberIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';

const HOUR = 60;
const DAY = 24 * HOUR;

const KINDS: Record<string, TextKey> = {
  'team-here': 'route.team-here',
  'expert-here': 'route.expert-here',
  'guided-here': 'route.guided-here',
  'in-prefecture': 'route.in-prefecture',
  'in-region': 'route.in-region',
  outside: 'route.outside',
};

const DECIDED: Record<string, TextKey> = {
  first: 'route.first',
  'by-safety': 'route.by-safety',
  'by-nearness': 'route.by-nearness',
  'by-time': 'route.by-time',
  'by-position': 'route.by-position',
};

type Unit = 'minutes' | 'days' | 'metres' | 'count';

/** The text of each reason, and what its value counts. */
const REASONS: Record<string, [TextKey, Unit]> = {
  'too-late': ['route.too-late', 'minutes'],
  'no-bed': ['route.no-bed', 'count'],
  'nobody-on-duty': ['route.nobody-on-duty', 'minutes'],
  'may-not-travel': ['route.may-not-travel', 'count'],
  'too-far': ['route.too-far', 'minutes'],
  'road-closed': ['route.road-closed', 'count'],
  'way-unknown': ['route.way-unknown', 'count'],
  'up-ill': ['route.up-ill', 'metres'],
  'up-short-of-oxygen': ['route.up-short-of-oxygen', 'metres'],
  'equipment-off': ['route.equipment-off', 'count'],
  lapsed: ['route.lapsed', 'days'],
  'expert-away': ['route.expert-away', 'days'],
  since: ['route.since', 'days'],
  by: ['route.by', 'count'],
  'on-duty': ['route.on-duty', 'count'],
  'duty-later': ['route.duty-later', 'minutes'],
  'duty-unknown': ['route.duty-unknown', 'count'],
  beds: ['route.beds', 'count'],
  'beds-unknown': ['route.beds-unknown', 'count'],
  travel: ['route.travel', 'minutes'],
  'travel-estimated': ['route.travel-estimated', 'minutes'],
  down: ['route.down', 'metres'],
  up: ['route.up', 'metres'],
  'altitude-unknown': ['route.altitude-unknown', 'count'],
  answer: ['route.answer', 'minutes'],
  'answer-unknown': ['route.answer-unknown', 'count'],
  language: ['route.language', 'count'],
  interpreter: ['route.interpreter', 'count'],
  'no-language': ['route.no-language', 'count'],
  teaching: ['route.teaching', 'count'],
  'expert-leaves': ['route.expert-leaves', 'days'],
  company: ['route.company', 'count'],
  sustained: ['route.sustained', 'count'],
  demonstrated: ['route.demonstrated', 'count'],
  'not-demonstrated': ['route.not-demonstrated', 'count'],
  listed: ['route.listed', 'count'],
};

export function number(value: number): string {
  return numberIn(language.value, value);
}

/** "45 min", "3 h 10 min", "4 days". */
export function duration(minutes: number): string {
  if (minutes >= 2 * DAY) return days(Math.round(minutes / DAY));
  if (minutes < HOUR) return t('route.minutes', { m: minutes });
  if (minutes % HOUR === 0) return t('route.hours', { h: minutes / HOUR });
  return t('route.hours-minutes', { h: Math.floor(minutes / HOUR), m: minutes % HOUR });
}

function days(count: number): string {
  return count >= 730 ? t('route.years', { count: Math.floor(count / 365) }) : t('route.days', { count: number(count) });
}

export function metres(value: number): string {
  return t('route.metres', { count: number(Math.round(value)) });
}

function amount(value: number, unit: Unit): string {
  if (unit === 'minutes') return duration(value);
  if (unit === 'days') return days(value);
  return unit === 'metres' ? metres(value) : number(value);
}

export function reasonText(reason: RouteReason): string {
  const known = REASONS[reason.code];
  const person = reason.person || t('route.colleague');
  if (!known) return reason.text;
  const [key, unit] = known;
  if (reason.code === 'nobody-on-duty' && reason.value === null) return t('route.off-duty', { person });
  if (reason.code === 'expert-away' && reason.value === null) return t('route.expert-gone', { person });
  return t(key, {
    person,
    value: reason.value === null ? '' : amount(reason.value, unit),
    limit: reason.limit === null ? '' : reason.code === 'answer' ? number(reason.limit) : amount(reason.limit, unit),
  });
}

/** What the hospital has shown of it, apart from what it says of itself. */
export const PROOFS = ['sustained', 'demonstrated', 'not-demonstrated'];

export function kindText(option: RouteOption): string {
  const key = KINDS[option.kind];
  return key ? t(key) : option.kind;
}

export function decidedText(option: RouteOption): string {
  const key = DECIDED[option.decidedBy];
  return key ? t(key) : '';
}

/** "460 m lower", or "" where it is as high as here or not known. */
export function riseText(option: RouteOption): string {
  if (option.rise === null || option.rise === 0) return '';
  return t(option.rise > 0 ? 'route.higher' : 'route.lower', { value: metres(Math.abs(option.rise)) });
}

/** How long until somebody acts. */
export function soonText(option: RouteOption): string {
  return option.minutes === 0 ? t('route.at-once') : t('route.in', { value: duration(option.minutes) });
}

/** How soon they answer cases as urgent as this, and how many answers say so. */
export function paceText(pace: RoutePace): string {
  return t('route.pace', { median: duration(pace.median), ninety: duration(pace.ninety), n: pace.count });
}
