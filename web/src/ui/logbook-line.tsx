// SPDX-License-Identifier: Apache-2.0
// One procedure of a logbook: how many cases are left, the learning curve with its rule in
// words, and each condition of a sign-off. Green stands for "arrived" and "met" alone.
import { useEffect, useRef, useState } from 'preact/hooks';
import { FUNCTIONS, isByHand, procedureName, type Curve, type ProcedureLine } from '../fhir/logbook';
import { chartIn, type ChartSpec, type Drawn } from '../lib/chart';
import { language, t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { shortDate } from '../lib/time';
import { Icon } from './icon';
import { ANSWER_WORDS, CONDITION_WORDS, LEVEL_WORDS, RESULT_WORDS, VERDICT_WORDS, partName } from './logbook-words';
import type { Result } from '../fhir/logbook';

function percent(share: number): string {
  return new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 1 }).format(share);
}

function specOf(line: ProcedureLine, curve: Curve): ChartSpec {
  const day = new Intl.DateTimeFormat(language.value, { day: 'numeric', month: 'short' });
  return {
    unit: t('log.score'),
    least: 0,
    most: Math.ceil(Math.max(line.rule.limit, ...curve.points.map((point) => point.score)) + 0.5),
    lines: [{ name: '', points: curve.points.map((point): [number, number] => [Date.parse(point.day), point.score]) }],
    marks: [{ value: line.rule.limit, name: t('log.limit') }],
    time: (instant) => day.format(instant),
  };
}

function CurveChart({ line, curve }: { line: ProcedureLine; curve: Curve }) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  useEffect(() => {
    if (!box.current) return undefined;
    drawn.current = chartIn(box.current);
    return () => drawn.current?.done();
  }, []);
  useEffect(() => drawn.current?.draw(specOf(line, curve)), [line, language.value]);
  return <div class="trend-box" ref={box} role="img" aria-label={t('log.chart-says', { n: curve.points.length })} />;
}

function CurveTable({ curve }: { curve: Curve }) {
  return (
    <div class="trend-table" tabIndex={0} role="region" aria-label={t('log.curve-table')}>
      <table>
        <caption class="unseen">{t('log.curve-table')}</caption>
        <thead><tr><th scope="col">{t('log.case')}</th><th scope="col">{t('log.day')}</th><th scope="col">{t('log.outcome')}</th><th scope="col">{t('log.score')}</th></tr></thead>
        <tbody>
          {curve.points.map((point, at) => (
            <tr key={at}><th scope="row">{at + 1}</th><td>{shortDate(point.day)}</td><td>{t(point.failed ? 'log.failure' : 'log.good')}</td><td>{point.score.toFixed(2)}</td></tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function verdictSays(curve: Curve): string {
  if (curve.verdict === 'arrived') return t('log.arrived-says', { at: curve.arrivedAt });
  if (curve.verdict === 'undecidable') return curve.needed < 0 ? t('log.undecidable-ever') : t('log.undecidable-says', { n: curve.needed, expected: curve.expected });
  return t('log.on-the-way-says', { n: curve.needed });
}

function CurvePart({ line, curve }: { line: ProcedureLine; curve: Curve }) {
  const [table, setTable] = useState(false);
  const { rule } = line;
  const failures = rule.failures.map((one) => t(RESULT_WORDS[one as Result])).join(', ');
  return (
    <section class="log-curve" aria-label={`${t('log.curve')}: ${procedureName(line.code, language.value)}`}>
      <h4>{t('log.curve')}</h4>
      <p class={`log-verdict log-${curve.verdict}`}>
        <Icon name={curve.verdict === 'arrived' ? 'answered' : curve.verdict === 'undecidable' ? 'question-back' : 'waiting'} />
        <strong>{t(VERDICT_WORDS[curve.verdict])}</strong> {verdictSays(curve)}
      </p>
      {curve.points.length > 0 && (table ? <CurveTable curve={curve} /> : <CurveChart line={line} curve={curve} />)}
      {curve.points.length > 0 && <button type="button" class="button button-small" aria-pressed={table} onClick={() => setTable(!table)}>{t('trend.table')}</button>}
      <details>
        <summary>{t('log.rule')}</summary>
        <p>{t('log.rule-says', { inadequate: percent(rule.inadequate), adequate: percent(rule.adequate), limit: rule.limit.toFixed(2), horizon: rule.horizon, alpha: percent(rule.alpha) })}</p>
        <p>{t('log.rule-bayes', { highest: percent(rule.highest), confidence: percent(rule.confidence) })}</p>
        <p>{t('log.rule-failure', { failures })}</p>
        <p class="hint">{t('log.rule-source', { source: rule.source, version: rule.version })}</p>
        <p><a href={hrefTo('rules', line.code)}>{t('rule.link')}</a></p>
      </details>
    </section>
  );
}

/** The ladder: as many rungs as cases are needed, those that are done filled. */
function Ladder({ line }: { line: ProcedureLine }) {
  const done = line.counts.operator;
  const whole = done + line.more;
  const share = whole > 0 ? done / whole : 0;
  return (
    <div class="log-ladder">
      <p class="log-left">{line.more > 0 ? <><strong>{line.more}</strong> {t('log.cases-left', { n: line.more })}</> : t(line.allMet ? 'log.all-met' : 'log.none-left')}</p>
      <div class="log-bar" role="img" aria-label={t('log.ladder-says', { done, whole })}><span style={{ inlineSize: `${Math.round(share * 100)}%` }} /></div>
      {line.more > 0 && <p class="hint">{t('log.at-least')}</p>}
    </div>
  );
}

function Conditions({ line }: { line: ProcedureLine }) {
  return (
    <section aria-label={`${t('log.conditions')}: ${procedureName(line.code, language.value)}`}>
      <h4>{t('log.conditions')}</h4>
      <p class="hint">{t('log.people-sign')}</p>
      <ul class="log-conditions">
        {line.conditions.map((one) => (
          <li key={one.name} class={`log-${one.answer}`}>
            <Icon name={one.answer === 'met' ? 'answered' : one.answer === 'not-met' ? 'routine' : 'question-back'} />
            <span>{t(CONDITION_WORDS[one.name], { value: one.value, needed: one.needed, days: line.rule.days })}</span>
            <span class="log-answer">{t(ANSWER_WORDS[one.answer])}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function LogbookLine({ line }: { line: ProcedureLine }) {
  return (
    <article class="log-line" aria-labelledby={`log-${line.code}`}>
      <h3 id={`log-${line.code}`}>{procedureName(line.code, language.value)}</h3>
      <p class="log-counts">
        {FUNCTIONS.filter((one) => line.counts[one] > 0).map((one) => <span key={one}>{partName(one, isByHand(line.code))} <b>{line.counts[one]}</b></span>)}
        {line.curve && <span>{t('log.rated')} <b>{line.rated}</b></span>}
        {line.curve && <span>{t('log.known')} <b>{line.known}</b></span>}
        {line.imported > 0 && <span>{t('import.mark')} <b>{line.imported}</b></span>}
        {line.lastLevel > 0 && <span>{t('log.last')} <b>{t(LEVEL_WORDS[line.lastLevel] ?? 'log.level-0')}</b></span>}
      </p>
      {line.curve && <Ladder line={line} />}
      {line.curve && <CurvePart line={line} curve={line.curve} />}
      {line.curve && line.conditions.length > 0 && <Conditions line={line} />}
    </article>
  );
}
