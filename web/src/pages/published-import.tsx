// SPDX-License-Identifier: Apache-2.0
// Published figures from a CSV or XLSX file.
import { COLUMNS, loadPublished, saveAll, type Column } from '../fhir/published';
import { judge, placesOf, type FaultOfLine, type GoodRow } from '../fhir/published-check';
import { t } from '../lib/i18n';
import { FileImportPage, type FileImport } from '../ui/file-import';
import { COLUMN_WORDS, REMEDY_WORDS, WRONG_WORDS, measureWord, periodWord, valueWord } from '../ui/published-words';

const columnName = (column: Column) => t(COLUMN_WORDS[column]);

const PUBLISHED: FileImport<Column, FaultOfLine, GoodRow> = {
  name: 'published', title: 'published.import', why: 'published.import-why', back: 'published.title', go: 'published.go',
  columns: COLUMNS, columnName, wrongs: WRONG_WORDS, remedies: REMEDY_WORDS, save: saveAll,
  places: (head) => placesOf(head, Object.fromEntries(COLUMNS.map((column) => [column, columnName(column)])) as Record<Column, string>),
  judge: async (table, places) => {
    const there = await loadPublished();
    return judge(table, places, [...there.figures, ...there.withdrawn]);
  },
  shown: ({ said }) => ({ of: measureWord(said.measure), says: `${valueWord(said)}, ${periodWord(said)}` }),
};

export const PublishedImportPage = () => <FileImportPage of={PUBLISHED} />;
