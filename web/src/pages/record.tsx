// SPDX-License-Identifier: Apache-2.0
// One record that a figure counts: what it says in words, what it leads to, when it was written and
// changed, and the record itself as it is kept.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadRecord, recordLines, type Line, type Told } from '../fhir/record';
import { language, t } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { hrefTo } from '../lib/router';
import { fullTime, shortDate } from '../lib/time';
import { mayOpen, type PageProps } from '../navigation';
import { Heading } from '../ui/heading';
import { Failure, Skeleton } from '../ui/notice';

/** More of one kind than this are behind a press. */
const SHOWN = 12;
/** Kinds of records with a page of their own. */
const PAGES: Record<string, string> = { PractitionerRole: 'posting', Course: 'course', ServiceRequest: 'case', Practitioner: 'person' };

const momentText = (moment: string) => (moment.includes('T') ? fullTime(moment) : moment.length < 10 ? moment : shortDate(moment));

function Value({ line, names }: { line: Line; names: Told['names'] }) {
  if (line.reference) return <a href={hrefTo('record', line.reference)}>{line.text || names.get(line.reference) || line.reference}</a>;
  return <>{line.moment ? momentText(line.moment) : line.text}</>;
}

function Lines({ lines, names }: { lines: readonly Line[]; names: Told['names'] }) {
  const groups = new Map<string, Line[]>();
  for (const line of lines) groups.set(line.name, [...(groups.get(line.name) ?? []), line]);
  return (
    <dl class="record-lines">
      {[...groups].map(([name, same]) => <div key={name}><dt>{name}</dt><dd><Many same={same} names={names} /></dd></div>)}
    </dl>
  );
}

function Many({ same, names }: { same: readonly Line[]; names: Told['names'] }) {
  const list = same.map((line, at) => <div key={at} class="record-one">{line.lines ? <Lines lines={line.lines} names={names} /> : <Value line={line} names={names} />}</div>);
  if (list.length <= SHOWN) return <>{list}</>;
  return <details><summary>{t('record.many', { n: list.length })}</summary>{list}</details>;
}

function Written({ written }: { written: readonly string[] }) {
  if (written.length === 0) return null;
  return (
    <section>
      <h2>{t('record.versions')}</h2>
      <ol class="record-written">{written.map((when) => <li key={when}>{t('record.version', { when: fullTime(when) })}</li>)}</ol>
    </section>
  );
}

export function RecordPage({ id }: PageProps) {
  const [state, setState] = useState<{ told: Told | null; problem: string }>({ told: null, problem: '' });
  const latest = useLatest();
  const load = () => latest(loadRecord(id, language.value)).then((told) => setState({ told, problem: '' }), (error: unknown) => setState({ told: null, problem: sentence(error) }));
  useEffect(() => { setState({ told: null, problem: '' }); void load(); }, [id, language.value]);
  const { told, problem } = state;
  const [type = '', bare = ''] = id.split('/');
  const page = PAGES[type];
  return (
    <div class="page page-log">
      <Heading text={t('record.title')} />
      <p class="hint">{t('record.why')} <code>{id}</code></p>
      {problem && <Failure text={problem} retry={() => void load()} />}
      {!told && !problem && <Skeleton />}
      {told && (
        <>
          {page && mayOpen(page) && <p><a class="button button-small" href={hrefTo(page, bare)}>{t('record.open')}</a></p>}
          <Lines lines={recordLines(told.record, language.value)} names={told.names} />
          <Written written={told.written} />
          <details class="record-kept"><summary>{t('record.as-kept')}</summary><pre tabIndex={0} lang="en">{JSON.stringify(told.record, null, 2)}</pre></details>
        </>
      )}
    </div>
  );
}
