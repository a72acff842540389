// SPDX-License-Identifier: Apache-2.0
// Who is signed in: with name and password, held by a cookie that no script can read, or
// with a token, which lives in this tab alone and is gone when it closes.
import { signal } from '@preact/signals';
import type { Reference } from './fhir/types';
import { localReference } from './fhir/codes';
import { forThisTab, kept } from './lib/storage';

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
  /** What I am now, and where; a token that names no person does not tell. */
  posts?: Post[];
  /** The version of the catalogue that the node was given; without it the one that came with Belay. */
  catalogue?: string;
  /** Chosen for the account; it follows to every device. */
  language?: string;
  /** Signed in with a one-time code. */
  codes?: boolean;
  /** One is asked of me: without it my posts are shut. */
  codesAsked?: boolean;
  /** The node cannot be reached: whoever was here last may go on writing, and nothing is read. */
  offline?: boolean;
}

export interface Post {
  role: string;
  organization?: string;
  department?: string;
}

export type SignInProblem = 'wrong' | 'ended' | 'unreachable' | 'failed';

const STORAGE_KEY = 'belay.token';
const LAST_KEY = 'belay.last'; // who was here, for a start without a link
const OWED_KEY = 'belay.sign-out'; // signed out without a link: the node is still to be told
const LAST_FOR = 12 * 3_600_000; // a shift

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

/** A token's owner is remembered in the tab, as the token is. */
function remember(who: object, token: string | null): void {
  (token ? forThisTab : kept).set(LAST_KEY, JSON.stringify({ ...who, page: null, until: Date.now() + LAST_FOR }));
}

function forgetLast(): void {
  forThisTab.remove(LAST_KEY);
  kept.remove(LAST_KEY);
}

/** Without a link: whoever was signed in here and did not sign out. */
function goOnOffline(token: string | null): boolean {
  const text = (token ? forThisTab : kept).get(LAST_KEY);
  if (!text) return false;
  try {
    const last = JSON.parse(text) as Session & { until: number };
    if (!(last.until > Date.now())) return false;
    session.value = { ...last, token, page: null, key: `offline ${last.name}`, offline: true };
    return true;
  } catch {
    return false;
  }
}

/** The link is back: is the session still good? */
export async function comeBack(): Promise<void> {
  if (!session.value?.offline) return;
  const { token } = session.value;
  const before = session.value;
  if (await askWho(token, 'ended')) return;
  if (signInProblem.value === 'unreachable' || signInProblem.value === 'failed') signInProblem.value = null;
  else if (session.value === before) session.value = null;
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
  if (response.headers.has('X-Belay-Synthetic')) void import('./synthetic').then((module) => module.showSynthetic(), () => undefined);
  if (response.status === 401 || response.status === 403) {
    if (token) forThisTab.remove(STORAGE_KEY);
    forgetLast();
    signInProblem.value = problem;
    return false;
  }
  if (!response.ok) {
    signInProblem.value = 'failed';
    return false;
  }
  const who = (await response.json()) as Omit<Session, 'token' | 'key' | 'page'> & { page?: string };
  if (token) forThisTab.set(STORAGE_KEY, token);
  remember(who, token);
  session.value = { ...who, token, page: who.page ?? null, key: token ?? `${who.name} ${who.page ?? ''}` };
  return true;
}

/** Ask the node who ${token} is. Sets session or signInProblem. */
export async function signIn(token: string, problem: SignInProblem = 'wrong'): Promise<void> {
  await askWho(token, problem);
}

/** Who signed out without a link is signed out: told to the node before anything is asked in their name. */
async function settleSignOut(): Promise<boolean> {
  if (!kept.get(OWED_KEY)) return true;
  try {
    const response = await fetch('/session', { cache: 'no-store' });
    const page = response.ok ? ((await response.json()) as { page?: string }).page : undefined;
    if (page) await fetch('/session', { method: 'DELETE', headers: { 'X-Belay-Page': page } });
  } catch {
    return false;
  }
  kept.remove(OWED_KEY);
  return true;
}

/** The cookie of this browser is signed in now. */
export async function signedIn(): Promise<void> {
  kept.remove(OWED_KEY);
  await askWho(null, 'failed');
}

export async function resumeSession(): Promise<void> {
  const token = forThisTab.get(STORAGE_KEY);
  if (!(await settleSignOut())) {
    signInProblem.value = 'unreachable';
    startingUp.value = false;
    return;
  }
  const known = await askWho(token, token ? 'ended' : null);
  if (!known && signInProblem.value === 'unreachable' && goOnOffline(token)) signInProblem.value = null;
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
  if (session.value && !session.value.token && problem === null) {
    // what the browser holds is worth nothing afterwards; without a link the node is told later
    kept.set(OWED_KEY, '1');
    void fetch('/session', { method: 'DELETE', headers: credentials(true), keepalive: true }).then(() => kept.remove(OWED_KEY), () => undefined);
  }
  forThisTab.remove(STORAGE_KEY);
  forgetLast();
  session.value = null;
  signInProblem.value = problem;
}

/** Under which name this device keeps what I write. */
export function ownerNow(): string {
  return session.value?.practitioner ?? session.value?.name ?? '';
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
