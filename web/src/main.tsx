// SPDX-License-Identifier: Apache-2.0
// Where the pages begin.
import { render } from 'preact';
import { App } from './app';
import { followAccountLanguage } from './choices';
import { startMeetings } from './mdt-store';
import { startWork } from './work-store';
import { startReviews } from './emergency-store';
import { startCaseReviews } from './review-store';
import { startHandovers } from './handover-store';
import { startLogbookWaiting } from './logbook-store';
import { startEvents } from './events';
import { startOutbox } from './outbox';
import { startLanguage } from './lib/i18n';
import { route } from './lib/router';
import { resumeSession } from './session';
import { followCatalogue } from './ui/use-catalogue';
import { startUpdates } from './updates';

async function start(): Promise<void> {
  await startLanguage();
  if (DEVELOPMENT && route.value.page === 'gallery') {
    const { Gallery } = await import('./gallery');
    render(<Gallery />, document.body);
    return;
  }
  followAccountLanguage();
  followCatalogue();
  startWork();
  startMeetings();
  startEvents();
  startReviews();
  startCaseReviews();
  startHandovers();
  startLogbookWaiting();
  startOutbox();
  const root = document.getElementById('app');
  if (root) render(<App />, root);
  await resumeSession();
  await startUpdates();
}

void start();
