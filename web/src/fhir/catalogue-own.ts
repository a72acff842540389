// SPDX-License-Identifier: Apache-2.0
// The procedures and kinds of device of a node with a catalogue of its own. Apart from their names
// (catalogue-names.ts), which are heavy, since the first page looks whether there are any.
import { signal } from '@preact/signals';

export interface CatalogueEntry {
  code: string;
  en: string;
  /** "": it has none. */
  zh: string;
  /** Of a procedure: done with the hands, as an operation is. */
  hands?: boolean;
}

export interface Entries {
  procedures: readonly CatalogueEntry[];
  devices: readonly CatalogueEntry[];
}

/** Null: the node uses the catalogue that came with Belay. */
export const ownEntries = signal<Entries | null>(null);
