// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { ago, fullTime } from '../lib/time';

/** "3 h ago", with the full time on hover. */
export function TimeAgo({ at }: { at: string }) {
  if (!at) return null;
  return <time class="time" dateTime={at} title={fullTime(at)}>{ago(at)}</time>;
}

/** The same where there is room to tap: a finger cannot hover. */
export function TimeToggle({ at }: { at: string }) {
  const [full, setFull] = useState(false);
  if (!at) return null;
  return (
    <button type="button" class="time time-toggle" title={fullTime(at)} aria-expanded={full} onClick={() => setFull(!full)}>
      <time dateTime={at}>{full ? fullTime(at) : ago(at)}</time>
    </button>
  );
}
