// SPDX-License-Identifier: Apache-2.0
// The service worker: gives the pages' own files without a link, and sends what waits when
// the browser says that the link is back, with no page open.
//
// It answers for "/" and /assets/ and for nothing else: a record, a session or an event never
// goes through it, and is never kept. Its script holds the version and the names of the files,
// so that a new build is a new worker with a store of its own. It takes over at once; a page
// that is open goes on with what it has and is told. Hence nobody is held on an old build
// longer than one page lasts, and no page gets files of two builds.
import { StepError, goOn, type Link, type Outgoing } from './fhir/outgoing';
import { keepLeased, lease, release } from './fhir/outgoing-shelf';
import { HERE, all, get, type Owned } from './lib/local-store';

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchLike extends Extendable {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface SyncLike extends Extendable {
  tag: string;
}
interface Worker {
  location: Location;
  addEventListener(kind: 'install' | 'activate' | 'message', listener: (event: Extendable & { data?: { kind?: string; language?: string } }) => void): void;
  addEventListener(kind: 'fetch', listener: (event: FetchLike) => void): void;
  addEventListener(kind: 'sync', listener: (event: SyncLike) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void>; matchAll(): Promise<{ postMessage(data: unknown): void }[]> };
}

const worker = self as unknown as Worker;
const PREFIX = 'belay-';
const STORE = PREFIX + VERSION;
const BUILDS_KEPT = 2; // this one, and the one that open pages may still use

async function install(): Promise<void> {
  const store = await caches.open(STORE);
  await store.addAll(FIRST_FILES);
  await worker.skipWaiting();
}

async function activate(): Promise<void> {
  const builds = (await caches.keys()).filter((name) => name.startsWith(PREFIX)); // oldest first
  await Promise.all(builds.slice(0, -BUILDS_KEPT).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** What is loaded when needed, fetched ahead once the page has what it needs itself; texts in ${language} alone. */
async function fetchRest(language: string): Promise<void> {
  const store = await caches.open(STORE);
  for (const file of [...(TEXT_FILES[language] ?? []), ...LATER_FILES]) {
    if (!(await store.match(file))) await store.add(file).catch(() => undefined);
  }
}

async function page(request: Request): Promise<Response> {
  const store = await caches.open(STORE);
  return (await store.match('/')) ?? fetch(request);
}

/** A name under /assets/ holds a hash of the content: whichever build kept it, it is that. */
async function asset(request: Request): Promise<Response> {
  const known = await caches.match(request.url);
  if (known) return known;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(STORE)).put(request.url, response.clone());
  return response;
}

/** Who the cookie of this browser says we are. */
async function whoAmI(): Promise<{ owner: string; link: Link } | null> {
  const here = await get<Owned>('drafts', HERE); // gone where somebody signed out, even without a link
  if (!here) return null;
  const response = await fetch('/session', { cache: 'no-store' });
  if (!response.ok) return null;
  const who = (await response.json()) as { name: string; practitioner: string | null; page?: string };
  const link: Link = { headers: (writes): Record<string, string> => (writes && who.page ? { 'X-Belay-Page': who.page } : {}) };
  const owner = who.practitioner ?? who.name;
  return owner === here.owner ? { owner, link } : null;
}

async function sendOne(item: Outgoing, link: Link): Promise<void> {
  const leased = await lease(item.id);
  if (!leased) return; // a page does it
  const letGo = (part: Partial<Outgoing>) => release(item.id, part);
  try {
    await goOn(leased, { link, keep: keepLeased, originals: () => false, tell: () => undefined }); // originals are for a page to judge
    await letGo({});
  } catch (error) {
    const final = error instanceof StepError && (error.kind === 'refused' || error.kind === 'twin');
    await letGo(final && item.state !== 'there' ? { state: 'refused', sentence: error.kind === 'twin' ? '' : error.message } : {});
    if (!final) throw error; // the browser tries again
  }
}

async function sendWaiting(): Promise<void> {
  const me = await whoAmI();
  if (!me) return; // nobody is signed in: it waits for them
  for (const item of (await all<Outgoing>('outgoing')).sort((a, b) => a.at.localeCompare(b.at))) {
    if (item.owner === me.owner && item.state !== 'refused') await sendOne(item, me.link);
  }
  for (const client of await worker.clients.matchAll()) client.postMessage({ kind: 'sent' });
}

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('message', (event) => {
  if (event.data?.kind === 'fetch-rest') event.waitUntil(fetchRest(event.data.language ?? ''));
});
worker.addEventListener('sync', (event) => {
  if (event.tag === 'outgoing') event.waitUntil(sendWaiting());
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (url.pathname === '/' && request.mode === 'navigate') event.respondWith(page(request));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request));
});
