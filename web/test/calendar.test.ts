// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calendarOf } from '../src/lib/calendar';

const entry = { id: '7d6f', title: 'Meeting; (Belay), now', start: '2026-03-02T15:30:00+08:00', end: '2026-03-02T08:15:00Z', address: `https://node.example/#/meeting/${'x'.repeat(80)}`, made: '2026-03-01T00:00:00.123Z' };

test('a time to take along: instants of UTC, texts escaped, lines that end and fold as RFC 5545 has it', () => {
  const text = calendarOf(entry);
  const lines = text.split('\r\n');
  assert.ok(lines.includes('DTSTART:20260302T073000Z') && lines.includes('DTEND:20260302T081500Z') && lines.includes('DTSTAMP:20260301T000000Z'), text);
  assert.ok(lines.includes('SUMMARY:Meeting\\; (Belay)\\, now'), text);
  assert.ok(lines.every((line) => new TextEncoder().encode(line).length <= 75), text);
  assert.ok(text.replace(/\r\n /g, '').includes(`URL:${entry.address}\r\n`), 'unfolded it is whole');
  assert.equal(lines.at(-1), '');
});

test('a title in another script is cut between its letters', () => {
  const text = calendarOf({ ...entry, title: 'འ'.repeat(60) });
  assert.ok(!text.includes('\ufffd'));
  assert.ok(text.replace(/\r\n /g, '').includes('འ'.repeat(60)));
});
