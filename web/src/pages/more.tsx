// SPDX-License-Identifier: Apache-2.0
// On a phone: the pages that the bar has no room for, those that belong together below each other.
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { myRail, type RailEntry } from '../rail';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';

function Entry({ entry }: { entry: RailEntry }) {
  return (
    <>
      {entry.places.map(({ page, rail }) => rail && (
        <li key={page}><a href={hrefTo(page)}><Icon name={rail.icon} size={24} />{t(rail.label)}</a></li>
      ))}
    </>
  );
}

export function MorePage() {
  return (
    <div class="page page-form">
      <Heading text={t('nav.more')} />
      <ul class="more-list">
        {myRail().map((entry) => <Entry key={entry.page} entry={entry} />)}
      </ul>
    </div>
  );
}
