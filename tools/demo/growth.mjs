// SPDX-License-Identifier: Apache-2.0
// The growing hospitals: who is there beside the network, and stories of what they did, told step
// by step (src/app/demo_stories.c). data/demo/README.md says what the files of growth/ hold.
import { BELAY, concept, day, idOf, put, refer } from './common.mjs';
import { departmentOf, departmentPair, personAndPost } from './directory.mjs';
import { doingStory } from './doings.mjs';
import { learningStory } from './learning.mjs';
import { teamEntries } from './teams.mjs';

function expertRecords(person, places) {
  const at = person.home ?? person.sentBy;
  const [practitioner, post] = personAndPost({ ...person, at, role: 'expert' }, places);
  practitioner.qualification = person.skills.map((code) => ({ code: concept(`${BELAY}/CodeSystem/procedure`, code), period: { start: `@years-${Math.round(person.since / 365)}` } }));
  if (!person.home) return [practitioner];
  return [practitioner, { ...post, id: idOf(person.id, 'home'), period: { start: day(person.homeFrom) } }];
}

/** The hospital where somebody is posted last. */
function hostOf(id, teams) {
  return teams.filter((team) => team.postings.some(({ who }) => who === id)).at(-1).host;
}

/** ${growth}: the files by name. What they add to the directory, the stories, and who there is. */
export function growthParts(growth, placeList) {
  const places = new Map(placeList.map((place) => [place.id, place]));
  const { people, teams, learning } = growth;
  const bodies = new Map(teams.flatMap((team) => team.postings.map(({ who }) => [who, team.body])));
  const experts = people.experts.map((person) => ({ ...person, sentBy: bodies.get(person.id) }));
  const local = new Map(people.local.map((person) => [person.id, personAndPost(person, places)]));
  const told = new Set(learning.map(({ who }) => who));
  const directory = [
    ...Object.entries(people.departments).flatMap(([id, names]) => names.map((name) => departmentOf(places.get(id), name))),
    ...people.twinned.map((pair) => departmentPair(pair, places)),
    ...experts.flatMap((person) => expertRecords(person, places)),
    ...[...local].flatMap(([id, [practitioner, post]]) => (told.has(id) ? [post] : [practitioner, post])),
  ].map(put);
  return {
    people: [...people.local, ...experts.map((person) => ({ ...person, at: hostOf(person.id, teams), role: 'expert' }))],
    records: [...directory, ...teamEntries(teams, experts, places)],
    doings: growth.doings.map(doingStory),
    stories: learning.map((one) => learningStory(one, one.known ? [] : [local.get(one.who)[0]])),
  };
}
