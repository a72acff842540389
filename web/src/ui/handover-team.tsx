// SPDX-License-Identifier: Apache-2.0
// What a whole team hands over, as one: each of its posts with every open thing and who goes on with
// it, and how much of all of it is taken over. Naming is done in the pack of each post.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadTeamPack, type Item, type Pack, type TeamPack } from '../fhir/handover';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { Counts, PrintedBy, TermLine, standing, isSettled } from './handover-pack';
import { itemTitle, KIND_WORDS } from './handover-words';
import { Heading } from './heading';
import { Icon } from './icon';
import { Failure, Skeleton } from './notice';

function Line({ item }: { item: Item }) {
  const title = itemTitle(item);
  return (
    <li>
      <span class="handover-kind">{t(KIND_WORDS[item.kind])}</span> {[title, item.patient.name].filter(Boolean).join(' · ')}
      <span class="handover-standing"><Icon name={isSettled(item) ? 'answered' : item.inPost ? 'waiting' : 'alert'} size={16} /> {standing(item)}</span>
    </li>
  );
}

function Posting({ pack }: { pack: Pack }) {
  const counted = pack.items.filter((item) => !item.stays && item.kind !== 'review').length;
  const rest = pack.all - counted; // whose records are not shown to the reader
  return (
    <section class="handover-posting" aria-labelledby={`posting-${pack.post}`}>
      <h2 id={`posting-${pack.post}`}>{pack.person.name}</h2>
      <TermLine term={pack} />
      <p>{pack.index === null ? t('handover.nothing') : t('handover.team-acknowledged', { acknowledged: pack.acknowledged, all: pack.all })}</p>
      {pack.orphans > 0 && <p class="problem"><Icon name="alert" size={16} /> {t('handover.orphans-count', { count: pack.orphans })}</p>}
      <ul class="handover-lines">{pack.items.map((item) => <Line key={`${item.kind} ${item.record}`} item={item} />)}</ul>
      {rest > 0 && <p class="hint">{t('handover.team-rest', { count: rest })}</p>}
      {rest > 0 && <Counts counts={pack.counts} />}
      <a class="button no-print" href={hrefTo('handover', pack.post)}>{t('handover.open-pack')}</a>
    </section>
  );
}

export function HandoverTeam({ team }: { team: string }) {
  const [whole, setWhole] = useState<TeamPack | null>(null);
  const [problem, setProblem] = useState('');
  const load = () => {
    setProblem('');
    loadTeamPack(team).then(setWhole, (error: unknown) => setProblem(sentence(error)));
  };
  useEffect(load, [team]);
  const title = whole ? t('handover.team-of', { name: whole.team.name }) : t('handover.title');
  return (
    <div class="page page-form">
      <p class="no-print"><a href={hrefTo('handover')}><Icon name="back" size={16} /> {t('handover.title')}</a></p>
      <Heading text={title} />
      {problem && <Failure text={problem} retry={load} />}
      {!whole && !problem && <Skeleton />}
      {whole && (
        <>
          <PrintedBy />
          <section class="handover-figures" aria-label={t('handover.figures')}>
            <p>{whole.index === null ? t('handover.nothing') : `${t('handover.team-acknowledged', { acknowledged: whole.acknowledged, all: whole.all })} · ${t('handover.index', { percent: whole.index })}`}</p>
            {whole.orphans > 0 && <p class="problem"><Icon name="alert" size={16} /> {t('handover.orphans-count', { count: whole.orphans })}</p>}
            {whole.hidden > 0 && <p class="hint">{t('handover.team-hidden', { count: whole.hidden })}</p>}
            {whole.counts.length > 0 && <Counts counts={whole.counts} />}
          </section>
          {whole.postings.map((one) => <Posting key={one.post} pack={one} />)}
          {whole.all > 0 && <button type="button" class="button no-print" onClick={() => window.print()}><Icon name="print" />{t('action.print')}</button>}
        </>
      )}
    </div>
  );
}
