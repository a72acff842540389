// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { Node, must } from './lib/node.mjs';
import { colleague, listen } from './lib/colleagues.mjs';
import { check, equal, eventually, scenario, sleep, status, withinOneDay } from './lib/scenario.mjs';

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

const ALERTS = `/fhir/Communication?category=${BELAY}/CodeSystem/message-kind|alert`;
const watch = randomUUID();
const heard = {};
const terms = (every) => ({
  id: { valueId: watch }, until: { valueInstant: new Date(Date.now() + DAY).toISOString() }, every: { valuePositiveInt: every },
});

/** A set of vital signs taken ${minutes} after the watch began, with no points but for the breaths. */
async function measure(breaths, minutes) {
  const at = new Date(Date.now() + minutes * 60_000).toISOString();
  for (const [loinc, value, unit] of [['9279-1', breaths, '/min'], ['2708-6', 98, '%'], ['3151-8', 0, 'L/min'], ['8480-6', 130, 'mm[Hg]'], ['8867-4', 70, '/min'], ['8310-5', 37, 'Cel']]) {
    status(await who.doctor.post('/fhir/Observation', {
      resourceType: 'Observation', status: 'final', subject: { reference: 'Patient/pema' }, basedOn: [{ reference: `ServiceRequest/${cases.three}` }], effectiveDateTime: at,
      code: { coding: [{ system: 'http://loinc.org', code: loinc }] }, valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
    }), 201);
  }
}

await withinOneDay();
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
    await eventually(async () => (await waiting(who.near)).length === 1, 'the draw');
    await eventually(async () => (await waiting(who.nearer)).length === 1, 'the draw of the other');
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
  ['a patient is put under watch by the side that is asked; the other side sees it', async () => {
    cases.three = randomUUID();
    await send(cases.three);
    await step(who.expert, cases.three, 'accept');
    for (const name of ['doctor', 'expert', 'near']) heard[name] = await listen(node, who[name]);
    await step(who.near, cases.three, 'watch', terms(60), 404);
    await step(who.expert, cases.three, 'watch', { ...terms(60), until: { valueInstant: new Date(Date.now() - 1000).toISOString() } }, 400);
    await step(who.expert, cases.three, 'watch', terms(60));
    equal(await who.doctor.ids('/fhir/CarePlan'), [watch]);
    equal(await who.near.ids('/fhir/CarePlan'), []);
  }],
  ['when the score rises both sides hear of it at once, and nobody else', async () => {
    await measure(16, 0);
    await measure(22, 30);
    await eventually(async () => (await who.expert.ids(ALERTS)).length === 1, 'the alert');
    equal((await who.doctor.ids(ALERTS)).length, 1);
    equal(await who.near.ids(ALERTS), []);
    const [id] = await who.doctor.ids(ALERTS);
    for (const name of ['doctor', 'expert']) await eventually(() => heard[name].told.some((one) => one.type === 'Communication' && one.id === id), `${name} hears`);
    check(!heard.near.told.some((one) => one.type === 'Communication'), 'who is not of the case hears nothing');
    const { json } = status(await who.doctor.get(`/fhir/Communication/${id}`), 200);
    equal(json.payload[0].contentString, 'NEWS2 rose from 0 to 2.');
  }],
  ['each side says that it has seen it; nobody takes it away', async () => {
    const [alert] = await who.doctor.ids(ALERTS);
    await step(who.doctor, cases.three, 'acknowledge', { alert: { valueId: alert } });
    await step(who.expert, cases.three, 'acknowledge', { alert: { valueId: alert } });
    const { json } = status(await who.expert.get(`/fhir/Communication/${alert}`), 200);
    equal(json.extension.filter(({ url }) => url.endsWith('/watch-seen')).map(({ extension }) => valueOf(extension[0])), ['asking', 'asked']);
    equal((await who.doctor.ask('DELETE', `/fhir/Communication/${alert}`)).status, 403);
  }],
  ['a node that was killed in between tells what it had not told, and nothing twice', async () => {
    for (const name of ['doctor', 'expert', 'near']) heard[name].stop();
    await node.stop('SIGKILL');
    await node.start();
    await measure(16, 60);
    await measure(25, 90);
    await eventually(async () => (await who.expert.ids(ALERTS)).length === 2, 'the second alert');
    await node.stop();
    await node.start();
    await sleep(1500);
    equal((await who.expert.ids(ALERTS)).length, 2);
  }],
  ['the watch ends when its case does', async () => {
    await step(who.expert, cases.three, 'answer', { assessment: text('Better'), advice: text('Go on'), urgency: code('routine'), 'can-be-done-here': code('yes') });
    await step(who.doctor, cases.three, 'outcome', { helpful: code('yes'), 'plan-changed': truth(true), 'transfer-avoided': truth(true), patient: code('better') });
    await step(who.doctor, cases.three, 'close');
    await eventually(async () => status(await node.get(`/fhir/CarePlan/${watch}`), 200).json.status === 'completed', 'the end');
    must('verify', node.folder);
  }],
], () => node.remove());
