// SPDX-License-Identifier: Apache-2.0
// Records that were opened in an emergency, some of them reviewed: records of the programme.
import { ago, idOf, minutes, put, refer } from './common.mjs';

const HELD = 60; // minutes: as long as $break-glass opens

function emergencyFrom(entry, at, patients) {
  const mine = patients.filter((patient) => patient.place === entry.patientOf);
  if (mine.length === 0) throw new Error(`emergencies.json: no patient is of ${entry.patientOf}`);
  const [place] = entry.at.split('/');
  const review = entry.review && {
    reviewer: refer('Practitioner', idOf(entry.review.by)), time: ago(entry.review.ago), verdict: entry.review.verdict, word: entry.review.word,
  };
  return {
    resourceType: 'EmergencyAccess', id: idOf('emergency', String(at + 1)), status: review ? 'reviewed' : 'waiting', kind: 'open',
    patient: refer('Patient', idOf('patient', mine[at % mine.length].id)), practitioner: refer('Practitioner', idOf(entry.by)),
    organization: refer('Organization', idOf(place)), department: [refer('Organization', idOf(...entry.at.split('/')))],
    reason: entry.reason, period: { start: ago(entry.ago), end: `@minutes-${minutes(entry.ago) - HELD}` },
    informed: entry.informed.map((id) => refer('Practitioner', idOf(id))), ...(review ? { review } : {}),
  };
}

export function emergencyEntries(list, patients) {
  return list.map((entry, at) => put(emergencyFrom(entry, at, patients)));
}
