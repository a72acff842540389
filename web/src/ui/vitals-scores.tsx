// SPDX-License-Identifier: Apache-2.0
// The newest set of a case with what the node says of it, the sets over time, and a form
// for the next one. Loaded behind the page (vitals-panel.tsx).
import { useEffect, useState } from 'preact/hooks';
import type { Case } from '../fhir/case';
import { loadVitals, recordsOf, type VitalsAnswer } from '../fhir/vitals-answer';
import type { MarkContext } from '../fhir/vitals';
import { localReference } from '../fhir/codes';
import { t } from '../lib/i18n';
import { route, setQuery } from '../lib/router';
import { session } from '../session';
import { later } from './later';
import { SetSays } from './vitals-score';
import { VitalsTable } from './vitals-table';

const Trend = later(() => import('./vitals-trend').then((module) => module.VitalsTrend));
const Measure = later(() => import('./vitals-measure').then((module) => module.VitalsMeasure));

export interface VitalsScoresProps {
  item: Case;
  context: MarkContext;
  reload: () => Promise<void>;
}

const CLINICAL = ['clinician', 'nurse', 'therapist', 'head-of-department'];

/** At the bed: a clinical post at the patient's own hospital. The node decides. */
function mayMeasure(item: Case): boolean {
  const home = localReference(item.patient.managingOrganization?.reference);
  const posts = session.value?.posts ?? [];
  return posts.some((post) => CLINICAL.includes(post.role) && post.organization === home);
}

/** The case's own answer, renewed with the case: an event reloads both. */
function useAnswer(item: Case): VitalsAnswer | null {
  const [answer, setAnswer] = useState<VitalsAnswer | null>(null);
  const id = item.request.id ?? '';
  useEffect(() => {
    let current = true;
    loadVitals(id).then(
      (loaded) => {
        if (current) setAnswer(loaded);
      },
      () => undefined, // the values of the case stand without it
    );
    return () => {
      current = false;
    };
  }, [item]);
  return answer;
}

export function VitalsScores({ item, context, reload }: VitalsScoresProps) {
  const answer = useAnswer(item);
  const [adding, setAdding] = useState(false);
  const [latest] = answer?.sets ?? [];
  const open = route.value.query.get('trend') === '1';
  const many = (answer?.sets.length ?? 0) > 1;
  return (
    <>
      <VitalsTable observations={latest ? recordsOf(latest) : item.observations} context={context} />
      {latest && <SetSays set={latest} />}
      {(many || mayMeasure(item)) && (
        <p class="vitals-acts">
          {many && (
            <button type="button" class="button button-small" aria-expanded={open} onClick={() => setQuery({ trend: open ? '' : '1' })}>
              {open ? t('trend.hide') : t('trend.show', { n: answer?.sets.length ?? 0 })}
            </button>
          )}
          {mayMeasure(item) && !adding && (
            <button type="button" class="button button-small" onClick={() => setAdding(true)}>{t('measure.add')}</button>
          )}
        </p>
      )}
      {adding && <Measure item={item} onDone={async (saved) => { setAdding(false); if (saved) await reload(); }} />}
      {open && many && answer && <Trend sets={answer.sets} older={answer.older} name={item.request.id ?? ''} />}
    </>
  );
}
