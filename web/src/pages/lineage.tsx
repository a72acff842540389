// SPDX-License-Identifier: Apache-2.0
// The lineage of somebody: who taught them, and whom they taught. As a picture and as a list.
import { useEffect, useState } from 'preact/hooks';
import { loadLineage, type Lineage, type Tie } from '../fhir/apprentice';
import { sentence } from '../fhir/client';
import { procedureName } from '../fhir/logbook';
import { language, t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { shortDate } from '../lib/time';
import { mayOpen, type PageProps } from '../navigation';
import { session } from '../session';
import { Heading } from '../ui/heading';
import { LineagePicture } from '../ui/lineage-picture';
import { Failure, Notice, Skeleton } from '../ui/notice';

function TieLine({ tie }: { tie: Tie }) {
  const dates = tie.until ? t('lineage.from-until', { from: tie.from ? shortDate(tie.from) : '…', until: shortDate(tie.until) }) : tie.from ? t('lineage.since', { from: shortDate(tie.from) }) : '';
  return (
    <li class="lineage-line">
      <p><a href={hrefTo('lineage', tie.master.reference.split('/')[1] ?? '')}>{tie.master.name}</a> {t('lineage.teaches')} <a href={hrefTo('lineage', tie.apprentice.reference.split('/')[1] ?? '')}>{tie.apprentice.name}</a> <span class="state">{t(tie.runs ? 'lineage.runs' : 'lineage.ended')}</span></p>
      <p class="hint">{[tie.teaching.name, tie.learning.name].filter(Boolean).join(' → ')}{dates && `, ${dates}`}</p>
      {tie.codes.length > 0 && <p class="hint">{tie.codes.map((code) => procedureName(code, language.value)).join(', ')}</p>}
      {tie.id && mayOpen('apprenticeships') && <p><a href={hrefTo('apprenticeships', tie.id)}>{t('lineage.open')}</a></p>}
    </li>
  );
}

/** The first of those that begin with this person, then the others. */
function ordered(lineage: Lineage, above: boolean): Tie[] {
  const me = lineage.person.reference;
  const reached = new Set([me]);
  const found: Tie[] = [];
  for (let grown = true; grown;) {
    grown = false;
    for (const tie of lineage.ties) {
      const [near, far] = above ? [tie.apprentice.reference, tie.master.reference] : [tie.master.reference, tie.apprentice.reference];
      if (found.includes(tie) || !reached.has(near)) continue;
      reached.add(far);
      found.push(tie);
      grown = true;
    }
  }
  return found;
}

function List({ id, title, ties }: { id: string; title: string; ties: Tie[] }) {
  if (ties.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul class="lineage-list">{ties.map((tie, at) => <TieLine key={`${tie.master.reference} ${tie.apprentice.reference} ${at}`} tie={tie} />)}</ul>
    </section>
  );
}

export function LineagePage({ id }: PageProps) {
  const me = (session.value?.practitioner ?? '').split('/')[1] ?? '';
  const whose = id || me;
  const [lineage, setLineage] = useState<Lineage | null>(null);
  const [problem, setProblem] = useState('');
  const load = () => {
    setProblem('');
    loadLineage(whose).then(setLineage, (error: unknown) => setProblem(sentence(error)));
  };
  useEffect(() => {
    setLineage(null);
    if (whose) load();
  }, [whose]);
  const name = lineage?.person.name ?? '';
  return (
    <div class="page page-wide">
      <Heading text={whose === me ? t('lineage.mine') : t('lineage.title', { name })} />
      <p class="hint">{t('lineage.lead')}</p>
      {!whose && <Notice kind="info"><p>{t('log.nobody')}</p></Notice>}
      {problem && <Failure text={problem} retry={load} />}
      {whose && !lineage && !problem && <Skeleton />}
      {lineage && lineage.ties.length === 0 && <p class="empty">{t('lineage.none')}</p>}
      {lineage && lineage.ties.length > 0 && (
        <>
          <LineagePicture lineage={lineage} />
          <p class="hint">{t('lineage.legend')}</p>
          {lineage.more && <Notice kind="info"><p>{t('lineage.more')}</p></Notice>}
          <div class="lineage-lists">
            <List id="lineage-above" title={t('lineage.above', { name })} ties={ordered(lineage, true)} />
            <List id="lineage-below" title={t('lineage.below', { name })} ties={ordered(lineage, false)} />
          </div>
        </>
      )}
    </div>
  );
}
