// SPDX-License-Identifier: Apache-2.0
// Cases: the draft that is asked, and the steps that the program does with it when it loads
// them, each by the operation that a page would call (docs/CASES.md).
import { BELAY, ago, concept, idOf, minutes, put, refer } from './common.mjs';
import { picture } from './pictures.mjs';
import { laterVitals, vitalSigns } from './vitals.mjs';

/** Each kind of step: the operation, and the state it leads to ("": the same). */
const STEPS = {
  taken: ['accept', 'allocated'],
  question: ['ask-back', 'information-asked'],
  information: ['inform', 'allocated'],
  message: ['message', ''],
  answer: ['answer', 'answered'],
  act: ['act', 'acted-on'],
  outcome: ['outcome', 'outcome-known'],
  close: ['close', 'closed'],
  decline: ['decline', 'declined'],
  reroute: ['reroute', 'sent'],
  withdraw: ['withdraw', 'withdrawn'],
};
/** Task.status of each state. */
const STATUS = {
  draft: 'draft', sent: 'requested', allocated: 'accepted', 'information-asked': 'on-hold', answered: 'in-progress', 'acted-on': 'in-progress',
  'outcome-known': 'in-progress', closed: 'completed', declined: 'rejected', withdrawn: 'cancelled',
};
const RUNNING = ['sent', 'allocated']; // the node's clocks run in these

/** What a step of ${entry.then} says, with its operation and the state it leads to. */
function stepsOf(entry) {
  let state = entry.draft ? 'draft' : 'sent';
  return (entry.then ?? []).map((step) => {
    if (step.operation) { // any operation, told in full
      state = step.state ?? state;
      return { ...step, state };
    }
    let kind = Object.keys(STEPS).find((name) => step[name]);
    if (!kind) throw new Error(`case ${entry.id}: a step is one of ${Object.keys(STEPS).join(', ')}, or names its operation`);
    const by = step[kind];
    if (kind === 'message' && state === 'information-asked' && by === entry.by) kind = 'information';
    const [operation, to] = STEPS[kind];
    state = to || state;
    return { ...step, kind, operation, by, state };
  });
}

const word = (name, value) => (value === undefined ? [] : [{ name, valueString: value }]);
const code = (name, value) => [{ name, valueCode: value }];
const truth = (name, value) => [{ name, valueBoolean: value }];
const joined = (step) => word('text', step.text?.join('\n\n'));

/** The parameters of each kind, but for the id of what is written. */
const PARAMETERS = {
  answer: (step, entry) => {
    const [first = '', ...rest] = step.text;
    return [...word('assessment', first), ...word('advice', rest.join('\n\n') || first), ...code('urgency', entry.urgency), ...code('can-be-done-here', step.here ?? entry.here ?? 'with-help')];
  },
  outcome: (step) => [
    ...code('helpful', step.helpful), ...truth('plan-changed', step.changed), ...truth('transfer-avoided', step.avoided), ...code('patient', step.patient), ...joined(step),
  ],
  close: (step) => (step.lost ? truth('lost-to-follow-up', true) : []),
  decline: (step) => [...word('reason', step.reason), ...word('alternative', step.alternative)],
  reroute: (step) => [{ name: 'to', valueReference: refer('Organization', idOf(...step.to.split('/'))) }, ...word('reason', step.reason)],
  withdraw: (step) => word('reason', step.reason),
};

/** Does a step write words of its own? */
function speaks(step) {
  return step.kind && !['taken', 'close'].includes(step.kind);
}

function parametersOf(entry, step, id) {
  if (!step.kind) return step.parameters ?? [];
  const own = PARAMETERS[step.kind]?.(step, entry) ?? joined(step);
  return speaks(step) ? [...own, { name: 'id', valueId: id }] : own;
}

const PLACE_KIND = 'http://terminology.hl7.org/CodeSystem/location-physical-type';

/** A free bed, "town/Name", that a transfer takes: it is made so with the case, whose steps occupy it. */
function bedFrom(text) {
  const [place, name] = text.split('/');
  return {
    resourceType: 'Location', id: idOf(place, name), status: 'active', name, mode: 'instance',
    operationalStatus: { system: 'http://terminology.hl7.org/CodeSystem/v2-0116', code: 'U' },
    physicalType: concept(PLACE_KIND, 'bd', 'Bed'), managingOrganization: refer('Organization', idOf(place)), partOf: refer('Location', idOf(place)),
  };
}

/** The calls that bring the case to where it stands, and how its Task tells that they were made. */
function caseFrom(entry, shared, draft) {
  const steps = stepsOf(entry);
  const call = (name, by, when, parameter) => ({
    by: by.reference, at: ago(when), path: `ServiceRequest/${shared.id}/$${name}`, body: { resourceType: 'Parameters', ...(parameter.length > 0 ? { parameter } : {}) },
  });
  const words = (at) => `${shared.id}-message-${at + 1}`;
  const last = steps.at(-1);
  const state = last?.state ?? (entry.draft ? 'draft' : 'sent');
  return {
    id: shared.id,
    status: last?.status ?? STATUS[state],
    sent: ago(entry.ago),
    changed: ago(last?.ago ?? entry.ago),
    ...(entry.clocks ? { clocks: true, ...(RUNNING.includes(state) ? { runs: true } : {}) } : {}),
    draft,
    ...(entry.beds ? { records: entry.beds.map(bedFrom) } : {}),
    words: steps.flatMap((step, at) => (speaks(step) ? [`${step.kind === 'answer' ? 'ClinicalImpression' : 'Communication'}/${words(at)}`] : [...(step.writes ?? [])])),
    calls: [
      ...(entry.draft && steps.length === 0 ? [] : [call('send', shared.asker, entry.ago, [])]),
      ...steps.map((step, at) => call(step.operation, shared.person(step.by), step.ago, parametersOf(entry, step, words(at)))),
    ],
  };
}

/** The bytes, and the document that shows them in the case. */
function pictureRecords(entry, shared) {
  return (entry.pictures ?? []).flatMap(({ picture: name, title }, at) => {
    const png = picture(name);
    const binary = { resourceType: 'Binary', id: `${shared.id}-picture-${at + 1}`, contentType: 'image/png', data: `@picture-${name}` };
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
    category: [concept(`${BELAY}/CodeSystem/case-kind`, entry.kind ?? (entry.urgency === 'stat' ? 'emergency' : 'advice'))],
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

/** In which language, and by whose help. */
function explained(consent) {
  const interpreter = consent.interpreter ? [{ url: `${BELAY}/StructureDefinition/consent-interpreter`, valueString: consent.interpreter }] : [];
  return { extension: [{ url: `${BELAY}/StructureDefinition/consent-explained-in`, valueCode: consent.language }, ...interpreter] };
}

/** What the patient agreed to before the case left the country. */
function consentFor(entry, shared) {
  if (!entry.consent) throw new Error(`${shared.id} leaves the country: say in which language its consent was explained, and for how long`);
  return {
    resourceType: 'Consent',
    id: `${shared.id}-consent`,
    status: 'active',
    scope: concept('http://terminology.hl7.org/CodeSystem/consentscope', 'patient-privacy'),
    category: [concept('http://loinc.org', '59284-0', 'Consent to be seen by the department abroad')],
    patient: shared.subject,
    dateTime: ago(entry.ago),
    policyRule: { text: 'The department named here sees this case, and what it lists, until the consent is withdrawn.' },
    ...explained(entry.consent),
    provision: {
      type: 'permit',
      period: { end: `@ahead-${entry.consent.days}` },
      purpose: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' }],
      actor: [{ role: concept('http://terminology.hl7.org/CodeSystem/v3-ParticipationType', 'IRCP'), reference: shared.performer }],
    },
  };
}

/** The department a case is sent to: that of who takes it up, else the asker's twin, else the twin hospital. */
function performerOf(entry, units) {
  if (entry.to) return refer('Organization', idOf(...entry.to.split('/')));
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

/** The same signs again, every few hours, on the way to better or to worse. */
function seriesOf(entry, shared, common) {
  const steps = stepsOf(entry);
  const from = minutes(entry.ago);
  const until = minutes(steps.at(-1)?.ago ?? entry.ago);
  const every = Math.min(240, Math.floor((from - until) / ((entry.series ?? 0) + 1)));
  if (!entry.series || every < 10) return [];
  return Array.from({ length: entry.series }, (_, at) => {
    const share = (at + 1) / entry.series;
    const vitals = laterVitals(entry.vitals, entry.better ? share : -share, at);
    return vitalSigns(vitals, `${shared.id}-again-${at + 1}`, { ...common, effectiveDateTime: ago(`${from - every * (at + 1)}m`) });
  }).flat();
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
  const observations = [...vitalSigns(entry.vitals, shared.id, common), ...seriesOf(entry, shared, common)];
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
