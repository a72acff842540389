// SPDX-License-Identifier: Apache-2.0
// Of operations what waits for my word: something serious to review, what became of them,
// what apprentices did with me.
import { useEffect, useState } from 'preact/hooks';
import { t, type TextKey } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { holdsOne, mayOpen } from '../navigation';
import { session } from '../session';

interface Waiting {
  page: string;
  label: TextKey;
  count: number;
}

async function load(): Promise<Waiting[]> {
  const { loadWaiting } = await import('../fhir/logbook'); // with the catalogue of procedures: not before the first page
  const { rates, follows, reviews } = await loadWaiting(false);
  const signed = holdsOne(['head-of-department', 'quality-officer']) ? (await (await import('../fhir/sign-off')).signOffs()).list.filter((one) => one.roles.length > 0) : [];
  const all: Waiting[] = [
    { page: 'sign-offs', label: 'today.sign-alarm', count: signed.filter((one) => one.alarm).length },
    { page: 'sign-offs', label: 'today.sign', count: signed.filter((one) => one.status === 'proposed').length },
    { page: 'serious', label: 'today.serious', count: reviews.length },
    { page: 'aftercare', label: 'today.follow', count: follows.length },
    { page: 'rate', label: 'today.rate', count: rates.length },
  ];
  return all.filter((one) => one.count > 0 && mayOpen(one.page));
}

export function TodayLogbook() {
  const [list, setList] = useState<Waiting[]>([]);
  const me = session.value?.practitioner ?? '';
  useEffect(() => {
    if (me) load().then(setList, () => undefined); // cases come first: what is not known is not told
  }, [me]);
  if (list.length === 0) return null;
  return (
    <section class="today-part" aria-labelledby="today-logbook">
      <h2 id="today-logbook">{t('today.operations')} <span class="count">{list.reduce((sum, one) => sum + one.count, 0)}</span></h2>
      <ul class="log-cards">
        {list.map((one) => <li key={one.label}><a class="button" href={hrefTo(one.page)}>{t(one.label)} <span class="count">{one.count}</span></a></li>)}
      </ul>
    </section>
  );
}
