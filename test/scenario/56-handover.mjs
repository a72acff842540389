// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { Node, must } from './lib/node.mjs';
import { check, equal, eventually, scenario, status, withinOneDay } from './lib/scenario.mjs';

const node = new Node();
const tokens = {};
const BELAY = 'https://belay.health/CodeSystem';
const DAY = 24 * 3600_000;
const day = (days) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);
const ONE = randomUUID();
const TWO = randomUUID();

const entry = (resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } });
const unit = (id, partOf) => entry({ resourceType: 'Organization', id, ...(partOf ? { partOf: { reference: `Organization/${partOf}` } } : { address: [{ country: 'CN' }] }) });
const post = (id, role, at, period) => ({
  resourceType: 'PractitionerRole', id, active: true, practitioner: { reference: `Practitioner/${id}` }, ...(period ? { period } : {}),
  ...(at ? { organization: { reference: `Organization/${at}` } } : {}), code: [{ coding: [{ system: `${BELAY}/role`, code: role }] }],
});
const person = (...of) => [entry({ resourceType: 'Practitioner', id: of[0], name: [{ text: of[0] }] }), entry(post(...of))];

function ask(who, method, path, body) {
  const type = body === undefined ? {} : { 'Content-Type': 'application/fhir+json' };
  return node.ask(method, path, body === undefined ? undefined : JSON.stringify(body), { Authorization: `Bearer ${tokens[who] ?? node.token}`, ...type });
}
const operate = (who, path, parameter = []) => ask(who, 'POST', path, { resourceType: 'Parameters', ...(parameter.length ? { parameter } : {}) });
const to = (name, reference) => ({ name, valueReference: { reference } });
const parts = (of, name) => (of?.parameter ?? of?.part ?? []).filter((one) => one.name === name);
const valueOf = (of, name) => Object.entries(parts(of, name)[0] ?? {}).find(([one]) => one.startsWith('value'))?.[1];
const waiting = async (who) => (await ask(who, 'GET', '/programme/Handover/$waiting')).json;
const pack = async (who) => (await ask(who, 'GET', '/fhir/PractitionerRole/leaves/$handover')).json;
const itemOf = (of, record) => parts(of, 'item').find((one) => valueOf(one, 'record')?.reference === record);

async function openCase(id) {
  status(await ask('asker', 'PUT', `/fhir/ServiceRequest/${id}`, {
    resourceType: 'ServiceRequest', id, status: 'draft', intent: 'order', priority: 'routine', subject: { reference: 'Patient/pema' }, reasonCode: [{ text: 'Is it a fracture?' }],
    category: [{ coding: [{ system: `${BELAY}/case-kind`, code: 'advice' }] }], performer: [{ reference: 'Organization/twin-surgery' }],
  }), 201);
  status(await operate('asker', `/fhir/ServiceRequest/${id}/$send`), 200);
  status(await operate('leaves', `/fhir/ServiceRequest/${id}/$accept`), 200);
}

await withinOneDay();
await scenario('What somebody leaves behind when a post ends is taken over by who was named, or falls to the head; the coordinator sees how many, and no patient.', [
  ['an expert whose term ends has two cases', async () => {
    node.init();
    await node.start();
    status(await node.post('/fhir', {
      resourceType: 'Bundle', type: 'transaction', entry: [
        unit('county'), unit('county-surgery', 'county'), unit('twin'), unit('twin-surgery', 'twin'), unit('twin-eyes', 'twin'),
        entry({ resourceType: 'Patient', id: 'pema', name: [{ text: 'Pema Secret' }], managingOrganization: { reference: 'Organization/county' } }),
        ...person('asker', 'clinician', 'county-surgery'), ...person('leaves', 'expert', 'twin-surgery', { end: day(10) }), ...person('next', 'expert', 'twin-surgery'),
        ...person('head', 'head-of-department', 'twin-surgery'), ...person('eyes', 'expert', 'twin-eyes'), ...person('office', 'coordinator', ''),
      ],
    }), 200);
    for (const one of ['asker', 'leaves', 'next', 'head', 'eyes', 'office']) {
      tokens[one] = must('token', node.folder, one, '--role', 'program', '--practitioner', `Practitioner/${one}`).trim();
    }
    await openCase(ONE);
    await openCase(TWO);
  }],
  ['the pack has written itself; nobody else is shown it', async () => {
    const own = await pack('leaves');
    equal(valueOf(itemOf(own, `Task/${ONE}`), 'title'), 'Is it a fracture?');
    equal([valueOf(own, 'index'), valueOf(own, 'orphans')], [0, 2]);
    status(await ask('eyes', 'GET', '/fhir/PractitionerRole/leaves/$handover'), 403);
    status(await ask('asker', 'GET', '/fhir/PractitionerRole/leaves/$handover'), 403);
  }],
  ['the coordinator sees how many have nobody, and neither patient nor question', async () => {
    const seen = await waiting('office');
    equal(parts(seen, 'term').map((one) => [valueOf(one, 'post'), valueOf(one, 'orphans')]), [['leaves', 2]]);
    const text = JSON.stringify([seen, await pack('office')]);
    for (const hidden of ['pema', 'Secret', 'fracture', ONE]) check(!text.includes(hidden), `${hidden} is told`);
  }],
  ['whom the record is not shown to cannot be named; who can read it takes it over', async () => {
    status(await operate('leaves', '/programme/Handover/leaves/$name-successor', [to('successor', 'Practitioner/eyes'), to('item', `Task/${ONE}`)]), 400);
    status(await operate('leaves', '/programme/Handover/leaves/$name-successor', [to('successor', 'Practitioner/next'), to('item', `Task/${ONE}`)]), 200);
    equal(valueOf(parts(parts(await waiting('next'), 'take')[0], 'item')[0], 'record').reference, `Task/${ONE}`);
    status(await operate('next', '/programme/Handover/leaves/$acknowledge', [to('item', `Task/${ONE}`)]), 200);
    equal(valueOf(await pack('head'), 'index'), 50);
  }],
  ['nobody reads or writes the record of it, and finds it by no search', async () => {
    for (const one of ['leaves', 'next', 'head', 'office']) {
      status(await ask(one, 'GET', '/programme/Handover/leaves'), 404);
      equal((await ask(one, 'GET', '/programme/Handover?successor=Practitioner/next')).json.entry ?? [], []);
      equal((await ask(one, 'GET', '/fhir/Practitioner?_has:Handover:successor:status=open')).json.entry ?? [], []);
      status(await ask(one, 'DELETE', '/programme/Handover/leaves'), 403);
    }
  }],
  ['the post ends while the node is off: what nobody took has fallen to the head when it is back', async () => {
    status(await ask('', 'PUT', '/fhir/PractitionerRole/leaves', post('leaves', 'expert', 'twin-surgery', { end: day(-2) })), 200);
    await node.stop();
    await node.start();
    const fallen = await eventually(async () => {
      const found = parts(await waiting('head'), 'take');
      return found.length > 0 && found;
    }, 'what falls to the head');
    equal(fallen.map((one) => valueOf(parts(one, 'item')[0], 'record').reference), [`Task/${TWO}`]);
    equal(valueOf(itemOf(await pack('head'), `Task/${ONE}`), 'successor').reference, 'Practitioner/next');
    await eventually(async () => parts(await waiting('office'), 'term').length === 0, 'the end of the term at the office');
  }],
  ['the log is whole, and its views can be filled again', async () => {
    await node.stop();
    must('verify', node.folder);
    must('rebuild', node.folder);
    await node.start();
    equal(valueOf(await pack('head'), 'orphans'), 0);
  }],
], () => node.remove());
