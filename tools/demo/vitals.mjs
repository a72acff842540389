// SPDX-License-Identifier: Apache-2.0
// Vital signs of a case as Observations, under the codes and units that the pages use.
import { BELAY, concept } from './common.mjs';

const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';

const NUMBERS = {
  breaths: { loinc: '9279-1', text: 'Respiratory rate', unit: '/min', code: '/min' },
  saturation: { loinc: '2708-6', text: 'Oxygen saturation', unit: '%', code: '%' },
  oxygen: { loinc: '3151-8', text: 'Inhaled oxygen flow rate', unit: 'L/min', code: 'L/min' },
  pulse: { loinc: '8867-4', text: 'Heart rate', unit: '/min', code: '/min' },
  temperature: { loinc: '8310-5', text: 'Body temperature', unit: '°C', code: 'Cel' },
};
const PRESSURES = [
  { loinc: '8480-6', text: 'Systolic blood pressure' },
  { loinc: '8462-4', text: 'Diastolic blood pressure' },
];

function named({ loinc, text }) {
  return { coding: [{ system: LOINC, code: loinc, display: text }], text };
}

function quantity(value, { unit, code }) {
  return { value, unit, system: UCUM, code };
}

function pressureComponents(text) {
  const values = text.split('/').map(Number);
  return PRESSURES.map((kind, at) => ({
    code: named(kind),
    valueQuantity: quantity(values[at], { unit: 'mmHg', code: 'mm[Hg]' }),
  }));
}

/** Code and value of one sign. */
function contentOf(name, value) {
  if (name === 'pressure') return { code: named({ loinc: '85354-9', text: 'Blood pressure' }), component: pressureComponents(value) };
  if (name === 'consciousness') {
    return {
      code: named({ loinc: '80288-4', text: 'Level of consciousness' }),
      valueCodeableConcept: concept(`${BELAY}/CodeSystem/consciousness`, value, value),
    };
  }
  const kind = NUMBERS[name];
  if (!kind) throw new Error(`"${name}" is no vital sign known here`);
  return { code: named(kind), valueQuantity: quantity(value, kind) };
}

/** ${vitals} on the way: ${share} of the way to what is usual (below 0: away from it); ${at} makes them tremble. */
export function laterVitals(vitals, share, at) {
  const tremble = (name) => Math.round(2 * Math.sin(at * 2.4 + name.length));
  const toward = (value, usual) => value + (usual - value) * share * 0.7;
  const moved = (name, usual, most = 300) => (vitals[name] === undefined ? {} : { [name]: Math.min(most, Math.max(0, Math.round(toward(vitals[name], usual)) + tremble(name))) });
  const { saturation, oxygen } = vitals;
  return {
    ...vitals,
    ...moved('breaths', Math.min(vitals.breaths ?? 18, 18), 60),
    ...moved('pulse', Math.min(vitals.pulse ?? 78, 82), 190),
    ...(saturation === undefined ? {} : { saturation: Math.min(98, Math.max(50, Math.round(saturation + share * 5) + (at % 2))) }),
    ...(oxygen === undefined ? {} : { oxygen: share > 0.6 ? Math.max(0, oxygen - 2) : oxygen }),
    ...(vitals.temperature === undefined ? {} : { temperature: Math.round(toward(vitals.temperature, 36.8) * 10) / 10 }),
  };
}

/** ${common}: subject, basedOn, performer and time of all of them. */
export function vitalSigns(vitals, caseId, common) {
  return Object.entries(vitals).map(([name, value]) => {
    const { code, ...result } = contentOf(name, value);
    return {
      resourceType: 'Observation',
      id: `${caseId}-${name}`,
      status: 'final',
      category: [concept(CATEGORY, 'vital-signs')],
      code,
      ...common,
      ...result,
    };
  });
}
