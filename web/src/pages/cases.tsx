// SPDX-License-Identifier: Apache-2.0
// All cases I have to do with: as a list, a table or a board. What is shown stands in the
// address, so that it can be sent to a colleague.
import { useEffect, useRef, useState } from 'preact/hooks';
import { onChangesOf } from '../events';
import { sentence } from '../fhir/client';
import { joined, loadWork, type WorkItem, type WorkPage, type WorkQuery } from '../fhir/worklist';
import { matchesWork } from '../fhir/work-filter';
import { t, type TextKey } from '../lib/i18n';
import { hrefTo, route, setQuery } from '../lib/router';
import { mayOpen } from '../navigation';
import { SelectField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Skeleton } from '../ui/notice';
import { useRowKeys } from '../ui/row-keys';
import { STATES } from '../ui/chips';
import { SaveCases } from '../ui/save-cases';
import { WorkBoard } from '../ui/work-board';
import { WorkRow } from '../ui/work-row';
import { WorkTable } from '../ui/work-table';

const SHOWS = { open: 'cases.open', waiting: 'cases.waiting', ended: 'cases.ended' } as const satisfies Partial<Record<WorkQuery['show'], TextKey>>;
const VIEWS = { list: 'cases.as-list', table: 'cases.as-table', board: 'cases.as-board' } as const satisfies Record<string, TextKey>;
type Show = keyof typeof SHOWS;
type View = keyof typeof VIEWS;
const TASKS = new Set(['Task']);
const PAGE = 100;

function oneOf<T extends string>(name: string, known: Record<T, unknown>, otherwise: T): T {
  const value = route.value.query.get(name) ?? '';
  return value in known ? (value as T) : otherwise;
}

interface Loaded {
  items: WorkItem[] | null;
  next: string;
  total: number | null;
  problem: string;
}

const NOTHING: Loaded = { items: null, next: '', total: null, problem: '' };

/** The first rows of ${query}, at least ${wanted} of them where there are so many. */
async function loadUpTo(query: WorkQuery, wanted: number): Promise<WorkPage> {
  const first = await loadWork({ ...query, count: PAGE });
  const page = { ...first, items: [...first.items] };
  while (page.next && page.items.length < wanted) {
    const more = await loadWork({ ...query, page: page.next, count: PAGE });
    page.items.push(...more.items);
    page.next = more.next;
  }
  return page;
}

/** The rows of ${query}, read again when a case changes, and how to read on. */
function useRows(query: WorkQuery): Loaded & { more: () => void; again: () => void } {
  const [loaded, setLoaded] = useState<Loaded>(NOTHING);
  const key = JSON.stringify(query);
  const [round, setRound] = useState(0);
  const shownOf = useRef(key);
  useEffect(() => {
    let latest = true;
    const shown = shownOf.current === key ? loaded.items?.length ?? 0 : 0; // what "Show more" brought stays in sight
    shownOf.current = key;
    loadUpTo(query, shown).then(
      (page) => { if (latest) setLoaded({ items: page.items, next: page.next, total: page.total, problem: '' }); },
      (error: unknown) => { if (latest) setLoaded((before) => ({ ...before, problem: sentence(error) })); },
    );
    return () => { latest = false; };
  }, [key, round]);
  useEffect(() => setLoaded(NOTHING), [key]);
  useEffect(() => onChangesOf(TASKS, () => setRound((before) => before + 1)), []);
  const more = () => {
    const from = loaded.next;
    loadWork({ ...query, page: from, count: PAGE }).then(
      (page) => setLoaded((before) => (before.next === from ? { ...before, items: joined(before.items ?? [], page.items), next: page.next } : before)), // else another list stands there by now
      (error: unknown) => setLoaded((before) => ({ ...before, problem: sentence(error) })),
    );
  };
  return { ...loaded, more, again: () => setRound((before) => before + 1) };
}

function Tabs({ show, total }: { show: Show; total: number | null }) {
  const query = Object.fromEntries(route.value.query);
  return (
    <nav class="tabs" aria-label={t('cases.filter')}>
      {(Object.keys(SHOWS) as Show[]).map((one) => (
        <a key={one} href={hrefTo('cases', '', { ...query, show: one === 'open' ? '' : one, state: '' })} aria-current={one === show ? 'true' : undefined}>
          {t(SHOWS[one])} {one === show && total !== null && <span class="count">{total}</span>}
        </a>
      ))}
    </nav>
  );
}

function Narrow({ show }: { show: Show }) {
  const { query } = route.value;
  const ended = ['closed', 'declined', 'withdrawn', 'expired'];
  const states = (Object.keys(STATES) as (keyof typeof STATES)[]).filter((state) => ended.includes(state) === (show === 'ended'));
  return (
    <div class="narrow">
      <SelectField
        id="cases-urgency" label={t('cases.urgency')} value={query.get('urgency') ?? ''} onChange={(urgency) => setQuery({ urgency })}
        options={[{ value: '', label: t('cases.any') }, { value: 'emergency', label: t('urgency.stat') }, { value: 'urgent', label: t('urgency.urgent') }, { value: 'routine', label: t('urgency.routine') }]}
      />
      <SelectField
        id="cases-state" label={t('cases.state')} value={query.get('state') ?? ''} onChange={(state) => setQuery({ state })}
        options={[{ value: '', label: t('cases.any') }, ...states.map((state) => ({ value: state, label: t(STATES[state].label) }))]}
      />
      <SelectField
        id="cases-side" label={t('cases.side')} value={query.get('side') ?? ''} onChange={(side) => setQuery({ side })}
        options={[{ value: '', label: t('cases.any') }, { value: 'asking', label: t('cases.side-asking') }, { value: 'asked', label: t('cases.side-asked') }]}
      />
      <label class="tick">
        <input type="checkbox" checked={query.get('mine') === '1'} onChange={(event) => setQuery({ mine: event.currentTarget.checked ? '1' : '' })} />
        {t('cases.mine')}
      </label>
    </div>
  );
}

function Views({ view }: { view: View }) {
  return (
    <nav class="views" aria-label={t('cases.views')}>
      {(Object.keys(VIEWS) as View[]).map((one) => (
        <a key={one} href={hrefTo('cases', '', { ...Object.fromEntries(route.value.query), view: one === 'list' ? '' : one })} aria-current={one === view ? 'true' : undefined}>{t(VIEWS[one])}</a>
      ))}
    </nav>
  );
}

function Rows({ view, items }: { view: View; items: WorkItem[] }) {
  if (view === 'table') return <WorkTable items={items} />;
  if (view === 'board') return <WorkBoard items={items} />;
  return <ul class="case-list" aria-label={t('cases.title')}>{items.map((item) => <WorkRow key={item.id} item={item} />)}</ul>;
}

export function CasesPage() {
  const page = useRowKeys<HTMLDivElement>();
  const show = oneOf<Show>('show', SHOWS, 'open');
  const view = oneOf<View>('view', VIEWS, 'list');
  const { query } = route.value;
  const text = query.get('text') ?? '';
  const filters = { state: query.get('state') ?? '', urgency: query.get('urgency') ?? '', side: query.get('side') ?? '', mine: query.get('mine') === '1' };
  const { items, next, total, problem, more, again } = useRows({ show, ...filters });
  const rows = (items ?? []).filter((item) => matchesWork(item, text));
  const narrowed = text !== '' || filters.mine || [filters.state, filters.urgency, filters.side].some(Boolean);
  return (
    <div class="page page-wide" ref={page}>
      <div class="page-head">
        <Heading text={t('cases.title')} />
        {mayOpen('ask') && <a class="button button-main" href={hrefTo('ask')}><Icon name="add" />{t('cases.ask')}</a>}
      </div>
      <div class="filters">
        <Tabs show={show} total={total} />
        <label class="with-icon search-box" for="case-search">
          <Icon name="search" />
          <span class="unseen">{t('cases.search')}</span>
          <input id="case-search" type="search" placeholder={t('cases.search')} value={text} onInput={(event) => setQuery({ text: event.currentTarget.value })} />
        </label>
      </div>
      <Narrow show={show} />
      <div class="filters">
        <Views view={view} />
        {rows.length > 0 && <SaveCases items={rows} />}
      </div>
      {problem && <Failure text={problem} retry={again} />}
      {!items && !problem && <Skeleton />}
      <Rows view={view} items={rows} />
      {items && rows.length === 0 && <p class="empty">{t(narrowed ? 'cases.none-match' : show === 'ended' ? 'cases.none-ended' : 'cases.none-open')}</p>}
      {next && <button type="button" class="button" onClick={more}>{t('cases.more')}</button>}
    </div>
  );
}
