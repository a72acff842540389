// SPDX-License-Identifier: Apache-2.0
// Volumes from a CSV or XLSX file.
import { KINDS, loadUnits, loadWritten, saveVolumes } from '../fhir/volumes';
import { COLUMNS, judge, placesOf, type Column, type Fault, type GoodRow, type Known } from '../fhir/volumes-check';
import { t, type TextKey } from '../lib/i18n';
import { FileImportPage, type FileImport } from '../ui/file-import';
import { measureWord } from '../ui/published-words';

const WRONG_WORDS: Record<Fault, TextKey> = {
  needed: 'published.w-needed', 'no-kind': 'volumes.w-kind', 'no-unit': 'volumes.w-unit', 'two-units': 'volumes.w-two', 'no-month': 'volumes.w-month', 'no-year': 'volumes.w-year', 'no-number': 'published.w-number',
  'no-part': 'volumes.w-part', 'two-parts': 'volumes.w-parts', 'no-sex': 'volumes.w-sex', 'no-language': 'volumes.w-language', twice: 'published.w-twice',
};
const REMEDY_WORDS: Record<Fault, TextKey> = {
  needed: 'published.do-needed', 'no-kind': 'volumes.do-kind', 'no-unit': 'volumes.do-unit', 'two-units': 'volumes.do-two', 'no-month': 'volumes.do-month', 'no-year': 'volumes.do-year', 'no-number': 'published.do-number',
  'no-part': 'volumes.do-part', 'two-parts': 'volumes.do-parts', 'no-sex': 'volumes.do-sex', 'no-language': 'volumes.do-language', twice: 'published.do-twice',
};

async function loadKnown(): Promise<Known> {
  const [organizations, locations, ...written] = await Promise.all([loadUnits('Organization'), loadUnits('Location'), ...KINDS.map(loadWritten)]);
  return { organizations, locations, written: new Map(written.flatMap((one) => [...one])) };
}

const VOLUMES: FileImport<Column, Fault, GoodRow> = {
  name: 'volumes', title: 'volumes.import', why: 'volumes.import-why', back: 'volumes.title', go: 'volumes.go',
  columns: COLUMNS, columnName: (column) => column, places: placesOf, wrongs: WRONG_WORDS, remedies: REMEDY_WORDS,
  judge: async (table, places) => judge(table, places, await loadKnown()),
  save: (good) => saveVolumes(good.map((one) => one.told)),
  shown: ({ told, before }) => ({ of: measureWord(told.kind), says: `${told.time}${told.part ? `, ${told.part.code}` : ''}: ${told.value}${before && ` ${t('volumes.was', { value: before })}`}` }),
};

export const VolumesImportPage = () => <FileImportPage of={VOLUMES} />;
