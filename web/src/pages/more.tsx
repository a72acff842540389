// SPDX-License-Identifier: Apache-2.0
// On a phone: the pages that the bar has no room for.
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { myRail } from '../navigation';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';

export function MorePage() {
  return (
    <div class="page page-form">
      <Heading text={t('nav.more')} />
      <ul class="more-list">
        {myRail().map(({ page, rail }) => rail && (
          <li key={page}><a href={hrefTo(page)}><Icon name={rail.icon} size={24} />{t(rail.label)}</a></li>
        ))}
      </ul>
    </div>
  );
}
