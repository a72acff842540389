// SPDX-License-Identifier: Apache-2.0
// Which records of a patient are proposed to be shared with a case, and which of them are
// chosen to begin with. Pure: records and the present come in. The rule:
//
//   kind          offered                                    chosen to begin with
//   allergies     all that hold                              all
//   conditions    all but refuted and mistaken ones          those that are active
//   medicines     now, and those ended within 90 days        those of now
//   vital signs   30 days; of each sign the newest           7 days
//   laboratory    a year; of each test the newest            30 days
//   reports       two years: reports, images, documents      90 days
//
// A report goes with those measurements it reports that are there, so that it can be read;
// they are not offered again by themselves. At most MOST are chosen; what is mistaken is never offered.
import { OBSERVATION_CATEGORY, codeIn, localReference, referenceTo } from './codes';
import type { Attachment, Concept, Quantity, Reference, Resource } from './types';

export const SHARE_KINDS = ['allergy', 'condition', 'medicine', 'vital', 'laboratory', 'report'] as const;
export type ShareKind = (typeof SHARE_KINDS)[number];

/** One line of the picker: what it says, and the records that go with it. */
export interface ShareItem {
  key: string; // reference of the record itself
  kind: ShareKind;
  title: string;
  detail: string;
  at: string; // when it was true; "" unknown
  records: string[]; // references, the record's own first
  chosen: boolean; // to begin with
}

const DAY = 86_400_000;
const MOST = 30;
const OFFERED: Record<ShareKind, number> = { allergy: Infinity, condition: Infinity, medicine: 90 * DAY, vital: 30 * DAY, laboratory: 365 * DAY, report: 730 * DAY };
const CHOSEN: Record<ShareKind, number> = { allergy: Infinity, condition: Infinity, medicine: Infinity, vital: 7 * DAY, laboratory: 30 * DAY, report: 90 * DAY };
const MISTAKEN = new Set(['entered-in-error', 'cancelled', 'superseded']);
const ACTIVE_CONDITION = new Set(['active', 'recurrence', 'relapse']);

/** What the rule looks at in a record of any of these types. */
export interface Shareable extends Resource {
  status?: string;
  code?: Concept;
  type?: Concept;
  category?: Concept[];
  clinicalStatus?: Concept;
  verificationStatus?: Concept;
  medicationCodeableConcept?: Concept;
  medicationReference?: Reference;
  dosageInstruction?: { text?: string }[];
  dosage?: { text?: string }[];
  reaction?: { manifestation?: Concept[] }[];
  valueQuantity?: Quantity;
  valueString?: string;
  valueCodeableConcept?: Concept;
  component?: { code: Concept; valueQuantity?: Quantity }[];
  conclusion?: string;
  description?: string;
  content?: { attachment: Attachment }[];
  modality?: { code?: string; display?: string }[];
  result?: Reference[];
  recordedDate?: string;
  onsetDateTime?: string;
  effectiveDateTime?: string;
  effectivePeriod?: { start?: string; end?: string };
  issued?: string;
  authoredOn?: string;
  dateAsserted?: string;
  started?: string;
  date?: string;
}

export function kindOf(record: Shareable): ShareKind | null {
  switch (record.resourceType) {
    case 'AllergyIntolerance': return 'allergy';
    case 'Condition': return 'condition';
    case 'MedicationRequest':
    case 'MedicationStatement': return 'medicine';
    case 'DiagnosticReport':
    case 'ImagingStudy':
    case 'DocumentReference': return 'report';
    case 'Observation': {
      const categories = (record.category ?? []).map((one) => codeIn(one, OBSERVATION_CATEGORY));
      if (categories.includes('vital-signs')) return 'vital';
      return categories.includes('laboratory') ? 'laboratory' : null;
    }
    default: return null;
  }
}

function words(concept: Concept | undefined): string {
  return concept?.text ?? concept?.coding?.find((one) => one.display)?.display ?? concept?.coding?.[0]?.code ?? '';
}

function titleOf(record: Shareable): string {
  const attachment = record.content?.[0]?.attachment.title;
  const title = record.resourceType === 'DocumentReference' ? record.description || attachment || words(record.type)
    : words(record.code) || words(record.medicationCodeableConcept) || record.medicationReference?.display || record.description || record.modality?.[0]?.display;
  return title || record.resourceType;
}

function amount(value: Quantity | undefined): string {
  return value?.value === undefined ? '' : `${String(value.value)} ${value.unit ?? value.code ?? ''}`.trim();
}

function detailOf(record: Shareable): string {
  const parts = (record.component ?? []).map((part) => amount(part.valueQuantity)).filter(Boolean);
  return amount(record.valueQuantity) || record.valueString || words(record.valueCodeableConcept) || parts.join(' / ')
    || record.conclusion || record.dosageInstruction?.[0]?.text || record.dosage?.[0]?.text
    || (record.reaction ?? []).flatMap((one) => one.manifestation ?? []).map(words).join(', ');
}

function timeOf(record: Shareable): string {
  return record.effectiveDateTime ?? record.effectivePeriod?.end ?? record.effectivePeriod?.start ?? record.started ?? record.date ?? record.issued
    ?? record.authoredOn ?? record.dateAsserted ?? record.recordedDate ?? record.onsetDateTime ?? '';
}

/** One record as a line: also how a shared record is shown in a case. */
export function describe(record: Shareable): Pick<ShareItem, 'title' | 'detail' | 'at'> {
  return { title: titleOf(record), detail: detailOf(record), at: timeOf(record) };
}

function codeOfStatus(status: Concept | undefined): string {
  return status?.coding?.[0]?.code ?? '';
}

function isMistaken(record: Shareable): boolean {
  const verified = codeOfStatus(record.verificationStatus);
  return MISTAKEN.has(record.status ?? '') || verified === 'entered-in-error' || verified === 'refuted';
}

/** Is it true now? Null: not of a kind that ends. */
function holdsNow(kind: ShareKind, record: Shareable): boolean | null {
  if (kind === 'medicine') return record.status === 'active' || record.status === 'on-hold' || record.status === 'intended';
  if (kind !== 'allergy' && kind !== 'condition') return null;
  const status = codeOfStatus(record.clinicalStatus);
  return status === '' || ACTIVE_CONDITION.has(status);
}

/** A record that does not say when is as old as its version; that is no date to show. */
function ageOf(record: Shareable, now: number): number {
  const time = Date.parse(timeOf(record) || (record.meta?.lastUpdated ?? ''));
  return Number.isNaN(time) ? Infinity : now - time;
}

function isOffered(kind: ShareKind, record: Shareable, age: number): boolean {
  const holds = holdsNow(kind, record);
  if (kind === 'allergy') return holds === true;
  return (kind === 'medicine' && holds === true) || age <= OFFERED[kind];
}

/** References to what ${record} reports, as far as ${known} has it. */
function resultsOf(record: Shareable, known: ReadonlySet<string>): string[] {
  return (record.result ?? []).map((one) => localReference(one.reference)).filter((reference) => known.has(reference));
}

function itemOf(kind: ShareKind, record: Shareable, known: ReadonlySet<string>, now: number): ShareItem {
  const line = describe(record);
  const key = referenceTo(record);
  const results = resultsOf(record, known);
  const chosen = holdsNow(kind, record) ?? ageOf(record, now) <= CHOSEN[kind];
  return { key, kind, ...line, records: [key, ...results], chosen };
}

/** Of each sign and each test the newest alone. */
function newestOfEach(records: Shareable[]): Shareable[] {
  const seen = new Set<string>();
  return records.filter((record) => {
    const kind = kindOf(record);
    if (kind !== 'vital' && kind !== 'laboratory') return true;
    const what = record.code?.coding?.[0]?.code ?? words(record.code);
    if (seen.has(what)) return false;
    seen.add(what);
    return true;
  });
}

/** What is proposed of ${records}, by kind and then the newest first. */
export function propose(records: Shareable[], now: number): ShareItem[] {
  const good = records.filter((record) => !isMistaken(record)).sort((a, b) => timeOf(b).localeCompare(timeOf(a)));
  const offered = good.filter((record) => {
    const kind = kindOf(record);
    return kind !== null && isOffered(kind, record, ageOf(record, now));
  });
  const known = new Set(good.map(referenceTo));
  const reported = new Set(offered.flatMap((record) => resultsOf(record, known)));
  const items = newestOfEach(offered.filter((record) => !reported.has(referenceTo(record))))
    .map((record) => itemOf(kindOf(record) as ShareKind, record, known, now));
  items.sort((a, b) => SHARE_KINDS.indexOf(a.kind) - SHARE_KINDS.indexOf(b.kind));
  let room = MOST;
  return items.map((item) => ({ ...item, chosen: item.chosen && room-- > 0 }));
}

/** The references of what is chosen, none twice. */
export function recordsOf(items: ShareItem[], chosen: readonly string[]): string[] {
  return [...new Set(items.filter((item) => chosen.includes(item.key)).flatMap((item) => item.records))];
}
