// SPDX-License-Identifier: Apache-2.0
// Cases: the draft that is asked, and the steps that the program does with it when it loads
// them, each by the operation that a page would call (docs/CASES.md).
import { BELAY, ago, concept, idOf, put, refer } from './common.mjs';
import { picture } from './pictures.mjs';
import { vitalSigns } from './vitals.mjs';

const STATE_AFTER = { taken: 'allocated', question: 'information-asked', information: 'allocated', answer: 'answered' };
const OPERATIONS = { taken: 'accept', question: 'ask-back', information: 'inform', message: 'message', answer: 'answer' };
const STATUS = { sent: 'requested', allocated: 'accepted', 'information-asked': 'on-hold', answered: 'in-progress' };

/** What each step of ${entry.then} is: { kind, by, ago, text }. A message to a question back informs. */
function stepsOf(entry) {
  let state = 'sent';
  return (entry.then ?? []).map((step) => {
    let kind = ['taken', 'question', 'message', 'answer'].find((name) => step[name]);
    if (!kind) throw new Error(`case ${entry.id}: a step is taken, question, message or answer`);
    const by = step[kind];
    if (kind === 'message' && state === 'information-asked' && by === entry.by) kind = 'information';
    state = STATE_AFTER[kind] ?? state;
    return { kind, by, ago: step.ago, text: step.text, state };
  });
}

function parametersOf(entry, step, id) {
  const [first = '', ...rest] = step.text ?? [];
  if (step.kind === 'taken') return [];
  if (step.kind !== 'answer') return [{ name: 'text', valueString: step.text.join('\n\n') }, { name: 'id', valueId: id }];
  return [
    { name: 'assessment', valueString: first },
    { name: 'advice', valueString: rest.join('\n\n') || first },
    { name: 'urgency', valueCode: entry.urgency },
    { name: 'can-be-done-here', valueCode: entry.here ?? 'with-help' },
    { name: 'id', valueId: id },
  ];
}

/** The calls that bring the case to where it stands, and how its Task tells that they were made. */
function caseFrom(entry, shared, draft) {
  const steps = stepsOf(entry);
  const call = (name, by, when, parameter) => ({
    by: by.reference, at: ago(when), path: `ServiceRequest/${shared.id}/$${name}`, body: { resourceType: 'Parameters', ...(parameter.length > 0 ? { parameter } : {}) },
  });
  const words = (at) => `${shared.id}-message-${at + 1}`;
  return {
    id: shared.id,
    status: STATUS[steps.at(-1)?.state ?? 'sent'],
    sent: ago(entry.ago),
    changed: ago(steps.at(-1)?.ago ?? entry.ago),
    draft,
    words: steps.flatMap((step, at) => (step.text ? [`${step.kind === 'answer' ? 'ClinicalImpression' : 'Communication'}/${words(at)}`] : [])),
    calls: [
      call('send', shared.asker, entry.ago, []),
      ...steps.map((step, at) => call(OPERATIONS[step.kind], shared.person(step.by), step.ago, parametersOf(entry, step, words(at)))),
    ],
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
    status: 'draft',
    intent: 'order',
    category: [concept(`${BELAY}/CodeSystem/case-kind`, entry.urgency === 'stat' ? 'emergency' : 'advice')],
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

/** The department a case is sent to: that of who takes it up, else the asker's twin, else the twin hospital. */
function performerOf(entry, units) {
  const from = units.atOf(entry.by);
  const taken = stepsOf(entry).find((step) => ['taken', 'question', 'answer'].includes(step.kind));
  const twin = taken ? units.atOf(taken.by) : units.twins.get(from) ?? units.places.get(from.split('/')[0]).twin;
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

/** One case: what it shows, and the case itself. */
function caseEntries(entry, people, units) {
  const shared = sharedOf(entry, people, units);
  const common = {
    subject: shared.subject,
    basedOn: [refer('ServiceRequest', shared.id)],
    performer: [shared.asker],
    effectiveDateTime: ago(entry.ago),
  };
  const observations = vitalSigns(entry.vitals, shared.id, common);
  const pictures = pictureRecords(entry, shared);
  const supporting = [...observations, ...pictures.filter((record) => record.resourceType === 'DocumentReference')];
  return {
    records: [...(isAbroad(entry, units) ? [consentFor(entry, shared)] : []), ...observations, ...pictures].map(put),
    cases: [caseFrom(entry, shared, requestFrom(entry, shared, supporting))],
  };
}

/** All cases: what they show as entries of a transaction, and the cases themselves. */
export function casesEntries(cases, staff, placeList) {
  const units = unitsOf(staff, placeList);
  const people = new Map(staff.people.map((person) => [person.id, person.name]));
  const made = cases.map((entry) => caseEntries(entry, people, units));
  const all = (part) => made.flatMap((one) => one[part]);
  return { records: all('records'), cases: all('cases') };
}
