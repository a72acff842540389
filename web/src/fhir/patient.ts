// SPDX-License-Identifier: Apache-2.0
// A patient as clinicians name one: name, age, sex, place and altitude.
import { t } from '../lib/i18n';
import { resourcesOf, search } from './client';
import { ALTITUDE, URI_IDENTIFIER, isType } from './codes';
import type { Gender, Patient } from './types';
import { present } from '../lib/time';

const DAY = 86_400_000;
const MEAN_MONTH = 30.44 * DAY;

export function nameOf(patient: Patient | undefined): string {
  const name = patient?.name?.find((entry) => entry.use !== 'old') ?? patient?.name?.[0];
  const parts = name?.text ?? [...(name?.given ?? []), name?.family ?? ''].join(' ').trim();
  return parts || t('patient.unnamed');
}

export function ageInYears(birthDate: string | undefined, at = present()): number | null {
  const born = Date.parse(birthDate ?? '');
  return Number.isNaN(born) ? null : Math.max(0, at - born) / (365.25 * DAY);
}

/** "45 y", "≈45 y" where only the year is known, months under two years, days under a month. */
export function ageOf(patient: Patient, at = present()): string {
  const birthDate = patient.birthDate;
  const years = ageInYears(birthDate, at);
  if (!birthDate || years === null) return t('patient.age-unknown');
  if (birthDate.length === 4) {
    return t('patient.age-about', { n: new Date(at).getFullYear() - Number(birthDate) });
  }
  const passed = at - Date.parse(birthDate);
  if (birthDate.length === 10 && passed < MEAN_MONTH) return t('patient.age-days', { n: Math.max(0, Math.floor(passed / DAY)) });
  if (years < 2) return t('patient.age-months', { n: Math.max(0, Math.floor(passed / MEAN_MONTH)) });
  return t('patient.age-years', { n: fullYears(birthDate, at) });
}

function fullYears(birthDate: string, at: number): number {
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number);
  const today = new Date(at);
  const before = today.getMonth() + 1 < month || (today.getMonth() + 1 === month && today.getDate() < day);
  return today.getFullYear() - year - (before ? 1 : 0);
}

export function sexOf(gender: Gender | undefined): string {
  if (gender === 'female') return t('patient.female');
  if (gender === 'male') return t('patient.male');
  return gender === 'other' ? t('patient.other') : t('patient.sex-unknown');
}

export function placeOf(patient: Patient): string {
  const address = patient.address?.[0];
  return address?.city ?? address?.district ?? address?.text ?? '';
}

/** Metres above the sea where the patient lives, or null where nobody wrote it. */
export function altitudeOf(patient: Patient): number | null {
  const extension = patient.address?.[0]?.extension?.find((entry) => entry.url === ALTITUDE);
  return extension?.valueQuantity?.value ?? null;
}

export function identifierOf(patient: Patient): string {
  return patient.identifier?.find((identifier) => identifier.value && identifier.system !== URI_IDENTIFIER)?.value ?? ''; // not one of ours
}

/** Patients whose name holds every word of ${text}, or whose identifier is ${text}. */
export async function findPatients(text: string): Promise<Patient[]> {
  const wanted = text.trim();
  if (wanted === '') return [];
  const words = wanted.split(/\s+/).map(escapeValue);
  const [byIdentifier, byName] = await Promise.all([
    search('Patient', { identifier: escapeValue(wanted), _count: '5' }),
    search('Patient', { 'name:contains': words, _count: '12' }),
  ]);
  const found = new Map<string, Patient>();
  for (const resource of [...resourcesOf(byIdentifier), ...resourcesOf(byName)]) {
    if (isType<Patient>(resource, 'Patient') && resource.id) found.set(resource.id, resource);
  }
  return [...found.values()];
}

/** A value as search wants it: comma, dollar, bar and backslash would mean something there. */
export function escapeValue(value: string): string {
  return value.replace(/[\\,|$]/g, '\\$&');
}
