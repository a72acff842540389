// SPDX-License-Identifier: Apache-2.0
// The frame: a rail on a desk, a bar on a phone, the corner, and the page.
import { effect } from '@preact/signals';
import { hrefTo, route } from './lib/router';
import { t } from './lib/i18n';
import { AskPage } from './pages/ask';
import { CasePage, forgetCases } from './pages/case';
import { AccountPage } from './pages/account';
import { CasesPage } from './pages/cases';
import { EnrolPage } from './pages/enrol';
import { SignInPage, TokenPage } from './pages/sign-in';
import { enrolling } from './pages/enrol-state';
import { session, signInProblem, startingUp } from './session';
import { forgetFiles } from './ui/attachment';
import { Brand } from './ui/brand';
import { Corner } from './ui/corner';
import { Icon, type IconName } from './ui/icon';
import { Skeleton } from './ui/notice';

// whoever comes next at this desk finds nothing of who was here before
effect(() => {
  if (session.value) return;
  forgetCases();
  forgetFiles();
});

function RailLink({ page, icon, label, also }: { page: string; icon: IconName; label: string; also?: string }) {
  const here = route.value.page === page || route.value.page === also;
  return (
    <a href={hrefTo(page)} aria-current={here ? 'page' : undefined}>
      <Icon name={icon} size={24} />
      {label}
    </a>
  );
}

function Page() {
  const { page, id } = route.value;
  if (page === 'case' && id) return <CasePage key={id} id={id} />;
  if (page === 'ask') return <AskPage />;
  if (page === 'account') return <AccountPage />;
  return <CasesPage />;
}

export function App() {
  if (startingUp.value) return <Skeleton />;
  if (enrolling.value || route.value.page === 'enrol') return <EnrolPage ticket={route.value.id} />;
  if (!session.value && route.value.page === 'token') return <TokenPage />;
  if (!session.value) return <SignInPage key={signInProblem.value === 'ended' ? 'ended' : 'start'} />;
  return (
    <div class="frame">
      <a class="skip" href="#content" onClick={(event) => { event.preventDefault(); document.querySelector<HTMLElement>('h1')?.focus(); }}>{t('nav.skip')}</a>
      <nav class="rail" aria-label={t('nav.label')}>
        <span class="rail-brand" aria-hidden="true"><Brand />Belay</span>
        <RailLink page="cases" also="case" icon="cases" label={t('nav.cases')} />
        <RailLink page="ask" icon="add" label={t('nav.ask')} />
      </nav>
      <header class="top"><Corner /></header>
      <main id="content"><Page /></main>
    </div>
  );
}
