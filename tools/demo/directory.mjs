// SPDX-License-Identifier: Apache-2.0
// Who there is: towns, their hospitals and departments, who stands by whom, who works where.
import { BELAY, concept, day, idOf, put, refer } from './common.mjs';

const PLACE_KIND = 'http://terminology.hl7.org/CodeSystem/location-physical-type';
const ORGANIZATION_KIND = 'http://terminology.hl7.org/CodeSystem/organization-type';
const LANGUAGE = 'urn:ietf:bcp:47';
const TIER_WORDS = { county: 'County' };

/** A hospital's name follows from its town, so that nobody can take it for a fact. */
function hospitalName(place) {
  if (place.tier === 'sending') return `${place.name} General Hospital`;
  if (place.tier === 'abroad') return `${place.name} City Hospital`;
  return [place.name, TIER_WORDS[place.tier], "People's Hospital"].filter(Boolean).join(' ');
}

function aliasesOf(place) {
  const alias = [place.also, place.chinese].filter(Boolean);
  return alias.length > 0 ? { alias } : {};
}

function townAndHospital(place) {
  const id = idOf(place.id);
  const hospital = {
    resourceType: 'Organization',
    id,
    active: true,
    type: [concept(ORGANIZATION_KIND, 'prov', 'Hospital')],
    name: hospitalName(place),
    address: [{ city: place.name, country: place.country }],
  };
  const town = {
    resourceType: 'Location',
    id,
    status: 'active',
    name: place.name,
    ...aliasesOf(place),
    mode: 'instance',
    physicalType: concept(PLACE_KIND, 'area', 'Town'),
    address: { city: place.name, country: place.country },
    position: { longitude: place.longitude, latitude: place.latitude, altitude: place.altitude_m },
    managingOrganization: refer('Organization', id, hospital.name),
  };
  return [hospital, town];
}

export function departmentOf(place, name) {
  return {
    resourceType: 'Organization',
    id: idOf(place.id, name),
    active: true,
    type: [concept(ORGANIZATION_KIND, 'dept', 'Department')],
    name,
    partOf: refer('Organization', idOf(place.id), hospitalName(place)),
  };
}

/** ${helped} is helped by ${helper}: both are { id, name }. */
export function affiliation(kind, text, helped, helper) {
  return {
    resourceType: 'OrganizationAffiliation',
    id: `${helped.id}-by-${helper.id.replace(/^demo-/, '')}`,
    active: true,
    organization: refer('Organization', helped.id, helped.name),
    participatingOrganization: refer('Organization', helper.id, helper.name),
    code: [concept(`${BELAY}/CodeSystem/affiliation`, kind, text)],
  };
}

/** What a pairing wants to reach and is assisted in, as OrganizationAffiliation/ID/$goals writes it. */
function aims({ goals = [], assisted = [] }) {
  const parts = (name, list) => ({ url: `${BELAY}/StructureDefinition/${name}`, extension: list.filter((part) => part) });
  const procedure = (url, code) => code && { url, valueCodeableConcept: concept(`${BELAY}/CodeSystem/procedure`, code) };
  const date = (url, days) => days !== undefined && { url, valueDate: day(days) };
  return [
    ...goals.map((goal) => parts('pairing-goal', [
      { url: 'kind', valueCode: goal.kind }, { url: 'per', valueCode: goal.per }, date('from', goal.from), date('until', goal.until),
      { url: 'target', valueInteger: goal.target }, procedure('procedure', goal.procedure),
    ])),
    ...assisted.map((one) => parts('assisted-in', [procedure('what', one.what), date('since', one.since)])),
  ];
}

/** ["nagqu/Emergency", "dalian/Emergency and critical care", { goals, assisted }]: twin departments. */
export function departmentPair([helped, helper, wanted], places) {
  const pair = affiliation('department-pair', 'Twin departments', unitAt(helped, places), unitAt(helper, places));
  return wanted ? { ...pair, extension: aims(wanted) } : pair;
}

/** "nagqu/Emergency", or "nagqu" for the hospital itself, as { place, id, name }. */
export function unitAt(path, places) {
  const [placeId, department] = path.split('/');
  const place = places.get(placeId);
  if (!place) throw new Error(`there is no town "${placeId}"`);
  const hospital = hospitalName(place);
  return department
    ? { place, id: idOf(placeId, department), name: `${department}, ${hospital}` }
    : { place, id: idOf(placeId), name: hospital };
}

/** Somebody at "*" works for all of them. */
export function personAndPost(person, places) {
  const id = idOf(person.id);
  const unit = person.at === '*' ? null : unitAt(person.at, places);
  const practitioner = {
    resourceType: 'Practitioner',
    id,
    active: true,
    name: [{ text: person.name }, ...(person.also ? [{ text: person.also }] : [])],
    gender: person.gender,
    communication: person.speaks.map((code) => concept(LANGUAGE, code)),
  };
  const post = {
    resourceType: 'PractitionerRole',
    id,
    active: true,
    practitioner: refer('Practitioner', id, person.name),
    ...(unit ? { organization: refer('Organization', unit.id, unit.name) } : {}),
    code: [person.signsIn ?? person.role].flat().map((role) => ({ ...concept(`${BELAY}/CodeSystem/role`, role), text: person.as })),
    ...(unit ? { location: [refer('Location', idOf(unit.place.id), unit.place.name)] } : {}),
  };
  return [practitioner, post];
}

export function directoryEntries(placeList, staff) {
  const places = new Map(placeList.map((place) => [place.id, place]));
  const hospital = (id) => unitAt(id, places);
  const kindOf = (place) => (place.tier === 'abroad' ? ['telemedicine-link', 'Telemedicine link'] : ['hospital-pair', 'Twin hospitals']);
  return [
    ...placeList.flatMap(townAndHospital),
    ...Object.entries(staff.departments).flatMap(([id, names]) => names.map((name) => departmentOf(places.get(id), name))),
    ...placeList.filter((place) => place.twin).map((place) => affiliation(...kindOf(place), hospital(place.id), hospital(place.twin))),
    ...staff.twinned.map((pair) => departmentPair(pair, places)),
    ...staff.people.flatMap((person) => personAndPost(person, places)),
  ].map(put);
}

/** Those a token is made for: what struct app_demo_person holds. */
export function signIns(staff) {
  return staff.people.filter((person) => person.signsIn).map((person) => ({
    name: person.name,
    role: person.signsIn,
    practitioner: `Practitioner/${idOf(person.id)}`,
    organization: person.at === '*' ? '' : `Organization/${idOf(person.at.split('/')[0])}`,
  }));
}
