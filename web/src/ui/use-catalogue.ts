// SPDX-License-Identifier: Apache-2.0
// The catalogue of illnesses, fetched when somebody first looks something up in it.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

export type Catalogue = typeof import('../fhir/catalogue');

const loaded = signal<Catalogue | null>(null);

/** Null until it is there; a link that breaks meanwhile is tried again at the next look. */
export function useCatalogue(): Catalogue | null {
  useEffect(() => {
    if (!loaded.value) import('../fhir/catalogue').then((catalogue) => { loaded.value = catalogue; }, () => undefined);
  }, []);
  return loaded.value;
}
