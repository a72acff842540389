// SPDX-License-Identifier: Apache-2.0
// Of operations and apprenticeships what waits for my word: sign-offs, something serious to review,
// what became of what was done, what apprentices did with me, a new rating of mine to read, an
// apprenticeship to agree to.
import { useEffect, useState } from 'preact/hooks';
import { t, type TextKey } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { logbookWaiting } from '../logbook-store';
import { holdsOne, mayOpen } from '../navigation';
import { session } from '../session';

interface Waiting {
  page: string;
  label: TextKey;
  count: number;
}

async function loadSignOffs(): Promise<Waiting[]> {
  if (!holdsOne(['head-of-department', 'quality-officer'])) return [];
  const { signOffs } = await import('../fhir/sign-off');
  const signed = (await signOffs()).list.filter((one) => one.roles.length > 0);
  return [
    { page: 'sign-offs', label: 'today.sign-alarm', count: signed.filter((one) => one.alarm).length },
    { page: 'sign-offs', label: 'today.sign', count: signed.filter((one) => one.status === 'proposed').length },
  ];
}

export function TodayLogbook() {
  const [signed, setSigned] = useState<Waiting[]>([]);
  const me = session.value?.practitioner ?? '';
  useEffect(() => {
    if (me) loadSignOffs().then(setSigned, () => undefined); // cases come first: what is not known is not told
  }, [me]);
  const { serious, aftercare, rate, apprenticeships, logbook } = logbookWaiting.value;
  const all: Waiting[] = [
    ...signed,
    { page: 'serious', label: 'today.serious', count: serious },
    { page: 'aftercare', label: 'today.follow', count: aftercare },
    { page: 'rate', label: 'today.rate', count: rate },
    { page: 'logbook', label: 'today.rated', count: logbook },
    { page: 'apprenticeships', label: 'today.agree', count: apprenticeships },
  ];
  const list = all.filter((one) => one.count > 0 && mayOpen(one.page));
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
