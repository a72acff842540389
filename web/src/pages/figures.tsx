// SPDX-License-Identifier: Apache-2.0
// The figures of the programme, each computed from records: its value for a year or for ten, its
// definition, and one press away the records that make it up.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadDefinitions, loadValues, type Definition, type Value } from '../fhir/indicators';
import { numberIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { route, setQuery } from '../lib/router';
import { now } from '../lib/time';
import { RowsBehind, type Period } from '../ui/computed-rows';
import { topicsOf } from '../ui/figure-topics';
import { SelectField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Failure, Skeleton } from '../ui/notice';

const YEARS = 10;
/** What people call them; a definition without a name here has its own. */
const NAMES: Record<string, TextKey> = {
  'experts-deployed': 'computed.experts-deployed', 'sending-hospitals': 'computed.sending-hospitals', 'expert-days': 'computed.expert-days',
  'departments-twinned': 'computed.departments-twinned', 'hospital-pairs': 'computed.hospital-pairs', 'telemedicine-links': 'computed.telemedicine-links',
  apprenticeships: 'computed.apprenticeships', 'independent-practitioners': 'computed.independent-practitioners', 'local-staff-trained': 'computed.local-staff-trained',
  'person-courses': 'computed.person-courses', degrees: 'computed.degrees', 'outbound-training': 'computed.outbound-training',
  'techniques-introduced': 'computed.techniques-introduced', 'techniques-first-in-network': 'computed.techniques-first-in-network',
  'technique-gaps-filled': 'computed.technique-gaps-filled', equipment: 'computed.equipment', 'first-answer-time': 'computed.first-answer-time',
  'first-answer-time-worked': 'computed.first-answer-time-worked', 'allocation-time': 'computed.allocation-time', 'answers-in-time': 'computed.answers-in-time',
  emergency: 'computed.emergency', 'usable-requests': 'computed.usable-requests', 'loop-closure': 'computed.loop-closure', 'avoided-transfers': 'computed.avoided-transfers',
  'avoided-kilometres': 'computed.avoided-kilometres', 'avoided-minutes': 'computed.avoided-minutes', 'case-discussion': 'computed.case-discussion', mdt: 'computed.mdt',
  monitoring: 'computed.monitoring', rehabilitation: 'computed.rehabilitation', retention: 'computed.retention', equity: 'computed.equity',
  funding: 'computed.funding', agreements: 'computed.agreements',
  'international-patients': 'computed.international-patients', 'international-episodes': 'computed.international-episodes', 'international-bed-days': 'computed.international-bed-days',
  'international-beds': 'computed.international-beds', 'international-beds-taken': 'computed.international-beds-taken', students: 'computed.students',
  'experts-abroad': 'computed.experts-abroad', research: 'computed.research',
  'joint-operation': 'computed.joint-operation', 'new-technology-stock': 'computed.new-technology-stock', 'expert-presence': 'computed.expert-presence', 'gaps-reopened': 'computed.gaps-reopened',
  protocols: 'computed.protocols', language: 'computed.language', 'local-independence': 'computed.local-independence', 'gap-closure': 'computed.gap-closure', 'gap-closing-days': 'computed.gap-closing-days',
  'equipment-days': 'computed.equipment-days', handover: 'computed.handover', 'handover-orphans': 'computed.handover-orphans', 'overlap-days': 'computed.overlap-days',
  'serious-illnesses-treatable-in-region': 'computed.serious-illnesses-treatable-in-region', 'serious-illnesses-listed-in-region': 'computed.serious-illnesses-listed-in-region',
  'serious-illnesses-sustained-in-region': 'computed.serious-illnesses-sustained-in-region', 'moderate-illnesses-treatable-locally': 'computed.moderate-illnesses-treatable-locally',
  'moderate-illnesses-listed-locally': 'computed.moderate-illnesses-listed-locally', 'moderate-illnesses-sustained-locally': 'computed.moderate-illnesses-sustained-locally',
  'minor-illnesses-treatable-in-county': 'computed.minor-illnesses-treatable-in-county', 'minor-illnesses-listed-in-county': 'computed.minor-illnesses-listed-in-county',
  'minor-illnesses-sustained-in-county': 'computed.minor-illnesses-sustained-in-county', 'self-sufficiency': 'computed.self-sufficiency',
};

export function nameOf(one: Definition): string {
  const key = NAMES[one.id];
  return key ? t(key) : one.title;
}

/** "63 %", "45 min", "12.5 points". */
export const percent = (share: number) => numberIn(language.value, share, { style: 'percent', maximumFractionDigits: 0 });

export function measure(amount: number, unit: string): string {
  if (unit === 'minute') return minutesSay(amount);
  if (unit === 'day') return numberIn(language.value, amount, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 });
  return `${numberIn(language.value, amount, { maximumFractionDigits: 1 })} ${unit}`;
}

function minutesSay(minutes: number): string {
  const [amount, unit] = minutes < 120 ? [minutes, 'minute'] : minutes < 2880 ? [minutes / 60, 'hour'] : [minutes / 1440, 'day'];
  return numberIn(language.value, amount, { style: 'unit', unit, maximumFractionDigits: amount < 10 ? 1 : 0 });
}

/** What is told beside the number, in a sentence. */
function MeasuredLine({ value }: { value: Value }) {
  if (value.share) return <p>{t('computed.share', { met: value.share.met, all: value.share.all, low: percent(value.share.low), high: percent(value.share.high) })}</p>;
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
  const options = Array.from({ length: YEARS }, (_, n) => String(last - n)).map((year) => ({ value: year, label: year }));
  return (
    <div class="page page-wide page-log">
      <Heading text={t('computed.title')} />
      <p class="hint">{t('computed.why')}</p>
      <SelectField id="computed-period" label={t('computed.period')} value={chosen} onChange={(value) => setQuery({ period: value })} options={[...options, { value: 'all', label: t('computed.all-years', { from: last - YEARS + 1, until: last }) }]} />
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
