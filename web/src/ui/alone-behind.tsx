// SPDX-License-Identifier: Apache-2.0
// The apprenticeships behind a curve, as far as one may read them: they stand with who learns, with the master and with
// the heads of both departments. Whether there are others is not told, nor anything of a group that is told of nobody.
import { useEffect, useState } from 'preact/hooks';
import { loadApprenticeships, type Apprenticeship } from '../fhir/apprentice';
import { sentence } from '../fhir/client';
import type { Group } from '../fhir/independence';
import { procedureName } from '../fhir/logbook';
import { language, t } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { hrefTo, setQuery } from '../lib/router';
import { shortDate } from '../lib/time';
import { Failure, Skeleton } from './notice';

const COUNTED: readonly string[] = ['active', 'completed', 'stopped']; // those that were agreed to

export const whereOf = (one: Group) => one.department?.name ?? t('independence.together');
/** Of the address. */
export const keyOf = (one: Group) => `${one.code}|${one.department?.reference ?? ''}`;

export function openGroup(key: string): void {
  setQuery({ apprentices: key });
}

/** Those of ${group} that I may read and that had begun by the end of the quarter ${period}; ${others}: departments with a curve of their own. */
async function load(group: Group, others: readonly string[], period: string): Promise<Apprenticeship[]> {
  const end = `${period.slice(0, 4)}-${String(Number(period.slice(-1)) * 3).padStart(2, '0')}-31`;
  const department = group.department?.reference;
  const found = await loadApprenticeships({ procedure: group.code, ...(department ? { department } : {}) });
  return found.filter((one) => COUNTED.includes(one.state) && one.from <= end && (department ? one.teaching.reference === department : !others.includes(one.teaching.reference)));
}

function Line({ one }: { one: Apprenticeship }) {
  const [type, id] = one.apprentice.reference.split('/');
  const when = one.until ? t('computed.from-until', { from: shortDate(one.from), until: shortDate(one.until) }) : t('computed.since', { day: shortDate(one.from) });
  return (
    <li>
      {type === 'Practitioner' && id ? <a href={hrefTo('person', id)}>{one.apprentice.name}</a> : one.apprentice.name}
      <span>{` ← ${one.master.name} ${when} `}</span><a href={hrefTo('record', `Apprenticeship/${one.id}`)}>{t('computed.record')}</a>
    </li>
  );
}

export function ApprenticesBehind({ group, others, period }: { group: Group; others: readonly string[]; period: string }) {
  const [state, setState] = useState<{ list: Apprenticeship[] | null; problem: string }>({ list: null, problem: '' });
  const latest = useLatest();
  const key = keyOf(group);
  const ask = () => latest(load(group, others, period)).then((list) => setState({ list, problem: '' }), (error: unknown) => setState({ list: null, problem: sentence(error) }));
  useEffect(() => {
    document.getElementById('alone-rows')?.focus();
    void ask();
  }, [key, period]);
  const { list, problem } = state;
  return (
    <section class="chart-rows" aria-labelledby="alone-rows">
      <h4 id="alone-rows" tabIndex={-1}>{t('programme.alone-rows', { procedure: procedureName(group.code, language.value), where: whereOf(group) })}</h4>
      {problem && <Failure text={problem} retry={() => void ask()} />}
      {!list && !problem && <Skeleton />}
      {list && list.length > 0 && <ul class="computed-rows">{list.map((one) => <Line key={one.id} one={one} />)}</ul>}
      {list && <p class="hint">{t(list.length > 0 ? 'programme.alone-others' : 'programme.alone-none')}</p>}
      <button type="button" class="button button-small" onClick={() => openGroup('')}>{t('computed.hide')}</button>
    </section>
  );
}

/** What a curve is made of: each procedure of each department with as many as may be told. */
export function GroupsBehind({ groups, shown, show }: { groups: readonly Group[]; shown: boolean; show: (shown: boolean) => void }) {
  return (
    <details open={shown} onToggle={(event) => show(event.currentTarget.open)}>
      <summary id="alone-groups">{t('programme.alone-behind', { n: groups.length })}</summary>
      <ul>
        {groups.map((one) => (
          <li key={keyOf(one)}>
            <button type="button" class="link" onClick={() => openGroup(keyOf(one))}>{procedureName(one.code, language.value)}, {whereOf(one)}</button>: {t('independence.persons', { n: one.persons ?? 0 })} {one.median === null ? t('independence.median-none-days', { n: one.knownTo }) : t('independence.median-days', { n: one.median })}
          </li>
        ))}
      </ul>
    </details>
  );
}
