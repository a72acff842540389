// SPDX-License-Identifier: Apache-2.0
// The lists of cases that the pages show, kept true by the node's events.
import { effect, signal } from '@preact/signals';
import { onChange } from './events';
import { loadCases, type CaseItem, type CasePage } from './fhir/case-list';
import { sentence } from './fhir/client';
import { session } from './session';

export interface CaseStore {
  open: CaseItem[] | null; // null: never read yet
  answered: CaseItem[] | null;
  moreAnswered: CasePage['more'];
  problem: string;
}

const EMPTY: CaseStore = { open: null, answered: null, moreAnswered: null, problem: '' };
const SETTLE = 60; // one transaction is several changes
const LIST_TYPES = new Set(['Task', 'ServiceRequest', 'Patient']);
const MOST_OPEN_PAGES = 20;

export const cases = signal<CaseStore>(EMPTY);

/** Every open case: an emergency must not hide on a second page. */
async function allOpen(): Promise<CaseItem[]> {
  let page = await loadCases('open');
  const items = [...page.items];
  for (let at = 1; page.more && at < MOST_OPEN_PAGES; at++) {
    page = await page.more();
    items.push(...page.items);
  }
  return items;
}

let running = false;
let again = false;

export async function refreshCases(): Promise<void> {
  if (!session.value) return;
  if (running) {
    again = true;
    return;
  }
  running = true;
  const reader = session.value.key;
  try {
    const [open, answered] = await Promise.all([allOpen(), loadCases('answered')]);
    if (session.value?.key === reader) {
      cases.value = { open, answered: answered.items, moreAnswered: answered.more, problem: '' };
    }
  } catch (error) {
    if (session.value?.key === reader) cases.value = { ...cases.value, problem: sentence(error) };
  }
  running = false;
  if (again) {
    again = false;
    await refreshCases();
  }
}

export async function loadOlder(): Promise<void> {
  const { moreAnswered, answered } = cases.value;
  if (!moreAnswered) return;
  try {
    const page = await moreAnswered();
    cases.value = { ...cases.value, answered: [...(answered ?? []), ...page.items], moreAnswered: page.more };
  } catch (error) {
    cases.value = { ...cases.value, problem: sentence(error) };
  }
}

/** Call once. */
export function startCases(): void {
  let timer = 0;
  let reader = '';
  onChange((change) => {
    if (change && !LIST_TYPES.has(change.type)) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => void refreshCases(), SETTLE);
  });
  effect(() => {
    const token = session.value?.key ?? '';
    if (token === reader) return;
    reader = token;
    cases.value = EMPTY;
    if (token) void refreshCases();
  });
}
