// SPDX-License-Identifier: Apache-2.0
// Files on their way into a case. A photograph is made smaller for sending, since the link
// is thin and 1,600 pixels show what a screen can show; its original is kept and follows.
// What a camera wrote into either stays here (exif.ts).
import { cleaned } from './exif';

export interface PickedFile {
  name: string;
  type: string;
  size: number;
  base64: string; // of the bytes that are sent first
  blob: Blob;
  original: Blob | null; // null: what is sent first is all there is
}

export const LONGEST_SIDE = 1600; // pixels of what is sent first
const QUALITY = 0.82;
const SMALL_ENOUGH = 256 << 10; // bytes; a picture of at most so many goes as it is
export const LARGEST_FILE = 8 << 20;
const LARGEST_ORIGINAL = 48 << 20;

async function base64Of(blob: Blob): Promise<string> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(blob);
  });
  return url.slice(url.indexOf(',') + 1);
}

/** Drawn again at most LONGEST_SIDE long: as a JPEG, with nothing but the picture in it. */
async function shrink(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  if (scale === 1 && file.size <= SMALL_ENOUGH) return cleaned(file);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const context = canvas.getContext('2d');
  if (!context) return cleaned(file);
  context.fillStyle = '#fff'; // JPEG knows no transparency
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  return small && (scale < 1 || small.size < file.size) ? small : cleaned(file);
}

function nameFor(name: string, type: string): string {
  return type === 'image/jpeg' ? name.replace(/\.[^.]*$/, '') + '.jpg' : name;
}

/** ${file} ready to be sent; null when it is too large even then. */
export async function pickFile(file: File): Promise<PickedFile | null> {
  const image = isImage(file.type);
  const blob = image ? await shrink(file).catch(() => file) : file;
  if (blob.size > LARGEST_FILE) return null;
  const type = await holdsDicom(blob) ? DICOM : blob.type || 'application/octet-stream';
  const drawn = image && blob.type === 'image/jpeg' && blob !== file && blob.size < file.size;
  const original = drawn && file.size <= LARGEST_ORIGINAL ? await cleaned(file) : null;
  const name = blob === file || type === file.type ? file.name : nameFor(file.name, type);
  return { name, type, size: blob.size, base64: await base64Of(blob), blob, original: original && original.size > blob.size * 1.2 ? original : null };
}

const DICOM = 'application/dicom';
const DICOM_MARK = 'DICM'; // after 128 bytes that mean nothing (DICOM PS3.10, 7.1)

async function holdsDicom(blob: Blob): Promise<boolean> {
  return blob.type === DICOM || (await blob.slice(128, 132).text()) === DICOM_MARK;
}

/** A picture of a scanner or an X-ray machine in its own format, which these pages cannot show. */
export function isDicom(type: string | undefined): boolean {
  return type === DICOM;
}

export function isImage(type: string | undefined): boolean {
  return /^image\/(jpeg|png|webp|gif|bmp|avif)$/.test(type ?? '');
}

export function readableSize(bytes: number): string {
  return bytes < 1 << 20 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
}
