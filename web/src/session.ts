// SPDX-License-Identifier: Apache-2.0
// Who is signed in. The token lives in this tab alone and is gone when it closes.
import { signal } from '@preact/signals';
import type { Reference } from './fhir/types';
import { localReference } from './fhir/codes';
import { forThisTab } from './lib/storage';

export interface Session {
  token: string;
  name: string;
  role: string;
  practitioner: string | null;
  organization: string | null;
}

export type SignInProblem = 'wrong' | 'ended' | 'unreachable' | 'failed';

const STORAGE_KEY = 'belay.token';

export const session = signal<Session | null>(null);
/** Why nobody is signed in, when there is something to say about it. */
export const signInProblem = signal<SignInProblem | null>(null);
/** True until the token of this tab, if there is one, has been tried. */
export const startingUp = signal(true);

/** Ask the node who ${token} is. Sets session or signInProblem. */
export async function signIn(token: string, problem: SignInProblem = 'wrong'): Promise<void> {
  signInProblem.value = null;
  let response: Response;
  try {
    response = await fetch('/session', { headers: { Authorization: `Bearer ${token}` }, cache: 'no-store' });
  } catch (error) {
    // a character no header may hold fails before anything is sent: not a matter of the link
    signInProblem.value = /^[\x21-\x7e]+$/.test(token) ? 'unreachable' : 'wrong';
    return;
  }
  if (response.status === 401 || response.status === 403) {
    forThisTab.remove(STORAGE_KEY);
    signInProblem.value = problem;
    return;
  }
  if (!response.ok) {
    signInProblem.value = 'failed';
    return;
  }
  const who = (await response.json()) as Omit<Session, 'token'>;
  forThisTab.set(STORAGE_KEY, token);
  session.value = { ...who, token };
}

export async function resumeSession(): Promise<void> {
  const token = forThisTab.get(STORAGE_KEY);
  if (token) await signIn(token, 'ended');
  startingUp.value = false;
}

/** The token kept in this tab, for another try when the node could not be reached. */
export function storedToken(): string {
  return forThisTab.get(STORAGE_KEY) ?? '';
}

export function signOut(problem: SignInProblem | null = null): void {
  forThisTab.remove(STORAGE_KEY);
  session.value = null;
  signInProblem.value = problem;
}

/** Me, as the author of a record. Someone without a Practitioner record is named in words. */
export function meAsReference(): Reference {
  const me = session.value;
  if (!me) return {};
  return me.practitioner ? { reference: me.practitioner, display: me.name } : { display: me.name };
}

export function isMe(reference: Reference | undefined): boolean {
  const me = session.value;
  if (!me || !reference) return false;
  if (reference.reference && me.practitioner) {
    return localReference(reference.reference) === me.practitioner;
  }
  return !reference.reference && reference.display === me.name;
}
