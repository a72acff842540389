// SPDX-License-Identifier: Apache-2.0
// The next set of vital signs of a case: typed, seen scored, and saved as Observations that
// belong to the case, so that both sides see them.
import { useRef, useState } from 'preact/hooks';
import { create } from '../fhir/attach';
import type { Case } from '../fhir/case';
import { sentence, transaction } from '../fhir/client';
import { URI_IDENTIFIER, referenceTo } from '../fhir/codes';
import type { Observation } from '../fhir/types';
import { NO_VITALS, isBlocked, observationsFrom } from '../fhir/vitals';
import { t } from '../lib/i18n';
import { newUuid } from '../lib/ids';
import { presentInstant } from '../lib/time';
import { meAsReference } from '../session';
import { Notice } from './notice';
import { VitalsForm } from './vitals-form';
import { VitalsTrial } from './vitals-trial';

export function VitalsMeasure({ item, onDone }: { item: Case; onDone: (saved: boolean) => Promise<void> }) {
  const [draft, setDraft] = useState(NO_VITALS);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const ids = useRef<string[]>([]); // a second try finds what the first wrote
  const empty = observationsFrom(draft, {}).length === 0;

  const saveIt = async () => {
    const observations = observationsFrom(draft, {
      subject: { reference: referenceTo(item.patient) },
      basedOn: [{ reference: referenceTo(item.request) }],
      performer: [meAsReference()],
      effectiveDateTime: presentInstant(),
    });
    while (ids.current.length < observations.length) ids.current.push(newUuid());
    setBusy(true);
    setFailure('');
    try {
      await transaction(observations.map((observation, at) => {
        const value = `urn:uuid:${ids.current[at] ?? newUuid()}`;
        const ifNoneExist = new URLSearchParams({ identifier: `${URI_IDENTIFIER}|${value}` }).toString();
        const named: Observation = { ...observation, identifier: [{ system: URI_IDENTIFIER, value }] };
        return { ...create(named), request: { method: 'POST', url: 'Observation', ifNoneExist } };
      }));
      await onDone(true);
    } catch (error) {
      setFailure(sentence(error));
      setBusy(false);
    }
  };

  return (
    <form class="measure" noValidate onSubmit={(event) => { event.preventDefault(); void saveIt(); }}>
      <h3>{t('measure.title')}</h3>
      <VitalsForm value={draft} onChange={setDraft} />
      <VitalsTrial patient={item.patient} draft={draft} />
      {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
      <p class="vitals-acts">
        <button type="submit" class="button button-main button-small" disabled={busy || empty || isBlocked(draft)}>{t('measure.save')}</button>
        <button type="button" class="link" onClick={() => void onDone(false)}>{t('measure.cancel')}</button>
      </p>
    </form>
  );
}
