// SPDX-License-Identifier: Apache-2.0
// The network of a year: a hospital in a valley whose surgeons cannot drain a chest, the one far away that can,
// the city that sends a master for a year; and what its people do between the days that the pages show.
import { check } from './lib/report.mjs';

const BELAY = 'https://belay.health';
const DAY = 24 * 3600_000;
const TYPE = 'http://terminology.hl7.org/CodeSystem/organization-type';

/** The date ${days} from today, back where it is negative; by every clock. */
export const day = (days) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);
export const PROCEDURE = 'chest-drainage';

const refer = (reference) => ({ reference });
const concept = (system, code) => ({ coding: [{ system: `${BELAY}/CodeSystem/${system}`, code }] });

/** The term of the master: it began before the story does, and ends soon. */
const TERM = { start: day(-345), end: day(24) };
const LEAVE = { start: day(-2), end: day(9) };

export const PEOPLE = {
  apprentice: { name: 'Pasang Dolkar', roles: ['clinician', 'apprentice'], at: 'yr-valley-surgery' },
  master: { name: 'Wei Anran', roles: ['expert'], at: 'yr-valley-surgery', term: TERM },
  head: { name: 'Ngawang Tobgyal', roles: ['head-of-department'], at: 'yr-valley-surgery' },
  quality: { name: 'Metok Lhaze', roles: ['quality-officer'], at: 'yr-valley' },
  coordinator: { name: 'Sun Peizhen', roles: ['coordinator'], at: 'yr-valley' },
  far: { name: 'Karma Thinley', roles: ['clinician'], at: 'yr-region-surgery' },
};

const HOSPITALS = [
  ['yr-valley', 'Poplar Valley Hospital', 31.4, 92.05, 4200], ['yr-region', 'Turquoise Regional Hospital', 30.2, 91.3, 3650], ['yr-city', 'Bridge City Hospital', 38.91, 121.6, 30],
];
const UNITS = [['yr-valley-surgery', 'Surgery', 'yr-valley'], ['yr-region-surgery', 'Surgery', 'yr-region'], ['yr-city-surgery', 'Thoracic surgery', 'yr-city']];

function places() {
  const type = [{ coding: [{ system: TYPE, code: 'prov' }] }];
  return [
    ...HOSPITALS.flatMap(([id, name, latitude, longitude, altitude]) => [
      { resourceType: 'Organization', id, name, type, address: [{ country: 'CN' }] },
      { resourceType: 'Location', id, name, managingOrganization: refer(`Organization/${id}`), position: { latitude, longitude, altitude }, extension: [{ url: `${BELAY}/StructureDefinition/utc-offset`, valueInteger: 480 }] },
    ]),
    ...UNITS.map(([id, name, partOf]) => ({ resourceType: 'Organization', id, name, partOf: refer(`Organization/${partOf}`) })),
  ];
}

/** Where a sign-off was decided before the programme: what the two know who can do it. */
const QUALIFIED = ['master', 'far'];

function somebody(key) {
  const { name, roles, at, term } = PEOPLE[key];
  const posting = term ? { period: term, availableTime: [{ allDay: true }], notAvailable: [{ description: 'Leave at home', during: LEAVE }], extension: [{ url: `${BELAY}/StructureDefinition/posting-team`, valueReference: refer('Organization/yr-team') }] } : { period: { start: day(-900) } };
  return [
    {
      resourceType: 'Practitioner', id: `yr-${key}`, active: true, name: [{ text: name }],
      ...(QUALIFIED.includes(key) ? { qualification: [{ code: concept('procedure', PROCEDURE), period: { start: day(-2000) } }] } : {}),
    },
    {
      resourceType: 'PractitionerRole', id: `yr-${key}`, active: true, practitioner: { ...refer(`Practitioner/yr-${key}`), display: name },
      organization: refer(`Organization/${at}`), code: roles.map((role) => concept('role', role)), ...posting,
    },
  ];
}

/** The pair of departments, and the team of the city with its term. */
function ties() {
  const tie = (id, code, one, other, more) => ({
    resourceType: 'OrganizationAffiliation', id, active: true, organization: refer(`Organization/${one}`), participatingOrganization: refer(`Organization/${other}`), code: [concept('affiliation', code)], ...more,
  });
  return [
    tie('yr-pair', 'department-pair', 'yr-valley-surgery', 'yr-city-surgery', {}),
    {
      resourceType: 'Organization', id: 'yr-team', name: 'Bridge City to Poplar Valley', type: [concept('organization-kind', 'team')], partOf: refer('Organization/yr-city'),
      extension: [{ url: `${BELAY}/StructureDefinition/team-batch`, valuePositiveInt: 3 }, { url: `${BELAY}/StructureDefinition/team-leader`, valueReference: refer('Practitioner/yr-master') }],
    },
    tie('yr-term', 'team-at-host', 'yr-valley', 'yr-team', { period: TERM }),
  ];
}

function caller(node, token) {
  return async (method, path, body) => {
    const answer = await fetch(`${node.address}/fhir/${path}`, {
      method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' }, ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    check(answer.ok, `${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    return JSON.parse(text || 'null');
  };
}

export async function theNetwork(node) {
  const operator = caller(node, node.token('Loader of the year', 'program'));
  const records = [...places(), ...ties(), ...Object.keys(PEOPLE).flatMap(somebody)];
  const entry = records.map((resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } }));
  await operator('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
}

/** Who does by a token what they would do on their page once more. */
function asOne(node, key) {
  return caller(node, node.token(`${PEOPLE[key].name} again`, PEOPLE[key].roles[0], '--practitioner', `Practitioner/yr-${key}`));
}

const body = (...parameter) => ({ resourceType: 'Parameters', parameter });
const code = (name, valueCode) => ({ name, valueCode });
const part = (who, as) => ({ name: 'part', part: [{ name: 'who', valueReference: refer(`Practitioner/yr-${who}`) }, code('as', as)] });

/** Operations like those of the pages, one on each of ${days}, each rated and asked after; the second of them went less well. */
export async function theWeeksBetween(node, days) {
  const apprentice = asOne(node, 'apprentice');
  const master = asOne(node, 'master');
  for (const [at, ago] of days.entries()) {
    const done = await apprentice('POST', 'Procedure/$record', body(code('code', PROCEDURE), { name: 'performed', valueDateTime: day(-ago) }, part('apprentice', 'operator'), part('master', 'supervisor')));
    const failed = at === 1;
    await apprentice('POST', `Procedure/${done.id}/$follow-up`, body(code('at', 'day-30'), code('result', failed ? 'complication' : 'well'), ...(failed ? [{ name: 'text', valueString: 'The drain had slipped.' }] : [])));
    await master('POST', `Procedure/${done.id}/$rate`, body({ name: 'apprentice', valueReference: refer('Practitioner/yr-apprentice') }, code('scale', 'zwisch'), { name: 'value', valueInteger: at < 3 ? 3 : 4 }, code('performance', 'practice-ready'), code('difficulty', 'average')));
  }
}
