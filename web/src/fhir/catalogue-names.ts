// SPDX-License-Identifier: Apache-2.0
// What procedures and kinds of device are called, and which there are: those of the catalogue that came with
// Belay, until that of the node is here (ui/use-catalogue.ts). What the node's own does not know any more
// is still called as it was, since older records name it; it is not offered.
import { devices, procedures } from '../../../data/procedures.json';
import { ownEntries, type CatalogueEntry, type Entries } from './catalogue-own';

const BUILT_IN: Entries = { procedures, devices };

export function entriesOf(kind: keyof Entries): readonly CatalogueEntry[] {
  return (ownEntries.value ?? BUILT_IN)[kind];
}

export function entryOf(kind: keyof Entries, code: string): CatalogueEntry | undefined {
  return entriesOf(kind).find((one) => one.code === code) ?? BUILT_IN[kind].find((one) => one.code === code);
}

/** How it is called for the reader; its code where nobody knows it. */
export function entryName(kind: keyof Entries, code: string, language: string): string {
  const found = entryOf(kind, code);
  return (language === 'zh' && found?.zh) || (found?.en ?? code);
}
