// SPDX-License-Identifier: Apache-2.0
// The pictures of a page: one of them may be open, large. Which one stands in the address,
// so that the Back button closes it, and it can be sent to a colleague.
import { createContext, type ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import type { Attachment } from '../fhir/types';
import { isImage } from '../lib/files';
import { goTo, route, setQuery } from '../lib/router';
import { later } from './later';

/** What was sent first, and its original where one came after. */
export interface Picture {
  shown: Attachment;
  original: Attachment | null;
}

const Viewer = later(() => import('./viewer').then((module) => module.Viewer));
const All = createContext<Picture[] | null>(null);
let opened = false; // by this page, so that going back closes it

/** Those of ${files} that are pictures, each once. */
export function picturesOf(files: readonly (readonly Attachment[])[]): Picture[] {
  const seen = new Set<string>();
  return files.flatMap(([shown, original]) => {
    if (!shown?.url || !isImage(shown.contentType) || seen.has(shown.url)) return [];
    seen.add(shown.url);
    return [{ shown, original: original?.url && isImage(original.contentType) ? original : null }];
  });
}

export function openPicture(attachment: Attachment): void {
  const { page, id, query } = route.value;
  opened = true;
  goTo(page, id, { ...Object.fromEntries(query), picture: attachment.url ?? '' });
}

function close(): void {
  if (opened) window.history.back();
  else setQuery({ picture: '' });
  opened = false;
}

/** Around all that shows files of ${list}: the picture that the address names is open. */
export function Pictures({ list, children }: { list: Picture[]; children: ComponentChildren }) {
  const at = list.findIndex((one) => one.shown.url === (route.value.query.get('picture') ?? ''));
  return (
    <All.Provider value={list}>
      {children}
      {at >= 0 && <Viewer pictures={list} at={at} onMove={(next: number) => setQuery({ picture: list[next]?.shown.url ?? '' })} onClose={close} />}
    </All.Provider>
  );
}

/** Does somebody around open pictures? Else whoever shows one does. */
export function useHasViewer(): boolean {
  return useContext(All) !== null;
}
