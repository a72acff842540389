// SPDX-License-Identifier: Apache-2.0
import { createHmac, randomUUID } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Node, must, run } from './lib/node.mjs';
import { newPerson } from './lib/people.mjs';
import { HookReceiver, MailServer } from './lib/receivers.mjs';
import { check, equal, eventually, scenario, sleep, status } from './lib/scenario.mjs';
import { makeCertificate } from './lib/tls.mjs';

const QUESTION = 'Is it a fracture of the left wrist?';
const PASSWORD = 'the letter box, 0123456789 &=%';
const SECRET = 'a secret of the hook';
const NAME = 'Pema Lhamo';
const ANSWER = [
  ['assessment', 'valueString', 'A greenstick fracture'], ['advice', 'valueString', 'A splint'],
  ['urgency', 'valueCode', 'routine'], ['can-be-done-here', 'valueCode', 'yes'],
];
const OUTCOME = [
  ['helpful', 'valueCode', 'yes'], ['plan-changed', 'valueBoolean', true], ['transfer-avoided', 'valueBoolean', true], ['patient', 'valueCode', 'better'],
];
const node = new Node();
const mail = new MailServer();
const hooks = new HookReceiver();
const who = {};
let cases = {};

function secretFile(text) {
  const file = join(node.folder, '..', 'secret');
  writeFileSync(file, `${text}\n`);
  chmodSync(file, 0o600);
  return file;
}

const step = (person, id, name, parameters = []) => who[person].post(`/fhir/ServiceRequest/${id}/$${name}`, {
  resourceType: 'Parameters', parameter: parameters.map(([key, kind, value]) => ({ name: key, [kind]: value })),
});

async function ask(priority) {
  const id = randomUUID();
  status(await who.nima.put(`/fhir/ServiceRequest/${id}`, {
    resourceType: 'ServiceRequest', id, status: 'draft', intent: 'order', priority, subject: { reference: 'Patient/pema' },
    category: [{ coding: [{ system: 'https://belay.health/CodeSystem/case-kind', code: 'advice' }] }],
    reasonCode: [{ text: QUESTION }], performer: [{ reference: 'Organization/surgery' }],
  }), 201);
  status(await step('nima', id, 'send'), 200);
  return id;
}

const choose = (person, choices) => who[person].put('/session/choices', choices);
const letters = (to) => mail.letters.filter((letter) => letter.to.includes(to));
const bodies = (path) => hooks.at(path).map((call) => JSON.parse(call.text));
const shown = () => must('mail', 'show', node.folder);

/** HH:MM so many minutes from now, in UTC. */
const clock = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString().slice(11, 16);

await scenario('People are told that a case waits, once, by the way they chose, and nothing about whom.', [
  ['two hospitals, a mail server with TLS, a receiver of webhooks', async () => {
    await hooks.start();
    await node.init().start();
    const certificate = makeCertificate(join(node.folder, '..'), 'mail');
    await mail.start(certificate, 'belay', PASSWORD);
    for (const [id, above] of [['county'], ['twin'], ['surgery', 'twin']]) {
      status(await node.put(`/fhir/Organization/${id}`, {
        resourceType: 'Organization', id, name: id, address: [{ country: 'CN' }], ...(above ? { partOf: { reference: `Organization/${above}` } } : {}),
      }), 201);
    }
    status(await node.put('/fhir/Patient/pema', { resourceType: 'Patient', id: 'pema', name: [{ text: NAME }], managingOrganization: { reference: 'Organization/county' } }), 201);
    who.nima = await newPerson(node, { id: 'nima', role: 'clinician', unit: 'county' });
    who.chen = await newPerson(node, { id: 'chen', role: 'expert', unit: 'surgery' });
    who.wei = await newPerson(node, { id: 'wei', role: 'expert', unit: 'surgery' });
    who.chief = await newPerson(node, { id: 'chief', role: 'administrator', unit: 'twin' });
    who.certificate = certificate.certificate;
  }],
  ['the secret of the mail server is in no word of a command and in nothing that is shown', () => {
    equal(run('mail', 'set', node.folder, '--server', 'smtp://mail.example/x', '--from', 'belay@node.example').status, 1);
    equal(run('mail', 'set', node.folder, '--server', 'smtp://mail.example', '--from', 'belay').status, 1);
    must('mail', 'set', node.folder, '--server', `smtp://127.0.0.1:${mail.port}`, '--from', 'belay@node.example', '--user', 'belay',
      '--secret-file', secretFile(PASSWORD), '--ca-file', who.certificate);
    check(!shown().includes(PASSWORD) && /as belay/.test(shown()), shown());
  }],
  ['choices are checked and kept: language, address, hook, quiet hours', async () => {
    status(await choose('chen', { email: 'not an address' }), 400);
    status(await choose('chen', { email: 'a@b.example\r\nBcc: all@b.example' }), 400);
    status(await choose('chen', { quiet: { from: '25:00', until: '07:00', offset: 0 } }), 400);
    status(await choose('chen', { off: ['everything'] }), 400);
    for (const url of ['http://127.0.0.1:1/x', 'http://hooks.example/x', 'ftp://hooks.example/', 'https://a:b@hooks.example/']) {
      status(await choose('chen', { hook: { url } }), 400);
    }
    const { json } = status(await choose('chen', { language: 'zh', email: 'chen@twin.example', hook: { url: 'https://hooks.example/x', secret: SECRET } }), 200);
    equal([json.language, json.email, json.hook, json.mail], ['zh', 'chen@twin.example', { url: 'https://hooks.example/x', form: 'belay', hasSecret: true }, true]);
    equal((await who.chen.get('/session')).json.language, 'zh');
    equal(status(await choose('chen', { hook: null }), 200).json.hook, undefined);
    equal((await who.wei.get('/session/choices')).json.email, undefined, 'another person has the address');
  }],
  ['a routine case goes to the experts of the unit by mail, in their language, and says nothing of the patient', async () => {
    status(await choose('wei', { email: 'wei@twin.example', language: 'en', quiet: { from: clock(-60), until: clock(60), offset: 0 } }), 200);
    cases.routine = await ask('routine');
    const [letter] = await eventually(() => (letters('chen@twin.example').length > 0 ? letters('chen@twin.example') : null), 'the letter');
    equal([letter.from, letter.secure], ['belay@node.example', true]);
    equal(MailServer.subject(letter), '有病例等您处理：请打开 Belay');
    const text = MailServer.body(letter);
    check(text.includes(`${node.url}/#/case/${cases.routine}`) && text.includes('[常规]'), text);
    for (const word of [NAME, 'Pema', 'fracture', 'pema', 'county']) check(!text.includes(word) && !letter.text.includes(word), `the letter says ${word}`);
  }],
  ['in the quiet hours nobody is told of it, but of an emergency at once', async () => {
    equal(letters('wei@twin.example').length, 0);
    await eventually(() => /waiting {3}1\n/.test(shown()), 'one letter alone that waits: a letter that came is struck off a moment later');
    cases.emergency = await ask('stat');
    const [letter] = await eventually(() => (letters('wei@twin.example').length > 0 ? letters('wei@twin.example') : null), 'the emergency');
    check(/\[Emergency\] A case waits for you\./.test(MailServer.body(letter)) && /Importance: high/.test(letter.text), MailServer.body(letter));
  }],
  ['a case that somebody took is told to nobody any more', async () => {
    status(await step('chen', cases.routine, 'accept'), 200);
    status(await choose('wei', { quiet: null }), 200);
    const before = letters('wei@twin.example').length;
    status(await who.wei.post('/session/choices/try', {}), 200);
    await eventually(() => letters('wei@twin.example').length > before, 'the test message');
    check(/This is a test/.test(MailServer.body(letters('wei@twin.example').at(-1))), 'another letter came first');
  }],
  ['hooks lead into private networks only when the operator says so', async () => {
    status(await choose('nima', { hook: { url: hooks.url.replace('http:', 'https:').replace('127.0.0.1', 'localhost') } }), 200);
    equal(status(await who.nima.post('/session/choices/try', {}), 200).json.ways, 1);
    await eventually(() => /given up {2}1\n/.test(shown()), 'the refusal');
    check(/to Practitioner\/nima by hook: .*private network/.test(shown()), shown());
    equal(hooks.calls.length, 0);
    const { json } = status(await who.chief.get('/session/choices'), 200);
    check(json.failed.count === 1 && /private network/.test(json.failed.why), JSON.stringify(json));
    equal((await who.wei.get('/session/choices')).json.failed, undefined, 'failures are the administrator\'s');
    must('mail', 'set', node.folder, '--server', `smtp://127.0.0.1:${mail.port}`, '--from', 'belay@node.example', '--user', 'belay',
      '--secret-file', secretFile(PASSWORD), '--ca-file', who.certificate, '--private-hooks');
  }],
  ['whoever asked is told of a question back and of the answer, by a signed hook; the expert of what followed', async () => {
    status(await choose('nima', { hook: { url: `${hooks.url}/nima`, secret: SECRET } }), 200);
    status(await choose('chen', { email: null, hook: { url: `${hooks.url}/chen`, form: 'msgtype' } }), 200);
    status(await step('chen', cases.routine, 'ask-back', [['text', 'valueString', 'Which hand?']]), 200);
    await eventually(() => hooks.at('/nima').length === 1, 'the question back');
    status(await step('nima', cases.routine, 'inform', [['text', 'valueString', 'The left']]), 200);
    await eventually(() => hooks.at('/chen').length === 1, 'the information');
    status(await step('chen', cases.routine, 'answer', ANSWER), 200);
    await eventually(() => hooks.at('/nima').length === 2, 'the answer');
    status(await step('nima', cases.routine, 'outcome', OUTCOME), 200);
    await eventually(() => hooks.at('/chen').length === 2, 'the outcome');
    equal(bodies('/nima').map(({ kind, urgency }) => [kind, urgency]), [['asked', 'routine'], ['answered', 'routine']]);
    const [{ headers, text }] = hooks.at('/nima');
    equal(headers['x-belay-signature'], `sha256=${createHmac('sha256', SECRET).update(`${headers['x-belay-time']}.${text}`).digest('hex')}`);
    check(Math.abs(Date.now() / 1000 - Number(headers['x-belay-time'])) < 60, headers['x-belay-time']);
    check(bodies('/chen').every((body) => body.msgtype === 'text' && body.text.content.includes('#/case/')), JSON.stringify(bodies('/chen')));
    for (const { text: all } of hooks.calls) check(!/Pema|pema|wrist|splint|hand/.test(all), all);
  }],
  ['a department has a hook of its own; what fails is tried again, also by the node that starts anew', async () => {
    must('mail', 'hook', node.folder, 'surgery', '--url', `${hooks.url}/unit`, '--form', 'text');
    status(await choose('chen', { hook: null }), 200);
    hooks.answers = [503];
    cases.second = await ask('stat');
    await eventually(() => hooks.at('/unit').length === 1, 'the first try');
    await node.logged(/waits for another try to=Organization\/surgery/);
    await node.stop();
    await node.start();
    await eventually(() => hooks.at('/unit').length === 2, 'the second try');
    equal(bodies('/unit')[1].text.includes(`#/case/${cases.second}`), true);
    await eventually(() => letters('wei@twin.example').length >= 3, 'the letter');
    await sleep(300);
    equal([hooks.at('/unit').length, letters('wei@twin.example').length], [2, 3], 'told twice');
  }],
  ['a mailbox that is not there is given up at once and told to the administrator', async () => {
    mail.refuse = { code: 550, text: 'no such mailbox' };
    status(await who.wei.post('/session/choices/try', {}), 200);
    await eventually(() => /given up {2}2\n/.test(shown()), 'giving up');
    check(/to Practitioner\/wei by mail: .*550/.test(shown()), shown());
    mail.refuse = null;
  }],
  ['what somebody turned off is not told', async () => {
    status(await choose('wei', { off: ['sent', 'escalated'] }), 200);
    const before = [hooks.at('/unit').length, letters('wei@twin.example').length];
    cases.third = await ask('routine');
    await eventually(() => hooks.at('/unit').length === before[0] + 1, 'the unit\'s hook');
    await sleep(300);
    equal(letters('wei@twin.example').length, before[1]);
    must('mail', 'unhook', node.folder, 'surgery');
    must('mail', 'off', node.folder);
    equal((await who.wei.get('/session/choices')).json.mail, false);
  }],
], async () => {
  await node.remove();
  await mail.stop();
  hooks.stop();
});
