// SPDX-License-Identifier: Apache-2.0
import { Node, must } from './lib/node.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const tokens = {};
const BELAY = 'https://belay.health';
const YEAR = 'periodStart=2021&periodEnd=2021';
let known = '';
let asked = {};

const role = (code) => [{ coding: [{ system: `${BELAY}/CodeSystem/role`, code }] }];

async function put(resource) {
  const answer = await node.put(`/fhir/${resource.resourceType}/${resource.id}`, resource);
  check(answer.status === 201 || answer.status === 200, `${resource.id}: ${answer.status} ${answer.text ?? ''}`);
  return answer.json;
}

function posting(id, who, unit, team, start, end) {
  return put({
    resourceType: 'PractitionerRole', id, active: true, code: role('expert'), period: { start, ...(end ? { end } : {}) },
    extension: [{ url: `${BELAY}/StructureDefinition/posting-team`, valueReference: { reference: `Organization/${team}` } }],
    practitioner: { reference: `Practitioner/${who}` }, organization: { reference: `Organization/${unit}` },
  });
}

async function person(id, code, unit) {
  await put({ resourceType: 'Practitioner', id });
  await put({
    resourceType: 'PractitionerRole', id: `post-${id}`, practitioner: { reference: `Practitioner/${id}` }, code: role(code),
    ...(unit ? { organization: { reference: `Organization/${unit}` } } : {}),
  });
  tokens[id] = must('token', node.folder, id, '--role', 'program', '--practitioner', `Practitioner/${id}`).trim();
}

function as(who, path) {
  return node.ask('GET', `/fhir/Measure/${path}`, undefined, { Authorization: `Bearer ${tokens[who]}` });
}

/** The figure ${id}, and by stratum where one is asked for. */
async function figure(id, query) {
  const { json } = status(await as('coordinator', `${id}/$evaluate-measure?${query}`), 200);
  const strata = json.group[0].stratifier?.[0].stratum ?? [];
  return { all: json.group[0].measureScore.value, by: Object.fromEntries(strata.map((one) => [one.value.coding[0].code, one.measureScore.value])) };
}

async function rows(id, query) {
  const { json } = status(await as('coordinator', `${id}/$explain?${query}`), 200);
  const found = json.parameter.filter(({ name }) => name === 'row').map(({ part }) => part.find(({ name }) => name === 'record').valueReference.reference);
  return { found: found.sort(), others: json.parameter.find(({ name }) => name === 'others').valueInteger };
}

/** Everything that this scenario asks, at once. */
async function all() {
  return {
    experts: await figure('experts-deployed', `${YEAR}&stratifier=hospital`),
    then: await figure('experts-deployed', `${YEAR}&stratifier=hospital&knownAt=${known}`),
    sending: await figure('sending-hospitals', `${YEAR}&stratifier=sending-province`),
    days: await figure('expert-days', YEAR),
    rows: await rows('experts-deployed', YEAR),
    before: await rows('experts-deployed', `${YEAR}&knownAt=${known}`),
  };
}

await scenario('A coordinator asks for figures of the programme, is led to their records, and what was told earlier can be asked for again.', [
  ['two hospitals, their helpers, and postings', async () => {
    node.init();
    await node.start();
    for (const [id, state] of [['north', ''], ['south', ''], ['helper', 'Beijing'], ['other', 'Shanghai']]) {
      await put({ resourceType: 'Organization', id, name: `Hospital ${id}`, ...(state ? { address: [{ state }] } : {}) });
    }
    for (const [id, body] of [['team', 'helper'], ['crew', 'other']]) await put({ resourceType: 'Organization', id, partOf: { reference: `Organization/${body}` } });
    await person('coordinator', 'coordinator');
    await person('doctor', 'clinician', 'north');
    await posting('p1', 'e1', 'north', 'team', '2020-08-01', '2021-07-31');
    await posting('p2', 'e1', 'south', 'crew', '2021-09-01', '2021-12-31');
    await posting('p3', 'e2', 'south', 'crew', '2021-01-01', '2021-01-31');
    known = (await posting('p4', 'e3', 'north', 'team', '2021-01-01')).meta.lastUpdated;
  }],
  ['persons are counted once, and the rows are the postings', async () => {
    equal(await figure('experts-deployed', `${YEAR}&stratifier=hospital`), { all: 3, by: { 'Organization/north': 2, 'Organization/south': 2 } });
    equal(await rows('experts-deployed', YEAR), { found: ['PractitionerRole/p1', 'PractitionerRole/p2', 'PractitionerRole/p3', 'PractitionerRole/p4'], others: 0 });
  }],
  ['a correction changes what is told now, and not what was known', async () => {
    await posting('p3', 'e2', 'south', 'crew', '2020-01-01', '2020-01-31');
    status(await node.delete('/fhir/PractitionerRole/p4'), 204);
    asked = await all();
    // e1 alone, at both; 212 days until July and 122 from September
    equal(asked.experts, { all: 1, by: { 'Organization/north': 1, 'Organization/south': 1 } });
    equal(asked.then, { all: 3, by: { 'Organization/north': 2, 'Organization/south': 2 } });
    equal(asked.sending, { all: 2, by: { Beijing: 1, Shanghai: 1 } });
    equal(asked.days, { all: 334, by: {} });
    equal(asked.rows, { found: ['PractitionerRole/p1', 'PractitionerRole/p2'], others: 0 });
    equal(asked.before.found.length, 4);
  }],
  ['who treats patients gets no figures of the programme', async () => {
    status(await as('doctor', `experts-deployed/$evaluate-measure?${YEAR}`), 403);
    status(await as('doctor', '$indicators'), 403);
    check(status(await as('coordinator', '$indicators'), 200).json.entry.length > 10, 'few definitions');
  }],
  ['filled again from the log, all is as it was told', async () => {
    await node.stop();
    must('verify', node.folder);
    must('rebuild', node.folder);
    must('verify', node.folder);
    await node.start();
    equal(await all(), asked);
  }],
], async () => { await node.remove(); });
