// SPDX-License-Identifier: Apache-2.0
// One hospital of the capability map: its specialties, the illnesses of one, whom it hangs
// on, and how much hangs on the twins.
import { useEffect, useState } from 'preact/hooks';
import { alone, loadMap, reached, type Answer, type CapabilityMap, type Dependence, type MapHospital } from '../fhir/capability';
import { numberIn } from '../lib/dates';
import { language, t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { shortDate } from '../lib/time';
import { Icon } from './icon';
import { HeatCell, idOf, percent, queryOf, type MapState } from './map-table';
import { levelWord, specialtyWord, thingWord, type Words } from './map-words';

function forecastText(one: Dependence): string {
  if (one.remaining === 0) return t('map.forecast-done');
  if (!one.known) return t('map.forecast-unknown', { gained: one.gained, lost: one.lost });
  const middle = one.middle ? shortDate(one.middle) : t('map.forecast-far');
  return t('map.forecast', { middle, soonest: shortDate(one.soonest), latest: one.latest ? shortDate(one.latest) : t('map.forecast-far') });
}

/** What is lost when the experts go, and what hangs on one person. */
export function Dependents({ hospital, heading }: { hospital: MapHospital; heading: string }) {
  const one = hospital.dependence;
  if (!one) return null;
  return (
    <section class="map-dependence" aria-labelledby="map-dependence">
      <h2 id="map-dependence">{heading}</h2>
      {one.index === null ? <p>{t('map.nothing-reached')}</p> : (
        <dl class="hospital-facts">
          <div><dt>{t('map.reached')}</dt><dd>{numberIn(language.value, one.reached)}</dd></div>
          <div><dt>{t('map.alone')}</dt><dd>{numberIn(language.value, one.independent)}</dd></div>
          <div><dt>{t('map.index')}</dt><dd>{percent(one.index, 1)}</dd></div>
          <div><dt>{t('map.forecast-label')}</dt><dd>{forecastText(one)}</dd></div>
        </dl>
      )}
      {hospital.people.length > 0 && (
        <>
          <h3>{t('map.one-person')}</h3>
          <ul class="map-people">
            {[...hospital.people].sort((a, b) => b.illnesses - a.illnesses).map((person) => (
              <li key={person.who.reference}>{person.who.display ?? person.who.reference} <span class="hint">{t('map.hangs', { n: person.illnesses })}</span></li>
            ))}
          </ul>
        </>
      )}
      <p class="hint">{t('map.forecast-note')}</p>
    </section>
  );
}

/** The same on the page of the hospital; nothing while it is on its way, or where nothing is known. */
export function MapCard({ reference }: { reference: string }) {
  const [hospital, setHospital] = useState<MapHospital | null>(null);
  useEffect(() => {
    let stale = false;
    loadMap({ hospital: reference }).then((map) => { if (!stale) setHospital(map.hospitals[0] ?? null); }, () => undefined);
    return () => { stale = true; };
  }, [reference]);
  if (!hospital || reached(hospital.all) === 0) return null;
  return (
    <>
      <Dependents hospital={hospital} heading={t('map.dependence')} />
      <p><a href={hrefTo('map', idOf(hospital))}>{t('map.open')}</a></p>
    </>
  );
}

export function Specialties({ map, hospital, state, words }: { map: CapabilityMap; hospital: MapHospital; state: MapState; words: Words }) {
  const rows = map.specialties.filter((one) => hospital.cells.has(one.code)).sort((a, b) => alone(hospital.cells.get(b.code)) - alone(hospital.cells.get(a.code)));
  if (rows.length === 0) return <p class="empty">{t('map.nothing-reached')}</p>;
  return (
    <table class="numbers map-specialties">
      <caption>{t('map.by-specialty')}</caption>
      <thead><tr><th scope="col">{t('map.specialty')}</th><th scope="col">{t('map.alone-short')}</th><th scope="col">{t('map.help-short')}</th><th scope="col">{t('map.demonstrated')}</th><th scope="col">{t('map.sustained')}</th></tr></thead>
      <tbody>
        {rows.map((one) => {
          const counts = hospital.cells.get(one.code);
          const name = specialtyWord(words, one.code);
          const href = hrefTo('map', idOf(hospital), { ...queryOf(state), specialty: one.code });
          return (
            <tr key={one.code}>
              <th scope="row"><a href={href}>{name}</a></th>
              <HeatCell counts={counts} illnesses={one.illnesses} href={href} name={name} />
              <td>{reached(counts) - alone(counts)}</td>
              <td>{counts?.demonstrated ?? 0}</td>
              <td>{counts?.sustained ?? 0}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export function LevelMark({ answer }: { answer: Answer }) {
  const lost = answer.withExperts !== answer.level;
  return (
    <span class={`map-level map-level-${answer.level}`}>
      {(answer.level === 'independent' || answer.level === 'teaches') && <Icon name="answered" size={16} />}
      {levelWord(answer.level)}
      {lost && <span class="map-lost"> ({t('map.was', { level: levelWord(answer.withExperts) })})</span>}
    </span>
  );
}

export function Marks({ answer }: { answer: Answer }) {
  const marks = [answer.listed && t('map.listed'), answer.demonstrated && t('map.demonstrated'), answer.sustained && t('map.sustained')].filter(Boolean);
  return <span class="hint">{marks.length > 0 ? marks.join(' · ') : t('map.no-marks')}</span>;
}

function Thing({ answer, hospital, state, words }: { answer: Answer; hospital: MapHospital; state: MapState; words: Words }) {
  const token = `${answer.code.system ?? ''}|${answer.code.code ?? ''}`;
  return (
    <li class="map-thing">
      <a href={hrefTo('map', idOf(hospital), { ...queryOf(state), code: token })}>{thingWord(words, answer.code)} <span class="hint">{answer.code.code}</span></a>
      <LevelMark answer={answer} />
      <Marks answer={answer} />
    </li>
  );
}

/** Illnesses of one specialty, those that can be treated first; and the procedures they need. */
export function Things({ hospital, state, words }: { hospital: MapHospital; state: MapState; words: Words }) {
  const illnesses = hospital.things.filter((one) => one.code.system?.includes('icd'));
  const procedures = hospital.things.filter((one) => !one.code.system?.includes('icd'));
  const able = illnesses.filter((one) => one.withExperts !== 'none' || one.listed);
  const not = illnesses.filter((one) => !able.includes(one));
  const list = (things: Answer[]) => <ul class="map-things">{things.map((one) => <Thing key={one.code.code} answer={one} hospital={hospital} state={state} words={words} />)}</ul>;
  return (
    <>
      <h2>{t('map.treated', { n: able.length, all: illnesses.length })}</h2>
      {able.length > 0 ? list(able) : <p class="hint">{t('map.nothing-reached')}</p>}
      <h2>{t('map.procedures')}</h2>
      {list(procedures)}
      {not.length > 0 && <details><summary>{t('map.not-treated', { n: not.length })}</summary>{list(not)}</details>}
    </>
  );
}
