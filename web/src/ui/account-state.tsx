// SPDX-License-Identifier: Apache-2.0
// How far somebody's account is set up.
import { t } from '../lib/i18n';
import type { Account } from '../sign-in';

export function AccountState({ account, whose = 'ours' }: { account: Account | undefined; whose?: 'mine' | 'ours' | 'others' }) {
  if (whose === 'mine') return <span class="state">{t('account-state.me')}</span>;
  if (!account && whose === 'others') return <span class="state">{t('account-state.others')}</span>;
  if (!account) return <span class="state">{t('account-state.none')}</span>;
  if (account.off) return <span class="state state-off">{t('account-state.off')}</span>;
  if (account.provider && !account.password) return <span class="state">{t('account-state.provider', { name: account.provider })}</span>;
  if (!account.password || (account.needsCode && !account.code)) return <span class="state state-waiting">{t('account-state.waits')}</span>;
  return <span class="state">{account.code ? t('account-state.code') : t('account-state.password')}</span>;
}
