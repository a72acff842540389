// SPDX-License-Identifier: Apache-2.0
// The catalogue of illnesses that the node uses, fetched when somebody first looks something up
// in it. What this device kept is shown at once, and is replaced where the node uses another one now.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Catalogue } from '../fhir/catalogue';

export type { Catalogue };

const AGAIN = 60_000; // a node may have been started again with another one meanwhile

const loaded = signal<Catalogue | null>(null);
let tag = '';
let asked = -AGAIN;

async function look(): Promise<void> {
  const [{ Catalogue: Made }, { fetchCatalogue, keptCatalogue }] = await Promise.all([import('../fhir/catalogue'), import('../fhir/catalogue-text')]);
  const show = (found: { text: string; tag: string } | null) => {
    if (!found) return;
    tag = found.tag;
    loaded.value = new Made(found.text);
  };
  if (!loaded.value) show(await keptCatalogue());
  show(await fetchCatalogue(tag));
}

/** Null until it is there; a link that breaks meanwhile is tried again at the next look. */
export function useCatalogue(): Catalogue | null {
  useEffect(() => {
    const now = performance.now();
    if (now - asked < AGAIN) return;
    asked = now;
    look().catch(() => { asked = -AGAIN; });
  }, []);
  return loaded.value;
}
