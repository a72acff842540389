// SPDX-License-Identifier: Apache-2.0
// The cases that are shown, as a file for a spreadsheet.
import { nameOf } from '../fhir/patient';
import type { WorkItem } from '../fhir/worklist';
import { t } from '../lib/i18n';
import { XLSX_TYPE, csvOf, saveFile, type Cell } from '../lib/table-file';
import { STATES, URGENCY_LABELS } from './chips';

function rowsOf(items: WorkItem[]): Cell[][] {
  const head = [t('cases.urgency'), t('cases.patient'), t('cases.birth-date'), t('cases.question'), t('cases.state'), t('cases.hospital'), t('cases.asker'), t('cases.owner'), t('cases.sent'), t('cases.answered-at')];
  return [head, ...items.map((item) => [
    t(URGENCY_LABELS[item.urgency]), nameOf(item.patient), item.patient.birthDate ?? '', item.question, t(STATES[item.state].label),
    item.hospital, item.asker, item.owner, item.sent, item.answered,
  ])];
}

async function saveXlsx(items: WorkItem[]): Promise<void> {
  const { xlsxOf } = await import('../lib/xlsx');
  saveFile('cases.xlsx', XLSX_TYPE, xlsxOf(rowsOf(items), t('cases.title')));
}

export function SaveCases({ items }: { items: WorkItem[] }) {
  return (
    <span class="save-cases">
      {t('cases.save', { n: items.length })}{' '}
      <button type="button" class="button-quiet" onClick={() => saveFile('cases.csv', 'text/csv;charset=utf-8', '\ufeff' + csvOf(rowsOf(items)))}>CSV</button>
      <button type="button" class="button-quiet" onClick={() => void saveXlsx(items)}>XLSX</button>
    </span>
  );
}
