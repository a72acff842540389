// SPDX-License-Identifier: Apache-2.0
// Who is signed in: with name and password, held by a cookie that no script can read, or
// with a token, which lives in this tab alone and is gone when it closes.
import { signal } from '@preact/signals';
import type { Reference } from './fhir/types';
import { localReference } from './fhir/codes';
import { forThisTab } from './lib/storage';

export interface Session {
  /** Changes when somebody else is signed in: what was read for one is not shown to another. */
  key: string;
  token: string | null;
  /** What a change must carry along, where a cookie says who is asking. */
  page: string | null;
  name: string;
  role: string | null;
  practitioner: string | null;
  organization: string | null;
  /** What I am now, and where; a token does not tell. */
  posts?: Post[];
  /** Signed in with a one-time code. */
  codes?: boolean;
}

export interface Post {
  role: string;
  organization?: string;
  department?: string;
}

export type SignInProblem = 'wrong' | 'ended' | 'unreachable' | 'failed';

const STORAGE_KEY = 'belay.token';

export const session = signal<Session | null>(null);
/** Why nobody is signed in, when there is something to say about it. */
export const signInProblem = signal<SignInProblem | null>(null);
/** True until it is known whether this browser is signed in. */
export const startingUp = signal(true);

/** The headers that say who is asking; ${writes} where the request changes something. */
export function credentials(writes: boolean): Record<string, string> {
  const me = session.value;
  if (me?.token) return { Authorization: `Bearer ${me.token}` };
  return writes && me?.page ? { 'X-Belay-Page': me.page } : {};
}

async function askWho(token: string | null, problem: SignInProblem | null): Promise<boolean> {
  signInProblem.value = null;
  let response: Response;
  try {
    response = await fetch('/session', { headers: token ? { Authorization: `Bearer ${token}` } : {}, cache: 'no-store' });
  } catch (error) {
    // a character no header may hold fails before anything is sent: not a matter of the link
    signInProblem.value = token === null || /^[\x21-\x7e]+$/.test(token) ? 'unreachable' : 'wrong';
    return false;
  }
  if (response.status === 401 || response.status === 403) {
    if (token) forThisTab.remove(STORAGE_KEY);
    signInProblem.value = problem;
    return false;
  }
  if (!response.ok) {
    signInProblem.value = 'failed';
    return false;
  }
  const who = (await response.json()) as Omit<Session, 'token' | 'key' | 'page'> & { page?: string };
  if (token) forThisTab.set(STORAGE_KEY, token);
  session.value = { ...who, token, page: who.page ?? null, key: token ?? `${who.name} ${who.page ?? ''}` };
  return true;
}

/** Ask the node who ${token} is. Sets session or signInProblem. */
export async function signIn(token: string, problem: SignInProblem = 'wrong'): Promise<void> {
  await askWho(token, problem);
}

/** The cookie of this browser is signed in now. */
export async function signedIn(): Promise<void> {
  await askWho(null, 'failed');
}

export async function resumeSession(): Promise<void> {
  const token = forThisTab.get(STORAGE_KEY);
  if (token) await askWho(token, 'ended');
  else await askWho(null, null);
  startingUp.value = false;
}

/** Somebody signs in by another way: what this tab held is not asked again. */
export function forgetToken(): void {
  forThisTab.remove(STORAGE_KEY);
}

/** The token kept in this tab, for another try when the node could not be reached. */
export function storedToken(): string {
  return forThisTab.get(STORAGE_KEY) ?? '';
}

export function signOut(problem: SignInProblem | null = null): void {
  if (session.value?.page && problem === null) {
    // what the browser holds is worth nothing afterwards, whether or not the answer arrives
    void fetch('/session', { method: 'DELETE', headers: credentials(true), keepalive: true }).catch(() => undefined);
  }
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

/** Where I see patients: my department, and the hospital it is part of. */
export function myPlace(): { department: string | null; organization: string | null } {
  const me = session.value;
  const post = me?.posts?.find((one) => one.department) ?? me?.posts?.[0];
  const organization = post?.organization ?? me?.organization ?? null;
  return { department: post?.department ?? organization, organization };
}

export function isMe(reference: Reference | undefined): boolean {
  const me = session.value;
  if (!me || !reference) return false;
  if (reference.reference && me.practitioner) {
    return localReference(reference.reference) === me.practitioner;
  }
  return !reference.reference && reference.display === me.name;
}
