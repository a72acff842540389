// SPDX-License-Identifier: Apache-2.0
// One cell of the capability map, explained: what is needed, who is there for it, with which
// sign-off, which devices, which twins, and which operations show it.
import type { Need, Proof, Span, Told } from '../fhir/capability';
import { numberIn } from '../lib/dates';
import { language, t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { shortDate } from '../lib/time';
import { mayOpen } from '../navigation';
import { LevelMark, Marks } from './map-hospital';
import { deviceWord, levelWord, thingWord, type Words } from './map-words';

function spanText({ from, until }: Span): string {
  return [from && t('post.since', { date: shortDate(from) }), until && t('post.until', { date: shortDate(until) })].filter(Boolean).join(', ');
}

function toldText(told: Told): string {
  if (told === 'fewer-than-5') return t('map.fewer');
  if (told === '5-or-more') return t('map.more');
  return numberIn(language.value, told);
}

function Persons({ need }: { need: Need }) {
  return (
    <ul class="map-proof-list">
      {need.persons.map((one, at) => (
        <li key={at} class={one.counts ? undefined : 'map-off'}>
          {one.who.display ?? one.who.reference}{one.visiting && ` · ${t('map.visiting')}`}
          <span class="hint"> {[
            one.unit.display, spanText(one.term),
            one.signedOff && `${t('map.signed-off')} ${spanText(one.signedOff)}`,
            one.learns && `${t('map.learns')} ${spanText(one.learns)}`,
            one.teaches && `${t('map.teaches')} ${spanText(one.teaches)}`,
            !one.counts && t('map.counts-not'),
          ].filter(Boolean).join(' · ')}</span>
        </li>
      ))}
      {need.persons.length === 0 && <li class="hint">{t('map.nobody')}</li>}
    </ul>
  );
}

function Devices({ need, words }: { need: Need; words: Words }) {
  if (need.devices.length + need.noDevice.length === 0) return <p class="hint">{t('map.no-device-needed')}</p>;
  return (
    <ul class="map-proof-list">
      {need.devices.map((one, at) => <li key={at}>{deviceWord(words, one.kind)} <span class="hint">{t(one.inService ? 'map.in-service' : 'hospital.out-of-service')}</span></li>)}
      {need.noDevice.map((kind) => <li key={kind}>{deviceWord(words, kind)} <span class="hint">{t('map.no-device')}</span></li>)}
    </ul>
  );
}

function Operations({ need, cases }: { need: Need; cases: number }) {
  const { counted, failed, unknown, byVisitors, exact, open } = need.operations;
  return (
    <>
      <dl class="hospital-facts">
        <div><dt>{t('map.operations-counted', { n: cases })}</dt><dd>{toldText(counted)}</dd></div>
        <div><dt>{t('map.operations-failed')}</dt><dd>{toldText(failed)}</dd></div>
        <div><dt>{t('map.operations-unknown')}</dt><dd>{toldText(unknown)}</dd></div>
        <div><dt>{t('map.operations-visitors')}</dt><dd>{toldText(byVisitors)}</dd></div>
      </dl>
      {!exact && <p class="hint">{t('map.hidden')}</p>}
      {open.length > 0 && mayOpen('rate') && (
        <details><summary>{t('map.operations-open', { n: open.length })}</summary>
          <ul class="map-proof-list">{open.map((one, at) => <li key={one}><a href={hrefTo('rate', one.replace('Procedure/', ''))}>{t('map.operation', { n: at + 1 })}</a></li>)}</ul>
        </details>
      )}
    </>
  );
}

function NeedPart({ need, cases, words }: { need: Need; cases: number; words: Words }) {
  return (
    <section class="map-need">
      <h2>{thingWord(words, need.code)}</h2>
      <p><LevelMark answer={need} /> <Marks answer={need} /></p>
      {need.missing && <p class="mark">{t('map.missing', { device: deviceWord(words, need.missing) })}</p>}
      <h3>{t('map.people')}</h3>
      <Persons need={need} />
      <h3>{t('hospital.equipment')}</h3>
      <Devices need={need} words={words} />
      <h3>{t('map.twins')}</h3>
      <ul class="map-proof-list">
        {need.links.map((one, at) => <li key={at} class={one.counts ? undefined : 'map-off'}>{one.unit.display ?? one.unit.reference} <span class="hint">{[spanText(one.term), !one.counts && t('map.counts-not')].filter(Boolean).join(' · ')}</span></li>)}
        {need.links.length === 0 && <li class="hint">{t('map.no-twin')}</li>}
      </ul>
      {need.hands && <p class="hint">{t('map.hands')}</p>}
      <h3>{t('map.operations')}</h3>
      <Operations need={need} cases={cases} />
    </section>
  );
}

export function ProofPart({ proof, words }: { proof: Proof; words: Words }) {
  const { answer } = proof;
  return (
    <div class="map-proof">
      <p class="map-answer"><strong>{levelWord(answer.level)}</strong>{answer.by && ` · ${answer.by.display ?? ''}`}{answer.people === 1 && ` · ${t('map.only-one')}`}</p>
      <p><Marks answer={answer} /></p>
      {proof.needs.length > 1 && <p class="hint">{t('map.needs-all', { n: proof.needs.length })}</p>}
      {proof.needs.map((need) => <NeedPart key={need.code.code} need={need} cases={proof.cases} words={words} />)}
    </div>
  );
}
