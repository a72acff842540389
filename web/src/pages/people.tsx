// SPDX-License-Identifier: Apache-2.0
// People and posts of my hospital or department: who is here now, who comes, who has left.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { myUnits, peopleIn, whose, type PersonOf, type PostState, type Unit } from '../fhir/people';
import { t, type TextKey } from '../lib/i18n';
import { useKeys } from '../lib/keys';
import { hrefTo, route, setQuery } from '../lib/router';
import { accounts, type Account } from '../sign-in';
import { AccountState } from '../ui/account-state';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Skeleton } from '../ui/notice';
import { PostLine } from '../ui/post-line';

const SHOWS: readonly PostState[] = ['now', 'coming', 'ended'];
const LABELS: Record<PostState, TextKey> = { now: 'people.now', coming: 'people.coming', ended: 'people.ended' };
const EMPTY: Record<PostState, TextKey> = { now: 'people.none-now', coming: 'people.none-coming', ended: 'people.none-ended' };

interface Loaded {
  people: PersonOf[] | null;
  units: Unit[];
  accounts: Map<string, Account>;
  problem: string;
}

async function load(): Promise<Loaded> {
  const [units, list] = await Promise.all([myUnits(), accounts()]);
  return { people: await peopleIn(units), units, accounts: new Map(list.map((one) => [one.practitioner, one])), problem: '' };
}

function matches(person: PersonOf, text: string): boolean {
  const names = [person.name, ...person.otherNames].join(' ').toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => names.includes(word));
}

/** Somebody who left is not shown among those who are here. */
function stands(person: PersonOf, show: PostState): boolean {
  if (show === 'ended') return person.posts.every((post) => post.state === 'ended');
  return person.posts.some((post) => post.state === show);
}

function PersonRow({ person, account, units, show }: { person: PersonOf; account: Account | undefined; units: Unit[]; show: PostState }) {
  return (
    <li>
      <a class="person-row" href={hrefTo('person', person.record.id ?? '')}>
        <span class="person-row-name">
          <span class="patient-name">{person.name}</span>
          {person.otherNames.length > 0 && <span class="patient-facts">{person.otherNames.join(', ')}</span>}
        </span>
        <span class="person-row-posts">
          {person.posts.filter((post) => post.state === show).map((post) => <PostLine key={post.record.id} post={post} />)}
        </span>
        <AccountState account={account} whose={whose(person, units)} />
      </a>
    </li>
  );
}

export function PeoplePage() {
  const [loaded, setLoaded] = useState<Loaded>({ people: null, units: [], accounts: new Map(), problem: '' });
  const refresh = () => load().then(setLoaded, (error: unknown) => setLoaded((before) => ({ ...before, problem: error instanceof Error ? error.message : sentence(error) })));
  useEffect(() => void refresh(), []);
  useKeys({ '/': () => document.getElementById('people-search')?.focus() });
  const wanted = route.value.query.get('show') as PostState;
  const show = SHOWS.includes(wanted) ? wanted : 'now';
  const text = route.value.query.get('text') ?? '';
  const found = (loaded.people ?? []).filter((person) => matches(person, text.trim()));
  const rows = found.filter((person) => stands(person, show));
  return (
    <div class="page page-wide">
      <div class="page-head">
        <Heading text={t('people.title')} />
        <a href={hrefTo('hospital')}>{t('hospital.about')}</a>
        <a class="button button-main button-stays" href={hrefTo('person', 'new')}><Icon name="person-new" />{t('people.add')}</a>
      </div>
      <div class="filters">
        <nav class="tabs" aria-label={t('people.filter')}>
          {SHOWS.map((one) => (
            <a key={one} href={hrefTo('people', '', { show: one === 'now' ? '' : one, text })} aria-current={one === show ? 'true' : undefined}>
              {t(LABELS[one])}{' '}
              {loaded.people && <span class="count">{found.filter((person) => stands(person, one)).length}</span>}
            </a>
          ))}
        </nav>
        <label class="with-icon search-box" for="people-search">
          <Icon name="search" />
          <span class="unseen">{t('people.search')}</span>
          <input id="people-search" type="search" placeholder={t('people.search')} value={text} onInput={(event) => setQuery({ text: event.currentTarget.value })} />
        </label>
      </div>
      {loaded.problem && <Failure text={loaded.problem} retry={() => void refresh()} />}
      {!loaded.people && !loaded.problem && <Skeleton />}
      <ul class="person-list" aria-label={t(LABELS[show])}>
        {rows.map((person) => <PersonRow key={person.reference} person={person} account={loaded.accounts.get(person.reference)} units={loaded.units} show={show} />)}
      </ul>
      {loaded.people && rows.length === 0 && <p class="empty">{text ? t('people.none-match', { text }) : t(EMPTY[show])}</p>}
    </div>
  );
}
