// SPDX-License-Identifier: Apache-2.0
// What a camera writes into a JPEG beside the picture (place, time, name of the device) stays
// on this device. The way up is kept: without it a picture lies on its side. Pixels are not touched.
//
//   FF D8 | FF marker, length (2, itself included), content | ... | FF DA: the picture from here

const PICTURE = 0xda;
const METADATA = new Set([0xe1, 0xed, 0xfe]); // Exif and XMP, Photoshop, comments
const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0]; // "Exif" and two zeros
const ORIENTATION = 0x0112;
const ENTRY = 12;

/** 1 to 8 as Exif counts; 1 where the segment does not say. */
function orientationIn(segment: Uint8Array): number {
  if (segment.length < 4 + 6 + 10 || EXIF.some((byte, at) => segment[4 + at] !== byte)) return 1;
  const tiff = new DataView(segment.buffer, segment.byteOffset + 10, segment.length - 10);
  const little = tiff.getUint16(0) === 0x4949;
  const first = tiff.getUint32(4, little);
  if (first + 2 > tiff.byteLength) return 1;
  const count = tiff.getUint16(first, little);
  for (let at = 0; at < count; at++) {
    const entry = first + 2 + at * ENTRY;
    if (entry + ENTRY > tiff.byteLength) return 1;
    if (tiff.getUint16(entry, little) === ORIENTATION) return tiff.getUint16(entry + 8, little);
  }
  return 1;
}

/** A segment that says ${orientation} and nothing else. */
function onlyOrientation(orientation: number): Uint8Array {
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
  return Uint8Array.from([0xff, 0xe1, 0, 2 + EXIF.length + tiff.length, ...EXIF, ...tiff]);
}

/** ${bytes} of a JPEG without what is not the picture; null where they are none. */
export function withoutMetadata(bytes: Uint8Array): Uint8Array[] | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const kept: Uint8Array[] = [];
  let orientation = 1;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== PICTURE) {
    const end = at + 2 + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0);
    if (end <= at + 3 || end > bytes.length) return null;
    const segment = bytes.subarray(at, end);
    if (!METADATA.has(bytes[at + 1] ?? 0)) kept.push(segment);
    else if (bytes[at + 1] === 0xe1) orientation = Math.max(orientation, orientationIn(segment));
    at = end;
  }
  const turned = orientation > 1 && orientation <= 8 ? [onlyOrientation(orientation)] : [];
  return [bytes.subarray(0, 2), ...turned, ...kept, bytes.subarray(at)];
}

/** ${file} without a camera's notes where it is a JPEG; as it is otherwise. */
export async function cleaned(file: Blob): Promise<Blob> {
  if (file.type !== 'image/jpeg') return file;
  const parts = withoutMetadata(new Uint8Array(await file.arrayBuffer()));
  return parts ? new Blob(parts as BlobPart[], { type: file.type }) : file;
}
