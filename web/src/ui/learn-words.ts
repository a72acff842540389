// SPDX-License-Identifier: Apache-2.0
// The words for the codes of courses and enrolments.
import { procedureName } from '../fhir/logbook';
import type { Aim, Change, CourseStatus, Enrolment, EnrolmentStatus, Kind, Step, UseState } from '../fhir/learning';
import { language, t, type TextKey } from '../lib/i18n';
import { shortDate } from '../lib/time';

export const KIND_WORDS: Record<Kind, TextKey> = {
  'bedside-teaching': 'learn.bedside', workshop: 'learn.workshop', degree: 'learn.degree', placement: 'learn.placement', online: 'learn.online',
};
export const COURSE_WORDS: Record<CourseStatus, TextKey> = { planned: 'learn.course-planned', 'under-way': 'learn.under-way', held: 'learn.held', cancelled: 'learn.cancelled' };
export const STATUS_WORDS: Record<EnrolmentStatus, TextKey> = {
  planned: 'learn.planned', accepted: 'learn.accepted', attending: 'learn.attending', completed: 'learn.completed', left: 'learn.left', refused: 'learn.refused',
};
export const STEP_WORDS: Record<Step, TextKey> = { accept: 'learn.accept', refuse: 'learn.refuse', attend: 'learn.attend', leave: 'learn.leave', complete: 'learn.complete' };
export const USE_WORDS: Record<UseState, TextKey> = { 'not-yet': 'learn.not-yet', unknown: 'learn.unknown', used: 'learn.used', 'not-used': 'learn.not-used', unclear: 'learn.unclear' };

/** "3 Feb – 30 Apr 2026", or the one day. */
export function spanOf(start: string, end: string): string {
  if (!start) return end ? shortDate(end) : '';
  return end && end !== start ? `${shortDate(start)} – ${shortDate(end)}` : shortDate(start);
}

/** What was changed of the course, in a line: "Does not take place: the theatre is rebuilt". */
export function changeWords(change: Change, one: Enrolment): string {
  if (change.what === 'cancelled') return t('learn.waits-cancelled', { reason: change.reason });
  return t('learn.waits-moved', { span: [spanOf(one.start, one.end), one.place].filter(Boolean).join(' · ') });
}

export function aimWords(aim: Pick<Aim, 'procedure' | 'text'>): string {
  return aim.procedure ? procedureName(aim.procedure, language.value) : aim.text;
}

/** The lists of a page, by month: "March 2026". */
export function monthOf(day: string): string {
  return day.slice(0, 7);
}

export function useTitle(month: number): string {
  return t('learn.after', { n: month });
}
