// SPDX-License-Identifier: Apache-2.0
// Cases as a board: a column for each place where a case can stand.
import type { CaseState } from '../fhir/codes';
import { nameOf } from '../fhir/patient';
import type { WorkItem } from '../fhir/worklist';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { STATES, UrgencyChip } from './chips';
import { ClockChip } from './clock-chip';
import { Icon } from './icon';
import { PatientZone } from './zone';

function Card({ item }: { item: WorkItem }) {
  return (
    <li>
      <a class={`case-row board-card row-${item.urgency}`} href={hrefTo('case', item.id)}>
        <UrgencyChip urgency={item.urgency} />
        <span class="patient-name">{nameOf(item.patient)}</span>
        <span class="case-row-question">{item.question}</span>
        <PatientZone hospital={item.hospitalReference}><ClockChip item={item} /></PatientZone>
      </a>
    </li>
  );
}

export function WorkBoard({ items }: { items: WorkItem[] }) {
  const states = (Object.keys(STATES) as CaseState[]).filter((state) => items.some((item) => item.state === state));
  return (
    <div class="board">
      {states.map((state) => {
        const held = items.filter((item) => item.state === state);
        return (
          <section key={state} aria-labelledby={`board-${state}`}>
            <h2 id={`board-${state}`}><Icon name={STATES[state].icon} size={18} /> {t(STATES[state].label)} <span class="count">{held.length}</span></h2>
            <ul>{held.map((item) => <Card key={item.id} item={item} />)}</ul>
          </section>
        );
      })}
    </div>
  );
}
