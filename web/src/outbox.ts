// SPDX-License-Identifier: Apache-2.0
// What is on its way from this device, and who sends it on: this page when the link is
// there, or the service worker when no page is open. A lease in the device's own store lets
// one of them at a time do it; and every step may be repeated (fhir/outgoing.ts).
import { effect, signal } from '@preact/signals';
import { linkState } from './events';
import { CallError } from './fhir/client';
import { StepError, goOn, type Link, type Outgoing } from './fhir/outgoing';
import { keepLeased, lease, release } from './fhir/outgoing-shelf';
import { twinOf } from './fhir/share';
import { HERE, all, get, keepFor, put, remove, type Owned } from './lib/local-store';
import { t } from './lib/i18n';
import { kept } from './lib/storage';
import { comeBack, credentials, myPlace, ownerNow, session } from './session';

const AGAIN = 20_000; // how often what waits is tried while a page is open
const GOOD_LINK = 60_000; // bytes a second: an original of 4 MB takes about a minute
export const SYNC_TAG = 'outgoing';

export const outgoing = signal<Outgoing[]>([]);
/** How much of a file is there, by its entry. */
export const progress = signal<Record<string, number>>({});
/** What the form on the page is sending: it tells of it itself. */
export const inForm = signal('');
/** Originals are sent over any link: somebody asked for it. */
export const originalsNow = signal(false);

let speed = 0; // bytes a second of the last upload; 0 unknown

interface Connection {
  effectiveType?: string;
  saveData?: boolean;
}

function linkIsGood(): boolean {
  if (originalsNow.value) return true;
  if (speed > 0) return speed >= GOOD_LINK;
  const { connection } = navigator as { connection?: Connection };
  return !connection || (connection.effectiveType === '4g' && !connection.saveData);
}

/** XMLHttpRequest, because fetch cannot say how much has left. */
function upload(path: string, body: Blob, headers: Record<string, string>, tell: (share: number) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const begun = Date.now();
    request.open('POST', path);
    Object.entries(headers).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.onprogress = (event) => tell(event.total > 0 ? event.loaded / event.total : 0);
    request.onload = () => {
      speed = body.size / Math.max(0.05, (Date.now() - begun) / 1000);
      const location = request.getResponseHeader('location');
      resolve(new Response(request.responseText || null, { status: request.status, headers: location ? { location } : {} }));
    };
    request.onerror = () => reject(new Error('link'));
    request.ontimeout = request.onerror;
    request.timeout = 600_000;
    request.send(body);
  });
}

const link: Link = {
  headers: (writes) => (session.value && !session.value.offline ? credentials(writes) : null),
  upload,
};

export async function refreshOutbox(): Promise<void> {
  const owner = ownerNow();
  if (!owner) {
    outgoing.value = [];
    return;
  }
  const list = await all<Outgoing>('outgoing').catch(() => []);
  outgoing.value = list.filter((item) => item.owner === owner).sort((a, b) => a.at.localeCompare(b.at));
}

async function keep(item: Outgoing): Promise<void> {
  await keepLeased(item);
  await refreshOutbox();
}

export type Outcome = { kind: 'there'; request: string } | { kind: 'waiting' } | { kind: 'refused'; sentence: string } | { kind: 'twin'; sentence: string };

/** Trying again would be told the same. */
function isFinal(error: StepError): error is StepError & { kind: 'refused' | 'twin' } {
  return error.kind === 'refused' || error.kind === 'twin';
}

async function letGo(id: string, part: Partial<Outgoing>): Promise<void> {
  await release(id, part).catch(() => undefined);
  await refreshOutbox();
}

/** Ask the browser to send it when the link is back, page open or not; where it can. */
async function registerSync(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const { sync } = (registration ?? {}) as { sync?: { register: (tag: string) => Promise<void> } };
  await sync?.register(SYNC_TAG).catch(() => undefined);
}

/** Without a link nothing is tried, so nothing may have arrived. */
async function leaseNow(id: string): Promise<Outgoing | null> {
  return navigator.onLine ? lease(id) : null;
}

async function goOnWith(item: Outgoing, onThere?: (request: string) => void): Promise<Outcome> {
  const { id } = item;
  let told = item.state === 'there';
  const keepAndTell = async (next: Outgoing) => {
    await keep(next);
    if (!told && next.state === 'there') {
      told = true;
      onThere?.(next.request);
    }
  };
  const tell = (entry: string, share: number) => { progress.value = { ...progress.value, [entry]: share }; };
  try {
    const done = await goOn(item, { link, keep: keepAndTell, originals: linkIsGood, tell });
    await letGo(id, {});
    return { kind: 'there', request: done.request };
  } catch (error) {
    const step = error instanceof StepError ? error : new StepError('later');
    const now = await get<Outgoing>('outgoing', id).catch(() => null);
    // a picture that is refused does not take the case back
    await letGo(id, isFinal(step) && now?.state !== 'there' ? { state: 'refused', sentence: step.kind === 'twin' ? '' : step.message } : {});
    if (now?.state === 'there') return { kind: 'there', request: now.request };
    return isFinal(step) ? { kind: step.kind, sentence: step.message } : { kind: 'waiting' };
  }
}

/** Goes on with one case as far as the link lets it; ${onThere} as soon as the case itself is there. */
export async function send(id: string, onThere?: (request: string) => void): Promise<Outcome> {
  const item = await leaseNow(id);
  void registerSync(); // not before: where there is a link the worker wakes at once, and would take it from under the form
  return item ? goOnWith(item, onThere) : { kind: 'waiting' };
}

/** This device keeps nothing: it goes now, or stays in the form. */
export async function sendUnkept(item: Outgoing): Promise<Outcome> {
  try {
    const done = await goOn(item, { link, keep: () => Promise.resolve(), originals: () => false, tell: () => undefined });
    return { kind: 'there', request: done.request };
  } catch (error) {
    if (error instanceof StepError && isFinal(error)) return { kind: error.kind, sentence: error.message };
    throw new CallError('unsure', t('error.unsure'));
  }
}

let draining = false;

/** Everything of mine that waits, one after another. */
export async function drain(): Promise<void> {
  if (draining || !session.value || session.value.offline) return;
  draining = true;
  try {
    await refreshOutbox();
    for (const item of outgoing.value) {
      const leased = item.state === 'refused' ? null : await leaseNow(item.id);
      if (leased) await goOnWith(leased);
    }
  } finally {
    draining = false;
  }
}

export async function enqueue(item: Outgoing): Promise<void> {
  await put('outgoing', item);
  await refreshOutbox();
}

export async function withdraw(id: string): Promise<void> {
  await remove('outgoing', id);
  await refreshOutbox();
}

export function sendOriginalsNow(): void {
  originalsNow.value = true;
  void drain();
}

const OWNER_KEY = 'belay.owner';

/** Who left something on this device that was not sent; "" nobody. For the page where one signs in. */
export const leftBy = signal(kept.get(OWNER_KEY) ?? '');

function noteLeft(): void {
  if (!session.value) return;
  const name = outgoing.value.some((item) => item.state !== 'there') ? session.value.name : '';
  if (name) kept.set(OWNER_KEY, name);
  else kept.remove(OWNER_KEY);
  leftBy.value = name;
}

/** Call once. */
export function startOutbox(): void {
  let owner = '';
  effect(() => {
    const now = session.value ? ownerNow() : '';
    if (now === owner) return;
    owner = now;
    if (!now) {
      outgoing.value = [];
      void remove('drafts', HERE).catch(() => undefined);
      return;
    }
    // whoever comes next finds nothing of who was here before
    void keepFor(now).then(() => put('drafts', { id: HERE, owner: now, name: '' } as Owned)).catch(() => undefined).then(refreshOutbox).then(drain);
    if (!session.value?.offline) void twinOf(myPlace().department).catch(() => undefined); // remembered for when there is no link
  });
  effect(() => {
    if (linkState.value === 'live') void comeBack().then(drain);
  });
  effect(noteLeft);
  kept.forget('belay.draft.'); // where drafts were kept before
  window.addEventListener('online', () => void comeBack().then(drain));
  window.setInterval(() => {
    if (session.value?.offline) void comeBack().then(drain);
    else if (outgoing.value.some((item) => item.state !== 'refused')) void drain();
  }, AGAIN);
  navigator.serviceWorker?.addEventListener('message', (event: MessageEvent<{ kind?: string }>) => {
    if (event.data?.kind === 'sent') void refreshOutbox();
  });
}
