// SPDX-License-Identifier: Apache-2.0
// Teams of a hospital, those it hosts and those it sends: who is in them, until when, and
// what is wrong.
import { addDays, lastDay, type Posting, type Roster, type Team } from '../fhir/team';
import { t } from '../lib/i18n';
import { hrefTo, setQuery } from '../lib/router';
import { hospitalInView } from '../place';
import { Checks, FreshDays } from '../ui/arrival';
import { SelectField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Notice, Skeleton } from '../ui/notice';
import { RosterProblems } from '../ui/roster-problems';
import { stretchWords, teamWords } from '../ui/roster-words';
import { useHospitals } from '../ui/use-hospitals';
import { mayMakeTeams, mayPlan, useRoster } from '../ui/use-roster';

type State = 'now' | 'coming' | 'ended';

function stateOf(team: Team, now: string): State {
  if (!team.term) return 'now';
  if (team.term.until && team.term.until <= now) return 'ended';
  return team.term.from > now ? 'coming' : 'now';
}

/** Checks are shown from a month before somebody comes; the first days while they last. */
function Member({ posting, now }: { posting: Posting; now: string }) {
  const comes = posting.from.slice(0, 10) <= addDays(now.slice(0, 10), 30) && (!posting.until || posting.until > now);
  return (
    <li>
      <a href={hrefTo('posting', posting.id)}>{posting.person.name}</a>
      <span class="hint">{[posting.department.name, stretchWords(posting)].join(' · ')}</span>
      {posting.away.map((one, at) => <span key={at} class="hint">{t('team.away', { when: stretchWords(one) })}</span>)}
      {comes && <Checks posting={posting} />}
      {posting.fresh && posting.fresh.until > now && <FreshDays posting={posting} />}
    </li>
  );
}

function TeamPart({ team, roster }: { team: Team; roster: Roster }) {
  const id = team.name.reference.replace('Organization/', '');
  const members = roster.postings.filter((one) => one.team.reference === team.name.reference);
  const problems = roster.problems.filter((one) => one.team.reference === team.name.reference || members.some((member) => member.id === one.posting));
  return (
    <section class="team" aria-labelledby={`team-${id}`}>
      <h3 id={`team-${id}`}>{teamWords(team)}</h3>
      <dl class="hospital-facts">
        <div><dt>{t('team.body')}</dt><dd>{team.body.name || t('team.not-told')}</dd></div>
        <div><dt>{t('team.host')}</dt><dd>{team.host.name || t('team.not-told')}</dd></div>
        <div><dt>{t('team.term')}</dt><dd>{team.term ? stretchWords(team.term) : t('team.not-told')}</dd></div>
        <div><dt>{t('team.leader')}</dt><dd>{team.leader.name || t('team.not-told')}</dd></div>
      </dl>
      {problems.length > 0 && <RosterProblems problems={problems} mayChange={mayPlan()} />}
      <h4>{t('team.members', { n: members.length })}</h4>
      {members.length === 0 && <p class="hint">{t('team.nobody-yet')}</p>}
      <ul class="team-members">{members.map((one) => <Member key={one.id} posting={one} now={roster.now} />)}</ul>
      {mayPlan() && (
        <p class="team-acts">
          <a class="button" href={hrefTo('posting', 'new', { team: id })}><Icon name="person-new" />{t('team.post')}</a>
          {team.link && mayMakeTeams() && <a href={hrefTo('team', id)}>{t('team.change-term')}</a>}
        </p>
      )}
    </section>
  );
}

const TITLES = { now: 'teams.now', coming: 'teams.coming', ended: 'teams.ended' } as const;

export function TeamsPage({ id }: { id: string }) {
  const hospitals = useHospitals();
  const hospital = hospitalInView();
  const wanted = id ? `Organization/${id}` : hospital;
  const { roster, problem, load } = useRoster(wanted);
  const teams = roster ? roster.teams.filter((team) => !id || team.name.reference === wanted) : [];
  return (
    <div class="page page-roster">
      {id && <a class="back" href={hrefTo('teams')}><Icon name="back" />{t('teams.title')}</a>}
      <div class="page-head">
        <Heading text={id ? teams[0]?.name.name ?? t('teams.title') : t('teams.title')} />
        <a href={hrefTo('roster', '', { hospital })}>{t('roster.title')}</a>
        <a href={hrefTo('pairings', '', { hospital })}>{t('pulse.title')}</a>
        {mayMakeTeams() && <a class="button button-main button-stays" href={hrefTo('team', 'new', { hospital })}><Icon name="add" />{t('teams.add')}</a>}
      </div>
      {!id && hospitals.length > 0 && (
        <SelectField
          id="teams-hospital" label={t('roster.of')} value={wanted} onChange={(chosen) => setQuery({ hospital: chosen })}
          options={[...(hospitals.some((one) => one.reference === wanted) ? [] : [{ value: wanted, label: t('hospital.choose') }]), ...hospitals.map((one) => ({ value: one.reference, label: one.name }))]}
        />
      )}
      {!wanted && <Notice kind="info"><p>{t('hospital.none-mine')}</p></Notice>}
      {problem && <Failure text={problem} retry={load} />}
      {wanted && !roster && !problem && <Skeleton rows={6} />}
      {roster && teams.length === 0 && <p class="empty">{t(mayMakeTeams() ? 'teams.empty-add' : 'teams.empty')}</p>}
      {roster && (['now', 'coming', 'ended'] as const).map((state) => {
        const some = teams.filter((team) => stateOf(team, roster.now) === state).sort((a, b) => lastDay(b.term?.until ?? '').localeCompare(lastDay(a.term?.until ?? '')));
        return some.length > 0 && (
          <div key={state} class="team-group">
            <h2>{t(TITLES[state])}</h2>
            {some.map((team) => <TeamPart key={team.name.reference} team={team} roster={roster} />)}
          </div>
        );
      })}
    </div>
  );
}
