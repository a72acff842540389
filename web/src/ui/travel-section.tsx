// SPDX-License-Identifier: Apache-2.0
// Where patients still travel and why (docs/DASHBOARD.md): journeys on a map and bands of reasons, of a year or of all,
// of a hospital or a specialty. The address holds all of it, and which journeys are open.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import type { Definition } from '../fhir/indicators';
import { loadTravel, type InPairs, type Pair, type Travel } from '../fhir/travel';
import { language, t } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { addStyle } from '../lib/page-style';
import type { Band, Behind, Flow } from '../lib/reason-flow';
import { route, setQuery } from '../lib/router';
import { yearOptions } from '../lib/year-options';
import style from '../style/travel.page.css';
import { ChartFrame, type Figure, type Sheet } from './chart-frame';
import { RowsBehind } from './computed-rows';
import { SelectField } from './fields';
import { specialtyWord, type Words } from './map-words';
import { Failure, Skeleton } from './notice';
import { amountSays, toldSays } from './programme-words';
import { TravelMap } from './travel-map';
import { BandSteps } from './travel-bands';
import { bandCount, bandSays, flowOf, whyBands, whyOption } from './travel-why';
import { reasonWord } from './travel-words';
import { useCatalogue } from './use-catalogue';

addStyle(style);

const EVERY = 'every'; // of specialties: each of them

/** What is looked at. */
interface Asked { year: string; hospital: string; specialty: string; journeys: string }

function askedNow(last: number): Asked {
  const { query } = route.value;
  return { year: query.get('travel') ?? String(last), hospital: query.get('hospital') ?? '', specialty: query.get('specialty') ?? '', journeys: query.get('journeys') ?? '' };
}

function open(journeys: string): void {
  setQuery({ journeys });
}

const nameIn = (travel: Travel, key: string) => (key ? travel.places.get(key)?.name ?? key : t('travel.unknown-reach'));
const areaIn = (travel: Travel, key: string) => travel.places.get(key)?.area ?? key;

// ---- what is chosen ----

function Choices({ asked, travel, first, last, words }: { asked: Asked; travel: Travel | null; first: number; last: number; words: Words }) {
  const hospitals = [...(travel?.places.values() ?? [])].sort((one, other) => one.name.localeCompare(other.name, language.value));
  const specialties = [...new Set(travel?.specialty.pairs.map(({ parts }) => parts[0] ?? '') ?? [])].filter(Boolean);
  return (
    <div class="chart-choices">
      <SelectField id="travel-year" label={t('travel.year')} value={asked.year} onChange={(travelYear) => setQuery({ travel: travelYear, journeys: '' })} options={[{ value: 'all', label: t('travel.all-years') }, ...yearOptions(first, last, Number(asked.year) || last)]} />
      <SelectField id="travel-hospital" label={t('travel.hospital')} value={asked.hospital} onChange={(hospital) => setQuery({ hospital, specialty: '', journeys: '' })} options={[{ value: '', label: t('travel.all-hospitals') }, ...hospitals.map(({ reference, name }) => ({ value: reference, label: name }))]} />
      <SelectField id="travel-specialty" label={t('travel.specialty')} value={asked.specialty} onChange={(specialty) => setQuery({ specialty, hospital: '', journeys: '' })} options={[{ value: '', label: t('travel.by-place') }, { value: EVERY, label: t('travel.by-specialty') }, ...specialties.map((code) => ({ value: code, label: specialtyWord(words, code) }))]} />
    </div>
  );
}

// ---- sentences ----

/** How many all in all, and how many of them are told in pairs. */
function restSays({ whole }: InPairs, pairs: readonly Pair[]): string {
  const shown = pairs.reduce((sum, { count }) => sum + count, 0);
  return whole.kind === 'exact' && whole.amount > shown ? t('travel.rest', { shown: amountSays(shown), all: amountSays(whole.amount) }) : '';
}

/** Where there is nothing to draw: why not. Else empty. */
function nothingSays(of: InPairs, when: string): string {
  if (of.pairs.length > 0) return '';
  if (of.whole.kind === 'masked' || of.whole.kind === 'few') return t('travel.few', { when });
  if (of.whole.kind === 'exact' && of.whole.amount > 0) return t('travel.hidden', { n: of.whole.amount, when });
  return t(of.whole.kind === 'refused' ? 'travel.refused' : 'travel.none', { when });
}

const figure = (count: number, key: string): Figure => ({ text: amountSays(count), value: count, open: () => open(key) });

// ---- the two charts ----

interface CardProps { travel: Travel; asked: Asked; when: string; definition: Definition; table: boolean }

function Counted({ definition }: { definition: Definition }) {
  return <><p lang="en">{definition.text}</p><p lang="en">{definition.scope}</p><p>{t('travel.small')}</p></>;
}

function MapCard({ travel, asked, when, definition, table }: CardProps) {
  const pairs = travel.flow.pairs.filter(({ parts }) => !asked.hospital || parts.includes(asked.hospital));
  const [most] = pairs;
  const says = ({ from, to, count }: { from: string; to: string; count: number }) => t('travel.journey', { from: nameIn(travel, from), to: nameIn(travel, to), n: count });
  const reading = most
    ? [t('travel.map-says', { when, from: nameIn(travel, most.parts[0] ?? ''), to: nameIn(travel, most.parts[1] ?? ''), most: amountSays(most.count) }), asked.hospital ? '' : restSays(travel.flow, pairs)].filter(Boolean).join(' ')
    : nothingSays(travel.flow, when) || t('travel.none-here', { when });
  const sheet: Sheet = {
    heads: [t('travel.from'), t('travel.to'), t('travel.number')],
    rows: pairs.map(({ stratum, parts: [from = '', to = ''], count }) => ({ name: nameIn(travel, from), cells: [{ text: nameIn(travel, to), value: nameIn(travel, to) }, figure(count, stratum)] })),
  };
  return (
    <ChartFrame name="travel-map" title={t('travel.map')} reading={`${reading} ${most ? t('travel.map-hint') : ''}`} sheet={sheet} table={table} definition={<Counted definition={definition} />}
      {...(most ? { drawing: <TravelMap pairs={pairs} places={travel.places} says={says} /> } : {})} />
  );
}

/** What the bands are made of, and they themselves. */
function lookAt(travel: Travel, asked: Asked, words: Words): { flow: Flow; bands: Band[] } {
  const flow = flowOf(travel, { bySpecialty: asked.specialty !== '', only: asked.specialty ? (asked.specialty === EVERY ? '' : asked.specialty) : asked.hospital });
  const name = (code: string) => (asked.specialty ? (code ? specialtyWord(words, code) : t('travel.unknown-reach')) : nameIn(travel, code));
  return { flow, bands: whyBands(flow, asked.specialty || asked.hospital ? name : (code) => areaIn(travel, code), name) };
}

/** How many of all are told by place (or specialty) and reason at once, and what grey is. */
function greySays({ whole, paths }: Flow): string {
  const told = paths.reduce((sum, { count }) => sum + count, 0);
  return whole !== null && whole > told ? t('travel.grey', { told: amountSays(told), all: amountSays(whole) }) : '';
}

function WhyCard({ travel, asked, when, definition, table, words }: CardProps & { words: Words }) {
  const { flow, bands } = useMemo(() => lookAt(travel, asked, words), [travel, asked.hospital, asked.specialty, words, language.value]);
  const [lit, setLit] = useState('');
  const option = useMemo(() => whyOption(bands, lit), [bands, lit]);
  const reasons = new Map(flow.reasons.map(({ parts, count }) => [parts[0] ?? '', count]));
  if (reasons.size === 0) for (const { parts, count } of flow.paths) reasons.set(parts[1] ?? '', (reasons.get(parts[1] ?? '') ?? 0) + count);
  const [most] = [...reasons].sort((one, other) => other[1] - one[1]);
  const all = flow.whole ?? [...reasons.values()].reduce((sum, count) => sum + count, 0);
  const reading = bands.length > 0
    ? [most ? t('travel.why-says', { when, reason: reasonWord(most[0]), n: amountSays(most[1]), all: amountSays(all) }) : '', greySays(flow)].filter(Boolean).join(' ')
    : nothingSays(travel.path, when) || t('travel.none-here', { when });
  const cell = (band: Band): Figure => ({ text: bandCount(band), value: band.rest && bandCount(band) !== amountSays(band.count) ? '' : band.count, ...(band.behind.length > 0 ? { open: () => open(`why|${band.key}`) } : {}) });
  const sheet: Sheet = { heads: [t('travel.from'), t('travel.to'), t('travel.number')], rows: bands.map((band) => ({ name: band.fromWord, cells: [{ text: band.toWord, value: band.toWord }, cell(band)] })) };
  const lead = (band: Band | undefined) => { if (band && band.behind.length > 0) open(`why|${band.key}`); };
  const pressed = (_: number, name: string) => lead(bands.find(({ from, to }) => name === `${from} > ${to}`));
  return (
    <ChartFrame name="travel-why" title={t('travel.why')} reading={reading} sheet={sheet} table={table} definition={<><Counted definition={definition} /><p>{t('travel.grey-how')}</p></>}
      pressed={pressed} {...(bands.length > 0 ? { option } : {})}>
      {bands.length > 0 && <BandSteps bands={bands} light={setLit} open={lead} />}
    </ChartFrame>
  );
}

// ---- the transfers behind ----

function OpenedRows({ travel, asked, when, period, words }: { travel: Travel; asked: Asked; when: string; period: { from: string; until: string }; words: Words }) {
  const band = asked.journeys.startsWith('why|') ? lookAt(travel, asked, words).bands.find(({ key }) => `why|${key}` === asked.journeys) : undefined;
  const pair = travel.flow.pairs.find(({ stratum }) => stratum === asked.journeys);
  const behind: Behind[] = band?.behind ?? (pair ? [{ stratum: pair.stratum, words: '', count: pair.count }] : []);
  useEffect(() => { document.getElementById('travel-rows')?.focus(); }, [asked.journeys]);
  if (behind.length === 0) return null;
  const title = band ? bandSays(band) : pair ? t('travel.band', { from: nameIn(travel, pair.parts[0] ?? ''), to: nameIn(travel, pair.parts[1] ?? '') }) : '';
  return (
    <section class="chart-rows" aria-labelledby="travel-rows">
      <h3 id="travel-rows" tabIndex={-1}>{t('travel.rows', { title, when })}</h3>
      {band?.rest && <p class="hint">{t('travel.rest-rows')}</p>}
      {behind.map((one) => (
        <div key={one.stratum}>
          {band && <h4>{`${one.words}: ${amountSays(one.count)}`}</h4>}
          <RowsBehind id="transfers" period={period} stratum={one.stratum} />
        </div>
      ))}
      <button type="button" class="button button-small" onClick={() => open('')}>{t('computed.hide')}</button>
    </section>
  );
}

interface Props { first: number; last: number; definition: Definition; table: boolean }

/** An answer and the years it is of: while another year is asked for it is still told as of its own. */
interface Found { travel: Travel; from: number; until: number; when: string }

export function TravelSection({ first, last, definition, table }: Props) {
  const [state, setState] = useState<{ found: Found | null; problem: string }>({ found: null, problem: '' });
  const latest = useLatest();
  const words = useCatalogue();
  const asked = askedNow(last);
  const all = asked.year === 'all';
  const [from, until] = all ? [first, last] : [Number(asked.year) || last, Number(asked.year) || last];
  const whenNow = all ? t('programme.years', { first: String(first), last: String(last) }) : String(from);
  const load = () => latest(loadTravel(from, until)).then((travel) => setState({ found: { travel, from, until, when: whenNow }, problem: '' }), (error: unknown) => setState({ found: null, problem: sentence(error) }));
  useEffect(() => { void load(); }, [from, until]);
  const { found, problem } = state;
  const travel = found?.travel ?? null;
  const when = found?.when ?? whenNow;
  const waits = !problem && (found?.from !== from || found.until !== until);
  const card = { asked, when, definition, table };
  return (
    <section class="travel" aria-labelledby="programme-travel" aria-busy={waits}>
      <h2 id="programme-travel">{t('travel.title')}</h2>
      <p class="hint">{travel && travel.flow.whole.kind === 'exact' ? t('travel.whole', { n: toldSays(travel.flow.whole), when }) : ''}</p>
      <Choices asked={asked} travel={travel} first={first} last={last} words={words} />
      {problem && <Failure text={problem} retry={() => void load()} />}
      {!travel && !problem && <Skeleton />}
      {travel && <div class="travel-charts"><MapCard travel={travel} {...card} /><WhyCard travel={travel} {...card} words={words} /></div>}
      {found && travel && asked.journeys && <OpenedRows travel={travel} asked={asked} when={when} period={{ from: String(found.from), until: String(found.until) }} words={words} />}
    </section>
  );
}
