// SPDX-License-Identifier: Apache-2.0
// What became possible when: for each year what each hospital could treat by its own people, and which techniques were
// new there. One question for all years; one more for the techniques of a hospital that is chosen.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { rangeOf, type Told } from '../fhir/dashboard';
import { loadCells, type Cells } from '../fhir/dashboard-cells';
import type { Definition } from '../fhir/indicators';
import { procedureName } from '../fhir/logbook';
import { loadSites, type Site } from '../fhir/sites';
import { language, t } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { hrefTo, route, setQuery } from '../lib/router';
import { ChartFrame, type Sheet } from './chart-frame';
import { nameOf } from './figure-words';
import { Failure, Skeleton } from './notice';
import { PossibleMap, type Standing } from './possible-map';
import { amountSays, figureOf, toldSays } from './programme-words';
import type { Opened } from './trend-card';
import { YearSlider } from './year-slider';

const SERIOUS = 'serious-illnesses-treatable-in-region';
const MODERATE = 'moderate-illnesses-treatable-locally';
const MINOR = 'minor-illnesses-treatable-in-county';
const OWN = 'self-sufficiency';
const NEW = 'techniques-introduced';
const LEVELS = [SERIOUS, MODERATE, MINOR]; // each illness has one: they add up
const MEASURES = [...LEVELS, OWN, NEW];

interface Found { cells: Cells; sites: Site[]; begin: number }

const amountOf = (told: Told) => rangeOf(told)?.[0] ?? 0;
const ableIn = (cells: Cells, year: number, hospital: string) => LEVELS.reduce((sum, indicator) => sum + amountOf(cells.at(indicator, year, hospital)), 0);
/** Where nothing is written down of it, a count is nothing. */
const countOf = (told: Told): Told => (told.kind === 'none' ? { kind: 'exact', amount: 0, unit: '' } : told);

function standingsOf({ cells, sites, begin }: Found, year: number, last: number): Standing[] {
  const years = Array.from({ length: last - begin + 1 }, (_, at) => begin + at);
  return sites.map((site) => {
    const fresh = countOf(cells.at(NEW, year, site.hospital));
    return { site, able: ableIn(cells, year, site.hospital), most: Math.max(...years.map((one) => ableIn(cells, one, site.hospital))), fresh: fresh.kind === 'exact' ? fresh.amount : null };
  });
}

async function load(first: number, last: number): Promise<Found> {
  const cells = await loadCells({ first, last, measures: MEASURES, axis: 'hospital' });
  const years = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const hospitals = cells.codes.filter((code) => code.startsWith('Organization/') && years.some((year) => ableIn(cells, year, code) + amountOf(cells.at(NEW, year, code)) > 0));
  const begin = years.find((year) => hospitals.some((hospital) => ableIn(cells, year, hospital) + amountOf(cells.at(NEW, year, hospital)) > 0)) ?? last;
  return { cells, sites: await loadSites(hospitals), begin };
}

const shownYear = (year: number, running: number) => (year === running ? t('programme.so-far', { year: String(year) }) : String(year));

function readingOf(standings: readonly Standing[], year: number): string {
  const able = standings.filter((one) => one.able > 0);
  const most = able.reduce<Standing | null>((best, one) => (best && best.able >= one.able ? best : one), null);
  if (!most) return t('programme.possible-none');
  const fresh = standings.some((one) => one.fresh === null) ? '–' : amountSays(standings.reduce((sum, one) => sum + (one.fresh ?? 0), 0));
  return t('programme.possible-says', { n: able.length, year: String(year), most: most.site.name, amount: amountSays(most.able), fresh });
}

function sheetOf({ cells }: Found, standings: readonly Standing[], year: number, open: (opened: Opened) => void): Sheet {
  const cell = (indicator: string, hospital: string) => {
    const told = cells.at(indicator, year, hospital);
    return figureOf(indicator === OWN ? told : countOf(told), () => open({ indicator, year: String(year), stratum: `hospital|${hospital}` }));
  };
  return {
    heads: [t('programme.hospital'), t('programme.possible-serious'), t('programme.possible-moderate'), t('programme.possible-minor'), t('programme.possible-all'), t('computed.self-sufficiency'), t('programme.possible-techniques')],
    rows: standings.map(({ site, able }) => ({
      name: site.name,
      cells: [...LEVELS.map((indicator) => cell(indicator, site.hospital)), { text: amountSays(able), value: able }, cell(OWN, site.hospital), cell(NEW, site.hospital)],
    })),
  };
}

/** The techniques of a hospital by year: codes of the catalogue. */
function useTechniques(hospital: string, first: number, last: number): { cells: Cells | null; problem: string; retry: () => void } {
  const [state, setState] = useState<{ cells: Cells | null; problem: string; of: string }>({ cells: null, problem: '', of: '' });
  const latest = useLatest();
  const ask = () => latest(loadCells({ first, last, measures: [NEW], axis: 'procedure', stratum: `hospital|${hospital}` }))
    .then((cells) => setState({ cells, problem: '', of: hospital }), (error: unknown) => setState({ cells: null, problem: sentence(error), of: hospital }));
  useEffect(() => { void ask(); }, [hospital, first, last]);
  const { cells, problem } = state.of === hospital ? state : { cells: null, problem: '' };
  return { cells, problem, retry: () => void ask() };
}

function Chosen({ found, site, year, last, open }: { found: Found; site: Site; year: number; last: number; open: (opened: Opened) => void }) {
  const { cells, problem, retry } = useTechniques(site.hospital, found.begin, last);
  const told = countOf(found.cells.at(NEW, year, site.hospital));
  const names = (cells?.codes ?? []).filter((code) => amountOf(cells?.at(NEW, year, code) ?? { kind: 'none' }) > 0).map((code) => procedureName(code, language.value)).sort((one, other) => one.localeCompare(other));
  const id = site.hospital.replace('Organization/', '');
  return (
    <section class="possible-chosen" aria-labelledby="possible-chosen" aria-live="polite">
      <h4 id="possible-chosen">{t('programme.possible-new-at', { hospital: site.name, year: shownYear(year, last) })}</h4>
      <p>{t('programme.possible-able', { n: ableIn(found.cells, year, site.hospital) })} · {t('computed.self-sufficiency')} {toldSays(found.cells.at(OWN, year, site.hospital))}</p>
      {told.kind === 'refused' && <p class="hint">{t('programme.possible-later')}</p>}
      {told.kind === 'exact' && told.amount === 0 && <p class="hint">{t('programme.possible-no-new')}</p>}
      {problem && <Failure text={problem} retry={retry} />}
      {!cells && !problem && <Skeleton rows={1} />}
      {names.length > 0 && <ul>{names.map((name) => <li key={name}>{name}</li>)}</ul>}
      {told.kind === 'exact' && told.amount > 0 && <button type="button" class="button button-small" onClick={() => open({ indicator: NEW, year: String(year), stratum: `hospital|${site.hospital}` })}>{t('computed.show')}</button>}{' '}
      <a class="button button-small" href={hrefTo('map', id, { date: year === last ? '' : `${year}-12-31` })}>{t('programme.possible-map')}</a>
    </section>
  );
}

function Words({ definitions }: { definitions: readonly Definition[] }) {
  const of = (id: string) => definitions.find((one) => one.id === id);
  return <ul>{MEASURES.map((id) => of(id)).map((one) => one && <li key={one.id}><strong>{nameOf(one)}</strong>: <span lang="en">{one.text}</span></li>)}</ul>;
}

interface Props { first: number; running: number; definitions: readonly Definition[]; table: boolean; open: (opened: Opened) => void; settled: () => void }

export function PossibleCard({ first, running, definitions, table, open, settled }: Props) {
  const [state, setState] = useState<{ found: Found | null; problem: string }>({ found: null, problem: '' });
  const latest = useLatest();
  const ask = () => latest(load(first, running)).then((found) => setState({ found, problem: '' }), (error: unknown) => setState({ found: null, problem: sentence(error) })).then(settled);
  useEffect(() => { void ask(); }, [first, running]);
  const { found, problem } = state;
  if (problem) return <Failure text={problem} retry={() => void ask()} />;
  if (!found) return <Skeleton />;
  if (found.sites.length === 0) return <p class="empty">{t('programme.possible-none')}</p>;
  const { query } = route.value;
  const year = Math.min(running, Math.max(found.begin, Number(query.get('upto')) || running - 1));
  const standings = standingsOf(found, year, running);
  const chosen = found.sites.find(({ hospital }) => hospital === `Organization/${query.get('where') ?? ''}`);
  const title = t('programme.possible-in', { year: shownYear(year, running) });
  return (
    <ChartFrame name="possible" title={title} reading={readingOf(standings, year)} sheet={sheetOf(found, standings, year, open)} table={table} definition={<Words definitions={definitions} />}
      drawing={(
        <>
          <YearSlider id="possible-year" year={year} first={found.begin} last={running} says={(one) => shownYear(one, running)} onChange={(one) => setQuery({ upto: String(one) })} />
          <PossibleMap standings={standings} chosen={chosen?.hospital ?? ''} title={title} />
          <p class="hint">{t('programme.possible-how')}</p>
        </>
      )}>
      {chosen && <Chosen found={found} site={chosen} year={year} last={running} open={open} />}
    </ChartFrame>
  );
}
