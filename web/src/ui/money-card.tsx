// SPDX-License-Identifier: Apache-2.0
// Money to care: what was paid by use, how many devices arrived, were installed and had a first patient, how long
// that took since the order, and whether they work. Every number is an indicator of all years shown.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { rangeOf, type Apart, type Told } from '../fhir/dashboard';
import type { Step } from '../fhir/equipment';
import type { Use as UseCode } from '../fhir/gaps';
import type { Definition } from '../fhir/indicators';
import { DEVICES, EACH_ILLNESS, EACH_JOURNEY, FUNDING, WAY, WORKING, YIELD, loadMoneyToCare, type MoneyToCare, type Spent } from '../fhir/money-to-care';
import { numberIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { route, setQuery } from '../lib/router';
import { ChartFrame, type Figure, type Sheet } from './chart-frame';
import { STEP_WORDS } from './equipment-words';
import { SelectField } from './fields';
import { measure, nameOf, percent } from './figure-words';
import { MoneyPicture, type Stage, type Use } from './money-picture';
import { USE_WORDS } from './money-words';
import { Failure, Skeleton } from './notice';
import { amountSays, figureOf, toldSays } from './programme-words';
import type { Opened } from './trend-card';

const MEASURES = [FUNDING, EACH_ILLNESS, EACH_JOURNEY, WAY, DEVICES, WORKING, YIELD];
const STEPS: readonly Step[] = ['arrived', 'site-ready', 'installed', 'accepted', 'trained', 'in-service', 'first-patient'];
const DRAWN: readonly string[] = ['arrived', 'installed', 'first-patient'];
const EQUIPMENT = 'equipment';

const amountOf = (told: Told) => rangeOf(told)?.[0] ?? 0;
const useWord = (code: string) => (code in USE_WORDS ? t(USE_WORDS[code as UseCode]) : t('programme.unknown'));

/** Rounded down, so that no fault is rounded away. */
function workingSays(told: Told): string {
  return told.kind === 'share' ? numberIn(language.value, Math.floor(told.amount * 1000) / 1000, { style: 'percent', maximumFractionDigits: 1 }) : toldSays(told);
}

/** With one decimal: it is an index. */
const yieldSays = (told: Told) => numberIn(language.value, amountOf(told), { maximumFractionDigits: 1 });

/** Most first; equipment last, since its way goes on. */
function usesOf({ uses }: Spent): Apart[] {
  return [...uses].sort((one, other) => Number(one.code === EQUIPMENT) - Number(other.code === EQUIPMENT) || amountOf(other.told) - amountOf(one.told));
}

const stepsOf = ({ steps }: MoneyToCare) => STEPS.flatMap((code) => steps.filter((one) => one.code === code && one.told.kind === 'middle').map(({ told }) => ({ code, told: told as Told & { kind: 'middle' } })));
const share = (told: Told, spent: Spent) => (amountOf(spent.whole) > 0 ? amountOf(told) / amountOf(spent.whole) : 0);

/** A press tells the payments of a use; where there are several currencies those of the currency, of which all are. */
function paymentsOf(found: MoneyToCare, spent: Spent, code: string): Opened {
  return { indicator: FUNDING, year: '', stratum: found.spent.length === 1 && code ? `kind|${code}` : `currency|${spent.currency}` };
}

function drawnUses(found: MoneyToCare, spent: Spent | undefined): Use[] {
  return spent ? usesOf(spent).map(({ code, told }) => ({ code, word: useWord(code), amount: amountOf(told), says: `${toldSays(told, true)} ${spent.currency} · ${percent(share(told, spent))}`, opens: paymentsOf(found, spent, code) })) : [];
}

function stagesOf(found: MoneyToCare): Stage[] {
  const way = stepsOf(found).filter(({ code }) => DRAWN.includes(code)).map(({ code, told }): Stage => ({
    word: t(STEP_WORDS[code]), amount: amountSays(told.all), under: t('programme.money-half', { time: measure(told.amount, told.unit) }), opens: { indicator: WAY, year: '', stratum: `step|${code}` },
  }));
  const whole = (indicator: string): Opened => ({ indicator, year: '', stratum: '' });
  return [
    ...way,
    ...(amountOf(found.devices) > 0 ? [{ word: t('programme.money-now'), amount: toldSays(found.devices), under: t('programme.money-now-of'), opens: whole(DEVICES) }] : []),
    ...(found.working.kind === 'share' ? [{ word: t('programme.money-working'), amount: workingSays(found.working), under: t('programme.money-working-of'), opens: whole(WORKING) }] : []),
    ...(found.yields.kind === 'exact' ? [{ word: t('programme.money-yield'), amount: yieldSays(found.yields), under: t('programme.money-yield-of'), opens: whole(YIELD) }] : []),
  ];
}

/** "CNY 240,000 for each further illness": where both what was paid and what it brought are told. */
const eachIn = ({ each }: MoneyToCare, spent: Spent | undefined) => each.find(({ currency }) => currency === spent?.currency);
const eachSays = (key: TextKey, told: Told | undefined, currency = '') => (told?.kind === 'exact' ? t(key, { amount: `${amountSays(Math.round(told.amount))} ${currency}` }) : '');

function readingOf(found: MoneyToCare, spent: Spent | undefined): string {
  const most = spent && [...spent.uses].sort((one, other) => amountOf(other.told) - amountOf(one.told))[0];
  const steps = stepsOf(found);
  const [arrived, first] = ['arrived', 'first-patient'].map((code) => steps.find((one) => one.code === code)?.told);
  const each = eachIn(found, spent);
  return [
    spent && most ? t('programme.money-says', { amount: `${amountSays(amountOf(spent.whole))} ${spent.currency}`, use: useWord(most.code), share: percent(share(most.told, spent)) }) : found.unread > 0 ? '' : t('programme.money-says-none'),
    found.unread > 0 ? t('programme.money-unread', { n: found.unread }) : '',
    eachSays('programme.money-each-illness', each?.illness, spent?.currency),
    eachSays('programme.money-each-journey', each?.journey, spent?.currency),
    arrived && first ? t('programme.money-says-way', { arrived: amountSays(arrived.all), first: amountSays(first.all), time: measure(first.amount, first.unit) }) : '',
    found.working.kind === 'share' ? t('programme.money-says-working', { share: workingSays(found.working) }) : '',
    found.yields.kind === 'exact' ? t('programme.money-says-yield', { yield: yieldSays(found.yields) }) : '',
  ].filter(Boolean).join(' ');
}

function sheetOf(found: MoneyToCare, spent: Spent | undefined, named: (id: string) => string, open: (opened: Opened) => void): Sheet {
  const nothing: Figure = { text: '', value: '' };
  const line = (name: string, figure: Figure, id: string, half = nothing) => ({ name, cells: [figure, half, { text: named(id), value: named(id) }] });
  const money = (told: Told, code: string): Figure => {
    const figure = figureOf(told, () => spent && open(paymentsOf(found, spent, code)));
    return { ...figure, text: `${figure.text} ${spent?.currency ?? ''}` };
  };
  const uses = spent ? [...usesOf(spent).map(({ code, told }) => line(useWord(code), money(told, code), FUNDING)), line(t('programme.money-all'), money(spent.whole, ''), FUNDING)] : [];
  const each = eachIn(found, spent);
  const ratio = (id: string, told: Told | undefined) => (told?.kind === 'exact' ? [line(named(id), money(told, ''), id)] : []);
  const steps = stepsOf(found).map(({ code, told }) => line(t(STEP_WORDS[code]), { text: amountSays(told.all), value: told.all, open: () => open({ indicator: WAY, year: '', stratum: `step|${code}` }) }, WAY, { text: measure(told.amount, told.unit), value: told.amount }));
  const whole = (indicator: string) => () => open({ indicator, year: '', stratum: '' });
  return {
    heads: [t('programme.loop-stage'), t('programme.money-amount'), t('programme.money-since'), t('programme.loop-from')],
    rows: [...uses, ...ratio(EACH_ILLNESS, each?.illness), ...ratio(EACH_JOURNEY, each?.journey), ...steps, line(t('programme.money-now'), figureOf(found.devices, whole(DEVICES)), DEVICES), line(t('programme.money-working'), { ...figureOf(found.working, whole(WORKING)), text: workingSays(found.working) }, WORKING), ...(found.yields.kind === 'exact' ? [line(t('programme.money-yield'), { ...figureOf(found.yields, whole(YIELD)), text: yieldSays(found.yields) }, YIELD)] : [])],
  };
}

function Words({ definitions }: { definitions: readonly Definition[] }) {
  return (
    <>
      <p>{t('programme.money-how')}</p>
      <ul>{MEASURES.map((id) => definitions.find((one) => one.id === id)).map((one) => one && <li key={one.id}><strong>{nameOf(one)}</strong>: <span lang="en">{one.text}</span></li>)}</ul>
    </>
  );
}

interface Props { first: number; running: number; definitions: readonly Definition[]; table: boolean; open: (opened: Opened) => void; settled: () => void }

export function MoneyCard({ first, running, definitions, table, open, settled }: Props) {
  const [state, setState] = useState<{ found: MoneyToCare | null; problem: string }>({ found: null, problem: '' });
  const latest = useLatest();
  const ask = () => latest(loadMoneyToCare(first, running)).then((found) => setState({ found, problem: '' }), (error: unknown) => setState({ found: null, problem: sentence(error) })).then(settled);
  useEffect(() => { void ask(); }, [first, running]);
  const { found, problem } = state;
  if (problem) return <Failure text={problem} retry={() => void ask()} />;
  if (!found) return <Skeleton />;
  const wanted = route.value.query.get('currency') ?? '';
  const spent = found.spent.find(({ currency }) => currency === wanted) ?? found.spent[0];
  const stages = stagesOf(found);
  if (!spent && stages.length === 0) return <p class="empty">{found.unread > 0 ? t('programme.money-unread', { n: found.unread }) : t('money.none')}</p>;
  const title = t('programme.money-in', { first: String(first), last: String(running) });
  const named = (id: string) => { const one = definitions.find((each) => each.id === id); return one ? nameOf(one) : id; };
  return (
    <ChartFrame name="money" title={title} reading={readingOf(found, spent)} sheet={sheetOf(found, spent, named, open)} table={table} definition={<Words definitions={definitions} />}
      drawing={<MoneyPicture uses={drawnUses(found, spent)} stages={stages} title={title} open={open} />}>
      {spent && found.spent.length > 1 && <SelectField id="programme-currency" label={t('money.currency')} value={spent.currency} onChange={(currency) => setQuery({ currency })} options={found.spent.map(({ currency }) => ({ value: currency, label: currency }))} />}
    </ChartFrame>
  );
}
