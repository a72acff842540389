// SPDX-License-Identifier: Apache-2.0
// What this device holds and has not sent yet.
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { WaitingList } from '../ui/waiting-list';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';

export function OutgoingPage() {
  return (
    <div class="page page-form">
      <a class="back" href={hrefTo('cases')}><Icon name="back" />{t('nav.cases')}</a>
      <Heading text={t('outgoing.page')} />
      <WaitingList empty />
    </div>
  );
}
