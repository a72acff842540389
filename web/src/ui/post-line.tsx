// SPDX-License-Identifier: Apache-2.0
// A post in one line: what, where, and for how long.
import type { PostOf } from '../fhir/people';
import { roleName } from '../fhir/roles';
import { t } from '../lib/i18n';
import { shortDate } from '../lib/time';

/** "since 3 May 2026, until 1 August 2026" */
export function postPeriod(post: PostOf): string {
  const from = post.from ? t(post.state === 'coming' ? 'post.from' : 'post.since', { date: shortDate(post.from) }) : '';
  const until = post.until ? t(post.state === 'ended' ? 'post.ended' : 'post.until', { date: shortDate(post.until) }) : '';
  return [from, until].filter(Boolean).join(', ');
}

export function PostLine({ post }: { post: PostOf }) {
  const period = postPeriod(post);
  return (
    <span class="post-line">
      <span>{roleName(post.role)}{post.record.organization?.display ? ` · ${post.record.organization.display}` : ''}</span>
      {period && <span class="hint">{period}</span>}
    </span>
  );
}
