// SPDX-License-Identifier: Apache-2.0
// Today: what waits for my word, then for my people's, then what others owe me. The node
// orders the cases; this page only parts them. What can wait for days, such as courses, stands
// below every case that waits for us: an emergency may be among them.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { hrefTo } from '../lib/router';
import { t, type TextKey } from '../lib/i18n';
import type { WorkItem } from '../fhir/worklist';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Skeleton } from '../ui/notice';
import { useRowKeys } from '../ui/row-keys';
import { WatchToday } from '../ui/watch-today';
import { TodayMeetings } from '../ui/today-meetings';
import { TodayHandover } from '../ui/today-handover';
import { TodayLogbook } from '../ui/today-logbook';
import { WorkRow } from '../ui/work-row';
import { holdsOne, mayOpen } from '../navigation';
import { refreshWork, work } from '../work-store';

/** Heads speak for a side of a pairing; of experts those who lead a team. */
const SPEAK = ['head-of-department', 'expert'] as const;

/** Who may decide whether somebody is fit for a height. */
const DOCTORS = ['clinician', 'expert', 'head-of-department'] as const;

interface Part {
  title: TextKey;
  empty?: TextKey;
  holds: (item: WorkItem) => boolean;
}

const PARTS: readonly Part[] = [
  { title: 'today.mine', empty: 'today.mine-none', holds: (item) => item.waits && item.mine },
  { title: 'today.ours', holds: (item) => item.waits && !item.mine },
  { title: 'today.theirs', empty: 'today.theirs-none', holds: (item) => !item.waits },
];

function OnePart({ part, items }: { part: Part; items: WorkItem[] }) {
  const id = part.title.replace('.', '-');
  if (items.length === 0 && !part.empty) return null;
  return (
    <section class="today-part" aria-labelledby={id}>
      <h2 id={id}>{t(part.title)} {items.length > 0 && <span class="count">{items.length}</span>}</h2>
      {items.length === 0 && part.empty && <p class="empty">{t(part.empty)}</p>}
      <ul class="case-list">{items.map((item) => <WorkRow key={item.id} item={item} />)}</ul>
    </section>
  );
}

/** Fetched when it is first drawn: most days nothing of it waits. */
function whenDrawn(load: () => Promise<ComponentType>): ComponentType {
  return function WhenDrawn() {
    const [Found, setFound] = useState<ComponentType | null>(null);
    useEffect(() => {
      load().then((found) => setFound(() => found), () => undefined);
    }, []);
    return Found && <Found />;
  };
}

const Pulse = whenDrawn(() => import('../ui/pulse-today').then((module) => module.PulseToday));
const Learning = whenDrawn(() => import('../ui/learning-today').then((module) => module.LearningToday));
const Fitness = whenDrawn(() => import('../ui/fitness-today').then((module) => module.FitnessToday));

export function TodayPage() {
  const page = useRowKeys<HTMLDivElement>();
  const { open, problem } = work.value;
  return (
    <div class="page page-wide" ref={page}>
      <div class="page-head">
        <Heading text={t('today.title')} />
        {mayOpen('ask') && <a class="button button-main" href={hrefTo('ask')}><Icon name="add" />{t('cases.ask')}</a>}
      </div>
      {problem && <Failure text={problem} retry={() => void refreshWork()} />}
      {!open && !problem && <Skeleton />}
      {open && <WatchToday items={open} />}
      <TodayMeetings />
      {open && PARTS.slice(0, 1).map((part) => <OnePart key={part.title} part={part} items={open.filter(part.holds)} />)}
      <TodayHandover />
      <TodayLogbook />
      {open && PARTS.slice(1, 2).map((part) => <OnePart key={part.title} part={part} items={open.filter(part.holds)} />)}
      {holdsOne(DOCTORS) && <Fitness />}
      <Learning />
      {holdsOne(SPEAK) && <Pulse />}
      {open && PARTS.slice(2).map((part) => <OnePart key={part.title} part={part} items={open.filter(part.holds)} />)}
    </div>
  );
}
