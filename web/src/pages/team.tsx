// SPDX-License-Identifier: Apache-2.0
// A new team with its term at its host, or another term of one that is there.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { addTeam, changeTerm, dayOf, lastDay, type Named } from '../fhir/team';
import { t } from '../lib/i18n';
import { goTo, hrefTo } from '../lib/router';
import { hospitalInView } from '../place';
import { SelectField, TextField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Notice, Skeleton } from '../ui/notice';
import { PersonPicker } from '../ui/person-picker';
import { useHospitals } from '../ui/use-hospitals';
import { myBodies, useRoster } from '../ui/use-roster';

interface Draft {
  name: string;
  batch: string;
  body: string;
  host: string;
  from: string;
  until: string;
}
type Problems = Partial<Record<keyof Draft, string>>;

function problemsOf(draft: Draft, whole: boolean): Problems {
  const problems: Problems = {};
  if (whole && !draft.name.trim()) problems.name = t('team.name-missing');
  if (draft.batch && !/^[1-9]\d{0,3}$/.test(draft.batch)) problems.batch = t('team.batch-wrong');
  if (whole && !draft.body) problems.body = t('team.body-missing');
  if (whole && !draft.host) problems.host = t('team.host-missing');
  else if (whole && draft.host === draft.body) problems.host = t('team.host-same');
  if (!draft.from) problems.from = t('team.day-missing');
  if (!draft.until) problems.until = t('team.day-missing');
  else if (draft.until < draft.from) problems.until = t('post.until-before');
  return problems;
}

function Days({ draft, problems, change }: { draft: Draft; problems: Problems; change: (part: Partial<Draft>) => void }) {
  return (
    <div class="pair">
      <TextField id="team-from" label={t('post.first-day')} problem={problems.from} value={draft.from} onChange={(from) => change({ from })} input={{ type: 'date' }} />
      <TextField id="team-until" label={t('post.last-day')} problem={problems.until} value={draft.until} onChange={(until) => change({ until })} input={{ type: 'date' }} />
    </div>
  );
}

const FIRST: Draft = { name: '', batch: '', body: '', host: '', from: '', until: '' };

function useForm(first: Draft, whole: boolean, send: (draft: Draft) => Promise<void>) {
  const [draft, setDraft] = useState(first);
  const [problems, setProblems] = useState<Problems>({});
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    if (Object.keys(problems).length > 0) setProblems(problemsOf(next, whole));
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const wrong = problemsOf(draft, whole);
    setProblems(wrong);
    const [field] = Object.keys(wrong);
    if (field) {
      document.getElementById(`team-${field}`)?.focus();
      return;
    }
    setBusy(true);
    setFailure('');
    send(draft).catch((error: unknown) => {
      setFailure(sentence(error));
      setBusy(false);
    });
  };
  return { draft, problems, failure, busy, change, submit };
}

function NewTeam() {
  const hospitals = useHospitals();
  const [leader, setLeader] = useState<Named | null>(null);
  const host = hospitalInView();
  const named = (reference: string): Named => ({ reference, name: hospitals.find((one) => one.reference === reference)?.name ?? '' });
  const mine = myBodies();
  const form = useForm({ ...FIRST, host, body: mine?.length === 1 ? mine[0] ?? '' : '' }, true, async (draft) => {
    const made = await addTeam({ ...draft, name: draft.name.trim(), body: named(draft.body), host: named(draft.host), leader });
    goTo('teams', made.replace('Organization/', ''));
  });
  const { draft, problems, change } = form;
  const options = [{ value: '', label: t('post.choose') }, ...hospitals.map((one) => ({ value: one.reference, label: one.name }))];
  const bodies = mine ? options.filter((one) => !one.value || mine.includes(one.value)) : options;
  return (
    <form onSubmit={form.submit} noValidate>
      {form.failure && <Notice kind="problem"><p>{form.failure}</p></Notice>}
      <div class="pair">
        <TextField id="team-name" label={t('team.name')} hint={t('team.name-hint')} problem={problems.name} value={draft.name} onChange={(name) => change({ name })} input={{ autoComplete: 'off' }} />
        <TextField id="team-batch" label={t('team.batch')} optional={t('team.optional')} hint={t('team.batch-hint')} problem={problems.batch} value={draft.batch} onChange={(batch) => change({ batch })} input={{ inputMode: 'numeric' }} />
      </div>
      <div class="pair">
        <SelectField id="team-body" label={t('team.body')} problem={problems.body} value={draft.body} hint={mine ? t('team.body-hint') : undefined} onChange={(body) => change({ body })} options={bodies} />
        <SelectField id="team-host" label={t('team.host')} problem={problems.host} value={draft.host} onChange={(chosen) => change({ host: chosen })} options={options} />
      </div>
      <Days draft={draft} problems={problems} change={change} />
      <PersonPicker id="team-leader" label={t('team.leader')} hint={t('team.leader-hint')} chosen={leader} onChange={setLeader} />
      <div class="form-end"><button type="submit" class="button button-main" disabled={form.busy}>{t('team.make')}</button></div>
    </form>
  );
}

function Term({ id, link, first }: { id: string; link: string; first: Draft }) {
  const form = useForm(first, false, async (draft) => {
    await changeTerm(link, draft.from, draft.until);
    goTo('teams', id);
  });
  return (
    <form onSubmit={form.submit} noValidate>
      {form.failure && <Notice kind="problem"><p>{form.failure}</p></Notice>}
      <Days draft={form.draft} problems={form.problems} change={form.change} />
      <div class="form-end"><button type="submit" class="button button-main" disabled={form.busy}>{t('team.save')}</button></div>
    </form>
  );
}

function TeamTerm({ id }: { id: string }) {
  const { roster, problem } = useRoster(`Organization/${id}`);
  const team = roster?.teams.find((one) => one.name.reference === `Organization/${id}`);
  useEffect(() => { if (team) document.title = `${team.name.name} · Belay`; }, [team]);
  if (problem) return <Notice kind="problem"><p>{problem}</p></Notice>;
  if (!team) return <Skeleton />;
  return <Term id={id} link={team.link} first={{ ...FIRST, from: dayOf(team.term?.from ?? ''), until: lastDay(team.term?.until ?? '') }} />;
}

export function TeamPage({ id }: { id: string }) {
  return (
    <div class="page page-form">
      <a class="back" href={hrefTo('teams')}><Icon name="back" />{t('teams.title')}</a>
      <Heading text={t(id === 'new' ? 'teams.add' : 'team.change-term')} />
      {id === 'new' ? <NewTeam /> : <TeamTerm id={id} />}
    </div>
  );
}
