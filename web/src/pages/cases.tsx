// SPDX-License-Identifier: Apache-2.0
// The list of cases: what needs an answer, the most urgent first.
import { useEffect, useRef } from 'preact/hooks';
import { cases, loadOlder, refreshCases } from '../case-store';
import { SHOWS, byUrgency, matches, type CaseItem, type Show } from '../fhir/case-list';
import { hasAnswer } from '../fhir/codes';
import { t, type TextKey } from '../lib/i18n';
import { useKeys } from '../lib/keys';
import { wasSeen } from '../lib/seen';
import { goTo, hrefTo, route, setQuery } from '../lib/router';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { StateChip, UrgencyChip } from '../ui/chips';
import { Failure, Skeleton } from '../ui/notice';
import { PatientLine } from '../ui/patient-line';
import { TimeAgo } from '../ui/time-ago';

const SHOW_LABELS: Record<Show, TextKey> = {
  open: 'cases.open',
  mine: 'cases.mine',
  waiting: 'cases.waiting',
  answered: 'cases.answered',
};
const EMPTY_WORDS: Record<Show, TextKey> = {
  open: 'cases.none-open',
  mine: 'cases.none-mine',
  waiting: 'cases.none-waiting',
  answered: 'cases.none-answered',
};

function select(show: Show): CaseItem[] {
  const { open, answered } = cases.value;
  const openSorted = [...(open ?? [])].sort(byUrgency);
  if (show === 'answered') return answered ?? [];
  if (show === 'waiting') return openSorted.filter((item) => item.state === 'sent');
  if (show === 'mine') return [...openSorted, ...(answered ?? [])].filter((item) => item.mine);
  return openSorted;
}

/** An answer to my question that I have not opened yet. */
function isNews(item: CaseItem): boolean {
  return item.asked && hasAnswer(item.state) && !wasSeen(item.id, item.changed);
}

function CaseRow({ item }: { item: CaseItem }) {
  return (
    <li>
      <a class={`case-row row-${item.urgency}`} href={hrefTo('case', item.id)}>
        <UrgencyChip urgency={item.urgency} />
        <span class="case-row-main">
          <PatientLine patient={item.patient} />
          <span class="case-row-question">{item.question}</span>
        </span>
        <span class="case-row-side">
          <span class="case-row-state">
            <StateChip state={item.state} owner={item.owner} />
            {isNews(item) && <span class="new">{t('timeline.new')}</span>}
          </span>
          <span class="case-row-asker">{item.asker && t('cases.asked-by', { name: item.asker })}</span>
        </span>
        <TimeAgo at={item.opened} />
      </a>
    </li>
  );
}

function TabCount({ show }: { show: Show }) {
  if (!cases.value.open) return null;
  if (show !== 'answered') return <span class="count">{select(show).length}</span>;
  const news = select('answered').filter(isNews).length;
  return news > 0 ? <span class="new">{t('cases.news', { n: news })}</span> : null;
}

function Filters({ show, text }: { show: Show; text: string }) {
  return (
    <div class="filters">
      <nav class="tabs" aria-label={t('cases.filter')}>
        {SHOWS.map((one) => (
          <a key={one} href={hrefTo('cases', '', { show: one === 'open' ? '' : one, text })} aria-current={one === show ? 'true' : undefined}>
            {t(SHOW_LABELS[one])}{' '}
            <TabCount show={one} />
          </a>
        ))}
      </nav>
      <label class="with-icon search-box" for="case-search">
        <Icon name="search" />
        <span class="unseen">{t('cases.search')}</span>
        <input id="case-search" type="search" placeholder={t('cases.search')} value={text} onInput={(event) => setQuery({ text: event.currentTarget.value })} />
      </label>
    </div>
  );
}

/** j, k and the arrows walk the rows; Enter is the link's own. */
function useRowKeys(list: { current: HTMLUListElement | null }): void {
  const move = (step: number) => {
    const rows = [...(list.current?.querySelectorAll<HTMLAnchorElement>('a.case-row') ?? [])];
    if (rows.length === 0) return false;
    const at = rows.indexOf(document.activeElement as HTMLAnchorElement);
    rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step))]?.focus();
    return true;
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    n: () => goTo('ask'),
    '/': () => document.getElementById('case-search')?.focus(),
  });
}

/** Says aloud what came in while the page was open. */
function NewsForListeners() {
  const known = useRef<Set<string> | null>(null);
  const open = cases.value.open ?? [];
  const news = known.current ? open.filter((item) => !known.current?.has(item.id)) : [];
  useEffect(() => {
    if (cases.value.open) known.current = new Set(cases.value.open.map((item) => item.id));
  }, [cases.value.open]);
  return <p class="unseen" role="status">{news.map((item) => t('cases.new', { question: item.question })).join(' ')}</p>;
}

export function CasesPage() {
  const list = useRef<HTMLUListElement>(null);
  useRowKeys(list);
  const wanted = route.value.query.get('show') as Show;
  const show = SHOWS.includes(wanted) ? wanted : 'open';
  const text = route.value.query.get('text') ?? '';
  const all = select(show);
  const rows = text ? all.filter((item) => matches(item, text)) : all;
  const known = cases.value.open !== null;
  return (
    <div class="page page-wide">
      <div class="page-head">
        <Heading text={t('cases.title')} />
        <a class="button button-main" href={hrefTo('ask')}><Icon name="add" />{t('cases.ask')}</a>
      </div>
      <Filters show={show} text={text} />
      {cases.value.problem && <Failure text={cases.value.problem} retry={() => void refreshCases()} />}
      {!known && !cases.value.problem && <Skeleton />}
      <ul class="case-list" ref={list} aria-label={t(SHOW_LABELS[show])}>
        {rows.map((item) => <CaseRow key={item.id} item={item} />)}
      </ul>
      {known && rows.length === 0 && (
        <p class="empty">{all.length > 0 ? t('cases.none-match', { text }) : t(EMPTY_WORDS[show])}</p>
      )}
      {show === 'answered' && cases.value.moreAnswered && (
        <button type="button" class="button" onClick={() => void loadOlder()}>{t('cases.older')}</button>
      )}
      <NewsForListeners />
    </div>
  );
}
