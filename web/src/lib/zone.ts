// SPDX-License-Identifier: Apache-2.0
// The time of another place beside the reader's own. A place is known by how many minutes
// its clocks are ahead of UTC (definitions/utc-offset.json).
import { dateIn } from './dates';
import { language, t } from './i18n';

const MINUTE = 60_000;

/** Do the clocks ${ahead} minutes ahead of UTC show another time than the reader's, at ${instant}? */
export function differs(instant: string, ahead: number | null): ahead is number {
  const date = new Date(instant);
  return ahead !== null && !Number.isNaN(date.getTime()) && -date.getTimezoneOffset() !== ahead;
}

/** "UTC+5:30" */
export function zoneName(ahead: number): string {
  const hours = Math.floor(Math.abs(ahead) / 60);
  const minutes = Math.abs(ahead) % 60;
  return `UTC${ahead < 0 ? '−' : '+'}${hours}${minutes ? `:${String(minutes).padStart(2, '0')}` : ''}`;
}

/** What the clocks there show: the time alone where the day is the reader's too. */
export function timeThere(instant: string, ahead: number): string {
  const date = new Date(instant);
  const there = new Date(date.getTime() + ahead * MINUTE); // its UTC is the time there
  const sameDay = there.getUTCDate() === date.getDate();
  return dateIn(language.value, there, {
    hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC', ...(sameDay ? {} : { day: 'numeric', month: 'short' }),
  });
}

/** "at the patient's 11:35 (UTC+5)", or "" where the reader's clocks show the same. */
export function beside(instant: string, ahead: number | null): string {
  return differs(instant, ahead) ? t('time.there', { time: timeThere(instant, ahead), zone: zoneName(ahead) }) : '';
}
