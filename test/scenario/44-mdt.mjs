// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { Node } from './lib/node.mjs';
import { colleague, listen } from './lib/colleagues.mjs';
import { check, equal, eventually, scenario, status } from './lib/scenario.mjs';

const BELAY = 'https://belay.health';
const node = new Node();
const who = {};
const ref = (reference) => ({ reference });
const at = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString();

const MEMBERS = { id: 'valueId', meeting: 'valueId', goal: 'valueId', start: 'valueInstant', end: 'valueInstant', answer: 'valueCode', result: 'valueCode', due: 'valueDate', next: 'valueDate', per: 'valueCode' };
const NUMBERS = ['times', 'weeks'];

/** [name, value] as the operations take it. */
function parameter([name, value]) {
  if (Array.isArray(value)) return { name, part: value.map(parameter) };
  if (typeof value === 'boolean') return { name, valueBoolean: value };
  if (typeof value === 'number' || NUMBERS.includes(name)) return { name, valuePositiveInt: Number(value) };
  if (/^(Organization|Practitioner)\//.test(value)) return { name, valueReference: ref(value) };
  return { name, [MEMBERS[name] ?? 'valueString']: value };
}

const ask = (person, id, operation, parts = []) => who[person].post(`/fhir/ServiceRequest/${id}/$${operation}`, {
  resourceType: 'Parameters', ...(parts.length ? { parameter: parts.map(parameter) } : {}),
});
const step = async (person, id, operation, parts) => status(await ask(person, id, operation, parts), 200).json;
const refused = async (code, person, id, operation, parts) => status(await ask(person, id, operation, parts), code).json.issue[0].diagnostics;
const versions = async (path) => status(await node.get(`/fhir/${path}/_history`), 200).json.total;
const shared = {};

async function sent() {
  const id = randomUUID();
  status(await who.doctor.put(`/fhir/ServiceRequest/${id}`, {
    resourceType: 'ServiceRequest', id, status: 'draft', intent: 'order', priority: 'routine', subject: ref('Patient/pema'),
    category: [{ coding: [{ system: `${BELAY}/CodeSystem/case-kind`, code: 'mdt' }] }], reasonCode: [{ text: 'Operate, or wait?' }], performer: [ref('Organization/twin-surgery')],
  }), 201);
  await step('doctor', id, 'send');
  return id;
}

const call = (meeting, more) => [['id', meeting], ['subject', 'Operate, or wait?'], ['start', at(-5)], ['end', at(40)], ...more];
const answers = (meeting) => status(meeting, 200).json.participant.filter(({ actor }) => actor.reference.startsWith('Practitioner/')).map(({ actor, status: one }) => `${actor.reference.slice(13)} ${one}`).sort();

await scenario('Several departments meet about a case and decide; a plan of rehabilitation is made and followed.', [
  ['a county hospital has asked a department of its twin', async () => {
    await node.init().start();
    for (const [id, partOf] of [['county'], ['twin'], ['twin-surgery', 'twin'], ['twin-medicine', 'twin'], ['far'], ['far-rehab', 'far']]) {
      status(await node.put(`/fhir/Organization/${id}`, {
        resourceType: 'Organization', id, name: id, address: [{ country: id === 'far' ? 'KG' : 'CN' }], ...(partOf ? { partOf: ref(`Organization/${partOf}`) } : {}),
      }), 201);
    }
    status(await node.put('/fhir/Patient/pema', { resourceType: 'Patient', id: 'pema', name: [{ text: 'Pema' }], managingOrganization: ref('Organization/county') }), 201);
    for (const [id, role, unit] of [['doctor', 'clinician', 'county'], ['nurse', 'nurse', 'county'], ['expert', 'expert', 'twin-surgery'], ['physician', 'expert', 'twin-medicine'],
      ['colleague', 'expert', 'twin-medicine'], ['stranger', 'expert', 'far-rehab']]) who[id] = await colleague(node, id, role, unit);
    shared.case = await sent();
  }],
  ['a meeting is called, and whoever is invited sees the case and hears of it', async () => {
    const heard = await listen(node, who.physician);
    shared.meeting = randomUUID();
    check(!(await who.physician.sees(`/fhir/ServiceRequest/${shared.case}`)), 'not before');
    const body = call(shared.meeting, [['department', 'Organization/twin-medicine'], ['person', 'Practitioner/doctor'], ['person', 'Practitioner/nurse']]);
    const meeting = await step('expert', shared.case, 'call-mdt', body);
    equal([meeting.resourceType, meeting.status, meeting.basedOn[0].reference], ['Appointment', 'pending', `ServiceRequest/${shared.case}`]);
    equal(await step('expert', shared.case, 'call-mdt', body), meeting, 'asked for again');
    check(await who.physician.sees(`/fhir/ServiceRequest/${shared.case}`) && await who.physician.sees('/fhir/Patient/pema'), 'the case');
    await eventually(() => heard.told.some(({ type, id }) => type === 'Appointment' && id === shared.meeting), 'the event');
    heard.stop();
    equal(await who.physician.ids(`/fhir/Appointment?appointment-type=${BELAY}/CodeSystem/case-record|mdt`), [shared.meeting], 'found by its type');
    equal(await who.stranger.ids('/fhir/Appointment'), [], 'by nobody else');
  }],
  ['abroad it needs a consent, and without one nothing is changed', async () => {
    const before = await versions(`ServiceRequest/${shared.case}`);
    check(/leave the country/.test(await refused(403, 'expert', shared.case, 'call-mdt', call(randomUUID(), [['department', 'Organization/far-rehab']]))), 'why');
    equal(await versions(`ServiceRequest/${shared.case}`), before, 'versions of the request');
    check(!(await who.stranger.sees(`/fhir/ServiceRequest/${shared.case}`)), 'it stays shut');
  }],
  ['all answer at once, and no answer is lost', async () => {
    const people = ['doctor', 'nurse', 'physician', 'colleague'];
    const all = await Promise.all(people.map((person) => ask(person, shared.case, 'mdt-reply', [['meeting', shared.meeting], ['answer', person === 'nurse' ? 'declined' : 'accepted']])));
    all.forEach((answer) => status(answer, 200));
    equal(answers(await who.doctor.get(`/fhir/Appointment/${shared.meeting}`)), ['colleague accepted', 'doctor accepted', 'expert accepted', 'nurse declined', 'physician accepted']);
    await refused(404, 'stranger', shared.case, 'mdt-reply', [['meeting', shared.meeting], ['answer', 'accepted']]);
  }],
  ['minutes are written once, by who called it', async () => {
    shared.minutes = randomUUID();
    const body = (id) => [['id', id], ['meeting', shared.meeting], ['text', 'CT seen by all'], ['decision', 'Wait six weeks'], ['decision', 'Then look again'], ['present', 'Practitioner/doctor'], ['present', 'Practitioner/physician']];
    await refused(403, 'doctor', shared.case, 'mdt-minutes', body(shared.minutes));
    const both = await Promise.all([shared.minutes, shared.minutes].map((id) => ask('expert', shared.case, 'mdt-minutes', body(id))));
    both.forEach((answer) => status(answer, 200));
    equal(await versions(`Communication/${shared.minutes}`), 1, 'versions of the minutes');
    check(/minutes already/.test(await refused(409, 'expert', shared.case, 'mdt-minutes', body(randomUUID()))), 'not a second time');
  }],
  ['each agrees for themselves, all at once, and nobody for another', async () => {
    const people = ['doctor', 'physician', 'colleague', 'expert'];
    const all = await Promise.all(people.map((person) => ask(person, shared.case, 'mdt-agree', [['meeting', shared.meeting], ['decision', 1], ['agrees', person !== 'physician'], ['text', `As ${person} sees it`]])));
    all.forEach((answer) => status(answer, 200));
    await step('physician', shared.case, 'mdt-agree', [['meeting', shared.meeting], ['decision', 1], ['agrees', true]]);
    const minutes = status(await who.nurse.get(`/fhir/Communication/${shared.minutes}`), 200).json;
    const words = minutes.extension[0].extension.filter(({ url }) => url === 'word').map(({ extension }) => extension.find(({ url }) => url === 'by').valueReference.reference).sort();
    equal(words, people.map((person) => `Practitioner/${person}`).sort(), 'one word each');
    await refused(403, 'nurse', shared.case, 'mdt-agree', [['meeting', shared.meeting], ['decision', 1], ['agrees', true]]);
    minutes.extension[0].extension.find(({ url }) => url === 'word').extension.find(({ url }) => url === 'agrees').valueBoolean = false;
    for (const person of ['expert', 'doctor']) status(await who[person].put(`/fhir/Communication/${shared.minutes}`, minutes), 403);
    delete minutes.category;
    status(await who.expert.put(`/fhir/Communication/${shared.minutes}`, minutes), 403);
    const patch = await who.expert.ask('PATCH', `/fhir/Appointment/${shared.meeting}`, [{ op: 'replace', path: '/status', value: 'cancelled' }], { 'Content-Type': 'application/json-patch+json' });
    equal(patch.status, 403, 'a patch');
  }],
  ['a plan is made, followed and judged; a new one replaces it', async () => {
    const id = shared.case;
    const plan = (own, text) => [['id', own], ['text', text], ['goal', [['text', 'Walks to the well'], ['due', '2030-01-01']]], ['session', [['text', 'Walk'], ['times', 3], ['per', 'week'], ['weeks', 6]]]];
    const [first, second] = [randomUUID(), randomUUID()];
    await refused(403, 'doctor', id, 'plan', plan(first, 'Rest'));
    const made = await step('expert', id, 'plan', plan(first, 'The knee'));
    equal(made.activity[1].detail.scheduledTiming.repeat.count, 18, 'planned');
    const session = randomUUID();
    await step('doctor', id, 'session', [['id', session], ['session', 1], ['done', true], ['text', 'Twenty minutes']]);
    const goal = made.goal[0].reference.replace('Goal/', '');
    await step('doctor', id, 'goal', [['goal', goal], ['result', 'partly']]);
    equal(await who.expert.ids(`/fhir/Procedure?based-on=CarePlan/${first}`), [session], 'the expert sees the session');
    equal(await who.expert.ids(`/fhir/Goal?addresses=ServiceRequest/${id}`), [goal], 'and the goal');
    const both = await Promise.all([second, second].map((own) => ask('expert', id, 'plan', plan(own, 'The hip too'))));
    both.forEach((answer) => status(answer, 200));
    const old = status(await who.doctor.get(`/fhir/CarePlan/${first}`), 200).json;
    equal(old.status, 'revoked');
    equal(status(await who.doctor.get(`/fhir/Task/${id}`), 200).json.output.map(({ valueReference }) => valueReference.reference), [`CarePlan/${second}`], 'the plan that is followed');
    status(await who.doctor.put(`/fhir/CarePlan/${first}`, { ...old, status: 'active' }), 403);
  }],
  ['the case goes on as if nothing of it had been, and its end shuts all of it to those who were asked', async () => {
    const id = shared.case;
    equal(status(await who.doctor.get(`/fhir/Task/${id}`), 200).json.businessStatus.coding[0].code, 'sent');
    await step('doctor', id, 'withdraw', [['reason', 'She decided to wait']]);
    for (const path of [`Appointment/${shared.meeting}`, `Communication/${shared.minutes}`, `ServiceRequest/${id}`]) {
      check(!(await who.physician.sees(`/fhir/${path}`)) && !(await who.expert.sees(`/fhir/${path}`)), path);
      check(await who.nurse.sees(`/fhir/${path}`), `${path} at home`);
    }
    equal(await who.expert.ids('/fhir/CarePlan'), [], 'plans');
    equal(await who.expert.ids('/fhir/Goal'), [], 'goals');
    await step('doctor', id, 'mdt-agree', [['meeting', shared.meeting], ['decision', 2], ['agrees', true]]);
  }],
], () => node.remove());
