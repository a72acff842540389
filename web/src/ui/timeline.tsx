// SPDX-License-Identifier: Apache-2.0
// What happened in a case, oldest first. What arrives while one reads is read out and
// marked as new.
import { useEffect, useRef } from 'preact/hooks';
import type { TimelineEntry } from '../fhir/case';
import { t, type TextKey } from '../lib/i18n';
import { AttachmentView } from './attachment';
import { EntryParts } from './entry-parts';
import { Icon, type IconName } from './icon';
import { TimeToggle } from './time-ago';

export const TIMELINE_WORDS: Record<TimelineEntry['kind'], TextKey> = {
  opened: 'timeline.opened',
  taken: 'timeline.taken',
  withdrawal: 'timeline.cancelled',
  information: 'timeline.information',
  action: 'timeline.action',
  outcome: 'timeline.outcome',
  decline: 'timeline.decline',
  reroute: 'timeline.reroute',
  escalated: 'timeline.escalated',
  closed: 'timeline.closed',
  expired: 'timeline.expired',
  answer: 'timeline.answer',
  question: 'timeline.question',
  message: 'timeline.message',
  bed: 'timeline.bed',
  departure: 'timeline.departure',
  arrival: 'timeline.arrival',
  'return-note': 'timeline.return-note',
  alert: 'timeline.alert',
  'guided-step': 'timeline.guided-step',
  minutes: 'timeline.minutes',
};
export const TIMELINE_ICONS: Record<TimelineEntry['kind'], IconName> = {
  opened: 'add',
  taken: 'in-work',
  withdrawal: 'close',
  information: 'add',
  action: 'answered',
  outcome: 'answered',
  decline: 'close',
  reroute: 'back',
  escalated: 'alert',
  closed: 'answered',
  expired: 'alert',
  answer: 'answered',
  question: 'question-back',
  message: 'add',
  bed: 'bed',
  departure: 'journey',
  arrival: 'arrived',
  'return-note': 'home',
  alert: 'alert',
  'guided-step': 'next',
  minutes: 'people',
};

function Entry({ entry, isNew }: { entry: TimelineEntry; isNew: boolean }) {
  const says = entry.text !== '' || (entry.parts ?? []).length > 0 || entry.attachments.length > 0;
  return (
    <li class={`entry entry-${entry.kind}${says ? ' entry-says' : ''}${isNew ? ' entry-new' : ''}`}>
      <span class="entry-icon"><Icon name={TIMELINE_ICONS[entry.kind]} size={18} /></span>
      <div class="entry-body">
        <p class="byline">
          <strong>{t(TIMELINE_WORDS[entry.kind], { name: entry.who || t('timeline.someone') })}</strong>
          {isNew && <span class="new">{t('timeline.new')}</span>}
          <TimeToggle at={entry.at} />
        </p>
        <EntryParts parts={entry.parts ?? []} />
        {entry.text && <p class="entry-text">{entry.text}</p>}
        {entry.attachments.map((attachment) => <AttachmentView key={attachment.url} attachment={attachment} />)}
      </div>
    </li>
  );
}

export function Timeline({ entries }: { entries: TimelineEntry[] }) {
  const seen = useRef<Set<string> | null>(null);
  const fresh = useRef(new Set<string>());
  if (seen.current) {
    for (const entry of entries) if (!entry.mine && !seen.current.has(entry.id)) fresh.current.add(entry.id);
  }
  useEffect(() => {
    seen.current = new Set(entries.map((entry) => entry.id));
  }, [entries]);
  return (
    <ol class="timeline" aria-live="polite" aria-relevant="additions">
      {entries.map((entry) => <Entry key={entry.id} entry={entry} isNew={fresh.current.has(entry.id)} />)}
    </ol>
  );
}
