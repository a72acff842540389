// SPDX-License-Identifier: Apache-2.0
// What this device keeps until it is sent: drafts, files, what waits for the link. In
// IndexedDB, which holds pictures, outlives a closed browser, and which the service worker
// reads too. Each record is its owner's; whoever signs in takes others' away (keepFor).
// A browser may forbid or lose it: every call may fail, and the page says so.

export type Shelf = 'drafts' | 'outgoing';

export interface Owned {
  id: string;
  owner: string;
}

/** Among the drafts: who is signed in here. Gone with signing out, and then nothing is sent in that name. */
export const HERE = 'here';

const NAME = 'belay';
const VERSION = 1;
const SHELVES: readonly Shelf[] = ['drafts', 'outgoing'];

let opened: Promise<IDBDatabase> | null = null;

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('storage'));
  });
}

function open(): Promise<IDBDatabase> {
  if (opened) return opened;
  const trying = new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => SHELVES.forEach((shelf) => request.result.createObjectStore(shelf, { keyPath: 'id' }));
    request.onsuccess = () => {
      request.result.onversionchange = () => { // a newer page wants to change it
        request.result.close();
        opened = null;
      };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error ?? new Error('storage'));
    request.onblocked = () => reject(new Error('storage'));
  });
  opened = trying;
  trying.catch(() => { opened = null; });
  return trying;
}

async function run<T>(shelf: Shelf, mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = (await open()).transaction(shelf, mode);
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('storage'));
  });
  done.catch(() => undefined); // told by the request too
  const result = await settled(work(transaction.objectStore(shelf)));
  await done; // written, not only taken
  return result;
}

export function put(shelf: Shelf, record: Owned): Promise<unknown> {
  return run(shelf, 'readwrite', (store) => store.put(record));
}

export async function get<T extends Owned>(shelf: Shelf, id: string): Promise<T | null> {
  return ((await run(shelf, 'readonly', (store) => store.get(id) as IDBRequest<T | undefined>)) ?? null);
}

export function all<T extends Owned>(shelf: Shelf): Promise<T[]> {
  return run(shelf, 'readonly', (store) => store.getAll() as IDBRequest<T[]>);
}

export function remove(shelf: Shelf, id: string): Promise<unknown> {
  return run(shelf, 'readwrite', (store) => store.delete(id));
}

/** Reads, decides and writes with nobody in between: ${change} gives the new record, or null to leave it. */
export async function alter<T extends Owned>(shelf: Shelf, id: string, change: (record: T) => T | null): Promise<T | null> {
  const transaction = (await open()).transaction(shelf, 'readwrite');
  const store = transaction.objectStore(shelf);
  return new Promise((resolve, reject) => {
    let next: T | null = null;
    const request = store.get(id) as IDBRequest<T | undefined>;
    request.onsuccess = () => {
      next = request.result ? change(request.result) : null;
      if (next) store.put(next);
    };
    transaction.oncomplete = () => resolve(next);
    transaction.onabort = () => reject(transaction.error ?? new Error('storage'));
  });
}

/** Takes a record away if ${may}, with nobody in between; null: it was not there, or stays. */
export async function take<T extends Owned>(shelf: Shelf, id: string, may: (record: T) => boolean): Promise<T | null> {
  const transaction = (await open()).transaction(shelf, 'readwrite');
  const store = transaction.objectStore(shelf);
  return new Promise((resolve, reject) => {
    let taken: T | null = null;
    const request = store.get(id) as IDBRequest<T | undefined>;
    request.onsuccess = () => {
      taken = request.result && may(request.result) ? request.result : null;
      if (taken) store.delete(id);
    };
    transaction.oncomplete = () => resolve(taken);
    transaction.onabort = () => reject(transaction.error ?? new Error('storage'));
  });
}

/** ${owner} is at this device now: nothing of anybody else stays. */
export async function keepFor(owner: string): Promise<void> {
  for (const shelf of SHELVES) {
    for (const record of await all(shelf)) {
      if (record.owner !== owner) await remove(shelf, record.id);
    }
  }
}
