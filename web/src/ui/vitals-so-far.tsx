// SPDX-License-Identifier: Apache-2.0
// On the page that asks: what the node says of the values typed so far, loaded when the
// first is typed.
import { patientFrom, type CaseDraft } from '../fhir/open-case';
import { observationsFrom } from '../fhir/vitals';
import { later } from './later';

const Trial = later(() => import('./vitals-trial').then((module) => module.VitalsTrial));

export function VitalsSoFar({ draft }: { draft: CaseDraft }) {
  const patient = draft.patient ?? (draft.registration ? patientFrom(draft.registration) : null);
  if (!patient || observationsFrom(draft.vitals, {}).length === 0) return null;
  return <Trial patient={patient} draft={draft.vitals} />;
}
