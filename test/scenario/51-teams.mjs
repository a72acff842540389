// SPDX-License-Identifier: Apache-2.0
import { Colleague, person } from './lib/colleagues.mjs';
import { Node } from './lib/node.mjs';
import { check, equal, scenario, status, withinOneDay } from './lib/scenario.mjs';

const node = new Node();
const people = {};
const BELAY = 'https://belay.health';
const EXTENSION = `${BELAY}/StructureDefinition`;
const DAY = 86_400_000;
const AHEAD = 480; // minutes: the county's clocks

const day = (ahead) => new Date(Date.now() + ahead * DAY).toISOString().slice(0, 10);
/** The same in the county's days: whoever has arrived "today" has arrived on its today. */
const there = (ahead) => new Date(Date.now() + ahead * DAY + AHEAD * 60_000).toISOString().slice(0, 10);
const ref = (reference) => ({ reference });
const coded = (system, code) => [{ coding: [{ system: `${BELAY}/CodeSystem/${system}`, code }] }];
const entry = (resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } });

function unit(id, partOf) {
  return entry({ resourceType: 'Organization', id, name: id, ...(partOf ? { partOf: ref(`Organization/${partOf}`) } : { address: [{ country: 'CN' }] }) });
}

function somebody(id, role, at) {
  return [
    entry({ resourceType: 'Practitioner', id, name: [{ text: `Dr ${id}` }] }),
    entry({
      resourceType: 'PractitionerRole', id, active: true, practitioner: ref(`Practitioner/${id}`), code: coded('role', role),
      ...(at ? { organization: ref(`Organization/${at}`) } : {}),
    }),
  ];
}

const team = (id, batch, leader) => ({
  resourceType: 'Organization', id, active: true, name: `Batch ${batch}`, type: coded('organization-kind', 'team'), partOf: ref('Organization/twin'),
  extension: [{ url: `${EXTENSION}/team-batch`, valuePositiveInt: batch }, { url: `${EXTENSION}/team-leader`, valueReference: ref(`Practitioner/${leader}`) }],
});
const term = (id, of, from, until) => ({
  resourceType: 'OrganizationAffiliation', id, active: true, organization: ref('Organization/county'), participatingOrganization: ref(`Organization/${of}`),
  code: coded('affiliation', 'team-at-host'), period: { start: from, end: until },
});
const posting = (id, who, of, at, from, until, more = {}) => ({
  resourceType: 'PractitionerRole', id, active: true, practitioner: ref(`Practitioner/${who}`), organization: ref(`Organization/${at}`), code: coded('role', 'expert'),
  period: { start: from, end: until }, ...more,
  extension: [{ url: `${EXTENSION}/posting-team`, valueReference: ref(`Organization/${of}`) }, ...(more.extension ?? [])],
});
const checked = (kind, outcome, by) => ({
  url: `${EXTENSION}/arrival-check`,
  extension: [{ url: 'kind', valueCode: kind }, { url: 'outcome', valueCode: outcome }, { url: 'by', valueReference: ref(`Practitioner/${by}`) }, { url: 'on', valueDate: day(0) }],
});
const arrived = { url: `${EXTENSION}/arrived`, valueDate: there(0) };
const hours = (from, until) => ({ availableTime: [{ daysOfWeek: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], availableStartTime: from, availableEndTime: until }] });

/** Write ${resource} under its id as ${who}. */
const put = (who, resource) => people[who].put(`/fhir/${resource.resourceType}/${resource.id}`, resource);
/** The record as it is, with ${members} of it. */
async function change(who, path, members) {
  const { json } = status(await people[who].get(`/fhir/${path}`), 200);
  return people[who].put(`/fhir/${path}`, { ...json, ...members(json) });
}
/** New ids that are nobody else's, so that people may choose them. */
const ids = Object.fromEntries(['team-8', 'term-8', 'team-9', 'term-9', 'chen', 'wang', 'stand-in', 'second', 'next'].map((one) => [one, crypto.randomUUID()]));

const parts = (of, name) => (of?.parameter ?? of?.part ?? []).filter((one) => one.name === name);
const valueOf = (of, name) => {
  const [found] = parts(of, name);
  const key = found && Object.keys(found).find((one) => one.startsWith('value'));
  return key ? found[key]?.reference ?? found[key] : undefined;
};
const roster = async (who, of = 'county', query = '') => status(await people[who].get(`/fhir/Organization/${of}/$roster${query}`), 200).json;
const postingIn = (found, id) => parts(found, 'posting').find((one) => valueOf(one, 'id') === id);
/** Problems of ${kind}, of which ${members} hold. */
const problems = (found, kind, members = {}) => parts(found, 'problem').filter((one) => valueOf(one, 'kind') === kind
  && Object.entries(members).every(([name, value]) => valueOf(one, name) === value));

async function told(kind, members = {}, who = 'office') {
  const found = problems(await roster(who), kind, members);
  check(found.length > 0, `${kind} is not told: ${JSON.stringify(members)}`);
  return found;
}
async function notTold(kind, members = {}, who = 'office') {
  equal(problems(await roster(who), kind, members).length, 0, `${kind} ${JSON.stringify(members)}`);
}

const SURGERY = { department: 'Organization/county-surgery' };
const MEDICINE = { department: 'Organization/county-medicine' };

async function prepare() {
  node.init();
  await node.start();
  status(await node.post('/fhir', {
    resourceType: 'Bundle', type: 'transaction', entry: [
      unit('county'), unit('county-surgery', 'county'), unit('county-medicine', 'county'), unit('twin'), unit('twin-surgery', 'twin'), unit('far'),
      entry({
        resourceType: 'Location', id: 'county-site', name: 'County', status: 'active', managingOrganization: ref('Organization/county'),
        position: { longitude: 92, latitude: 31, altitude: 4500 }, extension: [{ url: `${EXTENSION}/utc-offset`, valueInteger: AHEAD }],
      }),
      ...somebody('office', 'coordinator'), ...somebody('head', 'head-of-department', 'county-surgery'), ...somebody('doctor', 'clinician', 'county-medicine'),
      ...somebody('admin', 'administrator', 'county'), ...somebody('nurse', 'nurse', 'county-surgery'), ...somebody('stranger', 'clinician', 'far'),
      ...somebody('chen', 'clinician', 'twin-surgery'), ...somebody('wang', 'clinician', 'twin-surgery'), ...somebody('li', 'clinician', 'twin-surgery'),
      entry({ resourceType: 'Patient', id: 'pema', managingOrganization: ref('Organization/far') }),
      entry({
        resourceType: 'ServiceRequest', id: 'asked', status: 'active', intent: 'order', category: coded('case-kind', 'consult'), subject: ref('Patient/pema'),
        requester: ref('Practitioner/stranger'), performer: [ref('Organization/county-surgery')], authoredOn: new Date().toISOString(),
      }),
    ],
  }), 200);
  const roles = { office: 'coordinator', head: 'head-of-department', admin: 'administrator', nurse: 'nurse' };
  for (const one of ['office', 'head', 'doctor', 'admin', 'nurse', 'stranger', 'chen', 'wang', 'li']) people[one] = person(node, one, roles[one] ?? 'clinician');
  check(people.office instanceof Colleague, 'nobody to plan');
}

async function makeTeam() {
  const eighth = [team(ids['team-8'], 8, 'chen'), term(ids['term-8'], ids['team-8'], day(-60), day(60))];
  for (const who of ['doctor', 'nurse', 'chen', 'stranger']) {
    for (const one of eighth) status(await put(who, one), 403);
    status(await put(who, posting(ids.chen, 'wang', ids['team-8'], 'county-surgery', day(-1), day(60))), 403);
  }
  for (const one of eighth) status(await put('office', one), 201);
  // nobody plans nights into the first days at 4,500 m; whoever has been there longer has them
  const nights = (from) => put('office', posting(ids.chen, 'chen', ids['team-8'], 'county-surgery', from, day(60), hours('20:00:00', '08:00:00')));
  const refused = status(await nights(day(1)), 400).json.issue[0].diagnostics;
  check(/4500 m/.test(refused) && /would be a night/.test(refused) && /beside a colleague/.test(refused), `why it is refused: ${refused}`);
  status(await nights(day(-10)), 201);
  status(await put('head', posting(ids.wang, 'wang', ids['team-8'], 'county-medicine', day(-1), day(60))), 403); // heads post to their own
  status(await put('office', posting(ids.wang, 'wang', ids['team-8'], 'county-medicine', day(-1), day(60), hours('09:00:00', '17:00:00'))), 201);
  const [found] = parts(await roster('nurse'), 'team');
  equal(['batch', 'body', 'leader', 'host'].map((name) => valueOf(found, name)), [8, 'Organization/twin', 'Practitioner/chen', 'Organization/county'], 'the team');
  equal(valueOf(parts(found, 'term')[0], 'from')?.slice(0, 10), day(-60), 'the first day of its term');
  check(postingIn(await roster('wang', ids['team-8']), ids.chen), 'a colleague does not see who is posted');
}

async function checkArrival() {
  await told('unchecked', { posting: ids.chen });
  const path = `PractitionerRole/${ids.chen}`;
  status(await change('office', path, (was) => ({ extension: [...was.extension, arrived, checked('licence', 'passed', 'head'), checked('privileges', 'passed', 'head')] })), 200);
  await told('unchecked', { posting: ids.chen }); // fit for the altitude?
  for (const who of ['office', 'head', 'admin']) {
    status(await change(who, path, (was) => ({ extension: [...was.extension, checked('altitude-fitness', 'passed', 'doctor')] })), 403);
  }
  const decide = (who, outcome) => people[who].post(`/fhir/${path}/$fitness`, { resourceType: 'Parameters', parameter: [{ name: 'outcome', valueCode: outcome }] });
  for (const who of ['office', 'nurse', 'admin', 'stranger', 'chen']) status(await decide(who, 'passed'), 403);
  status(await decide('doctor', 'failed'), 200);
  await told('unchecked', { posting: ids.chen });
  status(await change('office', path, (was) => ({ extension: was.extension.filter((one) => !JSON.stringify(one).includes('altitude-fitness')) })), 403);
  status(await decide('doctor', 'conditions'), 200);
  await notTold('unchecked', { posting: ids.chen });
  const found = parts(postingIn(await roster('chen'), ids.chen), 'check').map((one) => ['kind', 'outcome', 'by'].map((name) => valueOf(one, name)).join(' '));
  equal(found.sort(), ['altitude-fitness conditions Practitioner/doctor', 'licence passed Practitioner/head', 'privileges passed Practitioner/head'], 'checks');
}

async function firstDays() {
  status(await change('office', `PractitionerRole/${ids.wang}`, (was) => ({ extension: [...was.extension, arrived] })), 200);
  const refused = async (id) => parts(parts(postingIn(await roster('head'), id), 'acclimatisation')[0], 'not-counted').map((one) => valueOf(one, 'why'));
  // that chen came only today is a fact: it is written down, and the nights it touches are told
  const fresh = parts(postingIn(await roster('head'), ids.chen), 'acclimatisation')[0];
  equal(['rule', 'altitude', 'first-day', 'last-day'].map((name) => valueOf(fresh, name)), ['arrival-d0-d3/1', 4500, there(0), there(3)], 'first days');
  const nights = await refused(ids.chen);
  check(nights.length >= 4 && nights.every((why) => why === 'night'), `nights of the first days: ${nights.join(' ')}`);
  // a colleague whose post tells no hours is taken to be there; one who comes at night is not by day
  equal(await refused(ids.wang), [], 'days beside the doctor');
  status(await change('admin', 'PractitionerRole/doctor', () => hours('18:00:00', '08:00:00')), 200);
  const alone = await refused(ids.wang);
  check(alone.length >= 4 && alone.every((why) => why === 'solo'), `days alone: ${alone.join(' ')}`);
  status(await change('admin', 'PractitionerRole/doctor', () => hours('08:00:00', '18:00:00')), 200);
  equal(await refused(ids.wang), [], 'days beside the doctor again');
}

/** Leave without anybody in that place is a gap; who is put there closes it. */
async function leave() {
  const away = { notAvailable: [{ description: 'Leave', during: { start: day(10), end: day(16) } }] };
  await notTold('gap', SURGERY);
  status(await change('office', `PractitionerRole/${ids.chen}`, () => away), 200);
  const [gap] = await told('gap', SURGERY);
  equal([valueOf(gap, 'from').slice(0, 10), valueOf(gap, 'until').slice(0, 10)], [day(10), day(17)], 'the gap');
  status(await put('chen', posting(ids['stand-in'], 'li', ids['team-8'], 'county-surgery', day(10), day(16))), 403);
  status(await put('head', posting(ids['stand-in'], 'li', ids['team-8'], 'county-surgery', day(10), day(16), {
    extension: [{ url: `${EXTENSION}/replaces`, valueReference: ref(`PractitionerRole/${ids.chen}`) }],
  })), 201);
  await notTold('gap', SURGERY);
  equal(valueOf(postingIn(await roster('nurse'), ids['stand-in']), 'replaces'), ids.chen, 'whom the stand-in replaces');
}

/** Two places at one time are written down and told; leave does not clash. */
async function clash() {
  await notTold('clash');
  status(await put('office', posting(ids.second, 'chen', ids['team-8'], 'county-medicine', day(12), day(14))), 201);
  await notTold('clash'); // while on leave from the other
  status(await change('office', `PractitionerRole/${ids.second}`, () => ({ period: { start: day(12), end: day(20) } })), 200);
  const [found] = await told('clash', { person: 'Practitioner/chen' });
  equal([valueOf(found, 'posting'), valueOf(found, 'other')].sort(), [ids.chen, ids.second].sort(), 'both postings');
  equal([valueOf(found, 'from').slice(0, 10), valueOf(found, 'until').slice(0, 10)], [day(17), day(21)], 'when both');
  await told('clash', { person: 'Practitioner/chen' }, 'chen');
  status(await change('office', `PractitionerRole/${ids.second}`, () => ({ active: false })), 200);
  await notTold('clash');
}

async function heads() {
  await notTold('no-head', SURGERY);
  await told('no-head', MEDICINE);
  const post = {
    resourceType: 'PractitionerRole', id: crypto.randomUUID(), active: true, practitioner: ref('Practitioner/doctor'), organization: ref('Organization/county-medicine'),
    code: coded('role', 'head-of-department'),
  };
  status(await put('office', post), 403); // who plans teams appoints no heads
  status(await put('admin', post), 201);
  await notTold('no-head', MEDICINE);
  status(await change('admin', `PractitionerRole/${post.id}`, () => ({ period: { end: day(30) } })), 200);
  const [later] = await told('no-head', MEDICINE); // whoever is head until then
  equal(valueOf(later, 'from').slice(0, 10), day(31), 'without a head from');
}

async function beyond() {
  await notTold('beyond-term');
  const until = (ahead) => change('office', `OrganizationAffiliation/${ids['term-8']}`, (was) => ({ period: { ...was.period, end: day(ahead) } }));
  status(await until(-5), 200);
  const found = await told('beyond-term', { team: `Organization/${ids['team-8']}` });
  check(found.length > 0 && (await told('outside-term', { posting: ids.chen })).length === 1, 'the posting behind the term is not told');
  status(await until(60), 200);
  await notTold('beyond-term');
  await notTold('outside-term');
}

/** The next batch comes a week before the eighth leaves: both are there, and nobody is missed. */
async function nextBatch() {
  const around = `?from=${day(0)}&until=${day(100)}`;
  // both at once, as the page does: the term names a team that is made with it
  const urn = `urn:uuid:${ids['team-9']}`;
  const { id: _, ...made } = team('', 9, 'li');
  const { id: __, ...its } = term('', '', day(53), day(230));
  const { json } = status(await people.office.post('/fhir', {
    resourceType: 'Bundle', type: 'transaction', entry: [
      { fullUrl: urn, resource: made, request: { method: 'POST', url: 'Organization' } },
      { resource: { ...its, participatingOrganization: ref(urn) }, request: { method: 'POST', url: 'OrganizationAffiliation' } },
    ],
  }), 200);
  ids['team-9'] = /Organization\/([^/]+)/.exec(json.entry[0].response.location)[1];
  const gaps = async () => problems(await roster('office', 'county', around), 'gap', SURGERY).map((one) => [valueOf(one, 'from'), valueOf(one, 'until')].map((at) => at.slice(0, 10)));
  equal(await gaps(), [], 'gaps in surgery'); // nobody of the ninth is planned there yet
  status(await put('office', posting(ids.next, 'li', ids['team-9'], 'county-surgery', day(70), day(230))), 201);
  equal(await gaps(), [[day(61), day(70)]], 'between the two');
  status(await change('office', `PractitionerRole/${ids.next}`, () => ({ period: { start: day(53), end: day(230) } })), 200);
  equal(await gaps(), [], 'gaps with an overlap');
  const terms = parts(await roster('nurse', 'county', around), 'team').map((one) => [valueOf(one, 'batch'), valueOf(parts(one, 'term')[0], 'from').slice(0, 10), valueOf(parts(one, 'term')[0], 'until').slice(0, 10)]);
  equal(terms.sort((a, b) => a[0] - b[0]), [[8, day(-60), day(61)], [9, day(53), day(231)]], 'the terms');
}

/** What ends today ended yesterday: the posting is history, and opens nothing. */
async function end() {
  check(await people.chen.sees('/fhir/ServiceRequest/asked'), 'who is posted does not see what the department is asked');
  for (const one of ['chen', 'wang']) status(await change('office', `PractitionerRole/${ids[one]}`, (was) => ({ period: { ...was.period, end: day(-1) } })), 200);
  status(await change('office', `OrganizationAffiliation/${ids['term-8']}`, (was) => ({ period: { ...was.period, end: day(-1) } })), 200);
  check(!(await people.chen.sees('/fhir/ServiceRequest/asked')), 'who has left still sees what the department is asked');
  const found = await roster('office', 'county', `?from=${day(-60)}&until=${day(60)}`);
  equal(valueOf(postingIn(found, ids.chen), 'until').slice(0, 10), day(0), 'the end of the posting');
  await notTold('beyond-term', { posting: ids.chen });
  await told('outside-term', { posting: ids['stand-in'] }); // was to come behind the new end
  const { json } = status(await people.office.get(`/fhir/PractitionerRole/${ids.chen}/_history`), 200);
  check(json.entry.length >= 6, 'what was written of the posting is not kept');
}

await withinOneDay();
await scenario('The whole life of a team, from its first posting to the end of its term; what is wrong with the plan is told.', [
  ['a county hospital at 4,500 m and its twin', prepare],
  ['a coordinator makes a team with its term and posts two; nobody else does', makeTeam],
  ['arrival: what is missing is told; fitness for the altitude is a doctor\'s own word', checkArrival],
  ['in the first days nights and duties alone do not count', firstDays],
  ['leave is a gap until somebody is in that place', leave],
  ['one person in two places is told, and refused to nobody', clash],
  ['a department without a head is told, and from when on', heads],
  ['a team whose term has ended and that is still there is told', beyond],
  ['the next batch: the days without anybody, then the days with both', nextBatch],
  ['the term ends, and with it what the postings opened', end],
], () => node.remove());
