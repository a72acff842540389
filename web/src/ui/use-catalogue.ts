// SPDX-License-Identifier: Apache-2.0
// The catalogue of illnesses that the node uses, fetched when somebody first looks something up
// in it. What this device kept is shown at once, and is replaced where the node uses another one now.
import { effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Catalogue } from '../fhir/catalogue';
import { ownEntries } from '../fhir/catalogue-own';
import { session } from '../session';

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
    const made = new Made(found.text);
    loaded.value = made;
    ownEntries.value = session.peek()?.catalogue ? { procedures: made.procedures, devices: made.kindsOfDevice } : null;
  };
  if (!loaded.value) show(await keptCatalogue());
  show(await fetchCatalogue(tag));
}

function lookAgain(): void {
  const now = performance.now();
  if (now - asked < AGAIN) return;
  asked = now;
  look().catch(() => { asked = -AGAIN; });
}

/** A node with a catalogue of its own: its procedures and devices are named by it on every page. */
export function followCatalogue(): void {
  effect(() => {
    const version = session.value?.catalogue;
    if (version && loaded.peek()?.version !== version) {
      asked = -AGAIN;
      lookAgain();
    } else if (!version) ownEntries.value = null;
  });
}

/** Null until it is there; a link that breaks meanwhile is tried again at the next look. */
export function useCatalogue(): Catalogue | null {
  useEffect(lookAgain, []);
  return loaded.value;
}
