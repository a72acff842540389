// SPDX-License-Identifier: Apache-2.0
// The address bar is the state. The part behind '#' holds page and filters: it can be
// sent to a colleague, and as no browser sends it to the server, what is typed into a
// filter (a patient's name, say) never reaches a log.
//
//   #/cases?show=mine&text=chest      #/case/ID      #/ask
//
// No page at all is the one that whoever is signed in begins with (navigation.ts).
import { computed, signal } from '@preact/signals';

export interface Route {
  page: string;
  id: string;
  query: URLSearchParams;
}

function parse(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [page = '', id = ''] = path.split('/');
  return { page, id: decodeURIComponent(id), query: new URLSearchParams(query) };
}

const hash = signal(window.location.hash);
window.addEventListener('hashchange', () => {
  hash.value = window.location.hash;
});

export const route = computed(() => parse(hash.value));

export function hrefTo(page: string, id = '', query: Record<string, string> = {}): string {
  const filled = Object.entries(query).filter(([, value]) => value !== '');
  const search = new URLSearchParams(filled).toString();
  return `#/${page}${id ? `/${encodeURIComponent(id)}` : ''}${search ? `?${search}` : ''}`;
}

export function goTo(page: string, id = '', query: Record<string, string> = {}): void {
  window.location.hash = hrefTo(page, id, query);
}

/** The same page under another address, with no step for the Back button. */
export function replaceWith(page: string, id: string): void {
  window.history.replaceState(null, '', hrefTo(page, id));
  hash.value = window.location.hash;
}

/** Change filters without a new step for the Back button at every letter typed. */
export function setQuery(values: Record<string, string>): void {
  const { page, id, query } = route.value;
  const next = { ...Object.fromEntries(query), ...values };
  window.history.replaceState(null, '', hrefTo(page, id, next));
  hash.value = window.location.hash;
}
