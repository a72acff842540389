// SPDX-License-Identifier: Apache-2.0
// Phrase cards within another page: folded away, loaded when opened. It has no address of
// its own there, so what is searched is forgotten with the page.
import { useState } from 'preact/hooks';
import { t } from '../lib/i18n';
import { later } from './later';

const Cards = later(() => import('./phrases-inside').then((module) => module.PhrasesInside));

export function PhrasesHere() {
  const [open, setOpen] = useState(false);
  return (
    <details class="phrases-here" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('phrases.title')}</summary>
      {open && <Cards />}
    </details>
  );
}
