// SPDX-License-Identifier: Apache-2.0
// Meetings about cases: what waits for me, what is ahead, what was. Mine and my department's,
// or all of the cases I see.
import { isAhead, isMine, waitsFor, type Meeting } from '../fhir/mdt';
import { t, type TextKey } from '../lib/i18n';
import { hrefTo, route } from '../lib/router';
import { meetings, refreshMeetings } from '../mdt-store';
import { Heading } from '../ui/heading';
import { MeetingRow } from '../ui/meeting-row';
import { Failure, Skeleton } from '../ui/notice';
import { useRowKeys } from '../ui/row-keys';

function Part({ title, empty, list }: { title: TextKey; empty?: TextKey; list: Meeting[] }) {
  const id = title.replace('.', '-');
  if (list.length === 0 && !empty) return null;
  return (
    <section class="today-part" aria-labelledby={id}>
      <h2 id={id}>{t(title)} {list.length > 0 && <span class="count">{list.length}</span>}</h2>
      {list.length === 0 && empty && <p class="empty">{t(empty)}</p>}
      <ul class="case-list">{list.map((one) => <MeetingRow key={one.id} meeting={one} />)}</ul>
    </section>
  );
}

export function MdtPage() {
  const page = useRowKeys<HTMLDivElement>();
  const all = route.value.query.get('show') === 'all';
  const { list, problem } = meetings.value;
  const shown = (list ?? []).filter((one) => all || isMine(one));
  const waiting = shown.filter((one) => waitsFor(one) !== null);
  const rest = shown.filter((one) => !waiting.includes(one));
  const past = rest.filter((one) => !isAhead(one)).reverse();
  return (
    <div class="page page-wide" ref={page}>
      <div class="page-head"><Heading text={t('mdt.title')} /></div>
      <nav class="tabs" aria-label={t('mdt.whose')}>
        <a href={hrefTo('mdt')} aria-current={all ? undefined : 'page'}>{t('mdt.mine')}</a>
        <a href={hrefTo('mdt', '', { show: 'all' })} aria-current={all ? 'page' : undefined}>{t('mdt.all')}</a>
      </nav>
      {problem && <Failure text={problem} retry={() => void refreshMeetings()} />}
      {!list && !problem && <Skeleton />}
      {list && <Part title={'mdt.waiting'} list={waiting} />}
      {list && <Part title={'mdt.ahead'} empty={'mdt.ahead-none'} list={rest.filter(isAhead)} />}
      {list && <Part title={'mdt.past'} empty={'mdt.past-none'} list={past} />}
    </div>
  );
}
