// SPDX-License-Identifier: Apache-2.0
// What somebody chose for themselves, kept by the node with the account: the language, and
// how they are told that a case waits (GET and PUT /session/choices).
import { effect } from '@preact/signals';
import { chooseLanguage, language } from './lib/i18n';
import { session } from './session';
import { ask } from './sign-in';

export const HOOK_FORMS = ['belay', 'text', 'msgtype'] as const;
export const TOLD = ['sent', 'asked', 'informed', 'answered', 'escalated', 'outcome', 'alert', 'sign-off'] as const;
export type Told = (typeof TOLD)[number];

export interface Hook {
  url: string;
  form: (typeof HOOK_FORMS)[number];
  /** Only on its way to the node; what is kept is never told. */
  secret?: string;
  hasSecret?: boolean;
}

export interface Quiet {
  from: string;
  until: string;
  /** Minutes that this place is ahead of UTC. */
  offset: number;
}

export interface Choices {
  language?: string;
  email?: string;
  hook?: Hook;
  quiet?: Quiet;
  off: Told[];
  /** Does this node send mail at all? */
  mail: boolean;
  /** For administrators: messages that were given up. */
  failed?: { count: number; at?: string; by?: string; why?: string };
}

export type ChoiceChange = { [Name in 'language' | 'email' | 'hook' | 'quiet']?: Choices[Name] | null } & { off?: Told[] };

export function loadChoices(): Promise<Choices> {
  return ask<Choices>('GET', '/choices');
}

export function saveChoices(change: ChoiceChange): Promise<Choices> {
  return ask<Choices>('PUT', '/choices', change);
}

/** Send a test by each way; how many there are. */
export async function tryChoices(): Promise<number> {
  return (await ask<{ ways: number }>('POST', '/choices/try', {})).ways;
}

/** Somebody chooses a language: on this device, and for the account where one is signed in. */
export async function pickLanguage(code: string): Promise<void> {
  await chooseLanguage(code);
  if (session.value?.page) await saveChoices({ language: code }).catch(() => undefined); // the device has it
}

/** Whoever signs in finds the language of the account, on every device. */
export function followAccountLanguage(): void {
  effect(() => {
    const wanted = session.value?.language;
    if (wanted && wanted !== language.peek()) void chooseLanguage(wanted).catch(() => undefined);
  });
}
