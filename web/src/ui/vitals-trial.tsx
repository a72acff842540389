// SPDX-License-Identifier: Apache-2.0
// What the node would say of the values in a form, while they are typed. The node computes
// it (POST Patient/$vitals), stores nothing, and there is no second score here.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Patient } from '../fhir/types';
import { tryVitals, type VitalSet } from '../fhir/vitals-answer';
import { isBlocked, observationsFrom, type VitalsDraft } from '../fhir/vitals';
import { t } from '../lib/i18n';
import { SetSays } from './vitals-score';

const PAUSE = 500; // ms after the last key

/** What is asked about of a patient: age, hospital and home, no name. */
function bare({ birthDate, managingOrganization, address }: Patient): Patient {
  return {
    resourceType: 'Patient',
    ...(birthDate ? { birthDate } : {}),
    ...(managingOrganization ? { managingOrganization } : {}),
    ...(address ? { address } : {}),
  };
}

export function VitalsTrial({ patient, draft }: { patient: Patient; draft: VitalsDraft }) {
  const [says, setSays] = useState<VitalSet | null>(null);
  const latest = useRef(0);
  const observations = isBlocked(draft) ? [] : observationsFrom(draft, {});
  const asked = JSON.stringify([bare(patient), observations]);
  useEffect(() => {
    const mine = ++latest.current;
    if (observations.length === 0) {
      setSays(null);
      return undefined;
    }
    const timer = window.setTimeout(() => {
      tryVitals(bare(patient), observations).then(
        (set) => {
          if (mine === latest.current) setSays(set);
        },
        () => {
          if (mine === latest.current) setSays(null); // no link: the form works without
        },
      );
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [asked]);
  return (
    <div class="trial" aria-live="polite">
      {says && <><p class="hint">{t('measure.would-say')}</p><SetSays set={says} /></>}
    </div>
  );
}
