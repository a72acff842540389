// SPDX-License-Identifier: Apache-2.0
// The capability map: what each hospital can do, at any date, with and without the experts;
// down to one illness at one hospital and what proves it. The address holds all of it.
//
//   #/map                       all hospitals      #/map/ID            one
//   #/map/ID?specialty=S        its illnesses      #/map/ID?code=C     one of them, explained
//   #/map?code=C                who can do it
import { useEffect, useState } from 'preact/hooks';
import { loadMap, loadProof, type CapabilityMap, type MapHospital, type Proof } from '../fhir/capability';
import { sentence } from '../fhir/client';
import { t } from '../lib/i18n';
import { hrefTo, route, setQuery } from '../lib/router';
import { now, shortDate } from '../lib/time';
import { mayOpen } from '../navigation';
import { Heading } from '../ui/heading';
import { IllnessPicker } from '../ui/illness-picker';
import { Dependents, LevelMark, Marks, Specialties, Things } from '../ui/map-hospital';
import { ProofPart } from '../ui/map-proof';
import { HeatMap, idOf, nameOf, queryOf, SaveMap, type MapState } from '../ui/map-table';
import { specialtyWord, thingWord, type Words } from '../ui/map-words';
import { Failure, Skeleton } from '../ui/notice';
import { useCatalogue } from '../ui/use-catalogue';

const BACK = 60;
const AHEAD = 24;

interface Asked extends MapState {
  hospital: string;
  specialty: string;
  code: string;
}

function askedNow(id: string): Asked {
  const { query } = route.value;
  const date = query.get('date') ?? '';
  return {
    hospital: id ? `Organization/${id}` : '',
    date: /^\d{4}-\d{2}-\d{2}$/.test(date) ? date : '',
    without: query.get('experts') === 'off',
    specialty: query.get('specialty') ?? '',
    code: query.get('code') ?? '',
  };
}

/** ${months} from today on, as a day; "" for today. */
function dayOf(months: number): string {
  if (months === 0) return '';
  const day = new Date(now.value);
  day.setUTCDate(1);
  day.setUTCMonth(day.getUTCMonth() + months);
  return day.toISOString().slice(0, 10);
}

function monthsTo(date: string): number {
  if (!date) return 0;
  const today = new Date(now.value);
  const day = new Date(`${date}T00:00:00Z`);
  return (day.getUTCFullYear() - today.getUTCFullYear()) * 12 + day.getUTCMonth() - today.getUTCMonth();
}

function When({ asked }: { asked: Asked }) {
  const [moving, setMoving] = useState<number | null>(null);
  const months = moving ?? monthsTo(asked.date);
  const shown = dayOf(months);
  const settle = (value: number) => { setMoving(null); setQuery({ date: dayOf(value) }); };
  return (
    <div class="map-when">
      <div class="field">
        <label for="map-date">{t('map.as-of')} <output for="map-date">{moving === null && asked.date ? shortDate(asked.date) : shown ? shortDate(shown) : t('map.today')}</output></label>
        <input
          id="map-date" type="range" min={-BACK} max={AHEAD} step={1} value={months} aria-valuetext={shown ? shortDate(shown) : t('map.today')}
          onInput={(event) => setMoving(event.currentTarget.valueAsNumber)} onChange={(event) => settle(event.currentTarget.valueAsNumber)}
        />
      </div>
      <div class="field map-day">
        <label for="map-day">{t('map.day')}</label>
        <input id="map-day" type="date" value={asked.date} onChange={(event) => setQuery({ date: event.currentTarget.value })} />
      </div>
      <label class="find-check">
        <input type="checkbox" checked={asked.without} onChange={(event) => setQuery({ experts: event.currentTarget.checked ? 'off' : '' })} />
        {t('map.without')}
      </label>
    </div>
  );
}

interface Loaded {
  map: CapabilityMap | null;
  proof: Proof | null;
  problem: string;
}
const NOTHING: Loaded = { map: null, proof: null, problem: '' };

/** What was loaded before stays until the next is there: a slider that moves must not blink. */
function useMap(asked: Asked): Loaded & { retry: () => void } {
  const [loaded, setLoaded] = useState<Loaded>(NOTHING);
  const [attempt, setAttempt] = useState(0);
  const { hospital, specialty, code, date, without } = asked;
  useEffect(() => {
    let stale = false;
    const question = { hospital, specialty, code, date, without };
    const work: Promise<Loaded> = hospital && code
      ? loadProof(hospital, question).then((proof) => ({ ...NOTHING, proof }))
      : loadMap(question).then((map) => ({ ...NOTHING, map }));
    work.then((one) => { if (!stale) setLoaded(one); }, (error: unknown) => { if (!stale) setLoaded({ ...NOTHING, problem: sentence(error) }); });
    return () => { stale = true; };
  }, [hospital, specialty, code, date, without, attempt]);
  return { ...loaded, retry: () => setAttempt(attempt + 1) };
}

function WhoCan({ map, asked, words }: { map: CapabilityMap; asked: Asked; words: Words }) {
  const able = map.hospitals.filter((one) => one.things.length > 0);
  return (
    <section aria-live="polite">
      <h2>{t('map.who-can', { n: able.length })}</h2>
      <ul class="map-things">
        {able.map((one) => one.things.map((answer) => (
          <li key={one.hospital.reference} class="map-thing">
            <a href={hrefTo('map', idOf(one), { ...queryOf(asked), code: asked.code })}>{nameOf(one)}<span class="unseen">, {thingWord(words, answer.code)}</span></a>
            <LevelMark answer={answer} />
            <Marks answer={answer} />
          </li>
        )))}
      </ul>
      {mayOpen('find') && <p><a href={hrefTo('find', '', { code: asked.code })}>{t('map.near')}</a></p>}
    </section>
  );
}

function One({ map, hospital, asked, words }: { map: CapabilityMap; hospital: MapHospital; asked: Asked; words: Words }) {
  if (asked.specialty) return <Things hospital={hospital} state={asked} words={words} />;
  return (
    <>
      <Dependents hospital={hospital} heading={t('map.dependence')} />
      <Specialties map={map} hospital={hospital} state={asked} words={words} />
      <p><a href={hrefTo('hospital', idOf(hospital))}>{t('hospital.about')}</a></p>
    </>
  );
}

function Shown({ map, asked, words }: { map: CapabilityMap; asked: Asked; words: Words }) {
  const [hospital] = map.hospitals;
  if (asked.code) return <WhoCan map={map} asked={asked} words={words} />;
  if (asked.hospital) return hospital ? <One map={map} hospital={hospital} asked={asked} words={words} /> : null;
  if (map.hospitals.length === 0) return <p class="empty">{t('map.empty')}</p>;
  return (
    <>
      <HeatMap map={map} state={asked} words={words} />
      <p class="hint">{t('map.legend', { cases: map.cases })}</p>
      <SaveMap map={map} words={words} />
    </>
  );
}

function titleOf({ map, proof }: Loaded, asked: Asked, words: Words): string {
  if (proof) return t('map.title-cell', { what: thingWord(words, proof.answer.code), where: proof.hospital.display ?? '' });
  const [hospital] = map?.hospitals ?? [];
  if (!asked.hospital || !hospital || asked.code) return t('map.title');
  return asked.specialty ? t('map.title-cell', { what: specialtyWord(words, asked.specialty), where: nameOf(hospital) }) : nameOf(hospital);
}

function Up({ asked }: { asked: Asked }) {
  if (!asked.hospital && !asked.code) return null;
  const id = asked.hospital.replace('Organization/', '');
  return (
    <p class="map-up">
      <a href={hrefTo('map', '', queryOf(asked))}>{t('map.title')}</a>
      {asked.hospital && (asked.specialty || asked.code) && <> · <a href={hrefTo('map', id, queryOf(asked))}>{t('map.all')}</a></>}
    </p>
  );
}

export function MapPage({ id }: { id: string }) {
  const asked = askedNow(id);
  const words = useCatalogue();
  const { map, proof, problem, retry } = useMap(asked);
  return (
    <div class="page page-map">
      <Heading text={titleOf({ map, proof, problem }, asked, words)} title={t('map.title')} />
      <Up asked={asked} />
      <When asked={asked} />
      {asked.without && <p class="notice-line">{t('map.without-note')}</p>}
      {!asked.hospital && <IllnessPicker id="map-code" label={t('map.search')} value={asked.code} onChange={(code) => setQuery({ code })} />}
      {problem && <Failure text={problem} retry={retry} />}
      {!map && !proof && !problem && <Skeleton rows={8} />}
      {map && <Shown map={map} asked={asked} words={words} />}
      {proof && <ProofPart proof={proof} words={words} />}
      <p class="hint">{t('map.past-note')}</p>
    </div>
  );
}
