// SPDX-License-Identifier: Apache-2.0
// Courses: what comes, month by month, then what is over.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadCourses, type Course } from '../fhir/learning';
import { today } from '../fhir/people';
import { unitName } from '../fhir/unit-names';
import { dateIn } from '../lib/dates';
import { language, t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { holdsOne, mayOpen } from '../navigation';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { COURSE_WORDS, KIND_WORDS, monthOf, spanOf } from '../ui/learn-words';
import { LearningFigures } from '../ui/learning-figures';
import { Failure, Skeleton } from '../ui/notice';

function Row({ one }: { one: Course }) {
  return (
    <li>
      <a class="learn-row" href={hrefTo('course', one.id)}>
        <strong>{one.title}</strong>
        <span>{spanOf(one.start, one.end)}</span>
        <span class="hint">{t(KIND_WORDS[one.kind])}{one.place && ` · ${one.place}`}{one.status !== 'planned' && ` · ${t(COURSE_WORDS[one.status])}`}</span>
        <span class="hint">{one.organisers.map(unitName).filter(Boolean).join(' · ')}</span>
      </a>
    </li>
  );
}

function Month({ month, list }: { month: string; list: Course[] }) {
  const id = `learn-${month}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{dateIn(language.value, new Date(`${month}-01T00:00:00Z`), { year: 'numeric', month: 'long', timeZone: 'UTC' })}</h2>
      <ul class="learn-list">{list.map((one) => <Row key={one.id} one={one} />)}</ul>
    </section>
  );
}

/** What is not over: by the month in which it begins, or this one where it has begun. */
function byMonth(list: Course[]): [string, Course[]][] {
  const months = new Map<string, Course[]>();
  const now = today();
  for (const one of [...list].sort((a, b) => a.start.localeCompare(b.start))) {
    const month = monthOf(one.start < now ? now : one.start);
    months.set(month, [...(months.get(month) ?? []), one]);
  }
  return [...months];
}

export function CoursesPage() {
  const [list, setList] = useState<Course[] | null>(null);
  const [problem, setProblem] = useState('');
  const load = () => loadCourses().then(setList, (error: unknown) => setProblem(sentence(error)));
  useEffect(() => { void load(); }, []);
  const over = (one: Course) => one.status === 'held' || one.status === 'cancelled' || (one.end || one.start) < today();
  const past = (list ?? []).filter(over);
  return (
    <div class="page page-learn">
      <div class="page-head">
        <Heading text={t('learn.courses')} />
        {mayOpen('course-plan') && <a class="button button-main" href={hrefTo('course-plan')}><Icon name="add" />{t('learn.plan')}</a>}
      </div>
      {mayOpen('learning') && <p><a href={hrefTo('learning')}>{t('learn.mine')}</a></p>}
      {holdsOne(['coordinator', 'director']) && <LearningFigures />}
      {problem && <Failure text={problem} retry={() => { setProblem(''); void load(); }} />}
      {!list && !problem && <Skeleton />}
      {list && list.length === past.length && <p class="empty">{t('learn.none')}</p>}
      {list && byMonth(list.filter((one) => !over(one))).map(([month, some]) => <Month key={month} month={month} list={some} />)}
      {past.length > 0 && (
        <details>
          <summary>{t('learn.past')} <span class="count">{past.length}</span></summary>
          <ul class="learn-list">{past.map((one) => <Row key={one.id} one={one} />)}</ul>
        </details>
      )}
    </div>
  );
}
