// SPDX-License-Identifier: Apache-2.0
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../lib/i18n';
import { Icon, type IconName } from './icon';

type NoticeKind = 'problem' | 'info' | 'good';
const ICONS: Record<NoticeKind, IconName> = { problem: 'alert', info: 'info', good: 'answered' };

/** What happened, what is safe, what to do. A problem is read out at once. */
export function Notice({ kind, children }: { kind: NoticeKind; children: ComponentChildren }) {
  return (
    <div class={`notice notice-${kind}`} role={kind === 'problem' ? 'alert' : 'status'}>
      <Icon name={ICONS[kind]} />
      <div>{children}</div>
    </div>
  );
}

export function Failure({ text, retry }: { text: string; retry: () => void }) {
  return (
    <Notice kind="problem">
      <p>{text}</p>
      <button type="button" class="button" onClick={retry}>{t('action.try-again')}</button>
    </Notice>
  );
}

const PATIENCE = 300;

/** Grey bars where content will be, but only once waiting has become noticeable. */
export function Skeleton({ rows = 4 }: { rows?: number }) {
  const [shown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <div class="skeleton" role="status" aria-label={t('app.loading')}>
      {Array.from({ length: rows }, (_, at) => <span key={at} />)}
    </div>
  );
}
