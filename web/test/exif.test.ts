// SPDX-License-Identifier: Apache-2.0
// What a camera notes into a JPEG is taken out; the way up and the picture stay.
import assert from 'node:assert/strict';
import test from 'node:test';
import { withoutMetadata } from '../src/lib/exif';

const segment = (marker: number, content: number[]) => [0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255, ...content];
const text = (words: string) => [...words].map((sign) => sign.charCodeAt(0));
/** Exif with orientation 6 and a place that nobody needs to know, in the order of Intel. */
const EXIF = [
  ...text('Exif'), 0, 0, ...text('II'), 42, 0, 8, 0, 0, 0, 2, 0,
  0x0f, 0x01, 2, 0, 4, 0, 0, 0, ...text('CAM!'), 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, ...text('31.48N 92.05E'),
];
const QUANTISATION = segment(0xdb, [0, 1, 2, 3]);
const PICTURE = [0xff, 0xda, 0, 4, 9, 9, 1, 2, 0xff, 0xe1, 0, 3, 0xff, 0xd9]; // what looks like a segment in it is none
const photo = Uint8Array.from([0xff, 0xd8, ...segment(0xe1, EXIF), ...segment(0xfe, text('taken in ward 4')), ...QUANTISATION, ...PICTURE]);
const joined = (parts: Uint8Array[] | null) => (parts ?? []).flatMap((part) => [...part]);

test('place, device and comment go; the way up, the tables and the picture stay', () => {
  const bytes = joined(withoutMetadata(photo));
  const words = String.fromCharCode(...bytes);
  assert.ok(!words.includes('31.48N') && !words.includes('CAM!') && !words.includes('ward 4'));
  assert.deepEqual(bytes.slice(-QUANTISATION.length - PICTURE.length), [...QUANTISATION, ...PICTURE]);
  const said = bytes.indexOf(0x12);
  assert.deepEqual(bytes.slice(said - 1, said + 9), [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6]);
  assert.deepEqual(joined(withoutMetadata(Uint8Array.from(bytes))), bytes); // a second time changes nothing
});

test('a picture that stands upright gets no segment at all', () => {
  assert.deepEqual(joined(withoutMetadata(Uint8Array.from([0xff, 0xd8, ...QUANTISATION, ...PICTURE]))), [0xff, 0xd8, ...QUANTISATION, ...PICTURE]);
});

test('what is no JPEG, or one cut off, is left as it is', () => {
  assert.equal(withoutMetadata(Uint8Array.from([0x89, 0x50, 0x4e, 0x47])), null);
  assert.equal(withoutMetadata(photo.subarray(0, 40)), null);
});
