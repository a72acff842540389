// SPDX-License-Identifier: Apache-2.0
// One posting of a team: made, its days changed, a leave entered. Whoever may not change it
// reads it.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { localReference } from '../fhir/codes';
import {
  addLeave, addPosting, changePosting, dayOf, departmentsOf, lastDay, loadPosting, teamOf, type Named, type PostingRecord, type Roster, type Stretch,
} from '../fhir/team';
import { t } from '../lib/i18n';
import { goTo, hrefTo, route } from '../lib/router';
import { ArrivalForm, Checks, FitnessForm, FreshDays } from '../ui/arrival';
import { SelectField, TextField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Notice, Skeleton } from '../ui/notice';
import { PersonPicker } from '../ui/person-picker';
import { stretchWords } from '../ui/roster-words';
import { mayDecideFitness, mayPlan, useRoster } from '../ui/use-roster';

type Problems = Record<string, string>;

function dayProblems(from: string, until: string): Problems {
  return {
    ...(from ? {} : { from: t('team.day-missing') }),
    ...(until ? {} : { until: t('team.day-missing') }),
    ...(from && until && until < from ? { until: t('post.until-before') } : {}),
  };
}

interface DaysProps {
  id: string;
  days: { from: string; until: string };
  problems: Problems;
  onChange: (days: { from: string; until: string }) => void;
}

function Days({ id, days, problems, onChange }: DaysProps) {
  return (
    <div class="pair">
      <TextField id={`${id}-from`} label={t('post.first-day')} problem={problems['from']} value={days.from} onChange={(from) => onChange({ ...days, from })} input={{ type: 'date' }} />
      <TextField id={`${id}-until`} label={t('post.last-day')} problem={problems['until']} value={days.until} onChange={(until) => onChange({ ...days, until })} input={{ type: 'date' }} />
    </div>
  );
}

// ---- a new one ----

function NewPostingForm({ roster, team }: { roster: Roster; team: string }) {
  const found = roster.teams.find((one) => one.name.reference === team);
  const [departments, setDepartments] = useState<Named[]>([]);
  const [person, setPerson] = useState<Named | null>(null);
  const [department, setDepartment] = useState('');
  const [replaces, setReplaces] = useState('');
  const [days, setDays] = useState({ from: dayOf(found?.term?.from ?? ''), until: lastDay(found?.term?.until ?? '') });
  const [problems, setProblems] = useState<Problems>({});
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const host = found?.host.reference ?? '';
  useEffect(() => {
    if (host) departmentsOf(host).then(setDepartments, (error: unknown) => setFailure(sentence(error)));
  }, [host]);
  if (!found) return <Notice kind="problem"><p>{t('team.missing')}</p></Notice>;
  const replace = (id: string) => {
    const other = roster.postings.find((one) => one.id === id);
    setReplaces(id);
    if (other && !department) setDepartment(other.department.reference);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const where = departments.find((one) => one.reference === department);
    const wrong = { ...(person ? {} : { person: t('team.person-missing') }), ...(where ? {} : { department: t('team.department-missing') }), ...dayProblems(days.from, days.until) };
    setProblems(wrong);
    const [field] = Object.keys(wrong);
    if (field || !person || !where) {
      document.getElementById(`posting-${field ?? 'person'}`)?.focus();
      return;
    }
    setBusy(true);
    setFailure('');
    addPosting({ team: found.name, person, department: where, ...days, replaces }).then(
      () => goTo('teams', team.replace('Organization/', '')),
      (error: unknown) => {
        setFailure(sentence(error));
        setBusy(false);
      },
    );
  };
  return (
    <form onSubmit={submit} noValidate>
      <p class="hint">{found.term ? t('team.term-is', { team: found.name.name, when: stretchWords(found.term) }) : found.name.name}</p>
      {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
      <PersonPicker id="posting-person" label={t('team.person')} hint={t('team.person-hint')} problem={problems['person']} chosen={person} onChange={setPerson} />
      <SelectField id="posting-department" label={t('team.department')} problem={problems['department']} value={department} onChange={setDepartment} options={[{ value: '', label: t('post.choose') }, ...departments.map((one) => ({ value: one.reference, label: one.name }))]} />
      <Days id="posting" days={days} problems={problems} onChange={setDays} />
      {roster.postings.length > 0 && (
        <SelectField id="posting-replaces" label={t('team.replaces-whom')} optional={t('team.optional')} value={replaces} onChange={replace} options={[{ value: '', label: t('team.replaces-nobody') }, ...roster.postings.map((one) => ({ value: one.id, label: `${one.person.name}, ${one.department.name}` }))]} />
      )}
      <div class="form-end"><button type="submit" class="button button-main" disabled={busy}>{t('team.post')}</button></div>
    </form>
  );
}

function NewPosting() {
  const team = `Organization/${route.value.query.get('team') ?? ''}`;
  const { roster, problem, load } = useRoster(team);
  return (
    <>
      {problem && <Failure text={problem} retry={load} />}
      {!roster && !problem && <Skeleton />}
      {roster && <NewPostingForm roster={roster} team={team} />}
    </>
  );
}

// ---- one that is there ----

/** One form of days, that saves and reloads. */
function DaysForm({ id, title, button, first, save, why }: { id: string; title: string; button: string; first: { from: string; until: string }; save: (from: string, until: string, why: string) => Promise<void>; why?: string }) {
  const [days, setDays] = useState(first);
  const [text, setText] = useState('');
  const [problems, setProblems] = useState<Problems>({});
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = (event: Event) => {
    event.preventDefault();
    const wrong = dayProblems(days.from, days.until);
    setProblems(wrong);
    const [field] = Object.keys(wrong);
    if (field) {
      document.getElementById(`${id}-${field}`)?.focus();
      return;
    }
    setBusy(true);
    setFailure('');
    save(days.from, days.until, text.trim()).catch((error: unknown) => setFailure(sentence(error))).finally(() => setBusy(false));
  };
  return (
    <section aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <form onSubmit={submit} noValidate>
        {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
        <Days id={id} days={days} problems={problems} onChange={setDays} />
        {why && <TextField id={`${id}-why`} label={why} optional={t('team.optional')} value={text} onChange={setText} />}
        <div class="form-end"><button type="submit" class="button button-main" disabled={busy}>{button}</button></div>
      </form>
    </section>
  );
}

function stretchOf(period: { start?: string; end?: string } | undefined): Stretch {
  const end = period?.end ?? '';
  return { from: period?.start ?? '', until: end.length === 10 ? `${end}T23:59:59.999Z` : end };
}

/** What the roster of the team says of this posting; where it is high, a doctor decides here. */
function OnArrival({ team, id, reload }: { team: string; id: string; reload: () => Promise<void> }) {
  const { roster } = useRoster(team);
  const posting = roster?.postings.find((one) => one.id === id);
  const found = roster?.teams.find((one) => one.name.reference === team);
  if (!posting) return null;
  return (
    <>
      <Checks posting={posting} />
      <FreshDays posting={posting} />
      {posting.fresh && found && mayDecideFitness(posting, found) && <FitnessForm posting={posting} reload={reload} />}
    </>
  );
}

function OnePosting({ record, reload }: { record: PostingRecord; reload: () => Promise<void> }) {
  const team = teamOf(record);
  const term = stretchOf(record.period);
  return (
    <>
      <dl class="hospital-facts">
        <div><dt>{t('team.department')}</dt><dd>{record.organization?.display ?? localReference(record.organization?.reference)}</dd></div>
        <div><dt>{t('team.when')}</dt><dd>{stretchWords(term)}</dd></div>
        {team && <div><dt>{t('team.team')}</dt><dd><a href={hrefTo('teams', team.reference.replace('Organization/', ''))}>{team.name}</a></dd></div>}
      </dl>
      {(record.notAvailable ?? []).map((one, at) => <p key={at}>{t('team.away', { when: stretchWords(stretchOf(one.during)) })}{one.description && ` · ${one.description}`}</p>)}
      {team && <OnArrival team={team.reference} id={record.id ?? ''} reload={reload} />}
      {mayPlan() && (
        <>
          <ArrivalForm record={record} reload={reload} />
          <DaysForm id="days" title={t('team.change-days')} button={t('team.save')} first={{ from: dayOf(term.from), until: dayOf(record.period?.end ?? '') }} save={(from, until) => changePosting(record, from, until).then(reload)} />
          <DaysForm id="leave" title={t('team.enter-leave')} button={t('team.add-leave')} first={{ from: '', until: '' }} why={t('team.leave-why')} save={(from, until, why) => addLeave(record, from, until, why || t('team.leave')).then(reload)} />
        </>
      )}
    </>
  );
}

function Existing({ id }: { id: string }) {
  const [record, setRecord] = useState<PostingRecord | null>(null);
  const [problem, setProblem] = useState('');
  const load = () => loadPosting(id).then(
    (found) => {
      setRecord(found);
      setProblem('');
    },
    (error: unknown) => setProblem(sentence(error)),
  );
  useEffect(() => void load(), [id]);
  return (
    <>
      <Heading text={record?.practitioner?.display ?? t('team.posting')} />
      {problem && <Failure text={problem} retry={() => void load()} />}
      {!record && !problem && <Skeleton />}
      {record && <OnePosting key={record.meta?.versionId} record={record} reload={load} />}
    </>
  );
}

export function PostingPage({ id }: { id: string }) {
  const back = route.value.query.get('team') ?? '';
  return (
    <div class="page page-form">
      <a class="back" href={hrefTo('teams', back)}><Icon name="back" />{t('teams.title')}</a>
      {id === 'new' ? <><Heading text={t('team.post')} /><NewPosting /></> : <Existing id={id} />}
    </div>
  );
}
