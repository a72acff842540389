// SPDX-License-Identifier: Apache-2.0
import { Node } from './lib/node.mjs';
import { PASSWORD, account, codeOf } from './lib/people.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const people = {};
const BELAY = 'https://belay.health';
const DAY = 86_400_000;

const ref = (reference) => ({ reference });
const concept = (system, code) => ({ coding: [{ system: `${BELAY}/CodeSystem/${system}`, code }] });
const inDays = (days) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);
const own = (resource, space = 'fhir') => node.put(`/${space}/${resource.resourceType}/${resource.id}`, resource);
const unit = (id, partOf) => own({ resourceType: 'Organization', id, name: id, ...(partOf ? { partOf: ref(`Organization/${partOf}`) } : { address: [{ country: 'CN' }] }) });

/** Parameters as an object; a name that comes several times as a list. */
function values(parameters) {
  const found = {};
  for (const one of parameters ?? []) {
    const key = Object.keys(one).find((name) => name.startsWith('value'));
    const value = one.part ? values(one.part) : one[key]?.reference ?? one[key];
    found[one.name] = one.name in found ? [found[one.name], value].flat() : value;
  }
  return found;
}

async function newcomer(id, role, at) {
  status(await own({ resourceType: 'Practitioner', id, active: true, name: [{ text: id }] }), 201);
  status(await own({
    resourceType: 'PractitionerRole', id, active: true, practitioner: ref(`Practitioner/${id}`), organization: ref(`Organization/${at}`), code: [concept('role', role)],
  }), 201);
  const person = await account(node, id, id);
  if (!person.recovery) { // not asked of everybody
    const { json } = status(await person.post('/session/enrolment', { password: PASSWORD }), 200);
    person.recovery = status(await person.put('/session/enrolment', { code: codeOf(json.secret) }), 200).json.recovery;
  }
  person.codes = person.recovery.slice(); // a signature each, and nobody waits for the next code
  people[id] = person;
}

/** The learner operated on a day; found well at day 30. */
function operation(n, day) {
  return own({
    resourceType: 'Procedure', id: `op-${n}`, status: 'completed', subject: { display: 'Somebody' }, code: concept('procedure', 'appendectomy'), performedDateTime: day,
    performer: [{ function: concept('operation-function', 'operator'), actor: ref('Practitioner/learner') }],
    extension: [
      { url: `${BELAY}/StructureDefinition/operation-department`, valueReference: ref('Organization/surgery') },
      { url: `${BELAY}/StructureDefinition/operation-follow-up`, extension: [{ url: 'at', valueCode: 'day-30' }, { url: 'result', valueCode: 'well' }] },
    ],
  });
}

const post = (who, path, ...parameter) => people[who].post(`/programme/SignOff/${path}`, { resourceType: 'Parameters', ...(parameter.length > 0 ? { parameter } : {}) });
const text = (name, value) => ({ name, valueString: value });
const sign = (who, what, ...more) => post(who, `${id}/$${what}`, text('code', people[who].codes.shift()), ...more);
const reason = text('reason', 'Watched each of them');
const propose = (who) => post(who, '$propose', { name: 'person', valueReference: ref('Practitioner/learner') }, { name: 'procedure', valueCode: 'appendectomy' });
const conditions = async (who) => values(status(await people[who].get(`/programme/SignOff/${id}/$conditions`), 200).json.parameter);
/** What the hospital can do of it on a day, by the map. */
const level = async (day) => values(status(await people.other.get(`/fhir/Organization/hill/$capability?code=appendectomy${day ? `&date=${day}` : ''}`), 200).json.parameter).level;
/** The first option of routing then. */
const routed = async (day) => values(status(await people.other.get(`/fhir/ServiceRequest/$route?code=appendectomy&hospital=hill&at=${day}T04:00:00Z`), 200).json.parameter
  .find((one) => one.name === 'option').part);
const codesOf = (option) => [option.reason].flat().map((one) => one.code);

let id = '';

await scenario('A sign-off is three signatures with codes; it counts until its last day, too few cases or a withdrawal end it.', [
  ['a hospital with a theatre, somebody who learns, a master, a head, a quality officer', async () => {
    await node.init().start();
    for (const [name, partOf] of [['hill'], ['surgery', 'hill'], ['twin'], ['twin-surgery', 'twin']]) status(await unit(name, partOf), 201);
    status(await own({
      resourceType: 'Device', id: 'theatre', status: 'active', owner: ref('Organization/hill'), type: concept('device-kind', 'operating-theatre'),
    }), 201);
    for (const [name, role, at] of [
      ['learner', 'clinician', 'surgery'], ['other', 'clinician', 'surgery'], ['master', 'expert', 'surgery'], ['head', 'head-of-department', 'surgery'], ['quality', 'quality-officer', 'hill'],
    ]) await newcomer(name, role, at);
    status(await own({
      resourceType: 'Apprenticeship', id: 'one', status: 'active', apprentice: ref('Practitioner/learner'), master: ref('Practitioner/master'),
      learningDepartment: ref('Organization/surgery'), teachingDepartment: ref('Organization/twin-surgery'), goal: [{ procedure: concept('procedure', 'appendectomy'), targetLevel: 5 }],
    }, 'programme'), 201);
    for (let n = 0; n < 6; n++) status(await operation(n, inDays(-100 - n)), 201);
  }],
  ['it is asked for; each condition is listed with its numbers and what it was read from', async () => {
    equal((await propose('other')).status, 403);
    const made = status(await propose('learner'), 201);
    id = made.json.id;
    const { condition } = await conditions('head');
    const by = Object.fromEntries(condition.map((one) => [one.name, one]));
    equal([by.volume.answer, by.volume.value, by.volume.needed, by.volume.evidence.length], ['not-met', 6, 20, 6], 'volume');
    equal([by.ratings.answer, by.ratings.value], ['not-met', 0], 'ratings');
    equal([by.recency.answer, by.recency.value, by.recency.needed], ['met', 6, 6], 'recency');
    equal([by.place.answer, by.place.present], ['met', 'operating-theatre'], 'place');
    status(await people.other.get(`/programme/SignOff/${id}/$conditions`), 404);
  }],
  ['no signature without a code, with a wrong one, without a reason against the list, for oneself, or by a stranger', async () => {
    status(await post('head', `${id}/$sign`, reason), 400);
    status(await post('head', `${id}/$sign`, text('code', '000000'), reason), 403);
    equal(status(await sign('head', 'sign'), 400).json.issue[0].expression[0], 'reason');
    status(await sign('learner', 'sign', reason), 403);
    status(await sign('other', 'sign', reason), 404);
  }],
  ['three sign in any order; the third makes the hospital able, at the router and on the map', async () => {
    for (const [who, done] of [['quality', 'proposed'], ['master', 'proposed'], ['head', 'signed']]) {
      check(await level() !== 'independent', `able before ${who} signed`);
      equal(status(await sign(who, 'sign', reason), 200).json.status, done, who);
    }
    equal(await level(), 'independent', 'level');
    equal((await routed(inDays(1))).kind, 'team-here', 'route');
    const now = await conditions('learner');
    equal([now.status, now.signature.map((one) => one.role).join(' ')], ['signed', 'quality-office master head-of-department'], 'the record');
    equal(now.signature[0].against, 'true', 'against the list');
  }],
  ['too few cases end it on a day that is told, without any write', async () => {
    const told = (await conditions('learner')).lapses;
    equal(told.slice(0, 10), inDays(-105 + 365), 'the day');
    equal(await level(inDays(-105 + 364)), 'independent', 'the day before');
    check(await level(inDays(-105 + 366)) !== 'independent', 'the day after, on the map');
    const after = await routed(inDays(-105 + 366));
    check(codesOf(after).includes('lapsed'), `routing the day after: ${JSON.stringify(after)}`);
    for (let n = 10; n < 16; n++) status(await operation(n, inDays(-3)), 201);
    equal((await conditions('learner')).lapses.slice(0, 10), inDays(-3 + 365), 'six more move it');
    equal(await level(inDays(-105 + 366)), 'independent', 'and the map follows');
  }],
  ['it is over when its last day is', async () => {
    for (let n = 20; n < 32; n++) status(await operation(n, inDays(n < 26 ? 350 : 700)), 201); // so that nothing but its last day ends it
    const { 'valid-until': last, lapses } = await conditions('learner');
    equal([lapses === undefined || lapses > last, await level(last)], [true, 'independent'], `on ${last}`);
    check(await level(new Date(Date.parse(last) + DAY).toISOString().slice(0, 10)) !== 'independent', `after ${last}`);
  }],
  ['it is withdrawn with a code and a reason, and stops counting at once', async () => {
    status(await post('quality', `${id}/$withdraw`, reason), 400);
    status(await sign('quality', 'withdraw', reason), 200);
    check(await level() !== 'independent', 'it counts on');
    equal((await conditions('head')).lapses, undefined, 'what is withdrawn lapses no more');
    status(await sign('head', 'sign', reason), 409);
  }],
  ['nobody writes one, nor a qualification, past the signatures', async () => {
    const { json } = await people.head.get(`/programme/SignOff/${id}`);
    status(await people.head.put(`/programme/SignOff/${id}`, { ...json, status: 'signed' }), 403);
    status(await people.head.delete(`/programme/SignOff/${id}`), 403);
  }],
], () => node.remove());
