// SPDX-License-Identifier: Apache-2.0
// Apprenticeships: mine and those of departments that I head. What waits for my word first.
import { useEffect, useState } from 'preact/hooks';
import { isOver, loadApprenticeships, waitsForMe, type Apprenticeship } from '../fhir/apprentice';
import { sentence } from '../fhir/client';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import type { PageProps } from '../navigation';
import { session } from '../session';
import { ApprenticeCard } from '../ui/apprentice-card';
import { ApprenticeForm } from '../ui/apprentice-form';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Skeleton } from '../ui/notice';

interface PartProps {
  id: string;
  title: string;
  list: Apprenticeship[];
  done: () => Promise<void>;
}

function Part({ id, title, list, done }: PartProps) {
  if (list.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title} <span class="count">{list.length}</span></h2>
      <ul class="apprentice-list">{list.map((one) => <ApprenticeCard key={one.id} one={one} done={done} />)}</ul>
    </section>
  );
}

function Lists({ list, done }: { list: Apprenticeship[]; done: () => Promise<void> }) {
  const waiting = list.filter(waitsForMe);
  const left = list.filter((one) => !waiting.includes(one));
  return (
    <>
      {list.length === 0 && <p class="empty">{t('apprentice.none')}</p>}
      <Part id="apprentice-waiting" title={t('apprentice.for-me')} list={waiting} done={done} />
      <Part id="apprentice-running" title={t('apprentice.running')} list={left.filter((one) => one.state === 'active' && !isOver(one))} done={done} />
      <Part id="apprentice-proposed" title={t('apprentice.proposed')} list={left.filter((one) => one.state === 'planned')} done={done} />
      <Part id="apprentice-ended" title={t('apprentice.past')} list={left.filter((one) => isOver(one))} done={done} />
    </>
  );
}

function ListPage({ id }: { id: string }) {
  const [list, setList] = useState<Apprenticeship[] | null>(null);
  const [problem, setProblem] = useState('');
  const me = (session.value?.practitioner ?? '').split('/')[1] ?? '';
  const load = async () => {
    await loadApprenticeships().then((found) => { setList(found); setProblem(''); }, (error: unknown) => setProblem(sentence(error)));
  };
  useEffect(() => void load(), []);
  useEffect(() => {
    if (id && list) document.getElementById(`apprenticeship-${id}`)?.focus();
  }, [id, Boolean(list)]);
  return (
    <div class="page">
      <Heading text={t('apprentice.title')} />
      <p class="hint">{t('apprentice.lead')}</p>
      <p class="log-acts">
        <a class="button button-main" href={hrefTo('apprenticeships', 'new')}><Icon name="add" />{t('apprentice.propose')}</a>
        {me && <a class="button" href={hrefTo('lineage', me)}>{t('lineage.mine')}</a>}
      </p>
      {problem && <Failure text={problem} retry={() => void load()} />}
      {!list && !problem && <Skeleton />}
      {list && <Lists list={list} done={load} />}
    </div>
  );
}

export function ApprenticeshipsPage({ id }: PageProps) {
  return id === 'new' ? <ApprenticeForm /> : <ListPage id={id} />;
}
