// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { Node, must } from './lib/node.mjs';
import { colleague, listen } from './lib/colleagues.mjs';
import { check, equal, eventually, scenario, sleep, status } from './lib/scenario.mjs';

const BELAY = 'https://belay.health';
const MINUTE = 60_000;
const node = new Node();
const who = {};
const heard = {};
const ref = (reference) => ({ reference });

const valueOf = (part) => Object.entries(part).find(([name]) => name.startsWith('value'))?.[1];
const stateOf = (task) => task.businessStatus.coding.find(({ system }) => system === `${BELAY}/CodeSystem/case-state`).code;
const outside = (task) => task.businessStatus.coding.find(({ system }) => system.startsWith('http://hl7.org/')).code;
const clock = (task) => Object.fromEntries(task.extension.find(({ url }) => url.endsWith('/case-clock')).extension.map((part) => [part.url, valueOf(part)]));
const minutes = (task, from, to) => Math.round((Date.parse(clock(task)[to]) - Date.parse(clock(task)[from])) / MINUTE);

/** A value as the operations take it: {code}, {to}, a truth or a text. */
function parameter([name, value]) {
  if (typeof value === 'boolean') return { name, valueBoolean: value };
  if (value.code) return { name, valueCode: value.code };
  if (value.id) return { name, valueId: value.id };
  if (value.to) return { name, valueReference: ref(value.to) };
  return { name, valueString: value };
}

const ask = (person, id, operation, parts = {}) => who[person].post(`/fhir/ServiceRequest/${id}/$${operation}`, {
  resourceType: 'Parameters', parameter: Object.entries(parts).map(parameter),
});
const step = async (person, id, operation, parts) => status(await ask(person, id, operation, parts), 200).json;
const refused = async (code, person, id, operation, parts) => status(await ask(person, id, operation, parts), code).json.issue[0].diagnostics;
const task = async (id) => status(await node.get(`/fhir/Task/${id}`), 200).json;
const request = async (id) => status(await node.get(`/fhir/ServiceRequest/${id}`), 200).json;

async function draft(performer, priority = 'routine') {
  const id = randomUUID();
  status(await who.doctor.put(`/fhir/ServiceRequest/${id}`, {
    resourceType: 'ServiceRequest', id, status: 'draft', intent: 'order', priority, subject: ref('Patient/pema'),
    category: [{ coding: [{ system: `${BELAY}/CodeSystem/case-kind`, code: 'advice' }] }],
    reasonCode: [{ text: 'Is it a fracture?' }], performer: [ref(performer)],
  }), 201);
  return id;
}

async function sent(performer = 'Organization/twin-surgery', priority = 'routine') {
  const id = await draft(performer, priority);
  await step('doctor', id, 'send');
  return id;
}

const ANSWER = { assessment: 'A greenstick fracture', advice: 'A splint for three weeks', urgency: { code: 'routine' }, 'can-be-done-here': { code: 'yes' } };
const OUTCOME = { helpful: { code: 'yes' }, 'plan-changed': true, 'transfer-avoided': true, patient: { code: 'better' } };

/** As if its clock had been set so when it was sent: what nobody but the operator can do. */
async function setNext(id, at) {
  const one = await task(id);
  for (const part of one.extension.find(({ url }) => url.endsWith('/case-clock')).extension) {
    if (part.url === 'next') part.valueInstant = new Date(at).toISOString();
  }
  status(await node.put(`/fhir/Task/${id}`, one), 200);
}

const gone = (person) => heard[person].told.filter(({ gone: is }) => is).length;
const told = (person, id) => heard[person].told.some(({ type, id: one }) => type === 'Task' && one === id);
const shows = async (person, query = '') => status(await who[person].get(`/fhir/Task/$worklist${query}`), 200).json.parameter
  .filter(({ name }) => name === 'case').map(({ part }) => valueOf(part.find(({ name }) => name === 'id')));

/** The case ${id} is over for those who were asked, who heard so, and for nobody else anything changed. */
async function isOver(id, { state, code, task: taskStatus, request: requestStatus, before, people = ['expert', 'second'] }) {
  const now = await task(id);
  equal([stateOf(now), outside(now), now.status, (await request(id)).status], [state, code, taskStatus, requestStatus], 'how it ended');
  check(!clock(now).next, 'no clock runs');
  for (const person of people) {
    equal((await who[person].get(`/fhir/ServiceRequest/${id}`)).status, 404, `${person} sees it no more`);
    await eventually(() => gone(person) === before[person] + 1, `${person} hears that something is gone`);
    check(!(await shows(person, '?show=all')).includes(id), `the worklist of ${person}`);
  }
  check(!JSON.stringify(heard.expert.told.filter(({ gone: is }) => is)).includes(id), 'which, is not said');
  equal(gone('other'), before.other, 'who was never asked hears nothing');
  check((await shows('doctor', '?show=ended')).includes(id), 'the asker finds it among what has ended');
}
const goneNow = () => Object.fromEntries(Object.keys(heard).map((person) => [person, gone(person)]));

await scenario('A case goes from a question to its end, by every way there is.', [
  ['a county hospital asks a department of its twin', async () => {
    await node.init().start();
    for (const [id, partOf] of [['county'], ['twin'], ['twin-surgery', 'twin'], ['twin-medicine', 'twin'], ['county-surgery', 'county']]) {
      status(await node.put(`/fhir/Organization/${id}`, {
        resourceType: 'Organization', id, name: id, address: [{ country: 'CN' }], ...(partOf ? { partOf: ref(`Organization/${partOf}`) } : {}),
      }), 201);
    }
    status(await node.put('/fhir/Patient/pema', {
      resourceType: 'Patient', id: 'pema', name: [{ text: 'Pema' }], gender: 'female', birthDate: '1970-01-01', managingOrganization: ref('Organization/county'),
    }), 201);
    for (const [id, role, unit] of [['doctor', 'clinician', 'county'], ['colleague', 'clinician', 'county'], ['expert', 'expert', 'twin-surgery'],
      ['second', 'expert', 'twin-surgery'], ['physician', 'expert', 'twin-medicine'], ['other', 'clinician', 'twin-medicine']]) {
      who[id] = await colleague(node, id, role, unit);
      heard[id] = await listen(node, who[id]);
    }
  }],
  ['asked, taken, asked back, told, answered, acted on, followed up, closed', async () => {
    const id = await draft('PractitionerRole/role-expert', 'urgent');
    equal((await who.expert.get(`/fhir/ServiceRequest/${id}`)).status, 404, 'a draft is its own hospital\'s');
    await step('doctor', id, 'send');
    await eventually(() => told('expert', id), 'the expert hears');
    equal(outside(await task(id)), '2.0');
    await step('expert', id, 'accept');
    equal(outside(await task(id)), '3.0');
    await step('expert', id, 'ask-back', { text: 'Which leg?' });
    check(!clock(await task(id)).next, 'the clock stands');
    await step('colleague', id, 'inform', { text: 'The left one' });
    await step('doctor', id, 'message', { text: 'It swells' });
    await step('expert', id, 'answer', ANSWER);
    await step('doctor', id, 'act', { text: 'Splinted' });
    await step('doctor', id, 'outcome', OUTCOME);
    status(await who.expert.get(`/fhir/ServiceRequest/${id}`), 200);
    const before = goneNow();
    await step('doctor', id, 'close');
    await isOver(id, { state: 'closed', code: '7.0', task: 'completed', request: 'completed', before });
    const { output } = await task(id);
    equal(output.map(({ type }) => type.coding[0].code), ['opinion', 'helpful', 'plan-changed', 'transfer-avoided', 'patient']);
    const said = status(await who.doctor.get(`/fhir/Communication?based-on=ServiceRequest/${id}&_sort=sent`), 200).json.entry;
    equal(said.map(({ resource }) => resource.category[0].coding[0].code), ['question', 'information', 'message', 'action']);
  }],
  ['answered, and the patient is lost to follow-up', async () => {
    const id = await sent();
    await step('second', id, 'answer', ANSWER); // without taking it before
    check(/lost-to-follow-up/.test(await refused(400, 'doctor', id, 'close')), 'closing needs an outcome, or the word that there is none');
    const before = goneNow();
    await step('colleague', id, 'close', { 'lost-to-follow-up': true });
    await isOver(id, { state: 'closed', code: '7.0', task: 'completed', request: 'completed', before });
    equal((await task(id)).output.map(({ type }) => type.coding[0].code), ['opinion', 'lost-to-follow-up']);
  }],
  ['declined, with what they can do instead', async () => {
    const id = await sent();
    check(/what they can do instead/.test(await refused(400, 'expert', id, 'decline', { reason: 'Nobody here sees children' })), 'an alternative is needed');
    const before = goneNow();
    await step('expert', id, 'decline', { reason: 'Nobody here sees children', alternative: 'Ask the children\'s hospital' });
    await isOver(id, { state: 'declined', code: '4.0', task: 'rejected', request: 'revoked', before });
    const [{ resource }] = status(await who.doctor.get(`/fhir/Communication?based-on=ServiceRequest/${id}`), 200).json.entry;
    equal(resource.payload.map(({ contentString }) => contentString), ['Nobody here sees children', 'Ask the children\'s hospital']);
    const late = await refused(409, 'second', id, 'answer', ANSWER);
    check(/declined by expert at .* is not yours any more/.test(late), late);
  }],
  ['withdrawn, while the other side writes an answer', async () => {
    const id = await sent();
    await step('expert', id, 'accept');
    const before = goneNow();
    await step('doctor', id, 'withdraw', { reason: 'She went home' });
    await isOver(id, { state: 'withdrawn', code: '6.0', task: 'cancelled', request: 'revoked', before });
    const late = await refused(409, 'expert', id, 'answer', ANSWER);
    check(/withdrawn by doctor at .* is not yours any more. Nothing was changed/.test(late), late);
    await refused(404, 'other', id, 'answer', ANSWER);
  }],
  ['sent elsewhere, and back: each time to others, with new clocks, and the first time kept', async () => {
    const id = await sent();
    const first = clock(await task(id)).sent;
    let before = goneNow();
    await step('expert', id, 'reroute', { to: { to: 'Organization/twin-medicine' }, reason: 'It is the heart' });
    for (const person of ['expert', 'second']) {
      equal((await who[person].get(`/fhir/Task/${id}`)).status, 404);
      await eventually(() => gone(person) === before[person] + 1, `${person} hears`);
    }
    equal(await shows('physician'), [id]);
    check(/sent elsewhere by expert/.test(await refused(409, 'second', id, 'accept')), 'who comes late is told');
    await step('physician', id, 'accept');
    before = goneNow();
    await step('colleague', id, 'reroute', { to: { to: 'Organization/twin-surgery' }, reason: 'The heart is fine' });
    await eventually(() => gone('physician') === before.physician + 1, 'the physician hears');
    equal(gone('expert'), before.expert, 'what comes is not gone');
    const now = await task(id);
    equal([stateOf(now), now.owner.reference, clock(now).sent, clock(now).allocated], ['sent', 'Organization/twin-surgery', first, undefined]);
    equal((await request(id)).performer, [ref('Organization/twin-surgery')]);
    equal((await who.physician.get(`/fhir/Task/${id}`)).status, 404);
    const ways = status(await who.doctor.get(`/fhir/Communication?based-on=ServiceRequest/${id}&_sort=sent`), 200).json.entry;
    equal(ways.map(({ resource }) => resource.recipient[0].reference), ['Organization/twin-medicine', 'Organization/twin-surgery']);
    await step('second', id, 'answer', ANSWER);
    equal(stateOf(await task(id)), 'answered');
  }],
  ['an emergency is everybody\'s of the department at once: the first to accept has it', async () => {
    const id = await sent('Organization/twin-surgery', 'stat');
    for (const person of ['expert', 'second']) await eventually(() => told(person, id), `${person} hears`);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, at) => ask(at % 2 ? 'expert' : 'second', id, 'accept')));
    const won = answers.map(({ status: code }, at) => [at % 2 ? 'expert' : 'second', code]).filter(([, code]) => code === 200).map(([person]) => person);
    equal([...new Set(won)].length, 1, 'one of them has it');
    equal(won.length, 4, 'and is told so each time');
    equal((await task(id)).owner.reference, `Practitioner/${won[0]}`);
    for (const { status: code, json } of answers.filter((one) => one.status !== 200)) {
      equal(code, 409);
      check(json.issue[0].diagnostics.startsWith(`This case was accepted by ${won[0]} at `), json.issue[0].diagnostics);
    }
    equal(status(await node.get(`/fhir/Task/${id}/_history`), 200).json.entry.length, 2);
  }],
  ['a pairing that agreed on its own times: they are what is promised, and shown', async () => {
    const pairing = (answer) => ({
      resourceType: 'OrganizationAffiliation', id: 'pairing', active: true, organization: ref('Organization/twin'), participatingOrganization: ref('Organization/county'),
      extension: [{ url: `${BELAY}/StructureDefinition/case-times`, extension: [
        { url: 'urgency', valueCode: 'urgent' }, { url: 'allocate-minutes', valuePositiveInt: 20 }, { url: 'answer-minutes', valuePositiveInt: answer }] }],
    });
    status(await node.put('/fhir/OrganizationAffiliation/pairing', pairing(10)), 400);
    status(await node.put('/fhir/OrganizationAffiliation/pairing', pairing(120)), 201);
    const now = await task(await sent('Organization/twin-surgery', 'urgent'));
    equal([minutes(now, 'sent', 'allocate-by'), minutes(now, 'sent', 'answer-by')], [20, 120]);
    const usual = await task(await sent('Organization/twin-surgery', 'stat'));
    equal([minutes(usual, 'sent', 'allocate-by'), minutes(usual, 'sent', 'answer-by')], [5, 15]);
  }],
  ['nobody takes it: over a restart of the node, and in another zone with another summer time, its clock is the same', async () => {
    const id = await sent('Organization/twin-surgery', 'stat');
    const before = clock(await task(id));
    await node.stop('SIGKILL');
    process.env.TZ = 'America/St_Johns'; // half an hour off, and its summer time begins on another day
    await node.start();
    equal(clock(await task(id)), before);
    for (const person of Object.keys(heard)) heard[person] = await listen(node, who[person]);
    await setNext(id, Date.now() + 1500);
    await eventually(async () => clock(await task(id)).level === 1, 'the next is asked');
    const level = await task(id);
    equal(clock(level)['allocate-by'], before['allocate-by'], 'what was promised stays');
    const left = goneNow();
    await setNext(id, Date.now() - 1000);
    await eventually(async () => stateOf(await task(id)) === 'expired', 'it expires');
    await isOver(id, { state: 'expired', code: '6.0', task: 'failed', request: 'revoked', before: left });
    const late = await refused(409, 'expert', id, 'accept');
    check(/ended for want of an answer by belay at /.test(late), late);
    await node.stop();
    delete process.env.TZ;
    await node.start();
    equal(stateOf(await task(id)), 'expired');
  }],
  ['by no other way does anybody move it', async () => {
    const id = await sent();
    const one = await task(id);
    for (const person of ['doctor', 'expert']) {
      const told403 = status(await who[person].put(`/fhir/Task/${id}`, { ...one, status: 'completed' }), 403).json.issue[0].diagnostics;
      check(told403.includes('$accept'), told403);
      status(await who[person].put(`/fhir/ServiceRequest/${id}`, { ...await request(id), status: 'completed' }), 403);
    }
    equal(await task(id), one);
  }],
  ['what was derived is what the log says', async () => {
    await sleep(100);
    await node.stop();
    must('verify', node.folder);
  }],
], () => node.remove());
