// SPDX-License-Identifier: Apache-2.0
// Starts the service worker, where the browser has one (pages served with TLS, or from this
// machine), and knows when the node has newer pages than these.
import { effect, signal } from '@preact/signals';
import { language } from './lib/i18n';

const LOOK_EVERY = 3_600_000;
const QUIET = 8000; // after the first page: what is loaded when needed comes then

/** Newer pages are ready: this one goes on until it is loaded again. */
export const updated = signal(false);

export async function startUpdates(): Promise<void> {
  const { serviceWorker } = navigator;
  if (DEVELOPMENT || !serviceWorker) return;
  let before = serviceWorker.controller;
  serviceWorker.addEventListener('controllerchange', () => {
    if (before) updated.value = true; // not the first of all
    before = serviceWorker.controller;
  });
  const registration = await serviceWorker.register('/sw.js').catch(() => null);
  if (!registration) return;
  window.setInterval(() => void registration.update().catch(() => undefined), LOOK_EVERY);
  window.setTimeout(() => {
    effect(() => registration.active?.postMessage({ kind: 'fetch-rest', language: language.value })); // again in each language that is chosen
  }, QUIET);
}
