// SPDX-License-Identifier: Apache-2.0
// What waits for me of courses, on the page Today: to agree, to say what came of it, to say
// whether what was learnt is used.
import { loadLearning, type Enrolment } from '../fhir/learning';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { session } from '../session';
import { Icon } from './icon';
import { changeWords } from './learn-words';
import { useLive } from './use-live';

const TYPES: ReadonlySet<string> = new Set(['Enrolment', 'Procedure']);

function whatWaits(one: Enrolment): string {
  if (one.waits.includes('change') && one.change) return changeWords(one.change, one);
  if (one.waits.includes('accept')) return t('learn.waits-accept');
  if (one.waits.includes('result')) return t('learn.waits-result');
  return t('learn.waits-used', { n: Math.max(...one.aims.map((aim) => aim.asked)) });
}

export function LearningToday() {
  const me = session.value?.practitioner;
  const list = useLive(TYPES, () => (me ? loadLearning({ scope: 'waiting' }) : Promise.resolve([]))).value ?? [];
  if (list.length === 0) return null;
  return (
    <section class="today-part" aria-labelledby="today-learning">
      <h2 id="today-learning">{t('learn.today')} <span class="count">{list.length}</span></h2>
      <ul class="learn-list">
        {list.map((one) => (
          <li key={one.id}>
            <a class="learn-row" href={hrefTo('learning')}>
              <strong><Icon name="course" size={18} /> {one.person.reference === me ? one.course.name : `${one.person.name} · ${one.course.name}`}</strong>
              <span>{whatWaits(one)}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
