// SPDX-License-Identifier: Apache-2.0
// Hospitals beside each other, fairly: what each comes to against how large it is, with limits of chance and, where
// the records know it, for the mix of its cases. Nobody is ranked; who lies outside is one to ask.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadFunnel, whereOf, type Funnel, type Point, type Where } from '../fhir/funnel';
import type { Definition } from '../fhir/indicators';
import { funnelOption } from '../lib/funnel-chart';
import { numberIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { ChartFrame, type Sheet } from './chart-frame';
import { RowsBehind } from './computed-rows';
import { nameOf } from './figure-words';
import { Failure, Skeleton } from './notice';

const YEARS = 3;
const GROWTH_YEARS = 6;

interface Comparison { indicator: string; mix: '' | 'procedure' | 'urgency'; years: number }

const COMPARED: readonly Comparison[] = [
  { indicator: 'outcome-known', mix: 'procedure', years: YEARS }, { indicator: 'complications', mix: 'procedure', years: YEARS },
  { indicator: 'loop-closure', mix: 'urgency', years: YEARS }, { indicator: 'answers-in-time', mix: 'urgency', years: YEARS },
  { indicator: 'outpatients', mix: '', years: GROWTH_YEARS }, { indicator: 'inpatients', mix: '', years: GROWTH_YEARS }, { indicator: 'surgeries', mix: '', years: GROWTH_YEARS },
];
const WHERE_WORDS: Record<Where, TextKey> = { within: 'compared.within', between: 'compared.between', outside: 'compared.outside' };

const share = (value: number) => numberIn(language.value, value, { style: 'percent', maximumFractionDigits: 1 });
const grown = (value: number) => numberIn(language.value, value, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' });
const count = (value: number) => numberIn(language.value, value, { maximumFractionDigits: 1 });
const short = (value: number) => numberIn(language.value, value, { notation: 'compact', maximumFractionDigits: 1 });

function readingOf(funnel: Funnel, mix: Comparison['mix'], years: [number, number]): string {
  if (funnel.points.length === 0) return t('compared.none');
  const outside = funnel.points.filter((one) => whereOf(one) === 'outside').map(({ name }) => name);
  const names = new Intl.ListFormat(language.value, { type: 'conjunction' }).format(outside);
  return [
    funnel.grows ? t('compared.all-grew', { first: String(years[0]), last: String(years[1]), value: grown(funnel.middle) }) : t('compared.all-come-to', { value: share(funnel.middle) }),
    outside.length > 0 ? t('compared.outside-says', { names }) : t('compared.chance'),
    ...(mix ? [t(mix === 'procedure' ? 'compared.mix-procedure' : 'compared.mix-urgency')] : []),
    ...(funnel.dispersion > 1 ? [t('compared.wider', { n: count(funnel.dispersion) })] : []),
    ...(funnel.leftOut > 0 ? [t('compared.left-out', { n: funnel.leftOut })] : []),
  ].join(' ');
}

function sheetOf(funnel: Funnel, years: [number, number], lead: (one: Point) => void): Sheet {
  const says = funnel.grows ? grown : share;
  const mixed = funnel.points.some(({ expected }) => expected !== null);
  const cells = (one: Point) => [
    { text: says(one.value), value: one.value, open: () => lead(one) },
    { text: count(one.part), value: one.part },
    ...(mixed ? [{ text: count(one.expected ?? 0), value: one.expected ?? 0 }] : []),
    { text: count(one.whole), value: one.whole },
    { text: `${says(one.wide[0])} – ${says(one.wide[1])}`, value: `${one.wide[0]}-${one.wide[1]}` },
    { text: t(WHERE_WORDS[whereOf(one)]), value: whereOf(one) },
  ];
  const [first, last] = years.map(String) as [string, string];
  const heads = funnel.grows ? [t('compared.growth'), last, first] : [t(mixed ? 'compared.adjusted' : 'compared.share'), t('compared.so-many'), ...(mixed ? [t('compared.expected')] : []), t('compared.of')];
  return { heads: [t('programme.hospital'), ...heads, t('compared.limits'), t('compared.where')], rows: funnel.points.map((one) => ({ name: one.name, cells: cells(one) })) };
}

function Rows({ id, of, years, hide }: { id: string; of: Point; years: [number, number]; hide: () => void }) {
  return (
    <div class="chart-rows">
      <h4>{of.name}</h4>
      <RowsBehind id={id} period={{ from: String(years[0]), until: String(years[1]) }} stratum={`hospital|${of.reference}`} />
      <button type="button" class="button button-small" onClick={hide}>{t('computed.hide')}</button>
    </div>
  );
}

function ComparedCard({ comparison, definition, running, table }: { comparison: Comparison; definition: Definition; running: number; table: boolean }) {
  const { indicator, mix } = comparison;
  const years: [number, number] = [running - comparison.years, running - 1];
  const [state, setState] = useState<{ funnel: Funnel | null; problem: string }>({ funnel: null, problem: '' });
  const [shown, setShown] = useState<Point | null>(null);
  const latest = useLatest();
  const load = () => latest(loadFunnel(indicator, { first: years[0], last: years[1], mix })).then((funnel) => setState({ funnel, problem: '' }), (error: unknown) => setState({ funnel: null, problem: sentence(error) }));
  useEffect(() => { void load(); }, [indicator, mix, running]);
  const { funnel, problem } = state;
  const option = useMemo(() => (funnel && funnel.points.length > 0 ? funnelOption(funnel, funnel.grows ? grown : share, short) : null), [funnel, language.value]);
  if (problem) return <div class="chart"><h3>{nameOf(definition)}</h3><Failure text={problem} retry={() => void load()} /></div>;
  if (!funnel) return <Skeleton />;
  const name = nameOf(definition);
  const title = funnel.grows ? t('compared.growth-of', { name, first: String(years[0]), last: String(years[1]) }) : `${name}, ${t('programme.years', { first: String(years[0]), last: String(years[1]) })}`;
  return (
    <ChartFrame name={`compared-${indicator}`} title={title} reading={readingOf(funnel, mix, years)} sheet={sheetOf(funnel, years, setShown)} table={table} {...(option ? { option } : {})} pressed={(at) => setShown(funnel.points[at] ?? null)}
      definition={<><p lang="en">{definition.text}</p>{definition.scope && <p lang="en">{definition.scope}</p>}<p>{t(funnel.grows ? 'compared.how-growth' : 'compared.how-share')}</p></>}>
      {shown && <Rows id={indicator} of={shown} years={years} hide={() => setShown(null)} />}
    </ChartFrame>
  );
}

export function HospitalsCompared({ definitions, running, table }: { definitions: readonly Definition[]; running: number; table: boolean }) {
  return (
    <section aria-labelledby="programme-compared">
      <h2 id="programme-compared">{t('compared.title')}</h2>
      <p class="hint">{t('compared.why')}</p>
      <div class="charts charts-wide">
        {COMPARED.map((one) => {
          const definition = definitions.find(({ id }) => id === one.indicator);
          return definition && <ComparedCard key={one.indicator} comparison={one} definition={definition} running={running} table={table} />;
        })}
      </div>
    </section>
  );
}
