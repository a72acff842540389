// SPDX-License-Identifier: Apache-2.0
import { Node, must } from './lib/node.mjs';
import { check, equal, scenario, status, withinOneDay } from './lib/scenario.mjs';

const node = new Node();
const tokens = {};
const ROLE = 'https://belay.health/CodeSystem/role';

const ref = (reference) => ({ reference });
const entry = (resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } });
const unit = (id, partOf) => entry({ resourceType: 'Organization', id, name: id, ...(partOf ? { partOf: ref(`Organization/${partOf}`) } : { address: [{ country: 'CN' }] }) });

function person(id, role, at) {
  return [
    entry({ resourceType: 'Practitioner', id, name: [{ text: `Dr ${id}` }] }),
    entry({ resourceType: 'PractitionerRole', id, active: true, practitioner: ref(`Practitioner/${id}`), organization: ref(`Organization/${at}`), code: [{ coding: [{ system: ROLE, code: role }] }] }),
  ];
}

function ask(who, method, path, body) {
  const type = body === undefined ? {} : { 'Content-Type': 'application/fhir+json' };
  return node.ask(method, path, body === undefined ? undefined : JSON.stringify(body), { Authorization: `Bearer ${tokens[who]}`, ...type });
}

const post = (who, path, parameter = []) => ask(who, 'POST', `/programme/Apprenticeship/${path}`, { resourceType: 'Parameters', ...(parameter.length > 0 ? { parameter } : {}) });
const named = (name, reference) => ({ name, valueReference: ref(reference) });
const parts = (of, name) => (of?.parameter ?? of?.part ?? []).filter((one) => one.name === name);
const valueOf = (of, name) => Object.entries(parts(of, name)[0] ?? {}).find(([one]) => one.startsWith('value'))?.[1];
const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const lineage = async (who, whose) => parts((await ask(who, 'GET', `/fhir/Practitioner/${whose}/$lineage`)).json, 'tie').map((tie) => [
  valueOf(tie, 'master').display, valueOf(tie, 'apprentice').display, valueOf(tie, 'state'), valueOf(tie, 'procedure') ?? '',
].join(' '));

function terms(apprentice, master, procedure = 'appendectomy') {
  return [
    named('apprentice', `Practitioner/${apprentice}`), named('master', `Practitioner/${master}`), named('learning-department', 'Organization/county-surgery'),
    named('teaching-department', 'Organization/twin-surgery'), { name: 'end', valueDate: inDays(180) },
    { name: 'goal', part: [{ name: 'procedure', valueCode: procedure }, { name: 'target-level', valueInteger: 5 }] },
  ];
}

let id = '';

await withinOneDay();
await scenario('An apprenticeship is agreed by both and the head, forged by nobody, and becomes part of a lineage.', [
  ['a county hospital and its twin', async () => {
    node.init();
    await node.start();
    status(await node.post('/fhir', {
      resourceType: 'Bundle', type: 'transaction', entry: [
        unit('county'), unit('county-surgery', 'county'), unit('twin'), unit('twin-surgery', 'twin'), unit('far'), unit('far-surgery', 'far'),
        entry({ resourceType: 'OrganizationAffiliation', id: 'pair', active: true, organization: ref('Organization/county'), participatingOrganization: ref('Organization/twin') }),
        ...person('learner', 'nurse', 'county-surgery'), ...person('other', 'clinician', 'county-surgery'), ...person('head', 'head-of-department', 'county-surgery'),
        ...person('master', 'expert', 'twin-surgery'), ...person('elder', 'expert', 'twin-surgery'), ...person('stranger', 'clinician', 'far-surgery'),
      ],
    }), 200);
    for (const one of ['learner', 'other', 'head', 'master', 'elder', 'stranger']) {
      tokens[one] = must('token', node.folder, one, '--role', 'program', '--practitioner', `Practitioner/${one}`).trim();
    }
  }],
  ['a nurse proposes to learn; it opens nothing, and runs when master and head have agreed', async () => {
    const made = await post('learner', '$propose', terms('learner', 'master'));
    status(made, 201);
    equal(made.json.status, 'planned');
    id = made.json.id;
    status(await ask('master', 'GET', '/fhir/Practitioner/learner/$logbook'), 403);
    status(await ask('stranger', 'GET', `/programme/Apprenticeship/${id}`), 404);
    status(await post('stranger', `${id}/$agree`), 404);
    equal((await post('head', `${id}/$agree`)).json.status, 'planned');
    const agreed = await post('master', `${id}/$agree`);
    status(agreed, 200);
    equal(agreed.json.status, 'active');
    equal(agreed.json.agreement.map((one) => one.role).join(' '), 'apprentice learning-department master');
    status(await ask('master', 'GET', '/fhir/Practitioner/learner/$logbook'), 200);
  }],
  ['no plain write makes, changes or deletes one, alone or in a Bundle', async () => {
    const { json: now } = await ask('master', 'GET', `/programme/Apprenticeship/${id}`);
    for (const who of ['learner', 'master', 'head']) {
      status(await ask(who, 'PUT', `/programme/Apprenticeship/${id}`, { ...now, period: { end: '2040-01-01' } }), 403);
      status(await ask(who, 'POST', '/programme/Apprenticeship', { ...now, id: undefined, apprentice: ref('Practitioner/other') }), 403);
      status(await ask(who, 'DELETE', `/programme/Apprenticeship/${id}`), 403);
      const bundle = await ask(who, 'POST', '/programme', { resourceType: 'Bundle', type: 'transaction', entry: [entry({ ...now, status: 'completed' })] });
      check(bundle.status >= 400, `a Bundle of ${who} was taken: ${bundle.status}`);
    }
    equal((await ask('master', 'GET', `/programme/Apprenticeship/${id}`)).json.meta.versionId, now.meta.versionId);
  }],
  ['a later end needs all of them again; a master has several apprentices', async () => {
    status(await post('master', `${id}/$extend`, [{ name: 'end', valueDate: inDays(300) }]), 200);
    status(await post('head', `${id}/$agree`, [{ name: 'end', valueDate: inDays(300) }]), 200);
    const last = await post('learner', `${id}/$agree`, [{ name: 'end', valueDate: inDays(300) }]);
    equal(last.json.period.end, inDays(300));
    status(await post('learner', '$propose', terms('learner', 'master')), 409);
    const second = await post('head', '$propose', terms('other', 'master'));
    status(second, 201);
    status(await post('other', `${second.json.id}/$agree`), 200);
    equal((await post('master', `${second.json.id}/$agree`)).json.status, 'active');
    const declined = await post('elder', '$propose', terms('learner', 'elder'));
    equal((await post('learner', `${declined.json.id}/$stop`, [{ name: 'reason', valueString: 'One is enough' }])).json.status, 'declined');
  }],
  ['the lineage names them to both sides, what is learnt to those it concerns, and nothing to strangers', async () => {
    equal((await lineage('master', 'master')).sort().join(', '), 'Dr master Dr learner under-way appendectomy, Dr master Dr other under-way appendectomy');
    equal((await lineage('learner', 'master')).sort().join(', '), 'Dr master Dr learner under-way appendectomy, Dr master Dr other under-way ');
    equal((await lineage('elder', 'learner')).join(', '), 'Dr master Dr learner under-way ');
    equal((await lineage('stranger', 'learner')).length, 0);
  }],
  ['it is stopped with a reason, and is history', async () => {
    const ended = await post('master', `${id}/$stop`, [{ name: 'reason', valueString: 'Does it alone' }, { name: 'completed', valueBoolean: true }]);
    equal(ended.json.status, 'completed');
    status(await post('head', `${id}/$agree`), 409);
    check((await lineage('elder', 'learner')).includes('Dr master Dr learner ended '), 'the tie is gone');
  }],
], () => node.remove());
