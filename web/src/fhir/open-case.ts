// SPDX-License-Identifier: Apache-2.0
// Opening a case: patient (if new), the request as a draft, what was measured and answered in ONE
// transaction, so that a broken link leaves all of it or nothing. Here it is put together;
// outgoing.ts sends it.
import { meAsReference, myPlace, ownerNow } from '../session';
import type { PickedFile } from '../lib/files';
import { t } from '../lib/i18n';
import { newUuid } from '../lib/ids';
import { present, presentInstant } from '../lib/time';
import { CallError } from './client';
import { consentFrom, type ConsentDraft } from './consent';
import { onceOnly, type Outgoing, type OutgoingFile } from './outgoing';
import { nameOf } from './patient';
import { rememberedTwin, sharedReferences, twinOf, type Asked } from './share';
import { recordsOf, type ShareItem } from './share-rule';
import { ALTITUDE, CASE_COMPLETENESS, CASE_INTENT, CASE_KIND, TRANSFER_REASON, UCUM, concept, localReference, referenceTo, type CaseKind, type Urgency } from './codes';
import { completeness } from './completeness';
import { questionsOf, responseFrom, type Answers } from './core-set';
import { loadSet, setsFor } from './core-sets';
import { numberFrom, observationsFrom, type VitalsDraft } from './vitals';
import type { BundleEntry, DocumentReference, Extension, Gender, Observation, Patient, Reference, Resource, ServiceRequest } from './types';

export type AgeUnit = 'years' | 'months' | 'days';

export interface Registration {
  name: string;
  gender: '' | Gender;
  age: string;
  ageUnit: AgeUnit;
  birthDate: string;
  identifier: string;
  place: string;
  altitude: string;
}

/** What of the record goes along, and to whom, as it was shown. */
export interface ShareChoice {
  patient: string; // id; "" where the patient is new
  asked: Asked | null;
  to?: string; // the department that was chosen then
  items: ShareItem[];
  chosen: string[];
}

/** An illness or a procedure of the catalogue. */
export interface Illness {
  system: string;
  code: string;
  text: string;
}

/** What the asker would do without an answer. */
export type Intent = 'transfer' | 'stay';

export interface CaseDraft {
  id: string; // names the case before the node does: a second try finds the first
  patient: Patient | null;
  registration: Registration | null;
  question: string;
  story: string;
  urgency: '' | Urgency;
  kind: CaseKind;
  topic: string; // a core set's id; "" not chosen
  answers: Answers;
  vitals: VitalsDraft;
  share: ShareChoice | null;
  consent?: ConsentDraft; // where it leaves the country
  illness?: Illness | null; // what it is about, of the catalogue
  intent?: '' | Intent; // of a patient who is not sent away anyway
  reason?: string; // of a transfer: of transfer-reason
  to?: Reference | null; // the department that was chosen; none: the one that stands by mine
}

/** As precise as an age allows: the year, the month, or the day of birth. */
export function birthDateFrom(registration: Registration, at = new Date(present())): string | undefined {
  if (registration.birthDate) return registration.birthDate;
  const age = numberFrom(registration.age);
  if (Number.isNaN(age)) return undefined;
  const born = new Date(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()));
  if (registration.ageUnit === 'years') return String(born.getUTCFullYear() - Math.floor(age));
  if (registration.ageUnit === 'months') {
    born.setUTCDate(1);
    born.setUTCMonth(born.getUTCMonth() - Math.floor(age));
    return born.toISOString().slice(0, 7);
  }
  born.setUTCDate(born.getUTCDate() - Math.floor(age));
  return born.toISOString().slice(0, 10);
}

export function patientFrom(registration: Registration): Patient {
  const birthDate = birthDateFrom(registration);
  const altitude = numberFrom(registration.altitude);
  const { organization } = myPlace();
  const metres = { value: altitude, unit: 'm', system: UCUM, code: 'm' };
  return {
    resourceType: 'Patient',
    ...(registration.identifier.trim() ? { identifier: [{ value: registration.identifier.trim() }] } : {}),
    name: [{ text: registration.name.trim() }],
    ...(organization ? { managingOrganization: { reference: organization } } : {}),
    gender: registration.gender || 'unknown',
    ...(birthDate ? { birthDate } : {}),
    ...(registration.place.trim()
      ? {
          address: [{
            ...(Number.isNaN(altitude) ? {} : { extension: [{ url: ALTITUDE, valueQuantity: metres }] }),
            city: registration.place.trim(),
          }],
        }
      : {}),
  };
}

/** Advice on a life in danger is its own kind. */
export function kindOf({ kind, urgency }: Pick<CaseDraft, 'kind' | 'urgency'>): CaseKind {
  return kind === 'advice' && urgency === 'stat' ? 'emergency' : kind;
}

/** What figures need of the question: what would be done without an answer, and how complete it was. */
async function saidWith(draft: CaseDraft, files: number): Promise<Extension[]> {
  const words = { language: 'en', yes: '', no: '' };
  const sets = await Promise.all(setsFor(draft.kind, draft.topic).map(async ({ id }) => ({ id, set: await loadSet(id).catch(() => null) })));
  const asked = sets.flatMap(({ id, set }) => (set ? questionsOf(set, words) : []).map((question) => ({ set: id, question })));
  const { have, of } = completeness({ ...draft, patient: true, kind: kindOf(draft), files }, asked);
  const counted = sets.every(({ set }) => set); // what could not be loaded was not asked
  return [
    ...(draft.intent && draft.kind !== 'transfer' ? [{ url: CASE_INTENT, valueCode: draft.intent }] : []),
    ...(draft.reason && draft.kind === 'transfer' ? [{ url: TRANSFER_REASON, valueCode: draft.reason }] : []),
    ...(counted ? [{ url: CASE_COMPLETENESS, extension: [{ url: 'have', valueInteger: have }, { url: 'of', valueInteger: of }] }] : []),
  ];
}

function requestFrom(draft: CaseDraft, subject: Reference, performer: Reference[], at: string): ServiceRequest {
  const [first = '', ...rest] = draft.question.trim().split('\n');
  const note = [rest.join('\n').trim(), draft.story.trim()].filter(Boolean).join('\n\n');
  return {
    resourceType: 'ServiceRequest',
    status: 'draft',
    intent: 'order',
    category: [concept(CASE_KIND, kindOf(draft))],
    priority: draft.urgency || 'routine',
    subject,
    requester: meAsReference(),
    ...(performer.length > 0 ? { performer } : {}),
    authoredOn: at,
    reasonCode: [{ text: first.trim() }, ...(draft.illness ? [concept(draft.illness.system, draft.illness.code, draft.illness.text)] : [])],
    ...(note ? { note: [{ text: note }] } : {}),
  };
}

/** The document of a file that follows: its name and size are there, its bytes not yet. */
function documentFor(file: PickedFile, subject: Reference, request: string, at: string): DocumentReference {
  return {
    resourceType: 'DocumentReference',
    status: 'current',
    docStatus: 'preliminary',
    type: { text: file.type.startsWith('image/') ? 'Photograph' : 'File' },
    subject,
    date: at,
    author: [meAsReference()],
    content: [{ attachment: { contentType: file.type, size: file.size, title: file.name, creation: at } }],
    context: { related: [{ reference: request }] },
  };
}

/** What was chosen of this patient's record; of another's nothing. */
function chosenReferences({ share, patient }: CaseDraft): Reference[] {
  if (!share || !patient || share.patient !== patient.id) return [];
  return sharedReferences(share.items, recordsOf(share.items, share.chosen));
}

/** What was answered of the core sets. One that cannot be loaded keeps nobody from asking. */
async function responsesFrom(draft: CaseDraft, common: Pick<Observation, 'subject' | 'basedOn'>, at: string): Promise<BundleEntry[]> {
  const sets = await Promise.all(setsFor(draft.kind, draft.topic).map(async ({ id }) => ({ id, set: await loadSet(id).catch(() => null) })));
  return sets.flatMap(({ id, set }) => {
    const response = set && responseFrom(id, set, draft.answers, { ...common, authored: at, author: meAsReference() });
    return response ? [once(response)] : [];
  });
}

function once(resource: Resource, uuid = newUuid()): BundleEntry {
  return onceOnly({ resource }, uuid);
}

interface Abroad {
  share: ShareChoice & { asked: Asked };
}

/** It goes to another country, or to one that is not known. */
export function isAbroad(draft: CaseDraft): draft is CaseDraft & Abroad {
  return draft.share?.asked?.abroad === true;
}

/** The patient cannot be asked and it cannot wait: the node is told why before it lets the case go. */
function emergencyFrom(draft: CaseDraft): Outgoing['emergency'] {
  if (!isAbroad(draft) || draft.consent?.answer !== 'cannot' || !draft.patient) return null;
  return { patient: referenceTo(draft.patient), recipient: draft.share.asked.reference, reason: draft.consent.reason.trim() };
}

interface Parts {
  entries: BundleEntry[];
  documents: BundleEntry[]; // of the files, in their order
}

async function partsOf(draft: CaseDraft, files: PickedFile[], performer: Reference[], at: string): Promise<Parts> {
  const newPatient = draft.registration ? once(patientFrom(draft.registration)) : null;
  const subject: Reference = {
    reference: newPatient?.fullUrl ?? (draft.patient ? referenceTo(draft.patient) : ''),
  };
  const requestUrl = `urn:uuid:${draft.id}`;
  const common = { subject, basedOn: [{ reference: requestUrl }], performer: [meAsReference()], effectiveDateTime: at };
  const observations = observationsFrom(draft.vitals, common).map((observation) => once(observation));
  const responses = await responsesFrom(draft, { subject, basedOn: common.basedOn }, at);
  const documents = files.map((file) => once(documentFor(file, subject, requestUrl, at)));
  const supporting = [...observations, ...responses, ...documents];
  const shared = [...supporting.map((entry) => ({ reference: entry.fullUrl ?? '' })), ...chosenReferences(draft)];
  const said = await saidWith(draft, files.length);
  const request: ServiceRequest = {
    ...requestFrom(draft, subject, performer, at),
    ...(said.length > 0 ? { extension: said } : {}),
    ...(shared.length > 0 ? { supportingInfo: shared } : {}),
  };
  const consent = isAbroad(draft) && draft.consent?.answer === 'agreed' ? [once(consentFrom(draft.consent, subject, draft.share.asked, at))] : [];
  return { entries: [...(newPatient ? [newPatient] : []), ...consent, once(request, draft.id), ...supporting], documents };
}

/** Whom it goes to; without a link whoever it was when that was last known. */
async function performerOf(draft: CaseDraft): Promise<Reference[]> {
  const { department, organization } = myPlace();
  const shown = draft.share?.asked?.reference ?? '';
  const twin = draft.to ? [draft.to] : await twinOf(department).catch((error: unknown) => {
    const known = shown ? [{ reference: shown }] : rememberedTwin(department);
    if (known) return known;
    throw error;
  });
  // who was named on the page is who gets it
  const matters = draft.share && (draft.share.chosen.length > 0 || (draft.to && shown));
  if (matters && localReference(twin[0]?.reference) !== shown) {
    throw new CallError('refused', t('share.other-asked'));
  }
  // where no department stands by mine, my own hospital is asked
  return twin.length > 0 || !organization ? twin : [{ reference: organization }];
}

function outgoingFile(file: PickedFile, document: BundleEntry | undefined): OutgoingFile {
  return {
    entry: document?.fullUrl ?? '', name: file.name, type: file.type, small: file.blob, original: file.original, document: '', sent: 'none',
  };
}

/** ${draft} as it is kept on this device and sent, step by step. */
export async function prepare(draft: CaseDraft, files: PickedFile[]): Promise<Outgoing> {
  const at = presentInstant();
  const { entries, documents } = await partsOf(draft, files, await performerOf(draft), at);
  return {
    id: draft.id,
    owner: ownerNow(),
    at,
    who: draft.registration?.name.trim() ?? nameOf(draft.patient ?? undefined),
    question: draft.question.trim(),
    urgency: draft.urgency,
    state: 'waiting',
    sentence: '',
    tried: false,
    lease: 0,
    identifier: draft.registration?.identifier.trim() ?? '',
    emergency: emergencyFrom(draft),
    bundle: { resourceType: 'Bundle', type: 'transaction', entry: entries },
    files: files.map((file, nth) => outgoingFile(file, documents[nth])),
    request: '',
    draft: { draft, files },
  };
}
