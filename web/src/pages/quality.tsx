// SPDX-License-Identifier: Apache-2.0
// The quality of data: of each hospital how many records are worth a second look, by kind; one press
// away which they are, as far as they may be read, and who can mend each.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadQuality, loadQualityRows, type Counted, type HospitalQuality, type Kind, type Quality, type QualityRow } from '../fhir/quality';
import { dateIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { hrefTo } from '../lib/router';
import { Heading } from '../ui/heading';
import { Failure, Skeleton } from '../ui/notice';

const NAMES: Record<Kind, TextKey> = {
  late: 'quality.late', 'no-outcome': 'quality.no-outcome', twice: 'quality.twice', future: 'quality.future',
  'before-birth': 'quality.before-birth', impossible: 'quality.impossible', backwards: 'quality.backwards',
};
const ADVICE: Record<Kind, TextKey> = {
  late: 'quality.do-late', 'no-outcome': 'quality.do-no-outcome', twice: 'quality.do-twice', future: 'quality.do-future',
  'before-birth': 'quality.do-before-birth', impossible: 'quality.do-impossible', backwards: 'quality.do-backwards',
};
const TYPES: Record<string, TextKey> = {
  Patient: 'quality.a-patient', Procedure: 'quality.an-operation', Task: 'quality.a-case', Observation: 'quality.a-measurement', PractitionerRole: 'quality.a-post',
};
const ROLES: Record<string, TextKey> = {
  clinician: 'role.clinician', 'head-of-department': 'role.head-of-department', nurse: 'role.nurse', administrator: 'role.administrator',
};

const day = (on: string) => dateIn(language.value, new Date(on), { dateStyle: 'medium', timeZone: 'UTC' });
const typeOf = (record: string) => record.split('/')[0] ?? '';
const linkOf = (row: QualityRow) => (row.case ? hrefTo('case', row.case) : hrefTo('record', row.record));

function mends(row: QualityRow): string {
  if (row.person) return t('quality.mends', { who: row.person.name });
  const role = ROLES[row.role];
  return t('quality.mends', { who: role ? t(role) : row.role });
}

function RowLine({ row }: { row: QualityRow }) {
  const type = TYPES[typeOf(row.record)];
  return (
    <li>
      <a href={linkOf(row)}>{[type && t(type), row.about].filter(Boolean).join(' · ')}</a>
      <span>{[row.day && day(row.day), mends(row)].filter(Boolean).join(' · ')}</span>
      {row.other && <a href={hrefTo('record', row.other)}>{t('quality.other')}</a>}
    </li>
  );
}

function Rows({ hospital, kind }: { hospital: string; kind: Kind }) {
  const [state, setState] = useState<{ rows: QualityRow[] | null; more: boolean; problem: string }>({ rows: null, more: false, problem: '' });
  const latest = useLatest();
  const load = () => latest(loadQualityRows(hospital, kind)).then((found) => setState({ ...found, problem: '' }), (error: unknown) => setState({ rows: null, more: false, problem: sentence(error) }));
  useEffect(() => { void load(); }, [hospital, kind]);
  const { rows, more, problem } = state;
  if (problem) return <Failure text={problem} retry={() => void load()} />;
  if (!rows) return <Skeleton />;
  return (
    <>
      <p class="hint">{t(ADVICE[kind])}</p>
      {rows.length > 0 && <ul class="computed-rows" tabIndex={0} aria-label={t(NAMES[kind])}>{rows.map((row) => <RowLine key={row.record} row={row} />)}</ul>}
      {rows.length === 0 && <p class="empty">{t('quality.not-yours')}</p>}
      {more && <p class="hint">{t('quality.more')}</p>}
    </>
  );
}

function Count({ hospital, count }: { hospital: string; count: Counted }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <button type="button" class="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t(NAMES[count.kind])} <span class="count">{count.records ?? t('quality.few')}</span>
      </button>
      {open && <Rows hospital={hospital} kind={count.kind} />}
    </li>
  );
}

function Hospital({ one }: { one: HospitalQuality }) {
  return (
    <article class="log-line" aria-label={one.hospital.name}>
      <h2>{one.hospital.name}</h2>
      <ul class="learn-list">{one.counts.map((count) => <Count key={count.kind} hospital={one.hospital.reference} count={count} />)}</ul>
    </article>
  );
}

function Shown({ quality }: { quality: Quality }) {
  const found = quality.hospitals.filter((one) => one.counts.length > 0);
  const clean = quality.hospitals.filter((one) => one.counts.length === 0);
  return (
    <>
      <p class="hint">{t('quality.about', { late: quality.lateDays, outcome: quality.outcomeDays })}</p>
      {found.map((one) => <Hospital key={one.hospital.reference} one={one} />)}
      {clean.length > 0 && <p class="empty">{t('quality.clean', { names: clean.map((one) => one.hospital.name).join(', ') })}</p>}
    </>
  );
}

export function QualityPage() {
  const [state, setState] = useState<{ quality: Quality | null; problem: string }>({ quality: null, problem: '' });
  const latest = useLatest();
  const load = () => latest(loadQuality()).then((quality) => setState({ quality, problem: '' }), (error: unknown) => setState({ quality: null, problem: sentence(error) }));
  useEffect(() => { void load(); }, []);
  const { quality, problem } = state;
  return (
    <div class="page">
      <Heading text={t('quality.title')} />
      {problem && <Failure text={problem} retry={() => void load()} />}
      {!quality && !problem && <Skeleton rows={6} />}
      {quality && <Shown quality={quality} />}
    </div>
  );
}
