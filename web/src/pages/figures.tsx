// SPDX-License-Identifier: Apache-2.0
// The figures of the programme, each computed from records: its value for a year or for ten, its
// definition, and one press away the records that make it up.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadDefinitions, loadValues, type Definition, type Value } from '../fhir/indicators';
import { numberIn } from '../lib/dates';
import { language, t } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { route, setQuery } from '../lib/router';
import { now } from '../lib/time';
import { yearOptions } from '../lib/year-options';
import { RowsBehind, type Period } from '../ui/computed-rows';
import { topicsOf } from '../ui/figure-topics';
import { estimated, measure, nameOf, percent } from '../ui/figure-words';
import { SelectField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Failure, Skeleton } from '../ui/notice';

const YEARS = 10;

/** What is told beside the number, in a sentence. */
function MeasuredLine({ value }: { value: Value }) {
  if (value.share) {
    const { met, all, between } = value.share;
    return <p>{between ? t('computed.share', { met, all, low: percent(between.low), high: percent(between.high) }) : t('computed.days-met', { met: numberIn(language.value, met), all: numberIn(language.value, all) })}</p>;
  }
  if (!value.spread) return null;
  const { all, ninety, unit, within, limited } = value.spread;
  return (
    <>
      <p>{t('computed.spread', { all, ninety: measure(ninety, unit) })}</p>
      {within !== null && limited !== null && <p>{t('computed.within', { within, limited, share: percent(within / limited) })}</p>}
    </>
  );
}

function valueSays(value: Value): string {
  if (value.nothing) return t('computed.no-rows');
  if (value.share) return percent(value.amount);
  if (value.spread) return measure(value.amount, value.spread.unit);
  const amount = numberIn(language.value, value.amount, value.currency ? { minimumFractionDigits: 2 } : {});
  if (value.estimate) return estimated(numberIn(language.value, Math.round(value.amount)));
  if (value.currency) return `${value.currency} ${amount}`;
  return value.atLeast ? t('computed.range', { low: amount, high: numberIn(language.value, value.amount + 4) }) : amount;
}

function Figure({ one, period }: { one: Definition; period: Period }) {
  const [state, setState] = useState<{ values: Value[] | null; problem: string }>({ values: null, problem: '' });
  const [open, setOpen] = useState(false);
  const latest = useLatest();
  const load = () => latest(loadValues(one, period.from, period.until)).then((values) => setState({ values, problem: '' }), (error: unknown) => setState({ values: null, problem: sentence(error) }));
  useEffect(() => { void load(); }, [one.id, period.from, period.until]);
  const { values, problem } = state;
  return (
    <article class="log-line" aria-label={nameOf(one)}>
      <h3>{nameOf(one)}</h3>
      {problem && <Failure text={problem} retry={() => void load()} />}
      {!values && !problem && <Skeleton />}
      {values && <p><strong class="computed-value">{values.length === 0 ? t(one.steps && one.scoring === 'count' ? 'computed.masked' : 'computed.few') : values.map(valueSays).join(' · ')}</strong></p>}
      {values?.map((value, at) => <MeasuredLine key={at} value={value} />)}
      <details>
        <summary>{t('computed.definition')}</summary>
        <p lang="en">{one.text}</p>
        {one.scope && <p lang="en">{one.scope}</p>}
      </details>
      <button type="button" class="button button-small" aria-expanded={open} onClick={() => setOpen(!open)}>{t(open ? 'computed.hide' : 'computed.show')}</button>
      {open && <RowsBehind id={one.id} period={period} />}
    </article>
  );
}

function periodFrom(chosen: string, last: number): Period {
  return chosen === 'all' ? { from: String(last - YEARS + 1), until: String(last) } : { from: chosen, until: chosen };
}

export function FiguresPage() {
  const last = new Date(now.value).getUTCFullYear() - 1;
  const chosen = route.value.query.get('period') || String(last);
  const [state, setState] = useState<{ list: Definition[] | null; problem: string }>({ list: null, problem: '' });
  const latest = useLatest();
  const load = () => latest(loadDefinitions()).then((list) => setState({ list, problem: '' }), (error: unknown) => setState({ list: null, problem: sentence(error) }));
  useEffect(() => { void load(); }, []);
  return (
    <div class="page page-wide page-log">
      <Heading text={t('computed.title')} />
      <p class="hint">{t('computed.why')}</p>
      <SelectField id="computed-period" label={t('computed.period')} value={chosen} onChange={(value) => setQuery({ period: value })} options={[...yearOptions(last - YEARS + 1, last, Number(chosen) || last), { value: 'all', label: t('computed.all-years', { from: last - YEARS + 1, until: last }) }]} />
      {state.problem && <Failure text={state.problem} retry={() => void load()} />}
      {!state.list && !state.problem && <Skeleton />}
      {topicsOf(state.list ?? []).map(({ name, list }) => (
        <section key={name} aria-label={name}>
          <h2>{name}</h2>
          <div class="log-lines">{list.map((one) => <Figure key={one.id} one={one} period={periodFrom(chosen, last)} />)}</div>
        </section>
      ))}
    </div>
  );
}
