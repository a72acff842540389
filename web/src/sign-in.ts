// SPDX-License-Identifier: Apache-2.0
// Talks to /session. The page token of a sign-in that is under way is kept here; the
// secret itself is in a cookie that no script can read.
import { t } from './lib/i18n';
import { credentials, forgetToken, session } from './session';

export type Next = 'code' | 'enrolment' | null;

/** A refusal: the sentence to show, and what it is about ("password-short", "tries" ...). */
export class Refusal extends Error {
  readonly about: string;

  constructor(about: string, sentence: string) {
    super(sentence);
    this.about = about;
  }
}

let page: string | null = null;

function sentenceFor(about: string, status: number, detail: string, wait: string | null): string {
  if (status === 429) return t('sign-in.wait', { seconds: wait ?? '1' });
  if (about === 'sign-in') return t('sign-in.wrong-password');
  if (about === 'code') return t('sign-in.wrong-code');
  if (about === 'session') return t('sign-in.ended');
  if (about === 'provider') return t('sign-on.unreachable');
  if (about === 'ticket') return t('enrol.used');
  if (about === 'enrolment') return t('sign-in.needs-link');
  if (about === 'password-short') return t('password.short');
  if (about === 'password-long') return t('password.long');
  if (about === 'password-common') return t('password.common');
  if (about === 'name' && status === 409) return t('person.name-taken');
  if (about === 'practitioner' && status === 409) return t('person.has-account');
  if (about === 'password-leaked') return t('password.leaked');
  if (about === 'password-own') return t('password.own');
  return t('error.refused', { detail: detail || status });
}

export async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = page ? { 'X-Belay-Page': page } : credentials(method !== 'GET');
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(`/session${path}`, { method, headers, body: body === undefined ? null : JSON.stringify(body), cache: 'no-store' });
  } catch {
    throw new Refusal('link', t('sign-in.unreachable'));
  }
  const answer = (await response.json().catch(() => null)) as { page?: string; issue?: { expression?: string[]; diagnostics?: string }[] } | null;
  if (response.ok) {
    if (answer?.page) page = answer.page;
    return answer as T;
  }
  const issue = answer?.issue?.[0];
  const about = issue?.expression?.[0] ?? '';
  throw new Refusal(about, sentenceFor(about, response.status, issue?.diagnostics ?? '', response.headers.get('retry-after')));
}

/** Forget what a sign-in that was given up has left. */
export function beginAgain(): void {
  page = null;
}

export async function withPassword(name: string, password: string): Promise<Next> {
  beginAgain();
  return (await ask<{ next: Next }>('POST', '', { name, password })).next;
}

export async function withLink(ticket: string, password: string): Promise<Next> {
  beginAgain();
  return (await ask<{ next: Next }>('POST', '', { ticket, password })).next;
}

export async function withCode(code: string): Promise<void> {
  await ask('POST', '/code', { code });
}

/** A sign-on of a hospital's own that this node knows. */
export interface Provider {
  name: string;
  title: string;
}

export async function providers(): Promise<Provider[]> {
  const response = await fetch('/session/providers', { cache: 'no-store' });
  return response.ok ? ((await response.json()) as Provider[]) : [];
}

/** Leave this page for the provider's, which sends the browser back to /session/back/NAME. */
export async function leaveFor(name: string): Promise<void> {
  beginAgain();
  const { to } = await ask<{ to: string }>('POST', `/with/${name}`, {});
  forgetToken();
  window.location.assign(to);
}

/** What a sign-in that came back from there still needs. */
export async function stillDue(): Promise<Next> {
  beginAgain();
  return (await ask<{ next: Next }>('GET', '/next')).next;
}

export interface Enrolment {
  secret: string;
  uri: string;
}

/** Begin setting codes up; whoever is signed in gives the password once more. */
export function enrolment(password?: string): Promise<Enrolment> {
  if (session.value) beginAgain();
  return ask<Enrolment>('POST', '/enrolment', password === undefined ? {} : { password });
}

/** The first code of the authenticator; the recovery codes come back, this once. */
export async function enrolled(code: string): Promise<string[]> {
  return (await ask<{ recovery: string[] }>('PUT', '/enrolment', { code })).recovery;
}

export interface Visit {
  id: string;
  address?: string;
  agent?: string;
  begun: string;
  seen: string;
  here: boolean;
}

export interface Token {
  id: string;
  name: string;
  until: string;
}

/** With what I can prove that it is still me. */
export type Proof = 'password' | 'code';

export interface Mine {
  visits: Visit[];
  tokens: Token[];
  proofs: Proof[];
  /** It was given minutes ago, and need not be now. */
  proved: boolean;
}

export function mine(): Promise<Mine> {
  beginAgain();
  return ask('GET', '/list');
}

/** It is still me: for some minutes what I end is not asked about again. */
export async function prove(by: Proof, text: string): Promise<void> {
  beginAgain();
  await ask('POST', '/proof', { [by]: text });
}

/** A Refusal about "proof": first prove that it is still me. */
export async function end(id: string): Promise<void> {
  beginAgain();
  await ask('DELETE', `/list/${id}`);
}

export async function changePassword(old: string, next: string): Promise<void> {
  beginAgain();
  await ask('POST', '/password', { old, new: next });
}

/** An account of somebody I look after: what is set up, never what it is. */
export interface Account {
  name: string;
  practitioner: string;
  off: boolean;
  password: boolean;
  code: boolean;
  needsCode: boolean;
  /** Signs on with an account elsewhere. */
  provider?: string;
}

/** A link for the first sign-in: shown once, works once. */
export interface Invitation {
  name: string;
  address: string;
  until: string;
}

export async function accounts(): Promise<Account[]> {
  beginAgain();
  return (await ask<{ accounts: Account[] }>('GET', '/accounts')).accounts;
}

async function invitation(path: string, name: string, more: object): Promise<Invitation> {
  beginAgain();
  const { ticket, until } = await ask<{ ticket: string; until: string }>('POST', path, { name, ...more });
  return { name, until, address: `${window.location.origin}/#/enrol/${ticket}` };
}

export function makeAccount(name: string, practitioner: string): Promise<Invitation> {
  return invitation('/accounts', name, { practitioner });
}

/** Takes password, codes and sessions away. */
export function resetAccount(name: string): Promise<Invitation> {
  return invitation('/accounts/reset', name, {});
}

export async function switchAccount(name: string, off: boolean): Promise<void> {
  beginAgain();
  await ask('POST', off ? '/accounts/off' : '/accounts/on', { name });
}
