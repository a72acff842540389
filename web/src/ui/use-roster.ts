// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadRoster, type Posting, type Roster, type Team } from '../fhir/team';
import { useLatest } from '../lib/latest';
import { holdsOne } from '../navigation';
import { isMe, myPlace, session } from '../session';

/** Who may change teams and postings somewhere; where, the node decides. */
export const WHO_PLANS = ['coordinator', 'administrator', 'director', 'head-of-department'] as const;
/** Who may make a team. */
export const WHO_MAKES_TEAMS = ['coordinator', 'administrator', 'director'] as const;

export const mayPlan = (): boolean => holdsOne(WHO_PLANS);
export const mayMakeTeams = (): boolean => holdsOne(WHO_MAKES_TEAMS);

/** Whose teams I may make, by the hospitals of my posts; null: everybody's. */
export function myBodies(): string[] | null {
  const posts = session.value?.posts?.filter((one) => WHO_MAKES_TEAMS.some((role) => role === one.role));
  if (!posts || posts.some((one) => !one.organization && one.role !== 'director')) return null;
  return posts.flatMap((one) => one.organization ?? []);
}

const DOCTORS = ['clinician', 'expert', 'head-of-department'] as const;

/** A doctor of the host or of the body that sends the team, of anybody but themselves. */
export function mayDecideFitness(posting: Posting, team: Team): boolean {
  const mine = myPlace().organization;
  return holdsOne(DOCTORS) && !isMe(posting.person) && (mine === team.host.reference || mine === team.body.reference);
}

/** The roster of ${reference}, once there; "" asks for none. */
export function useRoster(reference: string, from = '', until = ''): { roster: Roster | null; problem: string; load: () => void } {
  const [state, setState] = useState<{ key: string; roster: Roster | null; problem: string }>({ key: '', roster: null, problem: '' });
  const key = `${reference} ${from} ${until}`;
  const latest = useLatest();
  const load = () => {
    if (!reference) return;
    latest(loadRoster(reference, from, until)).then(
      (roster) => setState({ key, roster, problem: '' }),
      (error: unknown) => setState({ key, roster: null, problem: sentence(error) }),
    );
  };
  useEffect(load, [key]);
  return state.key === key ? { roster: state.roster, problem: state.problem, load } : { roster: null, problem: '', load };
}
