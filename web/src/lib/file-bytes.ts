// SPDX-License-Identifier: Apache-2.0
// Files of cases that this page has fetched, so that one visit to the node is enough for
// each. What is kept is bounded: a ward's tablet has little memory.
import { readBinary } from '../fhir/client';

const KEPT = 64 << 20; // bytes of all that is kept
const LARGEST_KEPT = 4 << 20; // an original is fetched again rather than kept

const fetched = new Map<string, Promise<Blob>>();
const sizes = new Map<string, number>();

function forget(url: string): void {
  fetched.delete(url);
  sizes.delete(url);
}

/** What was asked for longest ago goes first. */
function makeRoom(): void {
  let all = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  for (const [url, size] of sizes) {
    if (all <= KEPT) return;
    all -= size;
    forget(url);
  }
}

/** The bytes behind an address, which never change. */
export function bytesOf(url: string): Promise<Blob> {
  const known = fetched.get(url);
  if (known) return known;
  const coming = readBinary(url);
  fetched.set(url, coming);
  coming.then((blob) => {
    if (fetched.get(url) !== coming) return;
    if (blob.size > LARGEST_KEPT) forget(url);
    else sizes.set(url, blob.size);
    makeRoom();
  }, () => forget(url));
  return coming;
}

export function forgetFiles(): void {
  fetched.clear();
  sizes.clear();
}
