// SPDX-License-Identifier: Apache-2.0
// The frame of every page before somebody is signed in.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { t } from '../lib/i18n';
import { leftBy } from '../outbox';
import { Brand } from './brand';
import { LanguagePicker } from './corner';

export function SignInBox({ title, lead, children }: { title: string; lead?: string; children: ComponentChildren }) {
  // autofocus counts once in a document; each step has a field to begin with
  useLayoutEffect(() => document.querySelector<HTMLInputElement>('.sign-in-box input')?.focus(), [title]);
  return (
    <main class="sign-in">
      <div class="sign-in-corner"><LanguagePicker /></div>
      <div class="sign-in-box">
        <p class="brand"><Brand size={36} />Belay</p>
        <h1>{title}</h1>
        {lead && <p class="lead">{lead}</p>}
        {leftBy.value && <p class="hint">{t('sign-in.left', { name: leftBy.value })}</p>}
        {children}
      </div>
    </main>
  );
}
