// SPDX-License-Identifier: Apache-2.0
// Talks to /fhir. A failure becomes a CallError with one sentence a person can use.
import { t } from '../lib/i18n';
import { learnTime } from '../lib/time';
import { credentials, session, signOut } from '../session';
import type { Bundle, OperationOutcome, Resource } from './types';

const FHIR_JSON = 'application/fhir+json';
const BYTES = 'application/octet-stream';
const PATIENCE = 30_000;
const PATIENCE_WITH_FILES = 300_000; // a photograph over a weak link takes its time

/** 'unsure': the link broke after sending began, so the node may or may not have it. */
export type CallErrorKind = 'unsure' | 'offline' | 'signed-out' | 'conflict' | 'not-found' | 'refused' | 'server';

export class CallError extends Error {
  readonly kind: CallErrorKind;

  constructor(kind: CallErrorKind, sentence: string) {
    super(sentence);
    this.kind = kind;
  }
}

function sentenceOf(body: unknown): string {
  const outcome = body as OperationOutcome | null;
  if (outcome?.resourceType !== 'OperationOutcome') return '';
  const issue = outcome.issue[0];
  return issue?.diagnostics ?? issue?.details?.text ?? '';
}

function errorFor(status: number, body: unknown): CallError {
  const detail = sentenceOf(body);
  if (status === 401) return new CallError('signed-out', t('error.signed-out'));
  if (status === 404 || status === 410) return new CallError('not-found', t('error.not-found'));
  if (status === 409 && detail) return new CallError('conflict', t('error.conflict-why', { detail }));
  if (status === 409 || status === 412) return new CallError('conflict', t('error.conflict'));
  if (status >= 500) return new CallError('server', t('error.server', { detail: detail || status }));
  return new CallError('refused', t('error.refused', { detail: detail || status }));
}

interface Call {
  method?: string;
  body?: unknown;
  patience?: number;
  space?: '/fhir' | '/programme';
  bytes?: boolean; // a Blob instead of JSON
  accept?: string;
  type?: string; // of the body, where it is no FHIR record
  match?: string; // only while this is the version that is there
}

async function call<T>(path: string, { method = 'GET', body, patience = PATIENCE, space = '/fhir', bytes = false, accept = bytes ? BYTES : FHIR_JSON, type = FHIR_JSON, match }: Call = {}): Promise<T> {
  const key = session.value?.key;
  const headers: Record<string, string> = { ...credentials(method !== 'GET'), Accept: accept };
  if (body !== undefined) headers['Content-Type'] = type;
  if (match) headers['If-Match'] = `W/"${match}"`;
  let response: Response;
  let content: unknown;
  try {
    response = await fetch(`${space}${path}`, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      cache: 'no-store',
      signal: AbortSignal.timeout(patience),
    });
    learnTime(response.headers.get('date'));
    content = bytes && response.ok ? await response.blob() : await response.json().catch(() => null);
  } catch {
    if (method === 'GET') throw new CallError('offline', t('error.offline'));
    throw new CallError('unsure', t('error.unsure'));
  }
  if (response.ok) return content as T;
  const error = errorFor(response.status, content);
  if (error.kind === 'signed-out' && session.value?.key === key) signOut('ended');
  throw error;
}

/** A record by its reference, or what an operation that only reads answers. */
export function read<T>(path: string, space: '/fhir' | '/programme' = '/fhir'): Promise<T> {
  return call<T>(`/${path}`, { space });
}

export function search(type: string, query: Record<string, string | string[]>): Promise<Bundle> {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) parameters.append(name, one);
  }
  return call<Bundle>(`/${type}?${parameters.toString()}`);
}

/** The same of our own types. */
export function programmeSearch(type: string, query: Record<string, string>): Promise<Bundle> {
  return call<Bundle>(`/${type}?${new URLSearchParams(query).toString()}`, { space: '/programme' });
}

/** What an operation of our own types that only reads answers. */
export function programmeRead<T>(path: string): Promise<T> {
  return call<T>(`/${path}`, { space: '/programme' });
}

/** An operation with ${values}: parameter names and their value[x]; as pairs where a name repeats; only while ${match}, where it is given, is the version that is there. */
export function operation<T>(path: string, values: Record<string, object> | [string, object][], space: '/fhir' | '/programme' = '/fhir', match = ''): Promise<T> {
  const pairs = Array.isArray(values) ? values : Object.entries(values);
  const parameter = pairs.map(([name, value]) => ({ name, ...value }));
  return call<T>(path, { method: 'POST', body: { resourceType: 'Parameters', ...(parameter.length > 0 ? { parameter } : {}) }, space, match });
}

/** An operation that takes a record of another kind as it is. */
export function post<T>(path: string, body: Resource): Promise<T> {
  return call<T>(`/${path}`, { method: 'POST', body });
}

/** Set one member of a record, if it is still the version that was read. */
export function setMember<T extends Resource>(record: T, member: string, value: unknown): Promise<T> {
  const path = `/${record.resourceType}/${record.id ?? ''}`;
  return call<T>(path, {
    method: 'PATCH', type: 'application/json-patch+json', body: [{ op: 'add', path: `/${member}`, value }], match: record.meta?.versionId ?? '',
  });
}

/** The page that a Bundle's link of that relation leads to, or null at the end. */
export function follow(bundle: Bundle, relation: string): Promise<Bundle> | null {
  const url = bundle.link?.find((link) => link.relation === relation)?.url;
  if (!url) return null;
  // whatever name the node gives itself in links, it is asked at the address we reached it by
  const path = url.replace(/^.*?\/fhir(?=[/?])/, '');
  return call<Bundle>(path.startsWith('/') || path.startsWith('?') ? path : `/${path}`);
}

export function history(reference: string): Promise<Bundle> {
  return call<Bundle>(`/${reference}/_history?_count=100`);
}

/** A record of our own types under its id, as a whole: a new one, or only while ${match} is the version that is there. */
export function programmePut<T extends Resource>(record: T, match = ''): Promise<T> {
  return call<T>(`/${record.resourceType}/${record.id ?? ''}`, { method: 'PUT', body: record, space: '/programme', match });
}

/** All or nothing. */
export function transaction(entries: Bundle['entry'], space: '/fhir' | '/programme' = '/fhir'): Promise<Bundle> {
  const bundle: Bundle = { resourceType: 'Bundle', type: 'transaction', entry: entries ?? [] };
  return call<Bundle>('', { method: 'POST', body: bundle, patience: PATIENCE_WITH_FILES, space });
}

/** The bytes behind an attachment's address ("Binary/7"): asked for as they are, an original may have 40 MB. */
export function readBinary(url: string): Promise<Blob> {
  return call<Blob>(`/${url.replace(/^.*\/(?=Binary\/)/, '')}`, { patience: PATIENCE_WITH_FILES, bytes: true });
}

/** What an operation of ours gives as a file. */
export function readFile(path: string): Promise<Blob> {
  return call<Blob>(`/${path}`, { space: '/programme', patience: PATIENCE_WITH_FILES, bytes: true, accept: FHIR_JSON });
}

export function resourcesOf(bundle: Bundle): Resource[] {
  return (bundle.entry ?? []).flatMap((entry) => (entry.resource ? [entry.resource] : []));
}

/** The sentence of any failure, ours or not. */
export function sentence(error: unknown): string {
  return error instanceof CallError ? error.message : t('error.unexpected', { detail: String(error) });
}
