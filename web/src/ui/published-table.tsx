// SPDX-License-Identifier: Apache-2.0
// Published figures as a table, on the page and as a file. The file has the columns that an import takes.
import { COLUMNS, type Figure, type Published } from '../fhir/published';
import { t } from '../lib/i18n';
import { XLSX_TYPE, csvOf, saveFile, type Cell } from '../lib/table-file';
import { toldTime, toldValue, verdictWord } from './verdict';
import { byMeasure, contradictionsOf, likenessesOf, measureWord, periodWord, sourceWord, valueWord } from './published-words';

const NUMBERS: readonly string[] = ['value', 'before', 'other'];

/** What the records say, and the verdict. */
function toldCells({ told }: Figure): Cell[] {
  return [told?.value ? Number(told.value) : '', told ? verdictWord(told) : ''];
}

function rowsOf({ figures, contradictions, likenesses }: Published): Cell[][] {
  const row = (at: number): Cell[] => {
    const one = figures[at];
    if (!one) return [];
    const cells = COLUMNS.map((column): Cell => (NUMBERS.includes(column) && one.said[column] ? Number(one.said[column]) : one.said[column]));
    return [...cells, ...toldCells(one), contradictionsOf(one, figures, contradictions).join(' '), likenessesOf(one, figures, likenesses).join(' ')];
  };
  return [[...COLUMNS, t('verdict.computed'), t('verdict.verdict'), t('published.contradicts'), t('published.noticed')], ...figures.map((_, at) => row(at))];
}

async function saveXlsx(rows: Cell[][]): Promise<void> {
  const { xlsxOf } = await import('../lib/xlsx');
  saveFile('published-figures.xlsx', XLSX_TYPE, xlsxOf(rows, t('published.title')));
}

export function SavePublished({ published }: { published: Published }) {
  return (
    <p class="save-cases">
      {t('published.save-as')}{' '}
      <button type="button" class="button-quiet" onClick={() => saveFile('published-figures.csv', 'text/csv;charset=utf-8', '\ufeff' + csvOf(rowsOf(published)))}>CSV</button>
      <button type="button" class="button-quiet" onClick={() => void saveXlsx(rowsOf(published))}>XLSX</button>
    </p>
  );
}

export function PublishedTable({ published }: { published: Published }) {
  const { figures, contradictions, likenesses } = published;
  return (
    <div class="learn-figures" tabIndex={0} role="group" aria-label={t('published.title')}>
      <table>
        <caption class="unseen">{t('published.title')}</caption>
        <thead><tr><th scope="col">{t('published.measure')}</th><th scope="col">{t('published.value')}</th><th scope="col">{t('published.time')}</th><th scope="col">{t('published.scope')}</th><th scope="col">{t('published.source')}</th><th scope="col">{t('verdict.computed')}</th><th scope="col">{t('verdict.verdict')}</th><th scope="col">{t('published.contradicts')}</th><th scope="col">{t('published.noticed')}</th></tr></thead>
        <tbody>
          {byMeasure(figures).flatMap(([measure, group]) => group.map((one) => (
            <tr key={one.id}>
              <th scope="row">{measureWord(measure)}</th><td>{valueWord(one.said)}</td><td>{periodWord(one.said)}</td><td>{one.said.scope}</td><td>{sourceWord(one.said)}</td>
              <td>{one.told?.value && `${toldValue(one.told)}, ${toldTime(one.told)}`}</td><td>{one.told && verdictWord(one.told)}</td>
              <td>{contradictionsOf(one, figures, contradictions).join(' ')}</td><td>{likenessesOf(one, figures, likenesses).join(' ')}</td>
            </tr>
          )))}
        </tbody>
      </table>
    </div>
  );
}
