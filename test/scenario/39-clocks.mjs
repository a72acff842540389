// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Node, must, run } from './lib/node.mjs';
import { colleague, listen } from './lib/colleagues.mjs';
import { check, equal, eventually, scenario, sleep, status } from './lib/scenario.mjs';

const BELAY = 'https://belay.health';
const node = new Node();
const who = {};
const heard = {};
// the ids of cases, which who asks chooses
const cases = Object.fromEntries(['one', 'two', 'three', 'four', 'five'].map((name) => [name, randomUUID()]));
const nameOf = (id) => Object.keys(cases).find((name) => cases[name] === id) ?? id;

const valueOf = (part) => Object.entries(part).find(([name]) => name.startsWith('value'))?.[1];

/** A worklist: its cases as plain objects. */
async function worklist(person, query = '') {
  const { json } = status(await person.get(`/fhir/Task/$worklist${query}`), 200);
  return json.parameter.filter(({ name }) => name === 'case')
    .map(({ part }) => Object.fromEntries(part.map((one) => [one.name, valueOf(one)])))
    .map((row) => ({ ...row, id: nameOf(row.id) }));
}
const ids = async (person, query) => (await worklist(person, query)).map(({ id }) => id);

/** The case ${name} asked and sent by the doctor. */
async function send(name, priority) {
  const id = cases[name];
  status(await who.doctor.put(`/fhir/ServiceRequest/${id}`, {
    resourceType: 'ServiceRequest', id, status: 'draft', intent: 'order', priority, subject: { reference: 'Patient/pema' },
    category: [{ coding: [{ system: `${BELAY}/CodeSystem/case-kind`, code: 'advice' }] }],
    reasonCode: [{ text: `Is ${name} a fracture?` }], performer: [{ reference: 'PractitionerRole/role-expert' }],
  }), 201);
  return step(who.doctor, name, 'send');
}

async function step(person, name, operation, parts = {}) {
  return status(await person.post(`/fhir/ServiceRequest/${cases[name]}/$${operation}`, {
    resourceType: 'Parameters', parameter: Object.entries(parts).map(([part, text]) => ({ name: part, valueString: text })),
  }), 200).json;
}

const task = async (name) => status(await node.get(`/fhir/Task/${cases[name]}`), 200).json;
const clock = (one) => Object.fromEntries(one.extension.find(({ url }) => url.endsWith('/case-clock')).extension
  .map((part) => [part.url, valueOf(part)]));
const stateOf = (one) => one.businessStatus.coding[0].code;

const nextOf = (one) => one.extension.find(({ url }) => url.endsWith('/case-clock')).extension.find(({ url }) => url === 'next');

/** As if its clock had been set so when it was sent: what nobody but the operator can do. */
async function setNext(name, at) {
  const one = await task(name);
  nextOf(one).valueInstant = new Date(at).toISOString();
  status(await node.put(`/fhir/Task/${one.id}`, one), 200);
}

const level = (id, wanted) => eventually(async () => clock(await task(id)).level === wanted, `level ${wanted} of ${id}`);
const tells = (told, type, name) => told.some((event) => event.type === type && event.id === cases[name]);

await scenario('Nobody answers, and the case finds its way all the same, whatever happens to the machine.', [
  ['a county hospital asks a department of its twin; both look at their pages', async () => {
    await node.init().start();
    for (const [id, partOf] of [['county'], ['twin'], ['twin-surgery', 'twin'], ['twin-medicine', 'twin']]) {
      status(await node.put(`/fhir/Organization/${id}`, {
        resourceType: 'Organization', id, name: id, address: [{ country: 'CN' }], ...(partOf ? { partOf: { reference: `Organization/${partOf}` } } : {}),
      }), 201);
    }
    status(await node.put('/fhir/Patient/pema', {
      resourceType: 'Patient', id: 'pema', name: [{ text: 'Pema' }], gender: 'female', birthDate: '1970-01-01',
      managingOrganization: { reference: 'Organization/county' },
    }), 201);
    who.doctor = await colleague(node, 'doctor', 'clinician', 'county');
    who.expert = await colleague(node, 'expert', 'expert', 'twin-surgery');
    who.other = await colleague(node, 'other', 'clinician', 'twin-medicine');
    for (const name of ['doctor', 'expert', 'other']) heard[name] = await listen(node, who[name]);
  }],
  ['what is sent is at once on the list of who is asked, and of nobody else', async () => {
    await send('one', 'urgent');
    await eventually(() => tells(heard.expert.told, 'Task', 'one'), 'the expert hears');
    const [row] = await worklist(who.expert);
    equal([row.id, row.state, row.urgency, row.side, row.waits, row.question, row.patient.reference],
      ['one', 'sent', 'urgent', 'asked', true, 'Is one a fracture?', 'Patient/pema']);
    equal(Date.parse(row['allocate-by']) - Date.parse(row.sent), 30 * 60_000);
    equal(await ids(who.doctor, '?show=waiting'), []);
    equal(await ids(who.doctor), ['one']);
    equal(await ids(who.other), []);
    check(!tells(heard.other.told, 'Task', 'one'), 'who is not asked hears nothing');
  }],
  ['each step reaches the other side: accepted, asked back, told, answered', async () => {
    await step(who.expert, 'one', 'accept');
    await eventually(() => heard.doctor.told.filter(({ type, id }) => type === 'Task' && nameOf(id) === 'one').length >= 2, 'accepted');
    await step(who.expert, 'one', 'ask-back', { text: 'Which side?' });
    equal(await ids(who.doctor, '?show=waiting'), ['one']);
    equal(await ids(who.expert, '?show=waiting'), []);
    await step(who.doctor, 'one', 'inform', { text: 'The left one.' });
    await eventually(() => heard.expert.told.filter(({ type, id }) => type === 'Task' && nameOf(id) === 'one').length >= 4, 'informed');
    equal((await worklist(who.expert, '?mine=true')).map(({ id, mine }) => [id, mine]), [['one', true]]);
  }],
  ['how long a new message takes to the other browser', async () => {
    const took = [];
    for (let i = 0; i < 40; i++) {
      const [from, to] = i % 2 ? ['doctor', 'expert'] : ['expert', 'doctor'];
      const before = heard[to].told.length;
      const begun = performance.now();
      await step(who[from], 'one', 'message', { text: `Message ${i}` });
      while (!heard[to].told.slice(before).some(({ type }) => type === 'Communication')) {
        check(performance.now() - begun < 60_000, 'the other side never heard');
        await sleep(1);
      }
      took.push(performance.now() - begun);
    }
    took.sort((a, b) => a - b);
    console.log(`     from sending a message to the other side's event: median ${took[20].toFixed(0)} ms, longest of 40 ${took[39].toFixed(0)} ms`);
  }],
  ['a clock that has run out asks the next, by itself, and both sides hear of it', async () => {
    await send('two', 'stat');
    const before = heard.doctor.told.length;
    const run = Date.now() + 1500;
    await setNext('two', run);
    await level('two', 1);
    const now = await task('two');
    check(Date.parse(now.meta.lastUpdated) >= run, 'not before its time');
    equal([stateOf(now), now.owner.reference], ['sent', 'Organization/twin-surgery']);
    check(Date.parse(clock(now).next) > Date.now() + 60_000, 'the next look is later');
    await eventually(() => heard.doctor.told.slice(before).filter(({ id }) => nameOf(id) === 'two').length >= 2, 'the asker hears');
    await sleep(500);
    const { json } = status(await node.get(`/fhir/Task/${cases.two}/_history`), 200);
    equal(json.entry.map(({ resource }) => clock(resource).level), [1, 0, 0], 'once and not twice');
  }],
  ['killed before a clock runs out, the node does it when it is back', async () => {
    await send('three', 'stat');
    await setNext('three', Date.now() + 1500);
    await node.stop('SIGKILL');
    await sleep(2500);
    await node.start();
    await level('three', 1);
  }],
  ['killed again and again around the moment, it is done once', async () => {
    await send('four', 'stat');
    await setNext('four', Date.now() + 2500);
    for (let i = 0; i < 4; i++) {
      await node.stop('SIGKILL');
      await node.start();
      await sleep(100 * i);
    }
    await level('four', 1);
    await node.stop('SIGKILL');
    await node.start();
    await sleep(500);
    const { json } = status(await node.get(`/fhir/Task/${cases.four}/_history`), 200);
    equal(json.entry.map(({ resource }) => clock(resource).level), [1, 0, 0]);
  }],
  ['a command beside does nothing of the kind, and two servers cannot have one node', async () => {
    const second = run('serve', node.folder, '--listen', '127.0.0.1:0');
    check(second.status !== 0 && second.stderr.length > 0, `a second server: ${second.status} ${second.stderr}`);
    await send('five', 'stat');
    const late = await task('five');
    nextOf(late).valueInstant = new Date(Date.now() - 1000).toISOString();
    await node.stop();
    const file = join(node.folder, '..', 'late.ndjson');
    writeFileSync(file, `${JSON.stringify(late)}\n`);
    must('import', node.folder, file); // as if it had run out while the node was off
    must('rebuild', node.folder);
    must('verify', node.folder);
    must('stats', node.folder);
    const begun = Date.now();
    await node.start();
    await level('five', 1);
    check(Date.parse((await task('five')).meta.lastUpdated) >= begun, 'the server did it, and no command');
  }],
  ['a case that nobody takes to the end has ended, and its asker sees it', async () => {
    await setNext('five', Date.now() - 1000);
    await eventually(async () => stateOf(await task('five')) === 'expired', 'it expires');
    equal(status(await who.doctor.get(`/fhir/ServiceRequest/${cases.five}`), 200).json.status, 'revoked');
    equal((await worklist(who.doctor, '?show=ended')).map(({ id, state }) => [id, state]), [['five', 'expired']]);
    check(!(await ids(who.expert, '?show=all')).includes('five'), 'who was asked is asked no more');
  }],
  ['what was derived is what the log says', async () => {
    await node.stop();
    must('verify', node.folder);
    await node.start();
    equal((await ids(who.doctor, '?show=all&total=true')).sort(), ['five', 'four', 'one', 'three', 'two']);
  }],
], () => node.remove());
