// SPDX-License-Identifier: Apache-2.0
// Vital signs on the page of a case. The values of the case stand at once; what the node
// makes of them is loaded behind, and takes their place.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Case } from '../fhir/case';
import { ageInYears, altitudeOf } from '../fhir/patient';
import type { MarkContext } from '../fhir/vitals';
import type { VitalsScoresProps } from './vitals-scores';
import { VitalsTable } from './vitals-table';
import { present } from '../lib/time';

let loaded: ComponentType<VitalsScoresProps> | null = null;

function contextOf(item: Case): MarkContext {
  const asked = Date.parse(item.request.authoredOn ?? '') || present();
  return { years: ageInYears(item.patient.birthDate, asked), altitude: altitudeOf(item.patient) };
}

export function VitalsPanel({ item, reload }: { item: Case; reload: () => Promise<void> }) {
  const [Scores, setScores] = useState<ComponentType<VitalsScoresProps> | null>(() => loaded);
  const context = contextOf(item);
  useEffect(() => {
    if (Scores) return;
    import('./vitals-scores').then(
      (module) => {
        loaded = module.VitalsScores;
        setScores(() => module.VitalsScores);
      },
      () => undefined, // the values stand already; the next visit tries again
    );
  }, []);
  if (!Scores) return <VitalsTable observations={item.observations} context={context} />;
  return <Scores item={item} context={context} reload={reload} />;
}
