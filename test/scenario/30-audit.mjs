// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Node, must, run } from './lib/node.mjs';
import { check, equal, eventually, scenario, sleep, status } from './lib/scenario.mjs';

const node = new Node();
const PLANTED = ['Plantedfamily', 'plantednote', 'plantedsearch', 'planted-value-7731'];
const texts = []; // everything the program said and wrote down about itself
let auditor = '';
let doctor = '';

const as = (token) => ({ Authorization: `Bearer ${token}` });
const audit = async (query) => status(await node.get(`/fhir/AuditEvent?_count=1000&${query}`, as(auditor)), 200).json.entry ?? [];
/** What the operator did by these commands, newest first. */
const byOperator = async (commands) => (await audit('type=110137')).map((one) => one.resource)
  .filter((one) => new RegExp(`^belay (${commands}), user \\d+$`).test(one.agent[0].name));
const patient = (id) => ({ resourceType: 'Patient', id, name: [{ family: 'Plantedfamily' }] });
const observation = (id, subject) => ({
  resourceType: 'Observation', id, status: 'final', code: { text: 'plantednote' },
  valueString: 'planted-value-7731', subject: { reference: `Patient/${subject}` },
});

async function start() {
  process.env.BELAY_LOG = 'debug';
  await node.start();
}

await scenario('Who read and changed what is told, of every request, and nothing of what was in it.', [
  ['a served node with a doctor and an auditor', async () => {
    await node.init();
    await start();
    auditor = must('token', node.folder, 'Ms Revi', '--role', 'auditor').trim();
    doctor = must('token', node.folder, 'Dr Amala', '--role', 'clinician').trim();
    for (const id of ['a', 'b']) status(await node.put(`/fhir/Patient/${id}`, patient(id)), 201);
    status(await node.put('/fhir/Observation/o1', observation('o1', 'a')), 201);
  }],
  ['a read is told within two seconds, with who and from where', async () => {
    for (let i = 0; i < 20; i++) status(await node.get('/fhir/Patient/a', as(doctor)), 200);
    await sleep(2000); // a search of the trail writes what is noted by itself: this only lets the thread do it
    const found = await audit('patient=a&subtype=read');
    equal(found.length, 1);
    const [event] = found.map((entry) => entry.resource);
    equal(event.agent[0].who.display, 'Dr Amala');
    equal(event.agent[0].network.address, '127.0.0.1');
    check(event.entity.some((one) => one.what.reference.startsWith('Patient/a/_history/')), 'the version is not named');
  }],
  ['so is every other way to a record', async () => {
    status(await node.get('/fhir/Observation?subject=Patient/a&code:text=plantedsearch', as(doctor)), 200);
    status(await node.get('/fhir/Observation?subject=Patient/a', as(doctor)), 200);
    status(await node.get('/fhir/Patient/b/$everything', as(doctor)), 200);
    equal((await audit('patient=a&subtype=search')).length, 1);
    equal((await audit('patient=b&subtype=operation')).length, 1);
    status(await node.post('/fhir', { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: 'Observation/o1' } }] }), 200);
    equal((await audit('entity=Observation/o1&subtype=read')).length, 1);
  }],
  ['refusals are told, and counted', async () => {
    for (let i = 0; i < 30; i++) status(await node.get('/fhir/Patient/a', as('bly_plantedtokenplantedtokenplantedtokenplantedt')), 401);
    status(await node.get('/fhir/AuditEvent', as(doctor)), 403);
    const found = await audit('type=110113');
    check(found.length >= 2 && found.length <= 6, `${found.length} refusals are told`);
  }],
  ['a patient gets a list', async () => {
    const list = status(await node.get('/fhir/Patient/a/$accesses', as(auditor)), 200).json;
    equal(list.resourceType, 'Parameters');
    const words = JSON.stringify(list);
    check(words.includes('Dr Amala') && words.includes('found by a search'), 'the list lacks an access');
    check(!words.includes('127.0.0.1'), 'the list names a machine');
  }],
  ['an export by the operator is told', async () => {
    must('export', node.folder, '--to', join(node.folder, '..', 'all.ndjson'));
    equal((await audit('type=110106&patient=a')).length, 2); // one a type
    equal((await audit('type=110106&patient=b')).length, 1);
  }],
  ['what the operator does to accounts and programs is told', async () => {
    for (const words of [['add', '--role', 'clinician'], ['disable'], ['enable'], ['reset']]) must('user', words[0], node.folder, 'Dr New', ...words.slice(1));
    for (const words of [['add', '--scope', 'system/Patient.rs'], ['disable'], ['enable'], ['reset']]) must('client', words[0], node.folder, 'lab', ...words.slice(1));
    must('user', 'list', node.folder);
    equal(run('user', 'disable', node.folder, 'Nobody').status === 0, false, 'nobody');
    const told = (await byOperator('user|client')).reverse();
    const deeds = ['made', 'disabled', 'enabled', 'reset'];
    equal(told.map((one) => one.subtype[0].code), [...deeds, ...deeds]);
    equal(told.map((one) => one.entity[0].name), [...deeds.map(() => 'Dr New'), ...deeds.map(() => 'program lab')]);
    check(told.every((one, i) => new RegExp(`^belay ${i < 4 ? 'user' : 'client'}, user \\d+$`).test(one.agent[0].name)), JSON.stringify(told[0].agent));
  }],
  ['so are tokens, the sign-ons of others, mail and webhooks, and nobody sees a token that is not told of', async () => {
    must('token', node.folder, 'Ms Short', '--role', 'nurse');
    must('token', node.folder, 'Ms Short', '--revoke');
    must('user', 'add', node.folder, 'Dr Link', '--role', 'clinician');
    must('sign-on', 'add', node.folder, 'hill', '--issuer', 'https://id.hill.example', '--client-id', 'belay');
    must('sign-on', 'link', node.folder, 'hill', 'subject-7', 'Dr Link');
    must('sign-on', 'unlink', node.folder, 'hill', 'subject-7');
    must('sign-on', 'remove', node.folder, 'hill');
    must('sign-on', 'list', node.folder);
    must('mail', 'set', node.folder, '--server', 'smtps://mail.example', '--from', 'belay@mail.example');
    must('mail', 'show', node.folder);
    must('mail', 'hook', node.folder, 'ward', '--url', 'https://chat.example/hook');
    must('mail', 'unhook', node.folder, 'ward');
    equal(run('sign-on', 'remove', node.folder, 'nowhere').status === 0, false, 'nowhere');
    const told = (await byOperator('token|sign-on|mail')).map((one) => `${one.subtype[0].code} ${one.entity[0].name}`).reverse();
    equal(told, ['made token of Scenario', 'made token of Ms Revi', 'made token of Dr Amala', 'made token of Ms Short', 'disabled token of Ms Short',
      'made sign-on hill', 'made sign-on hill of Dr Link', 'disabled sign-on hill of subject-7', 'disabled sign-on hill', 'made mail server', 'made webhook of ward', 'disabled webhook of ward']);
  }],
  ['nothing of a record, no search value and no token is in the trail or the log', async () => {
    texts.push(JSON.stringify(await audit('')), node.log);
    await node.stop();
    texts.push(node.log);
    for (const text of texts) {
      for (const word of [...PLANTED, auditor, doctor, 'plantedtoken']) check(!text.includes(word), `${word.slice(0, 20)} is there`);
    }
    const { stdout } = run('verify', node.folder);
    check(/trail.*\d+:[0-9a-f]{64}/.test(stdout), `verify tells no head: ${stdout}`);
  }],
  ['what was acknowledged before a kill is told after it', async () => {
    const done = [];
    for (let round = 0; round < 4; round++) {
      await start();
      const client = async (number) => {
        for (let i = 0; ; i++) {
          const id = `k${round}-${number}-${i}`;
          try {
            if ((await node.put(`/fhir/Patient/${id}`, patient(id))).status !== 201) return;
          } catch {
            return;
          }
          done.push(id);
        }
      };
      const before = done.length;
      const clients = [0, 1, 2, 3].map(client);
      await eventually(() => done.length >= before + 3, 'some load');
      await sleep(20 * round);
      await node.stop('SIGKILL');
      await Promise.all(clients);
      must('verify', node.folder);
    }
    check(done.length > 8, 'there was hardly any load');
    await start();
    for (const id of done) equal((await audit(`patient=${id}&action=C`)).length, 1, id);
  }],
  ['a noted read is told when the server stops as asked', async () => {
    status(await node.get('/fhir/Observation/o1', as(must('token', node.folder, 'Last Reader', '--role', 'clinician').trim())), 200);
    await node.stop();
    await start();
    equal((await audit('agent-name=Last')).length, 1);
    await eventually(async () => readFileSync(join(node.folder, 'belay.db')).length > 0, 'a database');
  }],
], () => node.remove());
