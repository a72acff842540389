// SPDX-License-Identifier: Apache-2.0
// The patients, in the shape in which the pages register one.
import { BELAY, born, idOf, put, refer } from './common.mjs';

const UCUM = 'http://unitsofmeasure.org';

function addressIn(place) {
  const metres = { value: place.altitude_m, unit: 'm', system: UCUM, code: 'm' };
  return {
    extension: [{ url: `${BELAY}/StructureDefinition/altitude`, valueQuantity: metres }],
    city: place.name,
    country: place.country,
  };
}

function patientFrom(entry, places) {
  const place = places.get(entry.place);
  const hospital = places.get(entry.hospital ?? entry.place);
  if (!place || !hospital) throw new Error(`patient ${entry.id}: place or hospital is no town of places.csv`);
  return {
    resourceType: 'Patient',
    id: idOf('patient', entry.id),
    identifier: [{ use: 'usual', value: entry.number, assigner: refer('Organization', idOf(hospital.id)) }],
    active: true,
    name: [{ text: entry.name }, ...(entry.also ? [{ text: entry.also }] : [])],
    gender: entry.gender,
    birthDate: born(entry.age, entry.birthday),
    managingOrganization: refer('Organization', idOf(hospital.id)),
    address: [addressIn(place)],
  };
}

export function patientEntries(patients, placeList) {
  const places = new Map(placeList.map((place) => [place.id, place]));
  return patients.map((entry) => put(patientFrom(entry, places)));
}
