// SPDX-License-Identifier: Apache-2.0
// The frame: a rail on a desk, a bar on a phone, the corner, and the page.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { effect } from '@preact/signals';
import { forgetFiles } from './lib/file-bytes';
import { hrefTo, route } from './lib/router';
import { t } from './lib/i18n';
import { hasPost, placeNow, railPage } from './navigation';
import { forgetCases } from './pages/case';
import { EnrolPage } from './pages/enrol';
import { SignInPage, TokenPage } from './pages/sign-in';
import { SignOnPage } from './pages/sign-on';
import { myRail, openGroup } from './rail';
import { enrolling } from './pages/enrol-state';
import { session, signInProblem, startingUp } from './session';
import { Brand } from './ui/brand';
import { Corner } from './ui/corner';
import { Heading } from './ui/heading';
import { Icon, type IconName } from './ui/icon';
import { later } from './ui/later';
import { Notice, Skeleton } from './ui/notice';

// whoever comes next at this desk finds nothing of who was here before
effect(() => {
  if (session.value) return;
  forgetCases();
  forgetFiles();
});

/** Of everybody, signed in or not. */
const PublicPage = later(() => import('./pages/public').then((m) => m.PublicPage));

const BAR_ROOM = 5; // what a phone's bar holds

interface RailLinkProps {
  page: string;
  icon: IconName;
  label: string;
  lights: readonly string[];
  kind?: string;
  count?: number;
}

function Waiting({ count }: { count: number }) {
  return count > 0 ? <span class="rail-count">{count}<span class="unseen"> {t('nav.waiting')}</span></span> : null;
}

function RailLink({ page, icon, label, lights, kind = '', count = 0 }: RailLinkProps) {
  return (
    <a class={kind} href={hrefTo(page)} aria-current={lights.includes(railPage()) ? 'page' : undefined}>
      <Icon name={icon} size={24} />
      {label}
      <Waiting count={count} />
    </a>
  );
}

/** What I may open. A phone shows what fits, and the rest behind "More". */
function Rail() {
  const entries = myRail();
  const crowded = entries.length > BAR_ROOM;
  return (
    <nav class="rail" aria-label={t('nav.label')}>
      <span class="rail-brand" aria-hidden="true"><Brand />Belay</span>
      {entries.map(({ page, icon, label, count, lights }, at) => (
        <RailLink key={page} page={page} icon={icon} label={t(label)} count={count} lights={lights} kind={crowded && at >= BAR_ROOM - 1 ? 'rail-rest' : ''} />
      ))}
      {crowded && <RailLink page="more" icon="more" label={t('nav.more')} lights={['more']} kind="rail-more" />}
    </nav>
  );
}

/** The pages that belong together with the one that is open. */
function Siblings() {
  const group = openGroup();
  const bar = useRef<HTMLElement>(null);
  const open = railPage();
  useEffect(() => {
    const tab = bar.current?.querySelector<HTMLElement>('[aria-current]');
    if (tab && bar.current) bar.current.scrollLeft = tab.offsetLeft - (bar.current.clientWidth - tab.offsetWidth) / 2;
  }, [open]);
  if (!group) return null;
  return (
    <nav class="tabs siblings" ref={bar} aria-label={`${t('nav.label')}: ${t(group.label)}`}>
      {group.places.map(({ page, rail }) => rail && (
        <a key={page} href={hrefTo(page)} aria-current={open === page ? 'page' : undefined}>{t(rail.label)}<Waiting count={rail.count?.() ?? 0} /></a>
      ))}
    </nav>
  );
}

/** A page that is not there, or not for the posts I hold: said, with nothing asked of the node. */
function NoPage({ text, more }: { text: string; more?: ComponentChildren }) {
  return (
    <div class="page page-form">
      <Heading text={t('nav.nothing')} />
      <Notice kind="info"><p>{text}</p></Notice>
      {more}
    </div>
  );
}

/** The operator asks codes of posts like mine, and I came in without. */
function CodesAsked() {
  const setUp = <button type="button" class="button button-main" onClick={() => { enrolling.value = true; }}>{t('account.codes-set-up')}</button>;
  return <NoPage text={t('nav.codes-asked')} more={setUp} />;
}

function Page() {
  const place = placeNow();
  const { id } = route.value;
  if (place === 'none') return <NoPage text={t('nav.none')} />;
  if (place === 'closed' && session.value?.codesAsked && !session.value.codes) return <CodesAsked />;
  if (place === 'closed') return <NoPage text={hasPost() ? t('nav.closed') : t('nav.no-post')} />;
  return <place.show key={`${place.page} ${id}`} id={id} />;
}

export function App() {
  if (startingUp.value) return <Skeleton />;
  if (route.value.page === 'public') return <PublicPage />;
  if (route.value.page === 'sign-on' && (enrolling.value || !session.value)) return <SignOnPage word={route.value.id} />;
  if (enrolling.value || route.value.page === 'enrol') return <EnrolPage ticket={route.value.id} />;
  if (!session.value && route.value.page === 'token') return <TokenPage />;
  if (!session.value) return <SignInPage key={signInProblem.value === 'ended' ? 'ended' : 'start'} />;
  return (
    <div class="frame">
      <a class="skip" href="#content" onClick={(event) => { event.preventDefault(); document.querySelector<HTMLElement>('h1')?.focus(); }}>{t('nav.skip')}</a>
      <Rail />
      <header class="top"><Corner /></header>
      <main id="content"><Siblings /><Page /></main>
    </div>
  );
}
