// SPDX-License-Identifier: Apache-2.0
// What was published of the programme, by what it is a figure of, and what cannot both be true. Everybody
// reads it; coordinators write down, correct and take back.
import { useState } from 'preact/hooks';
import { loadPublished, type Published } from '../fhir/published';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { holdsOne } from '../navigation';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Skeleton } from '../ui/notice';
import { PublishedCard } from '../ui/published-card';
import { PublishedForm } from '../ui/published-form';
import { PublishedTable, SavePublished } from '../ui/published-table';
import { byMeasure, contradictionsOf, likenessesOf, measureWord } from '../ui/published-words';
import { useLive } from '../ui/use-live';

const TYPES: ReadonlySet<string> = new Set(['PublishedFigure']);

interface Shown {
  published: Published;
  mayWrite: boolean;
  again: () => void;
}

function Groups({ published, mayWrite, again }: Shown) {
  const { figures, contradictions, likenesses } = published;
  const measures = [...new Set(figures.map((one) => one.said.measure))];
  return (
    <>
      {byMeasure(figures).map(([measure, group]) => (
        <section key={measure} class="page-equipment" aria-labelledby={`published-of-${measure}`}>
          <h2 id={`published-of-${measure}`}>{measureWord(measure)}</h2>
          <ul class="equip-list">
            {group.map((one) => <PublishedCard key={one.id} figure={one} contradictions={contradictionsOf(one, figures, contradictions)} likenesses={likenessesOf(one, figures, likenesses)} mayWrite={mayWrite} measures={measures} again={again} />)}
          </ul>
        </section>
      ))}
    </>
  );
}

function TakenBack({ published, mayWrite, again }: Shown) {
  if (published.withdrawn.length === 0) return null;
  return (
    <details>
      <summary>{t('published.withdrawn', { n: published.withdrawn.length })}</summary>
      <p class="hint">{t('published.withdrawn-why')}</p>
      <ul class="equip-list">
        {published.withdrawn.map((one) => <PublishedCard key={one.id} figure={one} contradictions={[]} likenesses={[]} gone mayWrite={mayWrite} measures={[]} again={again} />)}
      </ul>
    </details>
  );
}

function Verdict({ published }: { published: Published }) {
  const n = published.contradictions.length;
  const alike = published.likenesses.length;
  if (published.figures.length === 0) return <p class="empty">{t('published.none')}</p>;
  return (
    <>
      {n === 0 ? <p>{t('published.no-contradiction')}</p> : <p class="problem"><Icon name="alert" size={16} /> {t('published.contradictions', { n })}</p>}
      {alike > 0 && <p><Icon name="info" size={16} /> {t('published.notices', { n: alike })}</p>}
    </>
  );
}

export function PublishedPage() {
  const { value, problem, reload } = useLive(TYPES, loadPublished);
  const [writes, setWrites] = useState(false);
  const [table, setTable] = useState(false);
  const mayWrite = holdsOne(['coordinator']);
  const again = () => void reload();
  return (
    <div class="page page-wide page-equipment">
      <Heading text={t('published.title')} />
      <p class="hint">{t('published.lead')}</p>
      {mayWrite && !writes && (
        <p class="form-end">
          <button type="button" class="button button-main" onClick={() => setWrites(true)}>{t('published.write')}</button>
          <a class="button" href={hrefTo('published-import')}>{t('published.import')}</a>
        </p>
      )}
      {writes && <PublishedForm measures={value?.figures.map((one) => one.said.measure) ?? []} done={() => { setWrites(false); again(); }} leave={() => setWrites(false)} />}
      {problem && <Failure text={problem} retry={again} />}
      {!value && !problem && <Skeleton rows={4} />}
      {value && <Verdict published={value} />}
      {value && value.figures.length > 0 && (
        <div>
          <button type="button" class="button button-small" aria-pressed={table} onClick={() => setTable(!table)}>{t('published.table')}</button>
          <SavePublished published={value} />
        </div>
      )}
      {value && (table ? <PublishedTable published={value} /> : <Groups published={value} mayWrite={mayWrite} again={again} />)}
      {value && <TakenBack published={value} mayWrite={mayWrite} again={again} />}
    </div>
  );
}
