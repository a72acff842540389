// SPDX-License-Identifier: Apache-2.0
import { createHmac } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Node, must } from './lib/node.mjs';
import { PASSWORD, account, codeOf } from './lib/people.mjs';
import { HookReceiver, MailServer } from './lib/receivers.mjs';
import { check, equal, eventually, scenario, status } from './lib/scenario.mjs';
import { makeCertificate } from './lib/tls.mjs';

const BELAY = 'https://belay.health';
const DAY = 86_400_000;
const LETTER_BOX = 'the letter box, 0123456789 &=%';
const SECRET = 'a secret of the hook';
/** What no message may hold: who, in what, where, what became of it, which record. */
const NEVER = ['learner', 'Learner', 'appendectomy', 'surgery', 'hill', 'serious', 'Practitioner', 'SignOff', 'Procedure', 'op-'];
const node = new Node();
const mail = new MailServer();
const hooks = new HookReceiver();
const people = {};
let id = '';

const ref = (reference) => ({ reference });
const concept = (system, code) => ({ coding: [{ system: `${BELAY}/CodeSystem/${system}`, code }] });
const inDays = (days) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);
const own = (resource, space = 'fhir') => node.put(`/${space}/${resource.resourceType}/${resource.id}`, resource);
const unit = (name, partOf) => own({ resourceType: 'Organization', id: name, name, ...(partOf ? { partOf: ref(`Organization/${partOf}`) } : { address: [{ country: 'CN' }] }) });
const text = (name, value) => ({ name, valueString: value });
const post = (who, path, ...parameter) => people[who].post(`/programme/SignOff/${path}`, { resourceType: 'Parameters', parameter });
const choose = async (who, choices) => status(await people[who].put('/session/choices', choices), 200);
const letters = (who) => mail.letters.filter((letter) => letter.to.includes(`${who}@belay.example`));
const shown = () => must('mail', 'show', node.folder);
const clock = (minutes) => new Date(Date.now() + minutes * 60_000).toISOString().slice(11, 16);

async function newcomer(name, role, at) {
  status(await own({ resourceType: 'Practitioner', id: name, active: true, name: [{ text: name }] }), 201);
  status(await own({
    resourceType: 'PractitionerRole', id: name, active: true, practitioner: ref(`Practitioner/${name}`), organization: ref(`Organization/${at}`), code: [concept('role', role)],
  }), 201);
  const person = await account(node, name, name);
  if (!person.recovery) { // not asked of everybody
    const { json } = status(await person.post('/session/enrolment', { password: PASSWORD }), 200);
    person.recovery = status(await person.put('/session/enrolment', { code: codeOf(json.secret) }), 200).json.recovery;
  }
  people[name] = person;
}

/** The learner operated ${day} days after the signing, and that became of it. */
async function operation(day, n, result) {
  const name = `op-${day}-${n}`;
  status(await own({
    resourceType: 'Procedure', id: name, status: 'completed', subject: { display: 'Somebody' }, code: concept('procedure', 'appendectomy'), performedDateTime: inDays(day),
    performer: [{ function: concept('operation-function', 'operator'), actor: ref('Practitioner/learner') }],
    extension: [
      { url: `${BELAY}/StructureDefinition/operation-department`, valueReference: ref('Organization/surgery') },
      { url: `${BELAY}/StructureDefinition/operation-follow-up`, extension: [{ url: 'at', valueCode: 'day-30' }, { url: 'result', valueCode: result }] },
    ],
  }), 201);
}

/** Does the page Today tell this person of an alarm? It asks the same. */
async function today(who) {
  const { json } = status(await people[who].get('/programme/SignOff/$waiting'), 200);
  return (json.parameter ?? []).some(({ part = [] }) => part.some((one) => one.name === 'alarm' && one.valueBoolean)
    && part.some((one) => one.name === 'role'));
}

/** Bad results until the chart rises. */
async function goesBadly(day) {
  for (let n = 0; n < 20 && !(await today('head')); n++) await operation(day, n, 'serious');
  check(await today('head') && await today('quality'), 'the chart never rose');
}

const acknowledge = async (who) => status(await post(who, `${id}/$acknowledge`, text('reason', 'Each of them was looked at')), 200);

await scenario('Results after a sign-off are told by mail and webhook: once each time, to those who answer for it, and without a word of whom.', [
  ['a hospital, a mail server with TLS, a receiver of webhooks; all of them could be told', async () => {
    await hooks.start();
    await node.init().start();
    const certificate = makeCertificate(join(node.folder, '..'), 'mail');
    await mail.start(certificate, 'belay', LETTER_BOX);
    const file = join(node.folder, '..', 'secret');
    writeFileSync(file, `${LETTER_BOX}\n`);
    chmodSync(file, 0o600);
    must('mail', 'set', node.folder, '--server', `smtp://127.0.0.1:${mail.port}`, '--from', 'belay@node.example', '--user', 'belay',
      '--secret-file', file, '--ca-file', certificate.certificate, '--private-hooks');
    for (const [name, partOf] of [['hill'], ['surgery', 'hill'], ['medicine', 'hill'], ['twin'], ['twin-surgery', 'twin']]) status(await unit(name, partOf), 201);
    for (const [name, role, at] of [
      ['learner', 'clinician', 'surgery'], ['master', 'expert', 'surgery'], ['head', 'head-of-department', 'surgery'], ['quality', 'quality-officer', 'hill'],
      ['other-head', 'head-of-department', 'medicine'], ['other-quality', 'quality-officer', 'twin'],
    ]) {
      await newcomer(name, role, at);
      await choose(name, { email: `${name}@belay.example`, language: 'en' });
    }
    await choose('quality', { email: null, hook: { url: `${hooks.url}/quality`, secret: SECRET } });
    await choose('head', { language: 'zh' });
  }],
  ['somebody learns and is signed off by three', async () => {
    status(await own({
      resourceType: 'Apprenticeship', id: 'one', status: 'active', apprentice: ref('Practitioner/learner'), master: ref('Practitioner/master'),
      learningDepartment: ref('Organization/surgery'), teachingDepartment: ref('Organization/twin-surgery'), goal: [{ procedure: concept('procedure', 'appendectomy'), targetLevel: 5 }],
    }, 'programme'), 201);
    id = status(await post('learner', '$propose', { name: 'person', valueReference: ref('Practitioner/learner') }, { name: 'procedure', valueCode: 'appendectomy' }), 201).json.id;
    for (const who of ['quality', 'master', 'head']) {
      status(await post(who, `${id}/$sign`, text('code', people[who].recovery.shift()), text('reason', 'Watched each of them')), 200);
    }
  }],
  ['results go bad: the head hears of it by mail in their language, the quality office by a signed hook', async () => {
    await goesBadly(10);
    const [letter] = await eventually(() => (letters('head').length > 0 ? letters('head') : null), 'the letter');
    equal([letter.from, letter.secure, MailServer.subject(letter)], ['belay@node.example', true, '有事项等您处理：请打开 Belay']);
    const body = MailServer.body(letter);
    check(body.includes(`${node.url}/#/sign-offs\n`) && body.includes('有一项独立授权需要您查看。'), body);
    const [call] = await eventually(() => (hooks.at('/quality').length > 0 ? hooks.at('/quality') : null), 'the hook');
    const { kind, urgency, text: said, link } = JSON.parse(call.text);
    equal([kind, urgency, said, link], ['sign-off', 'routine', 'A sign-off waits for you to look at it.', `${node.url}/#/sign-offs`]);
    equal(call.headers['x-belay-signature'], `sha256=${createHmac('sha256', SECRET).update(`${call.headers['x-belay-time']}.${call.text}`).digest('hex')}`);
    for (const word of [...NEVER, id, inDays(10)]) check(!body.includes(word) && !letter.text.includes(word) && !call.text.includes(word), `a message says ${word}`);
  }],
  ['neither a bad case more before anybody looked, nor a start of the node, nor the look itself tells it again: the next is a new alarm', async () => {
    await operation(11, 0, 'well');
    await node.stop();
    await node.start();
    await acknowledge('head');
    check(!await today('quality'), 'it was looked at');
    await goesBadly(20);
    await eventually(() => letters('head').length > 1 && hooks.at('/quality').length > 1, 'the second alarm');
    equal([letters('head').length, hooks.at('/quality').length], [2, 2], 'told');
    check(MailServer.body(letters('head')[1]).includes(`${node.url}/#/sign-offs`), 'the link leads to where the node is now');
  }],
  ['a hook that does not answer is tried again; in quiet hours a message waits, also over a start of the node', async () => {
    await acknowledge('quality');
    await choose('head', { quiet: { from: clock(-60), until: clock(60), offset: 0 } });
    hooks.answers = [503];
    await goesBadly(30);
    await eventually(() => hooks.at('/quality').length === 3, 'the first try');
    await eventually(() => /waiting {3}2\n/.test(shown()), 'the letter and the hook that wait');
    await node.stop();
    await node.start();
    equal(/waiting {3}2\n/.test(shown()), true, shown());
  }],
  ['what somebody has looked at meanwhile is not told any more', async () => {
    await acknowledge('master');
    await eventually(() => /waiting {3}1\n/.test(shown()), 'the hook that is struck off when its time comes', 120_000);
    equal([hooks.at('/quality').length, letters('head').length], [3, 2], 'told');
  }],
  ['who turned it off hears nothing; nobody else ever heard anything', async () => {
    await choose('head', { off: ['sign-off'], quiet: null });
    await goesBadly(40);
    await eventually(() => hooks.at('/quality').length === 4, 'the fourth alarm');
    equal(letters('head').length, 2, 'letters to the head');
    for (const who of ['learner', 'master', 'other-head', 'other-quality']) equal(letters(who).length, 0, `letters to ${who}`);
  }],
], async () => {
  await node.remove();
  await mail.stop();
  hooks.stop();
});
