// SPDX-License-Identifier: Apache-2.0
// Cases as a dense table, for a desk.
import { ageOf, nameOf, sexOf } from '../fhir/patient';
import type { WorkItem } from '../fhir/worklist';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { StateChip, UrgencyChip } from './chips';
import { ClockChip } from './clock-chip';
import { TimeAgo } from './time-ago';
import { PatientZone } from './zone';

export function WorkTable({ items }: { items: WorkItem[] }) {
  return (
    <div class="table-box">
      <table class="work-table">
        <thead>
          <tr>
            <th scope="col">{t('cases.urgency')}</th><th scope="col">{t('cases.patient')}</th><th scope="col">{t('cases.question')}</th>
            <th scope="col">{t('cases.state')}</th><th scope="col">{t('cases.clock')}</th><th scope="col">{t('cases.hospital')}</th><th scope="col">{t('cases.sent')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <td><UrgencyChip urgency={item.urgency} /></td>
              <th scope="row"><a class="case-row-link" href={hrefTo('case', item.id)}>{nameOf(item.patient)}</a> <span class="patient-facts"><span>{ageOf(item.patient)}</span><span>{sexOf(item.patient.gender)}</span></span></th>
              <td>{item.question}</td>
              <td><StateChip state={item.state} owner={item.owner} /></td>
              <td><PatientZone hospital={item.hospitalReference}><ClockChip item={item} /></PatientZone></td>
              <td>{item.hospital}</td>
              <td><PatientZone hospital={item.hospitalReference}><TimeAgo at={item.sent} /></PatientZone></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
