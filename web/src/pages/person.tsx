// SPDX-License-Identifier: Apache-2.0
// One person: posts with what they give, a new post, an end to one, the account.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { endOfDay, endPost, givePost, loadPerson, mayGive, myUnits, today, whose, type PersonOf, type PostOf, type Unit } from '../fhir/people';
import { rightOf, roleName } from '../fhir/roles';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { presentInstant, shortDate } from '../lib/time';
import type { PageProps } from '../navigation';
import { accounts, makeAccount, resetAccount, switchAccount, type Account, type Invitation } from '../sign-in';
import { AccountState } from '../ui/account-state';
import { Choice, TextField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { InvitationCard } from '../ui/invitation';
import { LineageCard } from '../ui/lineage-card';
import { Failure, Notice, Skeleton } from '../ui/notice';
import { NO_POST, PostFields, newPost, postProblems, type PostDraft, type PostProblems } from '../ui/post-form';
import { postPeriod } from '../ui/post-line';
import { NewPersonPage } from './person-new';

type When = 'now' | 'tonight' | 'date';

/** Asks once, naming what ends. */
function EndForm({ post, name, done, cancel }: { post: PostOf; name: string; done: () => Promise<void>; cancel: () => void }) {
  const [when, setWhen] = useState<When>('tonight');
  const [date, setDate] = useState(today());
  const [problem, setProblem] = useState('');
  const id = `end-${post.record.id ?? ''}`;
  const submit = async (event: Event) => {
    event.preventDefault();
    if (when === 'date' && (!date || date < today())) {
      setProblem(t('post.until-past'));
      return;
    }
    const end = when === 'now' ? presentInstant() : endOfDay(when === 'tonight' ? today() : date);
    await endPost(post, end).then(done, (error: unknown) => setProblem(sentence(error)));
  };
  return (
    <form class="end-form" onSubmit={(event) => void submit(event)} noValidate>
      {problem && <Notice kind="problem"><p>{problem}</p></Notice>}
      <Choice
        id={id}
        label={t('post.end-when', { role: roleName(post.role), name })}
        value={when}
        onChange={setWhen}
        options={[{ value: 'tonight', label: t('post.end-tonight') }, { value: 'now', label: t('post.end-now') }, { value: 'date', label: t('post.end-date') }]}
      />
      {when === 'date' && <TextField id={`${id}-date`} label={t('post.last-day')} value={date} onChange={setDate} input={{ type: 'date', min: today() }} />}
      <div class="form-end">
        <button type="submit" class="button button-main">{t('post.end')}</button>
        <button type="button" class="button" onClick={cancel}>{t('action.cancel')}</button>
      </div>
    </form>
  );
}

function PostCard({ post, person, mine, reload }: { post: PostOf; person: PersonOf; mine: boolean; reload: () => Promise<void> }) {
  const [ending, setEnding] = useState(false);
  const done = async () => {
    setEnding(false);
    await reload();
  };
  return (
    <li class={`post-card post-${post.state}`}>
      <div class="post-card-head">
        <div>
          <h3>{roleName(post.role)}</h3>
          <p>{post.record.organization?.display ?? post.unit}</p>
          <p class="hint">{postPeriod(post) || t('post.open')}</p>
        </div>
        {post.state !== 'ended' && mine && !ending && (
          <button type="button" class="button button-small" onClick={() => setEnding(true)}>{t('post.end-this')}<span class="unseen"> {roleName(post.role)}</span></button>
        )}
        {post.state === 'ended' && <span class="state">{t('people.ended')}</span>}
        {post.state === 'coming' && <span class="state">{t('people.coming')}</span>}
      </div>
      {post.state !== 'ended' && <p class="right">{rightOf(post.role)}</p>}
      {ending && <EndForm post={post} name={person.name} done={done} cancel={() => setEnding(false)} />}
    </li>
  );
}

function GiveForm({ person, units, reload }: { person: PersonOf; units: Unit[]; reload: () => Promise<void> }) {
  const [draft, setDraft] = useState<PostDraft>({ ...NO_POST, unit: units.length === 1 ? units[0]?.reference ?? '' : '' });
  const [problems, setProblems] = useState<PostProblems>({});
  const [failure, setFailure] = useState('');
  const [given, setGiven] = useState('');
  const change = (next: PostDraft) => {
    setDraft(next);
    if (Object.keys(problems).length > 0) setProblems(postProblems(next));
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const wrong = postProblems(draft);
    setProblems(wrong);
    setFailure('');
    setGiven('');
    const post = newPost(draft, units);
    if (Object.keys(wrong).length > 0 || !post) {
      document.getElementById(`give-${Object.keys(wrong)[0] ?? 'role'}`)?.focus();
      return;
    }
    try {
      await givePost(person, post);
      setGiven(t('post.given', { role: roleName(post.role), name: person.name }));
      setDraft(NO_POST);
      await reload();
    } catch (error) {
      setFailure(sentence(error));
    }
  };
  return (
    <section aria-labelledby="give-title">
      <h2 id="give-title">{t('post.give')}</h2>
      {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
      {given && <Notice kind="good"><p>{given}</p></Notice>}
      <form onSubmit={(event) => void submit(event)} noValidate>
        <PostFields id="give" draft={draft} units={units} problems={problems} onChange={change} />
        <div class="form-end"><button type="submit" class="button button-main">{t('post.give')}</button></div>
      </form>
    </section>
  );
}

function AccountPart({ person, account, reload }: { person: PersonOf; account: Account | undefined; reload: () => Promise<void> }) {
  const [problem, setProblem] = useState('');
  const [given, setGiven] = useState<Invitation | null>(null);
  const [sure, setSure] = useState<'reset' | 'off' | null>(null);
  const [name, setName] = useState(person.name);
  const run = async (action: () => Promise<Invitation | void>) => {
    setProblem('');
    setSure(null);
    try {
      setGiven((await action()) ?? null);
      await reload();
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  if (given) return <InvitationCard given={given} done={() => setGiven(null)} />;
  return (
    <section aria-labelledby="account-title">
      <h2 id="account-title">{t('person.account')}</h2>
      {problem && <Notice kind="problem"><p>{problem}</p></Notice>}
      {!account && (
        <form onSubmit={(event) => { event.preventDefault(); void run(() => makeAccount(name.trim(), person.reference)); }} noValidate>
          <p>{t('person.no-account')}</p>
          <TextField id="account-name" label={t('person.sign-in-name')} hint={t('person.sign-in-name-hint')} value={name} onChange={setName} input={{ autocomplete: 'off', spellcheck: false }} />
          <div class="form-end"><button type="submit" class="button">{t('person.make-account')}</button></div>
        </form>
      )}
      {account && <p>{t('person.signs-in-as', { name: account.name })} <AccountState account={account} /></p>}
      {account && !sure && (
        <div class="form-end">
          <button type="button" class="button" onClick={() => setSure('reset')}>{t('person.reset')}</button>
          {account.off
            ? <button type="button" class="button" onClick={() => void run(() => switchAccount(account.name, false))}>{t('person.enable')}</button>
            : <button type="button" class="button" onClick={() => setSure('off')}>{t('person.disable')}</button>}
        </div>
      )}
      {account && sure && (
        <Notice kind="info">
          <p>{sure === 'reset' ? t('person.reset-sure', { name: person.name }) : t('person.disable-sure', { name: person.name })}</p>
          <div class="form-end">
            <button type="button" class="button button-main" onClick={() => void run(() => (sure === 'reset' ? resetAccount(account.name) : switchAccount(account.name, true)))}>
              {sure === 'reset' ? t('person.reset') : t('person.disable')}
            </button>
            <button type="button" class="button" onClick={() => setSure(null)}>{t('action.cancel')}</button>
          </div>
        </Notice>
      )}
    </section>
  );
}

interface Loaded {
  person: PersonOf | null;
  units: Unit[];
  account: Account | undefined;
}

async function load(id: string): Promise<Loaded> {
  const [person, units, list] = await Promise.all([loadPerson(id), myUnits(), accounts()]);
  return { person, units, account: list.find((one) => one.practitioner === person?.reference) };
}

function ExistingPerson({ id }: { id: string }) {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [problem, setProblem] = useState('');
  const reload = () => load(id).then((next) => { setLoaded(next); setProblem(''); }, (error: unknown) => setProblem((error as Error).message));
  useEffect(() => void reload(), [id]);
  const person = loaded?.person;
  const of = person ? whose(person, loaded.units) : 'others';
  const me = of === 'mine';
  const looksAfter = of === 'ours';
  return (
    <div class="page page-form">
      <a class="back" href={hrefTo('people')}><Icon name="back" />{t('people.title')}</a>
      <Heading text={person?.name ?? t('person.title')} />
      {person && person.otherNames.length > 0 && <p class="hint">{person.otherNames.join(', ')}</p>}
      {problem && <Failure text={problem} retry={() => void reload()} />}
      {!loaded && !problem && <Skeleton />}
      {loaded && !person && <Notice kind="info"><p>{t('person.missing')}</p></Notice>}
      {me && <Notice kind="info"><p>{t('person.me')}</p></Notice>}
      {person && loaded && (
        <>
          <section aria-labelledby="posts-title">
            <h2 id="posts-title">{t('person.posts')}</h2>
            {person.posts.length === 0 && <p class="hint">{t('person.no-posts')}</p>}
            <ul class="post-cards">
              {person.posts.map((post) => <PostCard key={`${post.record.id ?? ''} ${post.record.meta?.versionId ?? ''}`} post={post} person={person} mine={!me && mayGive(post, loaded.units)} reload={reload} />)}
            </ul>
          </section>
          <LineageCard id={id} />
          {!me && loaded.units.length > 0 && <GiveForm person={person} units={loaded.units} reload={reload} />}
          {!me && looksAfter && <AccountPart person={person} account={loaded.account} reload={reload} />}
          {!me && !looksAfter && person.posts.length > 0 && <p class="hint">{t('person.others')}</p>}
          <p class="hint">{t('person.today', { date: shortDate(presentInstant()) })}</p>
        </>
      )}
    </div>
  );
}

export function PersonPage({ id }: PageProps) {
  return id === 'new' ? <NewPersonPage /> : <ExistingPerson id={id} />;
}
