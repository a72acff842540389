// SPDX-License-Identifier: Apache-2.0
// What changed with assistance: the baseline year, growth, how far it lies above the line from before, how much more it
// grew than departments that nobody assists, and in words what that does not show.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Effect, Estimate, Reason } from '../fhir/volumes';
import { chartIn, type ChartSpec, type Drawn } from '../lib/chart';
import { language, t, type TextKey } from '../lib/i18n';

const WHY: Record<Exclude<Reason, 'told'>, TextKey> = {
  'no-pairing': 'volumes.no-pairing', 'few-before': 'volumes.few-before', 'few-since': 'volumes.few-since', 'no-comparison': 'volumes.no-comparison', 'no-baseline': 'volumes.no-baseline', alike: 'volumes.alike',
};

const count = (value: number) => new Intl.NumberFormat(language.value, { maximumFractionDigits: 0 }).format(value);
const percent = (value: number) => new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' }).format(value);
const signed = (value: number) => new Intl.NumberFormat(language.value, { maximumFractionDigits: 1, signDisplay: 'exceptZero' }).format(value);
const three = (form: (value: number) => string, e: Estimate) => ({ value: form(e.value), low: form(e.low), high: form(e.high) });
const instantOf = (month: string) => Date.parse(`${month}-01T00:00:00Z`);

function specOf(effect: Effect): ChartSpec {
  const gap = instantOf(effect.firstMonth || '1970-01') - 1;
  const fitted = effect.months.flatMap((one): [number, number | null][] => [
    ...(one.month === effect.firstMonth ? [[gap, null] as [number, null]] : []),
    [instantOf(one.month), one.fitted],
  ]);
  const since = effect.months.filter((one) => one.month >= effect.firstMonth);
  const told = effect.reason === 'told';
  return {
    unit: '', least: 0, time: (instant) => new Date(instant).toISOString().slice(0, 7),
    lines: [
      { name: '', points: effect.months.map((one): [number, number] => [instantOf(one.month), one.value]) },
      ...(told ? [
        { name: '', points: fitted, plain: true },
        { name: t('volumes.without'), points: since.map((one): [number, number | null] => [instantOf(one.month), one.without]), plain: true, dashed: true },
      ] : []),
    ],
  };
}

function Chart({ effect }: { effect: Effect }) {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  useEffect(() => {
    if (!box.current) return undefined;
    drawn.current = chartIn(box.current);
    return () => drawn.current?.done();
  }, []);
  useEffect(() => drawn.current?.draw(specOf(effect)), [effect, language.value]);
  return <div class="trend-box" ref={box} role="img" aria-label={t('volumes.chart-says', { n: effect.months.length })} />;
}

function Months({ effect }: { effect: Effect }) {
  return (
    <div class="trend-table" tabIndex={0} role="region" aria-label={t('volumes.months')}>
      <table>
        <caption class="unseen">{t('volumes.months')}</caption>
        <thead><tr><th scope="col">{t('volumes.month')}</th><th scope="col">{t('volumes.value')}</th></tr></thead>
        <tbody>{[...effect.months].reverse().map((one) => <tr key={one.month}><th scope="row">{one.month}</th><td>{count(one.value)}</td></tr>)}</tbody>
      </table>
    </div>
  );
}

function Growth({ effect }: { effect: Effect }) {
  const { baseline, latest } = effect;
  if (effect.reason === 'no-pairing') return null;
  return (
    <>
      <p>{t('volumes.began', { day: effect.began })}</p>
      <p><strong>{baseline ? t('volumes.baseline', { year: baseline.year, value: count(baseline.value), low: count(baseline.low), high: count(baseline.high) }) : t('volumes.baseline-none')}</strong></p>
      {baseline && latest && <p>{t('volumes.growth', { year: latest.year, value: count(latest.value), percent: percent(effect.growth) })}</p>}
    </>
  );
}

function Told({ effect }: { effect: Effect }) {
  const { difference } = effect;
  if (effect.reason === 'no-pairing') return <p class="hint">{t(WHY['no-pairing'])}</p>;
  return (
    <ul>
      <li>{effect.reason === 'told' ? `${t('volumes.last', three(signed, effect.last))} ${t('volumes.slope', three(signed, effect.slope))}` : t(WHY[effect.reason])}</li>
      <li>
        {difference.reason === 'told'
          ? `${t('volumes.grown', { ...three(percent, difference.grown), n: difference.compared })} ${t('volumes.apart', three(percent, difference.apart))}`
          : t(WHY[difference.reason])}
      </li>
    </ul>
  );
}

export function VolumesEffect({ effect }: { effect: Effect }) {
  const [table, setTable] = useState(false);
  const where = effect.unit.reference === effect.hospital.reference ? effect.unit.name : `${effect.unit.name}, ${effect.hospital.name}`;
  return (
    <article class="log-line log-curve" aria-label={where}>
      <h2>{where}</h2>
      <Growth effect={effect} />
      <Told effect={effect} />
      <p class="hint">{t('volumes.not-shown')}</p>
      {table ? <Months effect={effect} /> : <Chart effect={effect} />}
      <button type="button" class="button button-small" aria-pressed={table} onClick={() => setTable(!table)}>{t('trend.table')}</button>
    </article>
  );
}
