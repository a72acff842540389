// SPDX-License-Identifier: Apache-2.0
// j, k and the arrows walk the rows of a list of cases; Enter is the link's own.
import { useRef } from 'preact/hooks';
import { useKeys } from '../lib/keys';
import { goTo } from '../lib/router';

export function useRowKeys<T extends HTMLElement>(): { current: T | null } {
  const list = useRef<T>(null);
  const move = (step: number) => {
    const rows = [...(list.current?.querySelectorAll<HTMLAnchorElement>('a.case-row') ?? [])];
    if (rows.length === 0) return false;
    const at = rows.indexOf(document.activeElement as HTMLAnchorElement);
    rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step))]?.focus();
    return true;
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    n: () => goTo('ask'),
    '/': () => document.getElementById('case-search')?.focus(),
  });
  return list;
}
