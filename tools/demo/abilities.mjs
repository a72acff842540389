// SPDX-License-Identifier: Apache-2.0
// What the hospitals of the demonstration can do: who is signed off in what and on duty
// when, equipment, beds, ways, jurisdictions, who learns from whom (docs/ROUTING.md says
// which record says what).
import { BELAY, concept, idOf, put, refer } from './common.mjs';

const PLACE_KIND = 'http://terminology.hl7.org/CodeSystem/location-physical-type';
const BED_STATE = 'http://terminology.hl7.org/CodeSystem/v2-0116';
const UCUM = 'http://unitsofmeasure.org';
const HOURS = {
  always: [{ allDay: true }],
  days: [{ daysOfWeek: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'], availableStartTime: '09:30:00', availableEndTime: '18:30:00' }],
};

const minutes = (value) => ({ value, unit: 'min', system: UCUM, code: 'min' });
const metres = (value) => ({ value, unit: 'm', system: UCUM, code: 'm' });

/** The towns that others lie under are prefectures; those without a parent head a region. */
function jurisdictions(places) {
  const parents = new Set(places.map((place) => place.parent).filter(Boolean));
  const heads = places.filter((place) => parents.has(place.id));
  const area = (id, name, above, own) => ({
    resourceType: 'Location', id, status: 'active', name, mode: 'kind', physicalType: concept(PLACE_KIND, 'jdn', 'Jurisdiction'),
    ...(own ? { managingOrganization: refer('Organization', own) } : {}), // the hospital of all of it
    ...(above ? { partOf: refer('Location', above) } : {}),
  });
  return [
    ...heads.filter((place) => !place.parent).map((place) => area(idOf('region', place.id), `Region of ${place.name}`)),
    ...heads.filter((place) => place.tier === 'prefecture' || place.tier === 'region').map((place) => area(idOf('area', place.id), `Around ${place.name}`, idOf('region', regionOf(place, places).id), idOf(place.id))),
  ];
}

function regionOf(place, places) {
  const above = places.find((one) => one.id === place.parent);
  return above ? regionOf(above, places) : place;
}

/** The jurisdiction right above a town: its prefecture's, or else its region's. */
function areaOf(place, places) {
  const parents = new Set(places.map((one) => one.parent).filter(Boolean));
  const heads = (one) => parents.has(one.id) && (one.tier === 'prefecture' || one.tier === 'region');
  const above = places.find((one) => one.id === place.parent);
  const head = place.tier === 'county' && above ? above : place;
  if (heads(head)) return idOf('area', head.id);
  const region = regionOf(place, places);
  return parents.has(region.id) ? idOf('region', region.id) : null;
}

function wayExtension([, to, told]) {
  return {
    url: `${BELAY}/StructureDefinition/way`,
    extension: [
      { url: 'to', valueReference: refer('Location', idOf(to)) },
      ...(told.summer ? [{ url: 'summer', valueDuration: minutes(told.summer) }] : []),
      ...(told.winter ? [{ url: 'winter', valueDuration: minutes(told.winter) }] : []),
      ...(told.closed ?? []).map((season) => ({ url: 'closed', valueCode: season })),
      { url: 'highest', valueQuantity: metres(told.highest) },
    ],
  };
}

function completeTown(town, place, abilities, places) {
  const above = areaOf(place, places);
  const clock = abilities.clocks[place.country];
  if (clock === undefined) throw new Error(`there is no clock for ${place.country}`);
  town.extension = [
    { url: `${BELAY}/StructureDefinition/utc-offset`, valueInteger: clock },
    ...abilities.ways.filter(([from]) => from === place.id).map(wayExtension),
  ];
  if (above) town.partOf = refer('Location', above);
}

function completePerson(person, code) {
  person.qualification = Object.entries(code).flatMap(([start, codes]) => codes.map((one) => ({
    code: concept(`${BELAY}/CodeSystem/procedure`, one), period: { start },
  })));
}

/** Complete the records of the directory that ${entries} put. */
export function complete(entries, places, abilities) {
  const found = (type, id) => {
    const entry = entries.find(({ resource }) => resource.resourceType === type && resource.id === idOf(id));
    if (!entry) throw new Error(`abilities.json speaks of ${id}, and there is no such ${type}`);
    return entry.resource;
  };
  for (const place of places) completeTown(found('Location', place.id), place, abilities, places);
  for (const [id, code] of Object.entries(abilities.signedOff)) completePerson(found('Practitioner', id), code);
  for (const [kind, ids] of Object.entries(abilities.hours)) {
    for (const id of ids) found('PractitionerRole', id).availableTime = HOURS[kind];
  }
  for (const { id, until } of abilities.people) {
    if (until) found('PractitionerRole', id).period = { start: '2026-08-01', end: until };
  }
}

function deviceOf(place, kind, status) {
  return {
    resourceType: 'Device', id: idOf(place, kind), status, type: concept(`${BELAY}/CodeSystem/device-kind`, kind),
    owner: refer('Organization', idOf(place)),
  };
}

function bedsOf(place, [count, free]) {
  return Array.from({ length: count }, (_, at) => ({
    resourceType: 'Location', id: idOf(place, 'bed', String(at + 1)), status: 'active', name: `Bed ${at + 1}`, mode: 'instance',
    operationalStatus: { system: BED_STATE, code: at < free ? 'U' : 'O' },
    physicalType: concept(PLACE_KIND, 'bd', 'Bed'), managingOrganization: refer('Organization', idOf(place)), partOf: refer('Location', idOf(place)),
  }));
}

function serviceOf(place, codes) {
  return {
    resourceType: 'HealthcareService', id: idOf(place, 'services'), active: true, providedBy: refer('Organization', idOf(place)),
    type: codes.map((code) => concept(`${BELAY}/CodeSystem/procedure`, code)),
  };
}

/** Records that only say what can be done. */
export function abilityEntries(places, abilities) {
  return [
    ...jurisdictions(places),
    ...Object.entries(abilities.equipment).flatMap(([place, kinds]) => kinds.map((kind) => deviceOf(place, kind, 'active'))),
    ...Object.entries(abilities.outOfService).flatMap(([place, kinds]) => kinds.map((kind) => deviceOf(place, kind, 'inactive'))),
    ...Object.entries(abilities.beds).flatMap(([place, counts]) => bedsOf(place, counts)),
    ...Object.entries(abilities.listed).map(([place, codes]) => serviceOf(place, codes)),
  ].map(put);
}

/** Who learns from whom: records of the programme. */
export function learningEntries(abilities) {
  return abilities.learning.map(([apprentice, master, codes, learningAt, teachingAt]) => put({
    resourceType: 'Apprenticeship', id: idOf(apprentice), status: 'active',
    apprentice: refer('Practitioner', idOf(apprentice)), master: refer('Practitioner', idOf(master)),
    learningDepartment: refer('Organization', idOf(...learningAt.split('/'))), teachingDepartment: refer('Organization', idOf(...teachingAt.split('/'))),
    period: { start: '2026-08-01' },
    goal: codes.map((code) => ({ procedure: concept(`${BELAY}/CodeSystem/procedure`, code) })),
  }));
}
