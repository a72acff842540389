// SPDX-License-Identifier: Apache-2.0
// The audit trail for auditors: who did what, filtered by the address; one entry; the chain.
import { useEffect, useRef, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { dayBegins } from '../fhir/people';
import { roleName } from '../fhir/roles';
import { ACTION_NAMES, chainState, didWords, failed, readEvent, recordsOf, searchTrail, type Chain, type TrailPage, type TrailQuery } from '../fhir/trail';
import type { AuditEvent } from '../fhir/types';
import { t, type TextKey } from '../lib/i18n';
import { goTo, hrefTo, route } from '../lib/router';
import { dayAndTime, fullTime } from '../lib/time';
import type { PageProps } from '../navigation';
import { SelectField, TextField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Notice, Skeleton } from '../ui/notice';

const FIELDS = ['person', 'patient', 'action', 'outcome', 'from', 'until'] as const;

const ACTION_LABELS: Record<string, TextKey> = {
  read: 'audit.reads',
  change: 'audit.changes',
  'sign-in': 'audit.sign-ins',
  account: 'audit.accounts',
  refusal: 'audit.refusals',
  copy: 'audit.copies',
  look: 'audit.looks',
};

function queryOf(): TrailQuery {
  const { query } = route.value;
  return Object.fromEntries(FIELDS.map((field) => [field, query.get(field) ?? ''])) as unknown as TrailQuery;
}

/** What is asked stands in the address as soon as it is asked, not as it is typed. */
function Filters({ asked }: { asked: TrailQuery }) {
  const [draft, setDraft] = useState(asked);
  const key = JSON.stringify(asked);
  useEffect(() => setDraft(asked), [key]);
  const change = (part: Partial<TrailQuery>) => setDraft({ ...draft, ...part });
  const submit = (event: Event) => {
    event.preventDefault();
    goTo('audit', '', { ...draft });
  };
  return (
    <form class="audit-filters" role="search" aria-label={t('audit.search')} onSubmit={submit} noValidate>
      <TextField id="audit-person" label={t('audit.person')} hint={t('audit.person-hint')} value={draft.person} onChange={(person) => change({ person })} input={{ autocomplete: 'off', spellcheck: false }} />
      <TextField id="audit-patient" label={t('audit.patient')} hint={t('audit.patient-hint')} value={draft.patient} onChange={(patient) => change({ patient })} input={{ autocomplete: 'off', spellcheck: false }} />
      <SelectField id="audit-action" label={t('audit.action')} value={draft.action} onChange={(action) => change({ action })} options={[{ value: '', label: t('audit.any') }, ...ACTION_NAMES.map((value) => ({ value, label: t(ACTION_LABELS[value] ?? 'audit.any') }))]} />
      <SelectField id="audit-outcome" label={t('audit.outcome')} value={draft.outcome} onChange={(outcome) => change({ outcome })} options={[{ value: '', label: t('audit.any') }, { value: 'done', label: t('audit.done') }, { value: 'failed', label: t('audit.failed') }]} />
      <TextField id="audit-from" label={t('audit.from')} value={draft.from} onChange={(from) => change({ from })} input={{ type: 'date' }} />
      <TextField id="audit-until" label={t('audit.until')} value={draft.until} onChange={(until) => change({ until })} input={{ type: 'date' }} />
      <div class="form-end">
        <button type="submit" class="button button-main"><Icon name="search" />{t('audit.search')}</button>
        <a class="button" href={hrefTo('audit')}>{t('audit.clear')}</a>
      </div>
    </form>
  );
}

function Records({ event, most }: { event: AuditEvent; most: number }) {
  const { patients, records, accounts } = recordsOf(event);
  const all = [...patients, ...records.filter((one) => !patients.includes(one)), ...accounts];
  const shown = all.slice(0, most);
  return <>{shown.join(', ')}{all.length > most ? ` ${t('audit.and-more', { n: all.length - most })}` : ''}</>;
}

function Outcome({ event }: { event: AuditEvent }) {
  if (!failed(event)) return <span class="state">{t('audit.done')}</span>;
  return <span class="state state-off"><Icon name="alert" size={16} />{t('audit.failed')}</span>;
}

function EventTable({ events }: { events: AuditEvent[] }) {
  return (
    <table class="list-table">
      <caption class="unseen">{t('audit.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('seen.when')}</th>
          <th scope="col">{t('seen.who')}</th>
          <th scope="col">{t('seen.what')}</th>
          <th scope="col">{t('audit.of')}</th>
          <th scope="col">{t('audit.outcome')}</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <tr key={event.id}>
            <td data-label={t('seen.when')}><a href={hrefTo('audit', event.id ?? '')}><time dateTime={event.recorded} title={fullTime(event.recorded)}>{dayAndTime(event.recorded)}</time></a></td>
            <td data-label={t('seen.who')}><strong>{event.agent[0]?.name ?? event.agent[0]?.who?.display ?? ''}</strong><span class="hint">{event.agent[0]?.role?.[0]?.text ? roleName(event.agent[0].role[0].text) : ''}</span></td>
            <td data-label={t('seen.what')}>{didWords(event)}</td>
            <td data-label={t('audit.of')} class="records"><Records event={event} most={2} /></td>
            <td data-label={t('audit.outcome')}><Outcome event={event} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** All entries are read for it, so it is asked for and not shown by itself. */
function ChainState() {
  const [chain, setChain] = useState<Chain | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const check = async () => {
    setBusy(true);
    setProblem('');
    await chainState().then(setChain, (error: unknown) => setProblem(sentence(error)));
    setBusy(false);
  };
  return (
    <section class="chain" aria-labelledby="chain-title">
      <div class="chain-head">
        <h2 id="chain-title">{t('chain.title')}</h2>
        <button type="button" class="button button-small" disabled={busy} onClick={() => void check()}>{busy ? t('chain.busy') : t('chain.check')}</button>
      </div>
      {problem && <Notice kind="problem"><p>{problem}</p></Notice>}
      {!chain && !problem && <p class="hint">{t('chain.unchecked')}</p>}
      {chain?.sound && (
        <Notice kind="good">
          <p>{t('chain.sound', { n: chain.entries, date: dayAndTime(chain.checked) })}</p>
          <p class="hint">{t('chain.head')} <code class="secret">{chain.head}</code></p>
        </Notice>
      )}
      {chain && !chain.sound && (
        <Notice kind="problem">
          <p>{t('chain.broken', { date: dayAndTime(chain.checked) })}</p>
          <ul>{chain.faults.map((fault, at) => <li key={at}><strong>{fault.where}</strong>: {fault.what}</li>)}</ul>
        </Notice>
      )}
    </section>
  );
}

function TrailSearch() {
  const asked = queryOf();
  const key = JSON.stringify(asked);
  const latest = useRef(0);
  const [events, setEvents] = useState<AuditEvent[] | null>(null);
  const [more, setMore] = useState<TrailPage['more']>(null);
  const [problem, setProblem] = useState('');
  const take = (mine: number, page: TrailPage, before: AuditEvent[]) => {
    if (mine !== latest.current) return;
    setEvents([...before, ...page.events]);
    setMore(() => page.more);
  };
  const fail = (mine: number) => (error: unknown) => {
    if (mine === latest.current) setProblem(sentence(error));
  };
  const refresh = () => {
    const mine = ++latest.current;
    setProblem('');
    void searchTrail(asked, dayBegins).then((page) => take(mine, page, []), fail(mine));
  };
  useEffect(refresh, [key]);
  const older = () => {
    const mine = ++latest.current;
    void more?.().then((page) => take(mine, page, events ?? []), fail(mine));
  };
  return (
    <div class="page page-wide">
      <Heading text={t('audit.title')} />
      <ChainState />
      <Filters asked={asked} />
      {problem && <Failure text={problem} retry={refresh} />}
      {!events && !problem && <Skeleton />}
      <p class="unseen" role="status">{events ? t('audit.found', { n: events.length }) : ''}</p>
      {events && events.length > 0 && <EventTable events={events} />}
      {events && events.length === 0 && !more && <p class="empty">{t('audit.none')}</p>}
      {events && events.length === 0 && more && <p class="empty">{t('audit.none-yet')}</p>}
      {more && <button type="button" class="button" onClick={older}>{t('seen.older')}</button>}
    </div>
  );
}

function Fact({ label, text }: { label: string; text: string | undefined }) {
  return text ? <><dt>{label}</dt><dd>{text}</dd></> : null;
}

function Entry({ id }: { id: string }) {
  const [event, setEvent] = useState<AuditEvent | null>(null);
  const [problem, setProblem] = useState('');
  const load = () => readEvent(id).then(setEvent, (error: unknown) => setProblem(sentence(error)));
  useEffect(() => void load(), [id]);
  const agent = event?.agent[0];
  const { patients, records, accounts } = event ? recordsOf(event) : { patients: [], records: [], accounts: [] };
  const person = agent?.who?.reference ?? agent?.name ?? '';
  return (
    <div class="page page-form">
      <a class="back" href={hrefTo('audit')}><Icon name="back" />{t('audit.title')}</a>
      <Heading text={t('audit.entry', { n: id.replace('trail-', '') })} />
      {problem && <Failure text={problem} retry={() => void load()} />}
      {!event && !problem && <Skeleton />}
      {event && (
        <section aria-label={t('audit.entry', { n: id.replace('trail-', '') })}>
          <dl class="facts">
            <Fact label={t('seen.when')} text={fullTime(event.recorded)} />
            <Fact label={t('seen.who')} text={[agent?.name ?? agent?.who?.display, agent?.role?.[0]?.text && roleName(agent.role[0].text)].filter(Boolean).join(', ')} />
            <Fact label={t('audit.record-of')} text={agent?.who?.reference} />
            <Fact label={t('audit.hospital')} text={event.agent.find((one) => !one.requestor)?.who?.reference} />
            <Fact label={t('audit.address')} text={agent?.network?.address} />
            <Fact label={t('seen.what')} text={didWords(event)} />
            <Fact label={t('audit.outcome')} text={[failed(event) ? t('audit.failed') : t('audit.done'), event.outcomeDesc].filter(Boolean).join(': ')} />
            <Fact label={t('seen.why')} text={agent?.purposeOfUse?.[0]?.text} />
            <Fact label={t('person.account')} text={accounts.join(', ')} />
          </dl>
          {patients.length + records.length > 0 && (
            <>
              <h2>{t('audit.records')}</h2>
              <ul class="records">
                {patients.map((one) => <li key={one}>{one} · <a href={hrefTo('seen', one.replace('Patient/', ''))}>{t('seen.title')}</a></li>)}
                {records.filter((one) => !patients.includes(one)).map((one) => <li key={one}>{one}</li>)}
              </ul>
            </>
          )}
          <p class="form-end">
            {person && <a href={hrefTo('audit', '', { person })}>{t('audit.more-of-person')}</a>}
            {patients[0] && <a href={hrefTo('audit', '', { patient: patients[0].replace('Patient/', '') })}>{t('audit.more-of-patient')}</a>}
          </p>
        </section>
      )}
    </div>
  );
}

export function AuditPage({ id }: PageProps) {
  return id ? <Entry id={id} /> : <TrailSearch />;
}
