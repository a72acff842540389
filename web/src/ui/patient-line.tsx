// SPDX-License-Identifier: Apache-2.0
import { ageOf, altitudeOf, identifierOf, nameOf, placeOf, sexOf } from '../fhir/patient';
import type { Patient } from '../fhir/types';
import { numberIn } from '../lib/dates';
import { language, t } from '../lib/i18n';

/** "45 y, female, Damxung 4,300 m": what tells two patients apart, after the name. */
export function PatientFacts({ patient, at }: { patient: Patient; at?: string }) {
  const altitude = altitudeOf(patient);
  const place = placeOf(patient);
  const metres = altitude === null ? '' : t('patient.metres', { n: numberIn(language.value, altitude) });
  return (
    <span class="patient-facts">
      <span>{ageOf(patient, at ? Date.parse(at) : undefined)}</span>
      <span>{sexOf(patient.gender)}</span>
      {place && <span>{[place, metres].filter(Boolean).join(' ')}</span>}
    </span>
  );
}

export function PatientLine({ patient, withIdentifier = false }: { patient: Patient | undefined; withIdentifier?: boolean }) {
  if (!patient) return <span class="patient-name">{t('patient.unreadable')}</span>;
  const identifier = withIdentifier ? identifierOf(patient) : '';
  return (
    <span class="patient-line">
      <span class="patient-name">{nameOf(patient)}</span>
      <PatientFacts patient={patient} />
      {identifier && <span class="patient-identifier">{identifier}</span>}
    </span>
  );
}
