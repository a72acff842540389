// SPDX-License-Identifier: Apache-2.0
import { useState } from 'preact/hooks';
import { ago, clockTime, dayAndTime, fullTime } from '../lib/time';
import { useBeside } from './zone';

/** The full time, and what the patient's clocks show where they differ. */
function useFullTime(at: string): string {
  return [fullTime(at), useBeside(at)].filter(Boolean).join(' · ');
}

/** "3 h ago", with the full time on hover. */
export function TimeAgo({ at }: { at: string }) {
  const full = useFullTime(at);
  if (!at) return null;
  return <time class="time" dateTime={at} title={full}>{ago(at)}</time>;
}

/** The same where there is room to tap: a finger cannot hover. Where zones differ both times are in sight. */
export function TimeToggle({ at }: { at: string }) {
  const [open, setOpen] = useState(false);
  const full = useFullTime(at);
  const there = useBeside(at);
  if (!at) return null;
  return (
    <button type="button" class="time time-toggle" title={full} aria-expanded={open} onClick={() => setOpen(!open)}>
      <time dateTime={at}>{open ? full : [ago(at), there && `${clockTime(at)}, ${there}`].filter(Boolean).join(' · ')}</time>
    </button>
  );
}

/** Day and time in a table, and what the patient's clocks show where they differ. */
export function DayAndTime({ at }: { at: string }) {
  const there = useBeside(at);
  return <time dateTime={at}>{dayAndTime(at)}{there && <span class="time-there"> {there}</span>}</time>;
}
