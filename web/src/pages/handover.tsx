// SPDX-License-Identifier: Apache-2.0
// Handover: my terms that end, what waits for my word, and for heads and coordinators the terms
// that end soon with what nobody takes over. Behind a post's id, its pack; behind ?team=, a whole team.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { acknowledge, type Figures, type Item, type Named, type Term } from '../fhir/handover';
import { handovers, refreshHandovers } from '../handover-store';
import { t } from '../lib/i18n';
import { hrefTo, route } from '../lib/router';
import type { PageProps } from '../navigation';
import { Counts, HandoverPack, ItemHead, TermLine } from '../ui/handover-pack';
import { HandoverTeam } from '../ui/handover-team';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Notice, Skeleton } from '../ui/notice';

function TermCard({ term, own }: { term: Term & Figures; own: boolean }) {
  return (
    <li class="handover-card">
      {own ? <h2>{t('handover.my-term')}</h2> : <h3>{term.person.name}</h3>}
      <TermLine term={term} />
      <p>{term.index === null ? t('handover.nothing') : t('handover.index', { percent: term.index })}</p>
      {term.orphans > 0 && <p class="problem"><Icon name="alert" size={16} /> {t('handover.orphans-count', { count: term.orphans })}</p>}
      {term.orphanedTrainees > 0 && <p class="problem">{t('handover.trainees', { count: term.orphanedTrainees })}</p>}
      {!own && term.orphanedCapabilities > 0 && <p class="problem">{t('handover.skills', { count: term.orphanedCapabilities })}</p>}
      {!own && <p class="byline">{term.overlapDays === null ? t('handover.no-overlap') : t('handover.overlap', { days: term.overlapDays })}</p>}
      {!own && term.counts.length > 0 && <details class="why"><summary>{t('handover.by-kind')}</summary><Counts counts={term.counts} /></details>}
      <a class="button" href={hrefTo('handover', term.post)}>{t('handover.open-pack')}</a>
    </li>
  );
}

function TakeCard({ from, item }: { from: Term; item: Item }) {
  const [state, setState] = useState({ busy: false, failure: '' });
  const say = async (accept: boolean) => {
    setState({ busy: true, failure: '' });
    try {
      await acknowledge(from.post, item.record, accept);
      await refreshHandovers();
    } catch (error) {
      setState({ busy: false, failure: sentence(error) });
    }
  };
  return (
    <li class="handover-card">
      <ItemHead item={item} />
      <p class="byline">{t(item.fell ? 'handover.fell-from' : 'handover.from', { name: from.person.name })}</p>
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
      <span class="button-row">
        <button type="button" class="button button-main" disabled={state.busy} onClick={() => void say(true)}>{t('handover.accept')}</button>
        <button type="button" class="button" disabled={state.busy} onClick={() => void say(false)}>{t('handover.refuse')}</button>
      </span>
    </li>
  );
}

/** The teams that these posts are of, each to be looked at as one. */
function Teams({ terms }: { terms: (Term & Figures)[] }) {
  const teams = new Map<string, { team: Named; posts: number; orphans: number }>();
  for (const { team, orphans } of terms) {
    if (!team.reference) continue;
    const one = teams.get(team.reference) ?? { team, posts: 0, orphans: 0 };
    teams.set(team.reference, { team, posts: one.posts + 1, orphans: one.orphans + orphans });
  }
  if (teams.size === 0) return null;
  return (
    <>
      <h3>{t('handover.teams')}</h3>
      <ul class="handover-list">
        {[...teams.values()].map(({ team, posts, orphans }) => (
          <li key={team.reference} class="handover-card">
            <p class="byline">{[t('handover.team-posts', { count: posts }), orphans > 0 && t('handover.orphans-count', { count: orphans })].filter(Boolean).join(' · ')}</p>
            <a class="button" href={hrefTo('handover', '', { team: team.reference.split('/')[1] ?? '' })}>{t('handover.team-open', { name: team.name })}</a>
          </li>
        ))}
      </ul>
    </>
  );
}

function Lists() {
  const found = handovers.value;
  if (!found) return null;
  return (
    <>
      {found.mine.length > 0 && <ul class="handover-list">{found.mine.map((one) => <TermCard key={one.post} term={one} own />)}</ul>}
      <section aria-labelledby="handover-take">
        <h2 id="handover-take">{t('handover.take')} {found.take.length > 0 && <span class="count">{found.take.length}</span>}</h2>
        {found.take.length === 0 && <p class="empty">{t('handover.take-none')}</p>}
        <ul class="handover-list">{found.take.map((one) => <TakeCard key={`${one.post} ${one.item.kind} ${one.item.record}`} from={one} item={one.item} />)}</ul>
      </section>
      {found.terms.length > 0 && (
        <section aria-labelledby="handover-terms">
          <h2 id="handover-terms">{t('handover.terms')} <span class="count">{found.terms.length}</span></h2>
          <p class="hint">{t('handover.terms-why')}</p>
          <Teams terms={found.terms} />
          <ul class="handover-list">{found.terms.map((one) => <TermCard key={one.post} term={one} own={false} />)}</ul>
        </section>
      )}
      {found.held.length > 0 && (
        <details class="why">
          <summary>{t('handover.held', { count: found.held.length })}</summary>
          <ul class="handover-list">
            {found.held.map((one) => <li key={`${one.post} ${one.item.kind} ${one.item.record}`} class="handover-card handover-settled"><ItemHead item={one.item} /><p class="byline">{t('handover.from', { name: one.person.name })}</p></li>)}
          </ul>
        </details>
      )}
    </>
  );
}

function HandoverLists() {
  const [problem, setProblem] = useState('');
  const load = () => {
    setProblem('');
    refreshHandovers().catch((error: unknown) => setProblem(sentence(error)));
  };
  useEffect(load, []);
  return (
    <div class="page page-form page-lists">
      <Heading text={t('handover.title')} />
      <p class="hint">{t('handover.lead')}</p>
      {problem && <Failure text={problem} retry={load} />}
      {!handovers.value && !problem && <Skeleton />}
      <Lists />
    </div>
  );
}

export function HandoverPage({ id }: PageProps) {
  const team = route.value.query.get('team') ?? '';
  if (team) return <HandoverTeam key={team} team={team} />;
  return id ? <HandoverPack key={id} post={id} /> : <HandoverLists />;
}
