// SPDX-License-Identifier: Apache-2.0
// The heat map: hospitals down, specialties across; in each cell the share of the specialty's
// illnesses that local people treat alone, as a number and as a shade.
import { alone, reached, type CapabilityMap, type Counts, type MapHospital } from '../fhir/capability';
import { unitName } from '../fhir/unit-names';
import { numberIn } from '../lib/dates';
import { language, t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { csvOf, saveFile, XLSX_TYPE, type Cell } from '../lib/table-file';
import { shadeOf, specialtyWord, type Words } from './map-words';

export interface MapState {
  date: string;
  without: boolean;
}

export function queryOf({ date, without }: MapState): Record<string, string> {
  return { date, experts: without ? 'off' : '' };
}

export function idOf(hospital: MapHospital): string {
  return (hospital.hospital.reference ?? '').replace('Organization/', '');
}

export function nameOf(hospital: MapHospital): string {
  return unitName(hospital.hospital.reference ?? '') || hospital.hospital.display || '';
}

export function percent(part: number, whole: number): string {
  if (part > 0 && part * 200 < whole) return `<${percent(1, 100)}`;
  return numberIn(language.value, whole === 0 ? 0 : part / whole, { style: 'percent', maximumFractionDigits: 0 });
}

export function HeatCell({ counts, illnesses, href, name }: { counts: Counts | undefined; illnesses: number; href: string; name: string }) {
  const share = illnesses === 0 ? 0 : alone(counts) / illnesses;
  const help = reached(counts) - alone(counts);
  return (
    <td class={`heat heat-${shadeOf(share)}`}>
      <a href={href}>
        <span class="unseen">{t('map.cell', { name, n: alone(counts), all: illnesses, help })}</span>
        <span aria-hidden="true">
          {reached(counts) === 0 ? '–' : percent(alone(counts), illnesses)}
          {help > 0 && <span class="heat-help">+{help}</span>}
          {(counts?.lost ?? 0) > 0 && <span class="heat-lost">−{counts?.lost}</span>}
        </span>
      </a>
    </td>
  );
}

export function HeatMap({ map, state, words }: { map: CapabilityMap; state: MapState; words: Words }) {
  const all = map.specialties.reduce((sum, one) => sum + one.illnesses, 0);
  const columns = [...map.specialties].sort((a, b) => specialtyWord(words, a.code).localeCompare(specialtyWord(words, b.code), language.value));
  const able = map.hospitals.filter((one) => reached(one.all) > 0 || one.all.lost > 0);
  const silent = map.hospitals.filter((one) => !able.includes(one));
  return (
    <>
      <div class="numbers-scroll map-scroll" role="region" aria-label={t('map.table')} tabIndex={0}>
        <table class="numbers map-table">
          <caption>{t('map.table')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('numbers.by-hospital')}</th>
              <th scope="col">{t('map.all')}</th>
              {columns.map((one) => <th key={one.code} scope="col" class="map-column"><span>{specialtyWord(words, one.code)}</span></th>)}
            </tr>
          </thead>
          <tbody>
            {able.map((hospital) => (
              <tr key={hospital.hospital.reference}>
                <th scope="row"><a href={hrefTo('map', idOf(hospital), queryOf(state))}>{nameOf(hospital)}</a></th>
                <HeatCell counts={hospital.all} illnesses={all} href={hrefTo('map', idOf(hospital), queryOf(state))} name={`${nameOf(hospital)}, ${t('map.all')}`} />
                {columns.map((one) => (
                  <HeatCell
                    key={one.code} counts={hospital.cells.get(one.code)} illnesses={one.illnesses} name={`${nameOf(hospital)}, ${specialtyWord(words, one.code)}`}
                    href={hrefTo('map', idOf(hospital), { ...queryOf(state), specialty: one.code })}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {silent.length > 0 && (
        <details class="map-silent"><summary>{t('map.nothing-known', { n: silent.length })}</summary>
          <ul class="map-people">{silent.map((one) => <li key={one.hospital.reference}><a href={hrefTo('map', idOf(one), queryOf(state))}>{nameOf(one)}</a></li>)}</ul>
        </details>
      )}
    </>
  );
}

// ---- a file ----

function rowsOf(map: CapabilityMap, words: Words): Cell[][] {
  const head = [
    t('numbers.by-hospital'), t('map.specialty'), t('map.illnesses'), t('map.level-teaches'), t('map.level-independent'), t('map.level-supervised'),
    t('map.level-with-expert'), t('map.level-by-advice'), t('map.listed'), t('map.demonstrated'), t('map.sustained'), t('map.one-person'), t('map.lost'),
  ];
  const row = (hospital: MapHospital, one: CapabilityMap['specialties'][number]): Cell[] => {
    const counts = hospital.cells.get(one.code);
    if (!counts) return [nameOf(hospital), specialtyWord(words, one.code), one.illnesses, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const { at } = counts;
    return [
      nameOf(hospital), specialtyWord(words, one.code), one.illnesses, at.teaches, at.independent, at.supervised, at['with-expert'], at['by-advice'],
      counts.listed, counts.demonstrated, counts.sustained, counts.onePerson, counts.lost,
    ];
  };
  return [head, ...map.hospitals.flatMap((hospital) => map.specialties.map((one) => row(hospital, one)))];
}

async function saveXlsx(name: string, rows: Cell[][]): Promise<void> {
  const { xlsxOf } = await import('../lib/xlsx');
  saveFile(`${name}.xlsx`, XLSX_TYPE, xlsxOf(rows, t('map.title')));
}

export function SaveMap({ map, words }: { map: CapabilityMap; words: Words }) {
  const name = `capability-${map.date.slice(0, 10)}`;
  return (
    <p class="save-cases">
      {t('map.save')}{' '}
      <button type="button" class="button-quiet" onClick={() => saveFile(`${name}.csv`, 'text/csv;charset=utf-8', '\ufeff' + csvOf(rowsOf(map, words)))}>CSV</button>
      <button type="button" class="button-quiet" onClick={() => void saveXlsx(name, rowsOf(map, words))}>XLSX</button>
    </p>
  );
}
