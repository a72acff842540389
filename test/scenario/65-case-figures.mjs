// SPDX-License-Identifier: Apache-2.0
import { Node, must } from './lib/node.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const tokens = {};
const BELAY = 'https://belay.health';
const CASE = '6f1c2a0e-8f0b-4d39-9a4e-0c8d7d1f5b65';
const YEAR = String(new Date().getUTCFullYear());

const role = (code) => [{ coding: [{ system: `${BELAY}/CodeSystem/role`, code }] }];

async function put(resource) {
  const answer = await node.put(`/fhir/${resource.resourceType}/${resource.id}`, resource);
  check(answer.status === 201 || answer.status === 200, `${resource.id}: ${answer.status} ${answer.text ?? ''}`);
}

async function person(id, code, unit) {
  await put({ resourceType: 'Practitioner', id });
  await put({
    resourceType: 'PractitionerRole', id: `post-${id}`, practitioner: { reference: `Practitioner/${id}` }, code: role(code),
    ...(unit ? { organization: { reference: `Organization/${unit}` } } : {}),
  });
  tokens[id] = must('token', node.folder, id, '--role', 'program', '--practitioner', `Practitioner/${id}`).trim();
}

const as = (who, method, path, body) => node.ask(method, `/fhir/${path}`, body, { Authorization: `Bearer ${tokens[who]}` });

async function step(who, name, parameter = []) {
  return status(await as(who, 'POST', `ServiceRequest/${CASE}/$${name}`, { resourceType: 'Parameters', parameter }), 200).json;
}

/** What a program of the operator is told of the figure ${id}: its numbers and its score. */
async function figure(id) {
  const { json } = status(await node.get(`/fhir/Measure/${id}/$evaluate-measure?periodStart=${YEAR}&periodEnd=${YEAR}`), 200);
  const [group] = json.group;
  return { counts: group.population.map(({ count }) => count), score: group.measureScore?.value ?? null };
}

const text = (name, valueString) => ({ name, valueString });
const code = (name, valueCode) => ({ name, valueCode });
const truth = (name, valueBoolean) => ({ name, valueBoolean });

await scenario('A case is lived through, and figures follow from the moments of its steps.', [
  ['two hospitals 250 km apart, a patient, a question with what would be done without an answer', async () => {
    node.init();
    await node.start();
    for (const id of ['county', 'twin']) await put({ resourceType: 'Organization', id, name: `Hospital ${id}`, address: [{ country: 'CN' }] });
    for (const [id, longitude] of [['county', 88.5], ['twin', 91.1]]) {
      await put({ resourceType: 'Location', id: `place-${id}`, managingOrganization: { reference: `Organization/${id}` }, position: { latitude: 29.5, longitude } });
    }
    await person('asker', 'clinician', 'county');
    await person('answerer', 'expert', 'twin');
    await put({ resourceType: 'Patient', id: 'pema', gender: 'female', managingOrganization: { reference: 'Organization/county' } });
    const draft = await as('asker', 'PUT', `ServiceRequest/${CASE}`, {
      resourceType: 'ServiceRequest', id: CASE, status: 'draft', intent: 'order', priority: 'urgent', subject: { reference: 'Patient/pema' },
      category: [{ coding: [{ system: `${BELAY}/CodeSystem/case-kind`, code: 'advice' }] }], reasonCode: [{ text: 'Is it a fracture?' }],
      performer: [{ reference: 'Organization/twin' }],
      extension: [
        { url: `${BELAY}/StructureDefinition/case-intent`, valueCode: 'transfer' },
        { url: `${BELAY}/StructureDefinition/case-completeness`, extension: [{ url: 'have', valueInteger: 9 }, { url: 'of', valueInteger: 9 }] },
      ],
    });
    check(draft.status === 201, `draft: ${draft.status} ${draft.text ?? ''}`);
  }],
  ['a draft is in no figure', async () => {
    equal((await figure('usable-requests')).counts.join(), '0,0', 'usable-requests');
  }],
  ['sent, taken, answered, followed up: each figure has it from its moment on', async () => {
    await step('asker', 'send');
    equal((await figure('usable-requests')).score, 1, 'usable-requests');
    equal((await figure('loop-closure')).counts.join(), '0,0', 'nothing is answered yet');
    await step('answerer', 'accept');
    equal((await figure('allocation-time')).counts.join(), '1', 'allocation-time');
    await step('answerer', 'answer', [text('assessment', 'A greenstick fracture'), text('advice', 'A splint'), code('urgency', 'routine'), code('can-be-done-here', 'yes')]);
    equal((await figure('answers-in-time')).score, 1, 'answers-in-time');
    equal((await figure('loop-closure')).counts.join(), '1,0', 'answered, and nothing heard yet');
    equal((await figure('avoided-transfers')).counts.join(), '1,0', 'avoided-transfers before the outcome');
    await step('asker', 'outcome', [code('helpful', 'yes'), truth('plan-changed', true), truth('transfer-avoided', true), code('patient', 'better')]);
    equal((await figure('loop-closure')).score, 1, 'loop-closure');
    equal((await figure('avoided-transfers')).score, 1, 'avoided-transfers');
    equal((await figure('retention')).score, 1, 'retention');
    equal((await figure('avoided-kilometres')).score, 252, 'cos 29.5° · 2.6° · 111.2 km');
  }],
  ['the view that is filled again from nothing says the same', async () => {
    const before = await Promise.all(['usable-requests', 'loop-closure', 'avoided-kilometres'].map(figure));
    await node.stop();
    must('rebuild', node.folder);
    await node.start();
    equal(JSON.stringify(await Promise.all(['usable-requests', 'loop-closure', 'avoided-kilometres'].map(figure))), JSON.stringify(before), 'after a rebuild');
  }],
], async () => { await node.remove(); });
