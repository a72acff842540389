// SPDX-License-Identifier: Apache-2.0
// A transfer over HTTP: the beds that are taken are the beds that routing counts, whatever happens
// between.
import { randomUUID } from 'node:crypto';
import { Node, must } from './lib/node.mjs';
import { listen, person } from './lib/colleagues.mjs';
import { check, equal, eventually, scenario, status } from './lib/scenario.mjs';

const BELAY = 'https://belay.health';
const GALLSTONES = 'http://hl7.org/fhir/sid/icd-10-cm|K80';
const node = new Node();
const who = {};
const ids = Object.fromEntries(['first', 'second', 'third', 'fourth'].map((name) => [name, randomUUID()]));

const text = (name, value) => ({ name, valueString: value });
const code = (name, value) => ({ name, valueCode: value });
const bed = (number) => ({ name: 'bed', valueReference: { reference: `Location/demo-lhasa-bed-${number}` } });
const NOTE = [
  code('patient', 'better'), text('done', 'Taken out through the keyhole.'), text('at-home', 'Stitches out on day ten.'), text('medicines', 'None.'),
  text('seen-again', 'Only if there is fever.'),
];

async function draft(name, patient) {
  status(await who.doctor.put(`/fhir/ServiceRequest/${ids[name]}`, {
    resourceType: 'ServiceRequest', id: ids[name], status: 'draft', intent: 'order', priority: 'urgent', subject: { reference: `Patient/${patient}` },
    category: [{ coding: [{ system: `${BELAY}/CodeSystem/case-kind`, code: 'transfer' }] }], reasonCode: [{ text: `${name}: can you take her?` }],
    performer: [{ reference: 'Organization/demo-lhasa-general-surgery' }],
  }), 201);
}

const ask = (someone, name, step, parameter = []) =>
  someone.post(`/fhir/ServiceRequest/${ids[name]}/$${step}`, { resourceType: 'Parameters', ...(parameter.length > 0 ? { parameter } : {}) });
const step = async (someone, name, operation, parameter) => status(await ask(someone, name, operation, parameter), 200).json;
const said = (answer) => answer.json.issue[0].diagnostics;
const stateOf = async (name) => status(await node.get(`/fhir/Task/${ids[name]}`), 200).json.businessStatus.coding[0].code;
const bedCode = async (number) => status(await node.get(`/fhir/Location/demo-lhasa-bed-${number}`), 200).json.operationalStatus.code;

/** How many free beds a question about gallstones is told of in Lhasa. */
async function freeBeds() {
  const answer = status(await who.doctor.get(`/fhir/ServiceRequest/$route?${new URLSearchParams({ code: GALLSTONES, at: '2026-09-01T04:00:00Z', count: '100' })}`), 200);
  const option = answer.json.parameter.filter(({ name }) => name === 'option').find((one) => JSON.stringify(one).includes('Organization/demo-lhasa"'));
  const told = /(\d+) beds? (?:is|are) free|No bed is free/.exec(JSON.stringify(option));
  check(told, JSON.stringify(option));
  return Number(told[1] ?? 0);
}

async function sets(someone, number, wanted, expected) {
  const answer = await someone.ask('PATCH', `/fhir/Location/demo-lhasa-bed-${number}`, [{ op: 'replace', path: '/operationalStatus/code', value: wanted }],
    { 'Content-Type': 'application/json-patch+json' });
  equal(answer.status, expected, `${someone.id} says ${wanted} of bed ${number}: ${answer.text.slice(0, 200)}`);
}

await scenario('A patient is moved into a bed that is really free, and comes home with a note.', [
  ['the demonstration: Lhasa has three free beds, and routing says so', async () => {
    node.init();
    must('demo', node.folder, '--small');
    await node.start();
    who.doctor = person(node, 'demo-pema-yangchen', 'clinician');
    who.surgeon = person(node, 'demo-tsering-yudron', 'head-of-department');
    who.other = person(node, 'demo-yeshe-drolma', 'clinician'); // of another department there
    who.coordinator = person(node, 'demo-yang-min', 'coordinator'); // of that hospital
    who.far = person(node, 'demo-zhang-jing', 'expert');
    who.heard = await listen(node, who.other);
    equal(await freeBeds(), 3);
  }],
  ['who looks after the wards says what is free, and routing hears of it; nobody else does', async () => {
    await sets(who.coordinator, 4, 'U', 200);
    equal(await freeBeds(), 4);
    await sets(who.surgeon, 4, 'C', 200);
    equal(await freeBeds(), 3);
    for (const someone of [who.doctor, who.other, who.far]) await sets(someone, 4, 'U', 403);
    await eventually(() => who.heard.told.some(({ type, id }) => type === 'Location' && id === 'demo-lhasa-bed-4'), 'pages hear of beds');
  }],
  ['a bed that is kept is one less, before anybody lies in it', async () => {
    await draft('first', 'demo-patient-16');
    await step(who.doctor, 'first', 'send');
    await step(who.surgeon, 'first', 'accept-transfer', [bed(1), text('text', 'Fasting, please.')]);
    equal([await stateOf('first'), await bedCode(1), await freeBeds()], ['bed-accepted', 'O', 2]);
    await sets(who.surgeon, 1, 'U', 409);
    equal((await who.other.get(`/fhir/Task/${ids.first}`)).status, 404, 'another department sees the bed and not the patient');
  }],
  ['the same patient goes no second way', async () => {
    await draft('second', 'demo-patient-16');
    const answer = status(await ask(who.doctor, 'second', 'send'), 409);
    check(said(answer).includes(`ServiceRequest/${ids.first}`) && said(answer).includes('bed-accepted'), said(answer));
  }],
  ['killed at once after a promise, the node still knows whose bed it is', async () => {
    await node.stop('SIGKILL');
    await node.start();
    equal([await stateOf('first'), await bedCode(1), await freeBeds()], ['bed-accepted', 'O', 2]);
    must('verify', node.folder);
  }],
  ['two take the last bed at once: one has it, the other reads why not', async () => {
    await sets(who.surgeon, 3, 'O', 200);
    await draft('third', 'demo-patient-02');
    await draft('fourth', 'demo-patient-14');
    await step(who.doctor, 'third', 'send');
    await step(who.doctor, 'fourth', 'send');
    const answers = await Promise.all(['third', 'fourth'].map((name) => ask(who.surgeon, name, 'accept-transfer', [bed(2)])));
    equal(answers.map((one) => one.status).sort(), [200, 409]);
    check(said(answers.find((one) => one.status === 409)).includes('Bed 2 is not free: it is kept for another patient'), said(answers.find((one) => one.status === 409)));
    equal(await freeBeds(), 0);
    const winner = answers[0].status === 200 ? 'third' : 'fourth';
    await step(who.doctor, winner, 'withdraw', [text('reason', 'Better since this morning.')]);
    equal([await bedCode(2), await freeBeds()], ['U', 1]);
  }],
  ['there and back: the bed is free again, and the note is at home', async () => {
    await step(who.doctor, 'first', 'depart', [code('means', 'ambulance'), code('escort', 'nurse'), { name: 'expected', valueDateTime: '2026-09-01T18:00:00+08:00' }]);
    await step(who.surgeon, 'first', 'arrive', [bed(2)]);
    equal([await bedCode(1), await bedCode(2), await freeBeds()], ['U', 'O', 1]);
    status(await ask(who.surgeon, 'first', 'return', NOTE.slice(0, 2)), 400);
    await step(who.surgeon, 'first', 'return', NOTE);
    equal([await stateOf('first'), await bedCode(2), await freeBeds()], ['back-home', 'U', 2]);
    const { json } = status(await who.doctor.get(`/fhir/Communication?based-on=ServiceRequest/${ids.first}&category=return-note`), 200);
    equal(json.entry[0].resource.payload.map((part) => part.extension[0].valueCode), ['patient', 'done', 'at-home', 'medicines', 'seen-again']);
    await step(who.doctor, 'second', 'send'); // the way is free
  }],
  ['what was derived is what the log says', async () => {
    await node.stop();
    must('verify', node.folder);
    must('rebuild', node.folder);
    await node.start();
    equal(await freeBeds(), 2);
  }],
], () => node.remove());
