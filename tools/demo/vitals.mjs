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
