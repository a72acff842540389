// SPDX-License-Identifier: Apache-2.0
// Of handovers what today needs: what waits for my word, and a term of mine that ends.
import { handovers } from '../handover-store';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { shortDate } from '../lib/time';
import { Icon } from './icon';

export function TodayHandover() {
  const { take, mine } = handovers.value ?? { take: [], mine: [] };
  if (take.length === 0 && mine.length === 0) return null;
  return (
    <section class="today-part" aria-labelledby="today-handover">
      <h2 id="today-handover">{t('handover.title')} {take.length > 0 && <span class="count">{take.length}</span>}</h2>
      <ul class="handover-list">
        {take.length > 0 && <li><a class="button" href={hrefTo('handover')}><Icon name="handover" />{t('handover.today-take', { count: take.length })}</a></li>}
        {mine.map((one) => (
          <li key={one.post}>
            <a class="button" href={hrefTo('handover', one.post)}><Icon name="handover" />{t('handover.today-mine', { date: shortDate(one.end), count: one.orphans })}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
