// SPDX-License-Identifier: Apache-2.0
// Times as people say them ("3 h ago"), with the full time kept beside them.
import { signal } from '@preact/signals';
import { dateIn } from './dates';
import { language, t } from './i18n';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TICK = 20_000;

const SLACK = 20_000; // what a slow answer may add; less than this is no wrong clock

/** The present, renewed every few seconds, so that every age on the page stays true. */
export const now = signal(Date.now());
let correction = 0;
setInterval(() => {
  now.value = present();
}, TICK);

/** Clocks of ward computers are wrong more often than the node's: ${date} is its Date header. */
export function learnTime(date: string | null): void {
  const difference = Date.parse(date ?? '') - Date.now();
  if (Number.isNaN(difference)) return;
  const next = Math.abs(difference) < SLACK ? 0 : difference;
  if (Math.abs(next - correction) < SLACK) return;
  correction = next;
  now.value = present();
}

/** The present by the node's clock, in milliseconds; what stays in this browser goes by its own. */
export function present(): number {
  return Date.now() + correction;
}

/** The same for a record. */
export function presentInstant(): string {
  return new Date(present()).toISOString();
}

export function ago(instant: string): string {
  const passed = now.value - Date.parse(instant);
  if (Number.isNaN(passed)) return '';
  if (passed < MINUTE) return t('time.now');
  if (passed < HOUR) return t('time.minutes', { n: Math.floor(passed / MINUTE) });
  if (passed < 2 * DAY) return t('time.hours', { n: Math.floor(passed / HOUR) });
  return t('time.days', { n: Math.floor(passed / DAY) });
}

/** "in 12 min", or "20 min late". */
export function until(instant: string): string {
  const left = Date.parse(instant) - now.value;
  if (Number.isNaN(left)) return '';
  const far = Math.abs(left);
  if (far < MINUTE) return left < 0 ? t('time.late-now') : t('time.in-now');
  if (far < HOUR) return t(left < 0 ? 'time.late-minutes' : 'time.in-minutes', { n: Math.floor(far / MINUTE) });
  if (far < 2 * DAY) return t(left < 0 ? 'time.late-hours' : 'time.in-hours', { n: Math.floor(far / HOUR) });
  return t(left < 0 ? 'time.late-days' : 'time.in-days', { n: Math.floor(far / DAY) });
}

/** Whether a time has passed, or three quarters of the way to it have. */
export function pressure(from: string, by: string): 'late' | 'soon' | 'calm' {
  const end = Date.parse(by);
  if (now.value >= end) return 'late';
  return now.value - Date.parse(from) > 0.75 * (end - Date.parse(from)) ? 'soon' : 'calm';
}

/** Date, time and zone in full. */
export function fullTime(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  return dateIn(language.value, date, { dateStyle: 'full', timeStyle: 'long' });
}

/** Short: the time alone today, with the day otherwise. */
export function clockTime(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  const today = new Date(now.value).toDateString() === date.toDateString();
  return dateIn(language.value, date, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(today ? {} : { day: 'numeric', month: 'short' }),
  });
}

/** The day alone; what was written as a bare date is that date everywhere. */
export function shortDate(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  return dateIn(language.value, date, { dateStyle: 'medium', ...(instant.length <= 10 ? { timeZone: 'UTC' } : {}) });
}

/** Day and time, as a list that is handed out has it. */
export function dayAndTime(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  return dateIn(language.value, date, { dateStyle: 'medium', timeStyle: 'short' });
}
