// SPDX-License-Identifier: Apache-2.0
// Teams of the growing hospitals, batch after batch, with their postings: data/demo/more/growth.
import { BELAY, concept, day, extension, idOf, put, refer } from './common.mjs';
import { affiliation, unitAt } from './directory.mjs';

const HOURS = [{ daysOfWeek: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'], availableStartTime: '09:30:00', availableEndTime: '18:30:00' }];
const CHECKS = ['licence', 'privileges', 'altitude-fitness'];

const period = ([from, to]) => ({ start: day(from), end: day(to) });

export function postingId(team, posting) {
  return idOf('posting', team.id, posting.who, ...(posting.from ? [posting.at] : []));
}

function checksOf(team, posting, from, names) {
  if (team.planned) return [];
  const outcome = (kind) => (posting.conditions && kind === 'altitude-fitness' ? 'conditions' : 'passed');
  return CHECKS.map((kind) => ({
    url: `${BELAY}/StructureDefinition/arrival-check`,
    extension: [
      { url: 'kind', valueCode: kind }, { url: 'outcome', valueCode: outcome(kind) },
      { url: 'by', valueReference: refer('Practitioner', idOf(team.leader), names.get(team.leader)) }, { url: 'on', valueDate: day(from) },
    ],
  }));
}

function replacedBy(team, posting) {
  const other = team.postings.find(({ who }) => who === posting.replaces);
  if (!other) throw new Error(`teams.json: ${posting.who} replaces ${posting.replaces}, who is not in ${team.id}`);
  return extension('replaces', { valueReference: refer('PractitionerRole', postingId(team, other)) });
}

function postingOf(team, posting, places, names) {
  const unit = unitAt(`${team.host}/${posting.at}`, places);
  const [from, to] = [posting.from ?? team.term[0], posting.to ?? team.term[1]];
  const away = (posting.leave ?? []).map(([start, end, description]) => ({ description, during: period([start, end]) }));
  return {
    resourceType: 'PractitionerRole', id: postingId(team, posting), active: true,
    extension: [
      extension('posting-team', { valueReference: refer('Organization', idOf('team', team.id), team.name) }),
      ...(posting.replaces ? [replacedBy(team, posting)] : []),
      ...(from <= 0 ? [extension('arrived', { valueDate: day(from) })] : []),
      ...(from <= 0 ? checksOf(team, posting, from, names) : []),
    ],
    period: period([from, to]),
    practitioner: refer('Practitioner', idOf(posting.who), names.get(posting.who)),
    organization: refer('Organization', unit.id, unit.name),
    code: [concept(`${BELAY}/CodeSystem/role`, 'expert', 'Visiting expert')],
    location: [refer('Location', idOf(unit.place.id), unit.place.name)],
    availableTime: HOURS,
    ...(away.length > 0 ? { notAvailable: away } : {}),
  };
}

function teamRecords(team, places, names) {
  const [body, host] = [unitAt(team.body, places), unitAt(team.host, places)];
  const record = {
    resourceType: 'Organization', id: idOf('team', team.id), active: true,
    extension: [extension('team-batch', { valuePositiveInt: team.batch }), extension('team-leader', { valueReference: refer('Practitioner', idOf(team.leader), names.get(team.leader)) })],
    type: [concept(`${BELAY}/CodeSystem/organization-kind`, 'team', 'Team')],
    name: team.name, partOf: refer('Organization', body.id, body.name),
  };
  const term = { ...affiliation('team-at-host', 'Team at its host', host, { id: record.id, name: record.name }), period: period(team.term) };
  return [record, term, ...team.postings.map((posting) => postingOf(team, posting, places, names))];
}

/** The records of all ${teams}; ${people}: who is in them. */
export function teamEntries(teams, people, places) {
  const names = new Map(people.map(({ id, name }) => [id, name]));
  return teams.flatMap((team) => teamRecords(team, places, names)).map(put);
}
