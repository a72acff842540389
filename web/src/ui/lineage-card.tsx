// SPDX-License-Identifier: Apache-2.0
// On a person's page: who taught them and whom they taught, in two lines.
import { useEffect, useState } from 'preact/hooks';
import { loadLineage, type Lineage } from '../fhir/apprentice';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { mayOpen } from '../navigation';

function names(list: string[]): string {
  return [...new Set(list)].join(', ');
}

export function LineageCard({ id }: { id: string }) {
  const [lineage, setLineage] = useState<Lineage | null>(null);
  useEffect(() => {
    loadLineage(id).then(setLineage, () => undefined);
  }, [id]);
  if (!lineage) return null;
  const me = lineage.person.reference;
  const masters = names(lineage.ties.filter((one) => one.apprentice.reference === me).map((one) => one.master.name));
  const apprentices = names(lineage.ties.filter((one) => one.master.reference === me).map((one) => one.apprentice.name));
  return (
    <section aria-labelledby="lineage-card">
      <h2 id="lineage-card">{t('lineage.card')}</h2>
      {!masters && !apprentices && <p class="hint">{t('lineage.none')}</p>}
      {masters && <p>{t('lineage.learnt-from', { names: masters })}</p>}
      {apprentices && <p>{t('lineage.taught', { names: apprentices })}</p>}
      <p class="log-acts">
        <a class="button" href={hrefTo('lineage', id)}>{t('lineage.show')}</a>
        {mayOpen('logbook') && <a class="button" href={hrefTo('logbook', id)}>{t('nav.logbook')}</a>}
      </p>
    </section>
  );
}
