// SPDX-License-Identifier: Apache-2.0
// What stands beside the steps of a case: its meetings and its plan of rehabilitation, and
// the forms that call one and make the other.
import { sidesOf } from '../fhir/case-step';
import type { Case } from '../fhir/case';
import { hasEnded } from '../fhir/codes';
import { t } from '../lib/i18n';
import { refreshMeetings } from '../mdt-store';
import { CasePlan } from './case-plan';
import { MdtCall } from './mdt-call';
import { MeetingRow } from './meeting-row';
import { PlanForm } from './plan-form';

interface BesideProps {
  item: Case;
  reload: () => Promise<void>;
}

/** Meetings and plan, where there are some. */
export function CaseBeside({ item, reload }: BesideProps) {
  const sides = sidesOf(item.patient, item.task);
  const following = { request: item.request.id ?? '', asking: sides.includes('asking'), judges: sides.length > 0, reload };
  return (
    <>
      {item.meetings.length > 0 && (
        <section aria-labelledby="meetings-title">
          <h2 id="meetings-title">{t('mdt.of-case')}</h2>
          <ul class="case-list">{item.meetings.map((one) => <MeetingRow key={one.id} meeting={one} withPatient={false} />)}</ul>
        </section>
      )}
      <CasePlan plans={item.plans} following={following} />
    </>
  );
}

/** To call a meeting, or to plan rehabilitation, while the case is open. */
export function CaseBesideForms({ item, reload }: BesideProps) {
  const sides = sidesOf(item.patient, item.task);
  const id = item.request.id ?? '';
  if (hasEnded(item.state) || sides.length === 0) return null;
  return (
    <section class="beside-forms no-print" aria-label={t('mdt.beside')}>
      <details class="beside">
        <summary>{t('mdt.call')}</summary>
        <MdtCall request={id} onCalled={async () => { await reload(); await refreshMeetings(); }} />
      </details>
      {sides.includes('asked') && (
        <details class="beside">
          <summary>{t(item.plans.length > 0 ? 'plan.make-new' : 'plan.make')}</summary>
          <PlanForm request={id} replaces={item.plans.length > 0} onMade={reload} />
        </details>
      )}
    </section>
  );
}
