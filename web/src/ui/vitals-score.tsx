// SPDX-License-Identifier: Apache-2.0
// What the node says of one set: NEWS2 as published, with its parts behind "why", and apart
// from it, under its own name, what the altitude means; red flags first.
import type { Context, Response, Score, Sickness, VitalSet } from '../fhir/vitals-answer';
import { language, t, type TextKey } from '../lib/i18n';
import { Icon } from './icon';

/** The node's names of signs, as people read them. */
export const SIGN_LABELS: Record<string, TextKey> = {
  respiration: 'vitals.breaths',
  saturation: 'vitals.saturation',
  oxygen: 'vitals.breathing',
  systolic: 'vitals.systolic',
  diastolic: 'vitals.diastolic',
  pulse: 'vitals.pulse',
  consciousness: 'vitals.consciousness',
  temperature: 'vitals.temperature',
  headache: 'sickness.headache',
  stomach: 'sickness.stomach',
  fatigue: 'sickness.fatigue',
  dizziness: 'sickness.dizziness',
  ascended: 'sickness.ascended',
};

const RESPONSES: Record<Response, TextKey> = {
  none: 'news2.response-none',
  low: 'news2.response-low',
  'low-medium': 'news2.response-low-medium',
  medium: 'news2.response-medium',
  high: 'news2.response-high',
};

const REFUSALS: Record<string, TextKey> = {
  child: 'news2.child',
  pregnant: 'news2.pregnant',
  'age-unknown': 'news2.age-unknown',
};

function labelsOf(signs: string[]): string {
  return signs.map((sign) => (SIGN_LABELS[sign] ? t(SIGN_LABELS[sign]) : sign)).join(', ');
}

function number(value: number): string {
  return value.toLocaleString(language.value, { maximumFractionDigits: 1 });
}

function Parts({ score }: { score: Score }) {
  return (
    <details class="why">
      <summary>{t('news2.why')}</summary>
      <table class="why-parts">
        <thead><tr><th scope="col">{t('news2.sign')}</th><th scope="col">{t('news2.points')}</th></tr></thead>
        <tbody>
          {score.points.map(({ sign, points }) => (
            <tr key={sign}><th scope="row">{labelsOf([sign])}</th><td>{points}</td></tr>
          ))}
          {score.missing.map((sign) => (
            <tr key={sign}><th scope="row">{labelsOf([sign])}</th><td>{t('news2.not-taken')}</td></tr>
          ))}
        </tbody>
      </table>
      {score.scale === 2 && <p class="hint">{t('news2.scale-2')}</p>}
      <p class="hint">{t('news2.source')}</p>
    </details>
  );
}

export function ScoreBox({ score }: { score: Score }) {
  if (score.refused) {
    return (
      <div class="score">
        <h3>{t('news2.title')}</h3>
        <p>{t(REFUSALS[score.refused] ?? 'news2.refused')}</p>
      </div>
    );
  }
  const band = score.response;
  return (
    <div class={`score score-${band}`}>
      <h3>{t('news2.title')}</h3>
      <p class="score-total">
        {!score.complete && <span class="score-least">{t('news2.at-least')}</span>} <strong>{score.total}</strong>
        {score.worse && <span class="mark"><Icon name="arrow-up" size={16} />{t('news2.worse')}</span>}
      </p>
      <p class="score-says">
        {(band === 'high' || band === 'medium' || band === 'low-medium') && <Icon name="alert" size={16} />}
        {t(RESPONSES[band], { hours: score.hours ?? '' })}
      </p>
      {score.missing.length > 0 && <p class="hint">{t('news2.missing', { signs: labelsOf(score.missing) })}</p>}
      <Parts score={score} />
    </div>
  );
}

// ---- the altitude ----

const PLACES: Record<string, TextKey> = {
  observation: 'altitude.from-observation',
  hospital: 'altitude.from-hospital',
  address: 'altitude.from-address',
};

const SILENCES: Record<string, TextKey> = {
  'altitude-not-known': 'altitude.not-known',
  'altitude-out-of-range': 'altitude.out-of-range',
  'on-oxygen': 'altitude.on-oxygen',
  infant: 'altitude.infant',
};

function stayOf(context: Context): string {
  if (context.days !== null) return t('altitude.days', { n: context.days });
  return context.stayFrom === 'lives-here' ? t('altitude.lives-here') : t('altitude.stay-unknown');
}

function measured(context: Context): string {
  if (context.deviation === null) return '';
  const points = number(Math.abs(context.deviation));
  if (context.deviation === 0) return t('altitude.in-the-middle');
  if (context.below) return t('altitude.below', { points });
  return context.deviation < 0 ? t('altitude.under', { points }) : t('altitude.over', { points });
}

export function AltitudeBox({ context }: { context: Context }) {
  const metres = context.metres === null ? '' : number(context.metres);
  return (
    <div class="altitude">
      <h3>{t('altitude.title')} <span class="not-validated">{t('altitude.label')}</span></h3>
      {metres && <p>{t(PLACES[context.from] ?? 'altitude.from-address', { metres })}; {stayOf(context)}.</p>}
      {context.refused ? (
        <p>{t(SILENCES[context.refused] ?? 'altitude.not-known')}</p>
      ) : (
        <>
          <p>{t('altitude.expected', { low: number(context.low ?? 0), high: number(context.middleHigh ?? 0) })}</p>
          {context.deviation !== null && (
            <p class={context.below ? 'altitude-below' : undefined}>
              {context.below && <Icon name="arrow-down" size={16} />}{measured(context)}
            </p>
          )}
        </>
      )}
      <p class="hint">{t('altitude.source')}</p>
    </div>
  );
}

// ---- Lake Louise ----

const VERDICTS: Record<string, TextKey> = {
  incomplete: 'sickness.incomplete',
  'not-recent': 'sickness.not-recent',
  'no-sickness': 'sickness.none',
  mild: 'sickness.mild',
  moderate: 'sickness.moderate',
  severe: 'sickness.severe',
};

export function SicknessBox({ sickness }: { sickness: Sickness }) {
  const flags = [sickness.brain && t('sickness.brain'), sickness.lung && t('sickness.lung')].filter(Boolean).join(' ');
  return (
    <div class="sickness">
      <h3>{t('sickness.title')}</h3>
      {flags && <p class="red-flag"><Icon name="emergency" size={16} /> <strong>{t('sickness.red-flag')}</strong> {flags}</p>}
      <p>{t(VERDICTS[sickness.verdict] ?? 'sickness.incomplete', { n: sickness.total })}</p>
      {sickness.missing.length > 0 && <p class="hint">{t('news2.missing', { signs: labelsOf(sickness.missing) })}</p>}
    </div>
  );
}

/** All that is said of one set. */
export function SetSays({ set }: { set: VitalSet }) {
  return (
    <div class="says">
      {set.sickness && (set.sickness.brain || set.sickness.lung) && <SicknessBox sickness={set.sickness} />}
      <ScoreBox score={set.news2} />
      <AltitudeBox context={set.context} />
      {set.sickness && !set.sickness.brain && !set.sickness.lung && <SicknessBox sickness={set.sickness} />}
    </div>
  );
}
