// SPDX-License-Identifier: Apache-2.0
// The text of the catalogue that the node uses, and the copy of it that this device keeps for work
// without a link. It is about no patient and no person, so whoever signs in here shares it.
import { credentials } from '../session';

const PATH = '/fhir/CodeSystem/$catalogue';
const SHELF = 'catalogue'; // beside the stores of builds, which the service worker clears
const PATIENCE = 300_000; // 150 KB over a weak link

export interface CatalogueText {
  text: string;
  /** Of its content. */
  tag: string;
}

async function textOf(response: Response): Promise<CatalogueText> {
  return { text: await response.text(), tag: response.headers.get('ETag') ?? '' };
}

/** What was kept here; null: nothing, or this browser keeps nothing. */
export async function keptCatalogue(): Promise<CatalogueText | null> {
  try {
    const response = await (await caches.open(SHELF)).match(PATH);
    return response ? await textOf(response) : null;
  } catch {
    return null; // forbidden, or no encrypted page
  }
}

async function keep({ text, tag }: CatalogueText): Promise<void> {
  try {
    await (await caches.open(SHELF)).put(PATH, new Response(text, { headers: { ETag: tag } }));
  } catch {
    // it is asked for again
  }
}

/** What the node uses now; null: the one with ${tag} still. Fails without a link. */
export async function fetchCatalogue(tag: string): Promise<CatalogueText | null> {
  const response = await fetch(PATH, {
    headers: { ...credentials(false), ...(tag ? { 'If-None-Match': tag } : {}) }, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE),
  });
  if (response.status === 304) return null;
  if (!response.ok) throw new Error(`catalogue ${response.status}`);
  const found = await textOf(response);
  await keep(found);
  return found;
}
