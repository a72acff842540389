// SPDX-License-Identifier: Apache-2.0
// My learning: my courses and placements with their aims, what is asked of me after return,
// and of those whom I look after the same.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadLearning, type Enrolment } from '../fhir/learning';
import { t, type TextKey } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { session } from '../session';
import { EnrolmentCard } from '../ui/enrolment-card';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Notice, Skeleton } from '../ui/notice';

function Part({ title, list, by, done }: { title: TextKey; list: Enrolment[]; by: 'course' | 'people'; done: () => void }) {
  const id = title.replace('.', '-');
  if (list.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{t(title)}</h2>
      <p>{by === 'course' ? t('learn.n-courses', { n: list.length }) : t('learn.n-both', { persons: new Set(list.map((one) => one.person.reference)).size, courses: list.length })}</p>
      <div class="learn-cards">{list.map((one) => <EnrolmentCard key={one.id} one={one} by={by} done={done} />)}</div>
    </section>
  );
}

export function LearningPage() {
  const [mine, setMine] = useState<Enrolment[] | null>(null);
  const [others, setOthers] = useState<Enrolment[]>([]);
  const [problem, setProblem] = useState('');
  const me = session.value?.practitioner;
  const load = async () => {
    if (!me) return;
    try {
      const [first, second] = await Promise.all([loadLearning(), loadLearning({ scope: 'supervised' })]);
      setMine(first);
      setOthers(second);
      setProblem('');
    } catch (error) {
      setProblem(sentence(error));
    }
  };
  useEffect(() => { void load(); }, []);
  return (
    <div class="page page-learn">
      <Heading text={t('learn.mine')} />
      <p><a href={hrefTo('courses')}><Icon name="back" size={16} /> {t('learn.courses')}</a></p>
      {!me && <Notice kind="info"><p>{t('log.nobody')}</p></Notice>}
      {problem && <Failure text={problem} retry={() => void load()} />}
      {me && !mine && !problem && <Skeleton />}
      {mine && mine.length === 0 && others.length === 0 && <p class="empty">{t('learn.mine-none')}</p>}
      {mine && <Part title={'learn.my-courses'} list={mine} by="course" done={() => void load()} />}
      <Part title={'learn.supervised'} list={others} by="people" done={() => void load()} />
    </div>
  );
}
