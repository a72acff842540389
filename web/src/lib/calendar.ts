// SPDX-License-Identifier: Apache-2.0
// A time to take along (RFC 5545): when, and where to look. Nothing about anybody's illness,
// since calendars lie about on telephones and with their makers.

/** "20260302T070000Z" */
function stamp(instant: string): string {
  return `${new Date(instant).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\n/g, '\\n');
}

/** Lines have 75 bytes at most; what is longer goes on behind a space. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  for (const char of line) {
    if (new TextEncoder().encode(part + char).length > 74) {
      parts.push(part);
      part = '';
    }
    part += char;
  }
  return [...parts, part].join('\r\n ');
}

export interface CalendarEntry {
  id: string;
  title: string;
  start: string;
  end: string;
  address: string;
  made: string;
}

export function calendarOf(entry: CalendarEntry): string {
  const lines = [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Belay//Belay//EN', 'BEGIN:VEVENT',
    `UID:${entry.id}`, `DTSTAMP:${stamp(entry.made)}`, `DTSTART:${stamp(entry.start)}`, `DTEND:${stamp(entry.end)}`,
    `SUMMARY:${escaped(entry.title)}`, `URL:${entry.address}`, 'CLASS:PRIVATE', 'END:VEVENT', 'END:VCALENDAR',
  ];
  return lines.map(folded).join('\r\n') + '\r\n';
}
