// SPDX-License-Identifier: Apache-2.0
// Opening a case: patient (if new), request, task, vital signs and files in ONE
// transaction, so that a broken link leaves all of it or nothing.
import { meAsReference, myPlace } from '../session';
import type { PickedFile } from '../lib/files';
import { t } from '../lib/i18n';
import { newUuid } from '../lib/ids';
import { presentInstant } from '../lib/time';
import { create, upload } from './attach';
import { CallError, resourcesOf, search, transaction } from './client';
import { sharedReferences, twinOf, type Asked } from './share';
import { recordsOf, type ShareItem } from './share-rule';
import { ALTITUDE, CASE_KIND, CASE_STATE, TASK_CODE, UCUM, URI_IDENTIFIER, concept, localReference, referenceTo, type CaseKind, type Urgency } from './codes';
import { responseFrom, type Answers } from './core-set';
import { loadSet, setsFor } from './core-sets';
import { numberFrom, observationsFrom, type VitalsDraft } from './vitals';
import type { BundleEntry, DocumentReference, Gender, Observation, Patient, Reference, ServiceRequest, Task } from './types';

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
  items: ShareItem[];
  chosen: string[];
}

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
  tried: boolean;
}

/** As precise as an age allows: the year, the month, or the day of birth. */
export function birthDateFrom(registration: Registration, at = new Date()): string | undefined {
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

function requestFrom(draft: CaseDraft, subject: Reference, performer: Reference[], at: string): ServiceRequest {
  const [first = '', ...rest] = draft.question.trim().split('\n');
  const note = [rest.join('\n').trim(), draft.story.trim()].filter(Boolean).join('\n\n');
  return {
    resourceType: 'ServiceRequest',
    identifier: [{ system: URI_IDENTIFIER, value: `urn:uuid:${draft.id}` }],
    status: 'active',
    intent: 'order',
    category: [concept(CASE_KIND, kindOf(draft))],
    priority: draft.urgency || 'routine',
    subject,
    requester: meAsReference(),
    ...(performer.length > 0 ? { performer } : {}),
    authoredOn: at,
    reasonCode: [{ text: first.trim() }],
    ...(note ? { note: [{ text: note }] } : {}),
  };
}

function taskFrom(draft: CaseDraft, subject: Reference, focus: string, at: string): Task {
  return {
    resourceType: 'Task',
    status: 'requested',
    businessStatus: concept(CASE_STATE, 'waiting', 'Waiting for an answer'),
    intent: 'order',
    priority: draft.urgency || 'routine',
    code: concept(TASK_CODE, 'answer-case'),
    focus: { reference: focus },
    for: subject,
    authoredOn: at,
    lastModified: at,
    requester: meAsReference(),
  };
}

/** The bytes open with their document, so that a later case that shares it shows them too. */
function documentsFrom(files: PickedFile[], subject: Reference, request: string, at: string): BundleEntry[][] {
  return files.map((file) => {
    const uuid = newUuid();
    const { entry, attachment } = upload(file, at, { reference: `urn:uuid:${uuid}` });
    const document: DocumentReference = {
      resourceType: 'DocumentReference',
      status: 'current',
      type: { text: file.type.startsWith('image/') ? 'Photograph' : 'File' },
      subject,
      date: at,
      author: [meAsReference()],
      content: [{ attachment }],
      context: { related: [{ reference: request }] },
    };
    return [entry, create(document, uuid)];
  });
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
    return response ? [create(response)] : [];
  });
}

async function bundleEntries(draft: CaseDraft, files: PickedFile[], performer: Reference[], at: string): Promise<BundleEntry[]> {
  const newPatient = draft.registration ? create(patientFrom(draft.registration)) : null;
  const subject: Reference = {
    reference: newPatient?.fullUrl ?? (draft.patient ? referenceTo(draft.patient) : ''),
  };
  const requestUrl = `urn:uuid:${newUuid()}`;
  const common = { subject, basedOn: [{ reference: requestUrl }], performer: [meAsReference()], effectiveDateTime: at };
  const observations = observationsFrom(draft.vitals, common).map((observation) => create(observation));
  const responses = await responsesFrom(draft, { subject, basedOn: common.basedOn }, at);
  const documents = documentsFrom(files, subject, requestUrl, at);
  const supporting = [...observations, ...responses, ...documents.flatMap((pair) => pair.slice(1))];
  const shared = [...supporting.map((entry) => ({ reference: entry.fullUrl ?? '' })), ...chosenReferences(draft)];
  const request: ServiceRequest = {
    ...requestFrom(draft, subject, performer, at),
    ...(shared.length > 0 ? { supportingInfo: shared } : {}),
  };
  return [
    ...(newPatient ? [newPatient] : []),
    { ...create(request), fullUrl: requestUrl },
    create(taskFrom(draft, subject, requestUrl, at)),
    ...observations,
    ...responses,
    ...documents.flat(),
  ];
}

/** The id of the case that an earlier try of this draft opened, or null. */
async function alreadyOpened(draft: CaseDraft): Promise<string | null> {
  const bundle = await search('ServiceRequest', { identifier: `${URI_IDENTIFIER}|urn:uuid:${draft.id}`, _count: '1' });
  return resourcesOf(bundle)[0]?.id ?? null;
}

/** Opens the case and returns its id. A draft tried before is looked for first, never sent twice. */
export async function openCase(draft: CaseDraft, files: PickedFile[]): Promise<string> {
  const earlier = draft.tried ? await alreadyOpened(draft) : null;
  if (earlier) return earlier;
  const performer = await twinOf(myPlace().department);
  // who was named on the page is who gets it
  if (draft.share && draft.share.chosen.length > 0 && localReference(performer[0]?.reference) !== (draft.share.asked?.reference ?? '')) {
    throw new CallError('refused', t('share.other-asked'));
  }
  const answer = await transaction(await bundleEntries(draft, files, performer, presentInstant()));
  const location = answer.entry?.map((entry) => entry.response?.location ?? '').find((place) => place.includes('ServiceRequest/'));
  const id = location?.replace(/^.*ServiceRequest\//, '').split('/')[0];
  return id || ((await alreadyOpened(draft)) ?? '');
}
