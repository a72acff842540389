// SPDX-License-Identifier: Apache-2.0
// One case in a list: how urgent, who, what is asked, where it stands, and its clock.
import { stepsFor } from '../fhir/case-step';
import { hasEnded, hasNews } from '../fhir/codes';
import type { WorkItem } from '../fhir/worklist';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { wasSeen } from '../lib/seen';
import { StateChip, UrgencyChip } from './chips';
import { ClockChip } from './clock-chip';
import { Icon } from './icon';
import { PatientLine } from './patient-line';
import { STEP_WORDS } from './step-words';
import { TimeAgo } from './time-ago';
import { PatientZone } from './zone';

/** An answer to what I asked that I have not opened yet. */
function isNews(item: WorkItem): boolean {
  return item.side === 'asking' && hasNews(item.state) && !hasEnded(item.state) && !wasSeen(item.id, item.changed);
}

export function WorkRow({ item }: { item: WorkItem }) {
  const next = item.waits ? stepsFor(item.state, [item.side], item.kind).find((step) => step.first) : undefined;
  return (
    <PatientZone hospital={item.hospitalReference}>
      <li>
        <a class={`case-row row-${item.urgency}`} href={hrefTo('case', item.id)}>
          <UrgencyChip urgency={item.urgency} />
          <span class="case-row-main">
            <PatientLine patient={item.patient} />
            <span class="case-row-question">{item.question}</span>
          </span>
          <span class="case-row-side">
            <span class="case-row-state">
              <StateChip state={item.state} owner={item.owner} />
              {isNews(item) && <span class="new">{t('timeline.new')}</span>}
            </span>
            {next && <span class="next-step"><Icon name="next" size={16} />{t(STEP_WORDS[next.name].title)}</span>}
            <ClockChip item={item} />
            <span class="case-row-asker">{item.side === 'asked' && item.hospital ? t('work.from', { name: [item.asker, item.hospital].filter(Boolean).join(', ') }) : item.asker && t('cases.asked-by', { name: item.asker })}</span>
          </span>
          <TimeAgo at={item.sent} />
        </a>
      </li>
    </PatientZone>
  );
}
