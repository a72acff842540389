// SPDX-License-Identifier: Apache-2.0
import { Node, must } from './lib/node.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const tokens = {};
const ROLE = 'https://belay.health/CodeSystem/role';

function entry(resource) {
  return { resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } };
}

function unit(id, partOf) {
  return entry({ resourceType: 'Organization', id, ...(partOf ? { partOf: { reference: `Organization/${partOf}` } } : { address: [{ country: 'CN' }] }) });
}

function person(id, role, at) {
  return [
    entry({ resourceType: 'Practitioner', id, name: [{ text: id }] }),
    entry({
      resourceType: 'PractitionerRole', id, active: true, practitioner: { reference: `Practitioner/${id}` },
      organization: { reference: `Organization/${at}` }, code: [{ coding: [{ system: ROLE, code: role }] }],
    }),
  ];
}

function ask(who, method, path, body) {
  const type = body === undefined ? {} : { 'Content-Type': 'application/fhir+json' };
  return node.ask(method, path, body === undefined ? undefined : JSON.stringify(body), { Authorization: `Bearer ${tokens[who]}`, ...type });
}

const post = (who, path, parameter) => ask(who, 'POST', `/fhir/${path}`, { resourceType: 'Parameters', parameter });
const code = (name, valueCode) => ({ name, valueCode });
const who = (name, id) => ({ name, valueReference: { reference: `Practitioner/${id}` } });
const part = (id, as) => ({ name: 'part', part: [who('who', id), code('as', as)] });
const PEMA = { name: 'patient', valueReference: { reference: 'Patient/pema' } };
const logbook = async (reader) => (await ask(reader, 'GET', '/fhir/Practitioner/learner/$logbook')).json;
const parts = (of, name) => (of?.parameter ?? of?.part ?? []).filter((one) => one.name === name);
const valueOf = (of, name) => {
  const [key, value] = Object.entries(parts(of, name)[0] ?? {}).find(([one]) => one.startsWith('value')) ?? [];
  return key ? value : undefined;
};
let operation = '';

await scenario('An operation is recorded once; logbooks, ratings and outcomes follow from it, for whom they are and nobody else.', [
  ['an apprentice of a county hospital has a master at its twin', async () => {
    node.init();
    await node.start();
    status(await node.post('/fhir', {
      resourceType: 'Bundle', type: 'transaction', entry: [
        unit('county'), unit('county-surgery', 'county'), unit('twin'), unit('twin-surgery', 'twin'),
        entry({ resourceType: 'Patient', id: 'pema', name: [{ text: 'Pema Secret' }], managingOrganization: { reference: 'Organization/county' } }),
        ...person('learner', 'clinician', 'county-surgery'), ...person('colleague', 'clinician', 'county-surgery'), ...person('head', 'head-of-department', 'county-surgery'),
        ...person('master', 'expert', 'twin-surgery'), ...person('stranger', 'clinician', 'twin'),
      ],
    }), 200);
    status(await node.ask('PUT', '/programme/Apprenticeship/one', JSON.stringify({
      resourceType: 'Apprenticeship', id: 'one', status: 'active', apprentice: { reference: 'Practitioner/learner' }, master: { reference: 'Practitioner/master' },
      learningDepartment: { reference: 'Organization/county-surgery' }, teachingDepartment: { reference: 'Organization/twin-surgery' },
    }), { Authorization: `Bearer ${node.token}`, 'Content-Type': 'application/fhir+json' }), 201);
    for (const one of ['learner', 'colleague', 'head', 'master', 'stranger']) {
      tokens[one] = must('token', node.folder, one, '--role', 'program', '--practitioner', `Practitioner/${one}`).trim();
    }
  }],
  ['the operation is recorded, and stands in both logbooks', async () => {
    const made = await post('learner', 'Procedure/$record', [code('code', 'appendectomy'), PEMA, part('learner', 'operator'), part('master', 'supervisor')]);
    status(made, 201);
    operation = made.json.id;
    equal(valueOf(parts(await logbook('learner'), 'case')[0], 'function'), 'operator');
    const own = (await ask('master', 'GET', '/fhir/Practitioner/master/$logbook')).json;
    equal(valueOf(parts(own, 'case')[0], 'function'), 'supervisor');
  }],
  ['the master is told what waits, without the patient, and rates it; a colleague may not', async () => {
    const waiting = await ask('master', 'GET', '/fhir/Procedure/$waiting');
    equal(valueOf(parts(waiting.json, 'rate')[0], 'id'), operation);
    check(!JSON.stringify(waiting.json).includes('pema'), 'the patient is named');
    status(await ask('master', 'GET', `/fhir/Procedure/${operation}`), 404);
    const rating = [who('apprentice', 'learner'), code('scale', 'zwisch'), { name: 'value', valueInteger: 3 }, code('performance', 'intermediate'), code('difficulty', 'average')];
    status(await post('colleague', `Procedure/${operation}/$rate`, rating), 403);
    status(await post('stranger', `Procedure/${operation}/$rate`, rating), 404);
    const first = await post('master', `Procedure/${operation}/$rate`, rating);
    status(first, 201);
    const second = await post('master', `Procedure/${operation}/$rate`, [...rating.filter((one) => one.name !== 'value'), { name: 'value', valueInteger: 4 }]);
    status(second, 200);
    equal(second.json.id, first.json.id);
    status(await post('learner', `Procedure/${operation}/$respond`, [who('assessor', 'master'), { name: 'word', valueString: 'Thank you' }]), 200);
    status(await ask('colleague', 'GET', `/fhir/Observation/${first.json.id}`), 404);
  }],
  ['what became of it is asked after by the hospital, and found in the logbook', async () => {
    equal(valueOf(parts((await ask('colleague', 'GET', '/fhir/Procedure/$waiting')).json, 'follow-up')[0], 'missing'), 'discharge');
    status(await post('colleague', `Procedure/${operation}/$follow-up`, [code('at', 'discharge'), code('result', 'well')]), 200);
    status(await post('colleague', `Procedure/${operation}/$follow-up`, [code('at', 'day-30'), code('result', 'serious'), { name: 'text', valueString: 'Abscess' }]), 200);
    const line = parts(await logbook('master'), 'procedure')[0];
    equal(valueOf(line, 'failures'), 1);
    equal(valueOf(line, 'last-level'), 4);
    check(!JSON.stringify(await logbook('master')).match(/Secret|pema|Abscess/), 'the patient is told of');
  }],
  ['the head reads it, a colleague and a stranger do not', async () => {
    status(await ask('head', 'GET', '/fhir/Practitioner/learner/$logbook'), 200);
    status(await ask('colleague', 'GET', '/fhir/Practitioner/learner/$logbook'), 403);
    status(await ask('stranger', 'GET', '/fhir/Practitioner/learner/$logbook'), 403);
  }],
  ['filled again from the log, it says the same', async () => {
    const before = JSON.stringify(await logbook('learner'));
    await node.stop();
    must('rebuild', node.folder);
    must('verify', node.folder);
    await node.start();
    equal(JSON.stringify(await logbook('learner')), before);
  }],
], () => node.remove());
