// SPDX-License-Identifier: Apache-2.0
// How many cases, or days, until apprentices are independent: a curve for each procedure and
// teaching department, with its interval and how many it still rests on. Nobody is named.
import { useEffect, useRef, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadIndependence, type Group, type Independence, type Step } from '../fhir/independence';
import { procedureName } from '../fhir/logbook';
import { endedQuarters } from '../fhir/numbers';
import { chartIn, type ChartSpec, type Drawn } from '../lib/chart';
import { language, t } from '../lib/i18n';
import { hrefTo, route, setQuery } from '../lib/router';
import { now } from '../lib/time';
import { SelectField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Failure, Skeleton } from '../ui/notice';

const QUARTERS = 8;
type Clock = 'cases' | 'days';

function percent(share: number): string {
  return new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

/** The corners of a line that goes in steps: level up to each, then to its new height. */
function corners(group: Group, height: (step: Step) => number): [number, number][] {
  let before = 1;
  const points: [number, number][] = [[0, 1]];
  for (const step of group.steps) {
    points.push([step.at, before]);
    before = height(step);
    points.push([step.at, before]);
  }
  return [...points, [Math.max(group.knownTo, group.steps.at(-1)?.at ?? 0), before]];
}

function specOf(group: Group, clock: Clock): ChartSpec {
  const share = (points: [number, number][]) => points.map(([at, value]): [number, number] => [at, Math.round(value * 1000) / 10]);
  return {
    unit: '%', least: 0, most: 100, across: t(clock === 'days' ? 'independence.days' : 'independence.cases'),
    lines: [{ name: '', points: share(corners(group, (step) => step.dependent)), plain: true }],
    band: { name: t('independence.interval'), low: share(corners(group, (step) => step.low)), high: share(corners(group, (step) => step.high)) },
    marks: [{ value: 50, name: t('independence.half') }],
    time: String,
  };
}

function Chart({ group, clock }: { group: Group; clock: Clock }) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  useEffect(() => {
    if (!box.current) return undefined;
    drawn.current = chartIn(box.current);
    return () => drawn.current?.done();
  }, []);
  useEffect(() => drawn.current?.draw(specOf(group, clock)), [group, clock, language.value]);
  return <div class="trend-box" ref={box} role="img" aria-label={t('independence.chart-says', { n: group.steps.length })} />;
}

function Table({ group, clock }: { group: Group; clock: Clock }) {
  const heads = [t(clock === 'days' ? 'independence.days' : 'independence.cases'), t('independence.at-risk'), t('independence.dependent'), t('independence.interval'), t('independence.arrived'), t('independence.left')];
  return (
    <div class="trend-table" tabIndex={0} role="region" aria-label={t('independence.table')}>
      <table>
        <caption class="unseen">{t('independence.table')}</caption>
        <thead><tr>{heads.map((one) => <th key={one} scope="col">{one}</th>)}</tr></thead>
        <tbody>
          {group.steps.map((step) => (
            <tr key={step.at}>
              <th scope="row">{step.at}</th><td>{step.risk}</td><td>{percent(step.dependent)}</td><td>{`${percent(step.low)} – ${percent(step.high)}`}</td><td>{percent(step.arrived)}</td><td>{percent(step.left)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function medianSays(group: Group, clock: Clock): string {
  if (group.median === null) return t(clock === 'days' ? 'independence.median-none-days' : 'independence.median-none', { n: group.knownTo });
  return t(clock === 'days' ? 'independence.median-days' : 'independence.median', { n: group.median });
}

function GroupCard({ group, clock }: { group: Group; clock: Clock }) {
  const [table, setTable] = useState(false);
  const where = group.department?.name ?? t('independence.together');
  return (
    <article class="log-line log-curve" aria-label={`${procedureName(group.code, language.value)}, ${where}`}>
      <h2>{procedureName(group.code, language.value)}</h2>
      <p>{where}</p>
      {group.persons === null && <p class="hint">{t('independence.few')}</p>}
      {group.persons !== null && (
        <>
          <p><strong>{medianSays(group, clock)}</strong> {t('independence.persons', { n: group.persons })}</p>
          {group.ended !== null && group.ended > 0 && <p>{t('independence.ended', { n: group.ended, dependent: group.dependentAtEnd })}</p>}
          {group.steps.length === 0 && <p class="empty">{t('independence.none-yet')}</p>}
          {group.steps.length > 0 && (table ? <Table group={group} clock={clock} /> : <Chart group={group} clock={clock} />)}
          {group.steps.length > 0 && <button type="button" class="button button-small" aria-pressed={table} onClick={() => setTable(!table)}>{t('trend.table')}</button>}
        </>
      )}
    </article>
  );
}

function Rule({ found }: { found: Independence }) {
  return (
    <details>
      <summary>{t('log.rule')}</summary>
      <p>{t('independence.rule')}</p>
      <p>{t('independence.rule-ends')}</p>
      <p>{t('independence.rule-hidden', { least: found.least, steps: found.stepsOf })}</p>
      <p><a href={hrefTo('rules')}>{t('rule.link')}</a></p>
    </details>
  );
}

export function IndependencePage() {
  const quarters = endedQuarters(now.value, QUARTERS);
  const period = route.value.query.get('period') || quarters[0] || '';
  const clock: Clock = route.value.query.get('clock') === 'days' ? 'days' : 'cases';
  const [state, setState] = useState<{ found: Independence | null; problem: string }>({ found: null, problem: '' });
  const load = () => loadIndependence(period, clock).then((found) => setState({ found, problem: '' }), (error: unknown) => setState({ found: null, problem: sentence(error) }));
  useEffect(() => { void load(); }, [period, clock]);
  const { found, problem } = state;
  return (
    <div class="page page-wide page-log">
      <Heading text={t('independence.title')} />
      <p class="hint">{t('independence.why')}</p>
      <SelectField id="independence-quarter" label={t('numbers.quarter')} value={period} onChange={(value) => setQuery({ period: value })} options={quarters.map((one) => ({ value: one, label: one }))} />
      <SelectField id="independence-clock" label={t('independence.clock')} value={clock} onChange={(value) => setQuery({ clock: value })} options={[{ value: 'cases', label: t('independence.cases') }, { value: 'days', label: t('independence.days') }]} />
      {problem && <Failure text={problem} retry={() => void load()} />}
      {!found && !problem && <Skeleton />}
      {found?.groups.length === 0 && <p class="empty">{t('independence.none')}</p>}
      {found && <div class="log-lines">{found.groups.map((group) => <GroupCard key={`${group.code} ${group.department?.reference ?? ''}`} group={group} clock={clock} />)}</div>}
      {found && <Rule found={found} />}
    </div>
  );
}
