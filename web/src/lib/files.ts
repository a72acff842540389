// SPDX-License-Identifier: Apache-2.0
// Files on their way into a case: a photograph is made smaller before it is sent, since
// the link is thin and 1,600 pixels show what a screen can show.

export interface PickedFile {
  name: string;
  type: string;
  size: number;
  base64: string;
}

const LONGEST_SIDE = 1600;
const QUALITY = 0.82;
export const LARGEST_FILE = 8 << 20;

async function base64Of(blob: Blob): Promise<string> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(blob);
  });
  return url.slice(url.indexOf(',') + 1);
}

async function shrink(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  if (scale === 1 && file.size < 1 << 20) return file;
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const context = canvas.getContext('2d');
  if (!context) return file;
  context.fillStyle = '#fff'; // JPEG knows no transparency
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  return small && (scale < 1 || small.size < file.size) ? small : file;
}

function nameFor(name: string, type: string): string {
  return type === 'image/jpeg' ? name.replace(/\.[^.]*$/, '') + '.jpg' : name;
}

/** ${file} ready to be sent; null when it is too large even then. */
export async function pickFile(file: File): Promise<PickedFile | null> {
  const image = /^image\/(jpeg|png|webp|gif|bmp|avif)$/.test(file.type);
  const blob = image ? await shrink(file).catch(() => file) : file;
  if (blob.size > LARGEST_FILE) return null;
  const type = blob.type || 'application/octet-stream';
  return { name: blob === file ? file.name : nameFor(file.name, type), type, size: blob.size, base64: await base64Of(blob) };
}

export function isImage(type: string | undefined): boolean {
  return /^image\/(jpeg|png|webp|gif|bmp|avif)$/.test(type ?? '');
}

export function readableSize(bytes: number): string {
  return bytes < 1 << 20 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
}
