// SPDX-License-Identifier: Apache-2.0
// A case on its way: everything it needs is put together when "Send" is pressed and kept on
// this device; then it goes in steps, each of which may be tried again:
//
//   1  one transaction: patient (if new), the request as a draft, what was measured and answered, and a
//      DocumentReference for each picture, without its bytes yet. Every entry is created only
//      if none has its identifier, so that a second try finds the first and nothing is twice.
//      Then the draft is sent ($send), and is a case.
//   2  each picture, made small: its bytes (Binary), then its document names them
//   3  each original, when the link is good
//
// What is no case - an operation for the logbook, a rating - is one call of an operation of the
// node, under an id of ours by which it knows a second try.
//
// The pages and the service worker run these steps with the same code: this file uses
// neither window nor the session.
import type { Owned } from '../lib/local-store';
import type { Bundle, BundleEntry, DocumentReference, OperationOutcome, ServiceRequest } from './types';

export interface OutgoingFile {
  entry: string; // fullUrl of its DocumentReference in the transaction
  name: string;
  type: string;
  small: Blob;
  original: Blob | null; // null: what is sent is the original
  document: string; // "DocumentReference/7", once the case is there
  sent: 'none' | 'small' | 'all';
}

/** An operation of the node with everything it needs; the id in it makes a second try the first. */
export interface OneCall {
  kind: 'operation' | 'rating';
  path: string;
  body: object;
  /** What must be there before: an operation that waits too; "" nothing. */
  after: string;
}

export interface Outgoing extends Owned {
  at: string;
  who: string; // the patient's name, for the list on this device
  question: string;
  urgency: string;
  state: 'waiting' | 'sending' | 'refused' | 'there';
  sentence: string; // why it was refused
  tried: boolean; // it may have arrived, answer or not
  lease: number; // until when somebody is sending it
  identifier: string; // typed for a new patient: somebody may have it already
  /** Across a border without the patient's consent. */
  emergency: { patient: string; recipient: string; reason: string } | null;
  /** Sent instead of a case. */
  call?: OneCall;
  bundle: Bundle;
  files: OutgoingFile[];
  request: string; // id of the case once it is there
  draft: unknown; // as it was typed, to go back to
}

/** How the node is reached: the pages and the service worker each have their way. */
export interface Link {
  /** Headers that say who is asking; null: nobody is signed in. */
  headers: (writes: boolean) => Record<string, string> | null;
  /** Bytes with progress, where the browser can tell it. */
  upload?: (path: string, body: Blob, headers: Record<string, string>, tell: (share: number) => void) => Promise<Response>;
}

/** Why a step ended: 'later' may be tried again, 'refused' may not. */
export class StepError extends Error {
  readonly kind: 'later' | 'signed-out' | 'refused' | 'twin';

  constructor(kind: StepError['kind'], sentence = '') {
    super(sentence);
    this.kind = kind;
  }
}

export const LEASE = 90_000; // longer than a transaction takes over the worst link that is served
const PATIENCE = 60_000;
const PATIENCE_WITH_BYTES = 600_000;
const FHIR_JSON = 'application/fhir+json';
const PACK_FROM = 1400; // bytes; what fits one packet gains nothing

function kindFor(status: number): StepError['kind'] {
  if (status === 401) return 'signed-out';
  // a proxy that cannot reach the node, a node that is full or busy: later
  return status >= 500 || status === 408 || status === 429 ? 'later' : 'refused';
}

function sentenceOf(content: unknown): string {
  const issue = (content as OperationOutcome | null)?.issue?.[0];
  return issue?.diagnostics ?? issue?.details?.text ?? '';
}

async function answered(response: Response, fine: number[] = []): Promise<unknown> {
  const content: unknown = await response.json().catch(() => null);
  if (!response.ok && !fine.includes(response.status)) throw new StepError(kindFor(response.status), sentenceOf(content) || String(response.status));
  return content;
}

/** JSON as gzip where the browser can: a case is a fifth as long then, and the link is thin. */
async function packed(text: string): Promise<{ body: BodyInit; headers: Record<string, string> }> {
  if (text.length < PACK_FROM || typeof CompressionStream === 'undefined') return { body: text, headers: {} };
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return { body: await new Response(stream).arrayBuffer(), headers: { 'Content-Encoding': 'gzip' } };
}

async function ask(link: Link, method: string, path: string, content?: unknown, fine: number[] = []): Promise<unknown> {
  const who = link.headers(method !== 'GET');
  if (!who) throw new StepError('signed-out');
  const { body, headers } = content === undefined ? { body: null, headers: {} } : await packed(JSON.stringify(content));
  let response: Response;
  try {
    response = await fetch(`/fhir${path}`, {
      method, body, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE),
      headers: { ...who, Accept: FHIR_JSON, ...(content === undefined ? {} : { 'Content-Type': FHIR_JSON }), ...headers },
    });
  } catch {
    throw new StepError('later');
  }
  return answered(response, fine);
}

/** Entry's references in the answer: "ServiceRequest/7" by fullUrl. */
function placesOf(bundle: Bundle, answer: Bundle): Map<string, string> {
  const places = new Map<string, string>();
  bundle.entry?.forEach((entry, at) => {
    const location = answer.entry?.[at]?.response?.location ?? '';
    const place = /([A-Za-z]+\/[^/]+)(\/_history\/[^/]+)?$/.exec(location)?.[1];
    if (entry.fullUrl && place) places.set(entry.fullUrl, place);
  });
  return places;
}

async function checkTwin(item: Outgoing, link: Link): Promise<void> {
  if (!item.identifier) return;
  const query = new URLSearchParams({ identifier: item.identifier.replace(/[\\,|$]/g, '\\$&'), _count: '2' });
  const found = (await ask(link, 'GET', `/Patient?${query.toString()}`)) as Bundle;
  const own = item.bundle.entry?.find((entry) => entry.resource?.resourceType === 'Patient')?.fullUrl ?? '';
  // one that an earlier try of ours made is no twin
  const others = (found.entry ?? []).filter(({ resource }) => !JSON.stringify(resource ?? {}).includes(own));
  if (others.length > 0) throw new StepError('twin', others[0]?.resource?.id ?? '');
}

/** Before step 1: said once is enough, and that it stands already is no failure. */
async function declareEmergency(item: Outgoing, link: Link): Promise<void> {
  if (!item.emergency) return;
  const { patient, recipient, reason } = item.emergency;
  const parameter = [{ name: 'reason', valueString: reason }, { name: 'recipient', valueReference: { reference: recipient } }];
  await ask(link, 'POST', `/${patient}/$break-glass`, { resourceType: 'Parameters', parameter }, [409]);
}

/** Is the draft ${id} a case by now? */
async function isSent(id: string, link: Link): Promise<boolean> {
  const found = (await ask(link, 'GET', `/Task?_id=${id}&_count=1`)) as Bundle;
  return (found.entry ?? []).length > 0;
}

/** Sent once: by this try, or by an earlier one whose answer was lost and which somebody has taken since. */
async function sendDraft(id: string, link: Link): Promise<void> {
  try {
    await ask(link, 'POST', `/ServiceRequest/${id}/$send`, { resourceType: 'Parameters' });
  } catch (error) {
    if (!(error instanceof StepError) || error.kind !== 'refused' || !(await isSent(id, link))) throw error;
  }
}

/** Step 1. The same again is the same case. */
async function sendCase(item: Outgoing, link: Link): Promise<Outgoing> {
  const places = placesOf(item.bundle, (await ask(link, 'POST', '', item.bundle)) as Bundle);
  const request = [...places.values()].find((place) => place.startsWith('ServiceRequest/')) ?? '';
  if (!request) throw new StepError('later');
  // a draft goes by the operation; one that was kept by an earlier program is a case already
  const isDraft = item.bundle.entry?.some(({ resource }) => resource?.resourceType === 'ServiceRequest' && (resource as ServiceRequest).status === 'draft');
  const id = request.slice('ServiceRequest/'.length);
  if (isDraft) await sendDraft(id, link);
  return {
    ...item,
    state: 'there',
    request: id,
    files: item.files.map((file) => ({ ...file, document: places.get(file.entry) ?? '' })),
  };
}

async function sendBytes(link: Link, body: Blob, type: string, document: string, tell: (share: number) => void): Promise<string> {
  const who = link.headers(true);
  if (!who) throw new StepError('signed-out');
  const headers = { ...who, 'Content-Type': type, Accept: FHIR_JSON, Prefer: 'return=minimal', 'X-Security-Context': document };
  let response: Response;
  try {
    response = link.upload
      ? await link.upload('/fhir/Binary', body, headers, tell)
      : await fetch('/fhir/Binary', { method: 'POST', body, headers, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_WITH_BYTES) });
  } catch {
    throw new StepError('later');
  }
  await answered(response);
  return /Binary\/[^/]+/.exec(response.headers.get('location') ?? '')?.[0] ?? '';
}

/** Steps 2 and 3 for one file: the bytes, then the document that names them. */
export async function sendFile(file: OutgoingFile, link: Link, original: boolean, tell: (share: number) => void): Promise<OutgoingFile> {
  const done: OutgoingFile = { ...file, sent: original || !file.original ? 'all' : 'small' };
  const there = (await ask(link, 'GET', `/${file.document}`)) as DocumentReference;
  const at = original ? 1 : 0;
  if (there.content[at]?.attachment.url) return done; // an earlier try got that far
  const bytes = original ? file.original : file.small;
  if (!bytes) return done;
  const url = await sendBytes(link, bytes, bytes.type || file.type, file.document, tell);
  const attachment = original
    ? { contentType: bytes.type || file.type, title: file.name, size: bytes.size, url }
    : { ...there.content[0]?.attachment, url };
  const content = original ? [...there.content.slice(0, 1), { attachment }] : [{ attachment }, ...there.content.slice(1)];
  await ask(link, 'PUT', `/${file.document}`, { ...there, docStatus: 'final', content });
  return done;
}

/** True when nothing of ${item} is left to be sent. */
export function isWhole(item: Outgoing): boolean {
  return item.state === 'there' && item.files.every((file) => file.sent === 'all');
}

export interface Sending {
  link: Link;
  /** Keeps ${item} as it is now; a step is not repeated that was kept. */
  keep: (item: Outgoing) => Promise<unknown>;
  /** Are originals sent too? They wait for a good link. */
  originals: () => boolean;
  /** How much of a file's bytes is there, 0 to 1. */
  tell: (entry: string, share: number) => void;
}

/** Goes on with ${item} from where it stands. Throws StepError; what was done before is kept. */
export async function goOn(item: Outgoing, { link, keep, originals, tell }: Sending): Promise<Outgoing> {
  let now = item;
  const step = async (next: Outgoing) => {
    now = next;
    await keep(now);
  };
  if (now.call && now.state !== 'there') {
    await step({ ...now, tried: true });
    await ask(link, 'POST', now.call.path, now.call.body);
    await step({ ...now, state: 'there' });
  }
  if (now.state !== 'there') {
    await checkTwin(now, link);
    await step({ ...now, tried: true });
    await declareEmergency(now, link);
    await step(await sendCase(now, link));
  }
  for (const original of [false, true]) {
    for (let at = 0; at < now.files.length; at++) {
      const file = now.files[at] as OutgoingFile;
      if (file.sent === 'all' || (file.sent === 'small') !== original || (original && !originals())) continue;
      const withFile = (next: OutgoingFile) => ({ ...now, files: now.files.map((one, place) => (place === at ? next : one)) });
      await step(withFile(await sendFile(file, link, original, (share) => tell(file.entry, share))));
    }
  }
  return now;
}

/** ${entry} is created once, however often it is sent: ${uuid} is its identifier. */
export function onceOnly(entry: BundleEntry, uuid: string): BundleEntry {
  const value = `urn:uuid:${uuid}`;
  const identifier = { system: 'urn:ietf:rfc:3986', value };
  const resource = entry.resource as BundleEntry['resource'] & { identifier?: unknown };
  const single = resource?.resourceType === 'QuestionnaireResponse';
  const before = Array.isArray(resource?.identifier) ? (resource.identifier as unknown[]) : [];
  return {
    ...entry,
    fullUrl: value,
    ...(resource ? { resource: { ...resource, identifier: single ? identifier : [...before, identifier] } as BundleEntry['resource'] } : {}),
    request: { method: 'POST', url: resource?.resourceType ?? '', ifNoneExist: `identifier=urn:ietf:rfc:3986|${value}` },
  } as BundleEntry;
}
