// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { Node } from './lib/node.mjs';
import { colleague } from './lib/colleagues.mjs';
import { check, equal, eventually, scenario, status } from './lib/scenario.mjs';

const BELAY = 'https://belay.health';
const DAY = 24 * 3600_000;
const node = new Node();
const who = {};
const cases = { one: randomUUID(), two: randomUUID() };
const NAMES = ['Pemala', 'Dolkarwa', 'county', 'County', 'twin', 'Twin', 'doctor', 'expert', 'Practitioner', 'Organization', 'Patient/', 'ServiceRequest/'];

const valueOf = (part) => Object.entries(part).find(([name]) => name.startsWith('value'))?.[1];
const parts = (list, name) => (list ?? []).filter((one) => one.name === name);
const body = (values) => ({
  resourceType: 'Parameters', parameter: Object.entries(values).map(([name, value]) => ({ name, ...value })),
});
const text = (value) => ({ valueString: value });
const code = (value) => ({ valueCode: value });
const truth = (value) => ({ valueBoolean: value });

async function step(person, id, operation, values = {}, wanted = 200) {
  return status(await person.post(`/fhir/ServiceRequest/${id}/$${operation}`, body(values)), wanted).json;
}

async function send(id) {
  status(await who.doctor.put(`/fhir/ServiceRequest/${id}`, {
    resourceType: 'ServiceRequest', id, status: 'draft', intent: 'order', priority: 'urgent', subject: { reference: 'Patient/pema' },
    category: [{ coding: [{ system: `${BELAY}/CodeSystem/case-kind`, code: 'advice' }] }],
    reasonCode: [{ text: 'Is it a fracture?' }], note: [{ text: 'Pemala Dolkarwa fell from her horse.' }], performer: [{ reference: 'Organization/twin-surgery' }],
  }), 201);
  await step(who.doctor, id, 'send');
}

/** From the question to the end, and as if that had been ${days} ago: what nobody but the operator can do. */
async function closeAt(id, days) {
  await send(id);
  await step(who.expert, id, 'answer', { assessment: text('A greenstick fracture'), advice: text('A splint'), urgency: code('routine'), 'can-be-done-here': code('yes') });
  await step(who.doctor, id, 'outcome', { helpful: code('yes'), 'plan-changed': truth(true), 'transfer-avoided': truth(true), patient: code('better') });
  await step(who.doctor, id, 'close');
  const { json } = status(await node.get(`/fhir/Task/${id}`), 200);
  json.lastModified = new Date(Date.now() - days * DAY).toISOString();
  status(await node.put(`/fhir/Task/${id}`, json), 200);
}

const listOf = async (person) => status(await person.get('/fhir/Task/$reviews'), 200).json.parameter ?? [];
const waiting = async (person) => parts(await listOf(person), 'review').filter(({ part }) => !parts(part, 'given').length);
const marks = (process, value, difficulty) => body({ process: { valueInteger: process }, value: { valueInteger: value }, difficulty: { valueInteger: difficulty } });

await scenario('A closed case is reviewed by two who do not know whose it is; a patient is watched by both sides.', [
  ['a county hospital and its twin, and experts far away', async () => {
    await node.init().start();
    for (const [id, partOf] of [['county'], ['county-medicine', 'county'], ['twin'], ['twin-surgery', 'twin'], ['far'], ['abroad']]) {
      status(await node.put(`/fhir/Organization/${id}`, {
        resourceType: 'Organization', id, name: id, address: [{ country: id === 'abroad' ? 'KG' : 'CN' }], ...(partOf ? { partOf: { reference: `Organization/${partOf}` } } : {}),
      }), 201);
    }
    status(await node.put('/fhir/Patient/pema', {
      resourceType: 'Patient', id: 'pema', name: [{ family: 'Dolkarwa', given: ['Pemala'] }], gender: 'female', birthDate: '1970-01-01',
      managingOrganization: { reference: 'Organization/county' },
    }), 201);
    who.doctor = await colleague(node, 'doctor', 'clinician', 'county-medicine');
    who.head = await colleague(node, 'head', 'head-of-department', 'county-medicine');
    who.quality = await colleague(node, 'quality', 'quality-officer', 'county');
    who.expert = await colleague(node, 'expert', 'expert', 'twin-surgery');
    who.near = await colleague(node, 'near', 'expert', 'far');
    who.nearer = await colleague(node, 'nearer', 'head-of-department', 'far');
    who.foreign = await colleague(node, 'foreign', 'expert', 'abroad');
  }],
  ['two cases are closed, one of them last week; the node is switched off', async () => {
    await closeAt(cases.one, 7);
    await closeAt(cases.two, 0);
    equal((await waiting(who.near)).length, 0);
    await node.stop();
  }],
  ['when it comes back it draws what was missed, once, for two people of neither department', async () => {
    await node.start();
    await eventually(async () => (await waiting(who.near)).length === 1, 'the draw', 10_000);
    equal((await waiting(who.nearer)).length, 1);
    for (const other of ['doctor', 'head', 'expert', 'foreign']) equal((await waiting(who[other])).length, 0, other);
    await node.stop();
    await node.start();
    equal((await waiting(who.near)).length, 1);
  }],
  ['the reviewer sees the case, and no name in it; and nothing by any other way', async () => {
    const [mine] = await waiting(who.near);
    who.near.task = valueOf(parts(mine.part, 'task')[0]);
    const [theirs] = await waiting(who.nearer);
    who.nearer.task = valueOf(parts(theirs.part, 'task')[0]);
    const answer = status(await who.near.get(`/fhir/Task/${who.near.task}/$review`), 200);
    for (const name of NAMES) check(!answer.text.includes(name), `${name} is told: ${answer.text}`);
    check(answer.text.includes('[...] [...] fell from her horse'), answer.text);
    check(answer.text.includes('A greenstick fracture'), answer.text);
    for (const path of [`ServiceRequest/${cases.one}`, `Task/${cases.one}`, 'Patient/pema', `Task/${who.nearer.task}/$review`]) {
      equal((await who.near.get(`/fhir/${path}`)).status, 404, path);
    }
    equal(await who.near.ids('/fhir/ClinicalImpression'), []);
    equal(await who.near.ids('/programme/CaseReview'), []);
  }],
  ['both rate it; then heads and quality officers see what they said, and not who', async () => {
    status(await who.near.post(`/fhir/Task/${who.near.task}/$review`, marks(5, 4, 2)), 200);
    equal(parts(parts(await listOf(who.head), 'result')[0].part, 'rating').length, 0);
    status(await who.near.post(`/fhir/Task/${who.near.task}/$review`, marks(1, 1, 1)), 409);
    status(await who.nearer.post(`/fhir/Task/${who.nearer.task}/$review`, marks(2, 4, 2)), 200);
    for (const one of ['head', 'quality']) {
      const list = await listOf(who[one]);
      const [result] = parts(list, 'result');
      equal(parts(result.part, 'rating').length, 2);
      equal(parts(result.part, 'disagreement').map(valueOf), ['process']);
      check(!JSON.stringify(list).includes('near'), JSON.stringify(list));
    }
    equal(parts(await listOf(who.doctor), 'result').length, 0);
  }],
], () => node.remove());
