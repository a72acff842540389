// SPDX-License-Identifier: Apache-2.0
// Cases in the shape in which the pages open and answer them (web/src/fhir/open-case.ts,
// reply.ts). A case's Task goes through its states one version after the other, as the
// page's timeline tells from them who took the case.
import { BELAY, ago, concept, idOf, put, refer } from './common.mjs';
import { picture } from './pictures.mjs';
import { vitalSigns } from './vitals.mjs';

const STATE_WORDS = {
  waiting: 'Waiting for an answer',
  taken: 'Being looked at',
  'question-back': 'Waiting for the asker',
  answered: 'Answered',
};
const STATUS = { waiting: 'requested', taken: 'in-progress', 'question-back': 'in-progress', answered: 'completed' };
const STATE_AFTER = { taken: 'taken', question: 'question-back', answer: 'answered' };

/** What each step of ${entry.then} is: { kind, by, ago, text }. */
function stepsOf(entry) {
  return (entry.then ?? []).map((step) => {
    const kind = ['taken', 'question', 'message', 'answer'].find((name) => step[name]);
    if (!kind) throw new Error(`case ${entry.id}: a step is taken, question, message or answer`);
    return { kind, by: step[kind], ago: step.ago, text: step.text };
  });
}

/** The Task as it stands after ${steps}. */
function taskAfter(entry, shared, steps) {
  const moved = steps.filter((step) => STATE_AFTER[step.kind]);
  const state = moved.length > 0 ? STATE_AFTER[moved.at(-1).kind] : 'waiting';
  return {
    resourceType: 'Task',
    id: shared.id,
    status: STATUS[state],
    businessStatus: concept(`${BELAY}/CodeSystem/case-state`, state, STATE_WORDS[state]),
    intent: 'order',
    priority: entry.urgency,
    code: concept(`${BELAY}/CodeSystem/task`, 'answer-case'),
    focus: refer('ServiceRequest', shared.id),
    for: shared.subject,
    authoredOn: ago(entry.ago),
    lastModified: ago(steps.at(-1)?.ago ?? entry.ago),
    requester: shared.asker,
    ...(moved.length > 0 ? { owner: shared.person(moved.at(-1).by) } : {}),
  };
}

function messageFrom(step, at, shared) {
  const about = refer('ServiceRequest', shared.id);
  return {
    resourceType: 'Communication',
    id: `${shared.id}-message-${at + 1}`,
    basedOn: [about],
    status: 'completed',
    category: [concept(`${BELAY}/CodeSystem/message-kind`, step.kind)],
    subject: shared.subject,
    about: [about],
    sent: ago(step.ago),
    sender: shared.person(step.by),
    payload: [{ contentString: step.text.join('\n\n') }],
  };
}

/** The bytes, and the document that shows them in the case. */
function pictureRecords(entry, shared) {
  return (entry.pictures ?? []).flatMap(({ picture: name, title }, at) => {
    const png = picture(name);
    const binary = { resourceType: 'Binary', id: `${shared.id}-picture-${at + 1}`, contentType: 'image/png', data: png.toString('base64') };
    const attachment = { contentType: 'image/png', url: `Binary/${binary.id}`, size: png.length, title, creation: ago(entry.ago) };
    const document = {
      resourceType: 'DocumentReference',
      id: `${shared.id}-picture-${at + 1}`,
      status: 'current',
      type: { text: 'Photograph' },
      subject: shared.subject,
      date: ago(entry.ago),
      author: [shared.asker],
      content: [{ attachment }],
      context: { related: [refer('ServiceRequest', shared.id)] },
    };
    return [binary, document];
  });
}

function requestFrom(entry, shared, supporting) {
  return {
    resourceType: 'ServiceRequest',
    id: shared.id,
    status: 'active',
    intent: 'order',
    category: [concept(`${BELAY}/CodeSystem/case-kind`, 'advice')],
    priority: entry.urgency,
    subject: shared.subject,
    requester: shared.asker,
    performer: [shared.performer],
    authoredOn: ago(entry.ago),
    reasonCode: [{ text: entry.question }],
    note: [{ text: entry.story.join('\n\n') }],
    supportingInfo: supporting.map((record) => refer(record.resourceType, record.id)),
  };
}

/** What the patient agreed to before the case left the country. */
function consentFor(entry, shared) {
  return {
    resourceType: 'Consent',
    id: `${shared.id}-consent`,
    status: 'active',
    scope: concept('http://terminology.hl7.org/CodeSystem/consentscope', 'patient-privacy'),
    category: [concept('http://loinc.org', '59284-0', 'Consent to be seen by the department abroad')],
    patient: shared.subject,
    dateTime: ago(entry.ago),
    policyRule: { text: 'The department named here sees this case, and what it lists, until the consent is withdrawn.' },
    provision: {
      type: 'permit',
      actor: [{ role: concept('http://terminology.hl7.org/CodeSystem/v3-ParticipationType', 'IRCP'), reference: shared.performer }],
    },
  };
}

/** The department a case is sent to: the asker's twin, else that of who took it, else the twin hospital. */
function performerOf(entry, units) {
  const from = units.atOf(entry.by);
  const taken = stepsOf(entry).find((step) => step.kind === 'taken');
  const twin = units.twins.get(from) ?? (taken ? units.atOf(taken.by) : units.places.get(from.split('/')[0]).twin);
  return refer('Organization', idOf(...twin.split('/')));
}

function isAbroad(entry, units) {
  return units.places.get(units.atOf(entry.by).split('/')[0]).country !== units.countryOf(performerOf(entry, units));
}

function unitsOf(staff, placeList) {
  const places = new Map(placeList.map((place) => [place.id, place]));
  const posts = new Map(staff.people.map((person) => [person.id, person.at]));
  const countries = new Map(placeList.map((place) => [`Organization/${idOf(place.id)}`, place.country]));
  for (const [id, names] of Object.entries(staff.departments)) {
    for (const name of names) countries.set(`Organization/${idOf(id, name)}`, places.get(id).country);
  }
  return {
    places,
    twins: new Map(staff.twinned),
    atOf: (id) => posts.get(id),
    countryOf: (unit) => countries.get(unit.reference),
  };
}

/** ${people}: names by id. */
function sharedOf(entry, people, units) {
  const person = (id) => {
    if (!people.has(id)) throw new Error(`case ${entry.id}: there is nobody "${id}"`);
    return refer('Practitioner', idOf(id), people.get(id));
  };
  return { id: idOf('case', entry.id), subject: refer('Patient', idOf('patient', entry.patient)), asker: person(entry.by), performer: performerOf(entry, units), person };
}

/** One case: what was asked, its Task's earlier versions, and where it stands now. */
function caseEntries(entry, people, units) {
  const shared = sharedOf(entry, people, units);
  const steps = stepsOf(entry);
  const common = {
    subject: shared.subject,
    basedOn: [refer('ServiceRequest', shared.id)],
    performer: [shared.asker],
    effectiveDateTime: ago(entry.ago),
  };
  const observations = vitalSigns(entry.vitals, shared.id, common);
  const pictures = pictureRecords(entry, shared);
  const supporting = [...observations, ...pictures.filter((record) => record.resourceType === 'DocumentReference')];
  const messages = steps.flatMap((step, at) => (step.text ? [messageFrom(step, at, shared)] : []));
  return {
    asked: [
      requestFrom(entry, shared, supporting),
      ...(isAbroad(entry, units) ? [consentFor(entry, shared)] : []),
      ...observations,
      ...pictures,
    ].map(put),
    opened: steps.length > 0 ? [put(taskAfter(entry, shared, []))] : [],
    taken: steps.length > 1 ? [put(taskAfter(entry, shared, steps.slice(0, 1)))] : [],
    now: [put(taskAfter(entry, shared, steps)), ...messages.map(put)],
  };
}

/** All cases, the parts of the same kind together. */
export function casesEntries(cases, staff, placeList) {
  const units = unitsOf(staff, placeList);
  const people = new Map(staff.people.map((person) => [person.id, person.name]));
  const made = cases.map((entry) => caseEntries(entry, people, units));
  const all = (part) => made.flatMap((one) => one[part]);
  return { asked: all('asked'), opened: all('opened'), taken: all('taken'), now: all('now') };
}
