// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Node, must, run } from './lib/node.mjs';
import { codeOf } from './lib/people.mjs';
import { check, equal, eventually, scenario } from './lib/scenario.mjs';

const ROLE = 'https://belay.health/CodeSystem/role';
const GOOD = 'four yaks cross the pass';
const node = new Node();
let cookie = '';
let page = '';

async function ask(method, path, body, headers = {}) {
  const answer = await fetch(node.url + path, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    headers: {
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(cookie ? { Cookie: `belay=${cookie}` } : {}),
      ...(page ? { 'X-Belay-Page': page } : {}),
      ...headers,
    },
  });
  const text = await answer.text();
  const set = answer.headers.get('set-cookie');
  const json = text ? JSON.parse(text) : undefined;
  if (set !== null) {
    check(/; Path=\/; HttpOnly; SameSite=Strict(;|$)/.test(set), `cookie: ${set}`);
    cookie = /^belay=([^;]*)/.exec(set)[1];
    page = json?.page ?? '';
  }
  return { status: answer.status, json, headers: answer.headers };
}

function withPassword(password, ...words) {
  const done = spawnSync(process.env.BELAY, words, { input: `${password}\n`, encoding: 'utf8' });
  return { status: done.status, stdout: done.stdout, stderr: done.stderr };
}

function browser() {
  cookie = '';
  page = '';
}

let secret = '';

await scenario('People sign in with a password and a code, and nobody else does.', [
  ['a node with a clinician in its directory', async () => {
    await node.init().start();
    await node.put('/fhir/Practitioner/pema', { resourceType: 'Practitioner', id: 'pema', name: [{ text: 'Pema Yangchen' }] });
    await node.put('/fhir/PractitionerRole/pema', {
      resourceType: 'PractitionerRole', id: 'pema', practitioner: { reference: 'Practitioner/pema' },
      code: [{ coding: [{ system: ROLE, code: 'clinician' }] }], organization: { reference: 'Organization/hill' },
    });
    await node.put('/fhir/Organization/hill', { resourceType: 'Organization', id: 'hill', name: 'Hill Hospital' });
    await node.put('/fhir/Patient/hers', { resourceType: 'Patient', id: 'hers', managingOrganization: { reference: 'Organization/hill' } });
  }],
  ['accounts are made while it is served, and the password comes by standard input', () => {
    const { status, stdout } = withPassword(GOOD, 'user', 'add', node.folder, 'Pema', '--practitioner', 'pema', '--password');
    equal(status, 0, 'exit code');
    check(!stdout.includes('enrol'), 'a link is printed that nobody needs');
    const weak = withPassword('password1234', 'user', 'add', node.folder, 'Tashi', '--role', 'auditor', '--password');
    equal(weak.status, 1, 'exit code for a weak password');
    check(/common words/.test(weak.stderr), weak.stderr);
    equal(run('user', 'add', node.folder, 'pema', '--practitioner', 'pema').status, 1, 'the name a second time');
    equal(run('user', 'add', node.folder, 'Ghost', '--practitioner', 'ghost').status, 1, 'no such practitioner');
    check(/Pema .*Practitioner\/pema .*enabled/.test(must('user', 'list', node.folder)), 'the list');
  }],
  ['wrong name and wrong password sound the same', async () => {
    const wrong = await ask('POST', '/session', { name: 'Pema', password: 'no' });
    const unknown = await ask('POST', '/session', { name: 'Nobody', password: 'no' });
    equal(wrong.status, 401, 'status');
    equal(unknown.json, wrong.json, 'the words');
    equal(cookie, '', 'no cookie');
  }],
  ['the right one opens a session with a cookie', async () => {
    equal((await ask('POST', '/session', { name: 'pema', password: GOOD })).json.next, null);
    const who = (await ask('GET', '/session')).json;
    equal([who.name, who.role, who.practitioner], ['Pema', 'clinician', 'Practitioner/pema']);
    equal((await ask('GET', '/fhir/Practitioner/pema', undefined)).status, 200, 'a read');
  }],
  ['a change needs the page token, and the right origin', async () => {
    const body = { resourceType: 'Basic', code: { text: 'x' }, subject: { reference: 'Patient/hers' } };
    const held = page;
    const json = { 'Content-Type': 'application/fhir+json' };
    page = '';
    equal((await ask('POST', '/fhir/Basic', body, json)).status, 403, 'without a token');
    page = held.replace(/./, (c) => (c === '0' ? '1' : '0'));
    equal((await ask('POST', '/fhir/Basic', body, json)).status, 403, 'with another');
    page = held;
    equal((await ask('POST', '/fhir/Basic', body, { ...json, Origin: 'http://evil.example' })).status, 403, 'from elsewhere');
    equal((await ask('POST', '/fhir/Basic', body, { ...json, 'Sec-Fetch-Site': 'cross-site' })).status, 403, 'cross-site');
    equal((await ask('POST', '/fhir/Basic', body, { ...json, Origin: node.url })).status, 201, 'from here');
    equal((await ask('DELETE', '/session', undefined, { 'Sec-Fetch-Site': 'cross-site' })).status, 403, 'signing out from elsewhere');
  }],
  ['a cookie that comes twice, or is none, opens nothing', async () => {
    const held = cookie;
    for (const odd of [`${held}; belay=${held}`, 'x', '', held.slice(1), `${held}x`]) {
      cookie = odd || ' ';
      equal((await ask('GET', '/session')).status, 401, `status for "${odd.slice(0, 8)}"`);
    }
    cookie = held;
    equal((await ask('GET', '/session')).status, 200, 'and the right one still does');
  }],
  ['the session outlives the program', async () => {
    await node.stop();
    await node.start();
    equal((await ask('GET', '/session')).status, 200);
  }],
  ['a post that is ended in the directory ends at once', async () => {
    await node.put('/fhir/PractitionerRole/pema', {
      resourceType: 'PractitionerRole', id: 'pema', active: false, practitioner: { reference: 'Practitioner/pema' },
      code: [{ coding: [{ system: ROLE, code: 'clinician' }] }],
    });
    equal((await ask('GET', '/fhir/Practitioner/pema')).status, 403, 'a read');
    equal((await ask('GET', '/session')).json.posts, [], 'the posts');
  }],
  ['disabling ends the session within a second or so', async () => {
    must('user', 'disable', node.folder, 'pema');
    await eventually(async () => (await ask('GET', '/session')).status === 401, 'the end of the session');
    browser();
    equal((await ask('POST', '/session', { name: 'pema', password: GOOD })).status, 401);
  }],
  ['an administrator comes in by a link, and sets up codes', async () => {
    browser();
    const link = /\/#\/enrol\/(\S+)/.exec(must('user', 'add', node.folder, 'Chief', '--role', 'administrator'));
    equal((await ask('POST', '/session', { ticket: link[1], password: GOOD })).json.next, 'enrolment');
    equal((await ask('GET', '/fhir/Patient')).status, 401, 'nothing is open yet');
    secret = (await ask('POST', '/session/enrolment', {})).json.secret;
    const used = codeOf(secret);
    const done = await ask('PUT', '/session/enrolment', { code: used });
    equal(done.json.recovery.length, 10, 'recovery codes');
    equal((await ask('GET', '/fhir/Patient')).status, 200, 'now it is');
    browser();
    equal((await ask('POST', '/session', { ticket: link[1], password: GOOD })).status, 401, 'the link again');
    equal((await ask('POST', '/session', { name: 'Chief', password: GOOD })).json.next, 'code');
    equal((await ask('POST', '/session/code', { code: used })).status, 401, 'the code that was used');
    equal((await ask('POST', '/session/code', { code: done.json.recovery[0] })).status, 200, 'a recovery code');
    equal((await ask('GET', '/session/list')).json.visits.length, 2, 'this browser, and the one that set the codes up');
  }],
  ['signed out is out', async () => {
    const held = cookie;
    equal((await ask('DELETE', '/session')).status, 204);
    cookie = held;
    equal((await ask('GET', '/session')).status, 401);
  }],
  ['who tries too often waits', async () => {
    browser();
    // the wait is a second after five tries, then twice as long each time: where a try itself
    // takes longer, a later one meets it
    let answer;
    for (let tries = 1; ; tries++) {
      answer = await ask('POST', '/session', { name: 'Someone', password: 'no' });
      if (answer.status === 429) break;
      equal(answer.status, 401, `try ${tries}`);
      check(tries < 15, 'nobody is made to wait');
    }
    check(Number(answer.headers.get('retry-after')) >= 1, `Retry-After: ${answer.headers.get('retry-after')}`);
  }],
  ['large and odd bodies are refused before they are read', async () => {
    equal((await ask('POST', '/session', { name: 'x', password: 'y'.repeat(10_000) })).status, 413);
    equal((await ask('POST', '/session', [], { 'Content-Type': 'text/plain' })).status, 415);
    equal((await ask('PATCH', '/session')).status, 405);
  }],
  ['the operator asks codes of every role: who is in without one is shut out of records until codes are set up', async () => {
    browser();
    withPassword(GOOD, 'user', 'add', node.folder, 'Norbu', '--role', 'auditor', '--password');
    equal((await ask('POST', '/session', { name: 'Norbu', password: GOOD })).json.next, null);
    equal((await ask('GET', '/fhir/AuditEvent')).status, 200, 'the trail');
    check(!/auditor/.test(must('rules', 'codes', node.folder)), 'it is asked of auditors already');
    check(/auditor/.test(must('rules', 'codes', node.folder, 'auditor')), 'it is not asked of auditors');
    await eventually(async () => (await ask('GET', '/fhir/AuditEvent')).status === 403, 'the rule');
    const who = (await ask('GET', '/session')).json;
    equal([who.codes, who.codesAsked, who.posts], [false, true, []]);
    const { json } = await ask('POST', '/session/enrolment', { password: GOOD });
    equal((await ask('PUT', '/session/enrolment', { code: codeOf(json.secret) })).status, 200);
    equal((await ask('GET', '/fhir/AuditEvent')).status, 200, 'the trail, with a code');
    equal(run('rules', 'codes', node.folder, 'wizard').status, 1, 'no such role');
    must('rules', 'codes', node.folder, '--least');
    check(!/auditor/.test(must('rules', 'codes', node.folder)), 'it is still asked');
    const told = (await ask('GET', '/fhir/AuditEvent?type=110137')).json.entry.map(({ resource }) => resource)
      .filter((one) => one.agent[0].name.startsWith('belay rules')).map((one) => one.entity[0].name);
    equal(told, ['codes of administrators and coordinators alone', 'codes of auditor']);
  }],
  ['no leaked password is chosen once the operator has named a list', async () => {
    const list = join(node.folder, '..', `leaked-${process.pid}`);
    const hashes = ['otters and lamps', 'nine drums in fog'].map((text) => createHash('sha1').update(text).digest('hex').toUpperCase()).sort();
    writeFileSync(list, `${[...hashes].reverse().join(':3\r\n')}:3\r\n`);
    equal(run('rules', 'leaked', node.folder, list).status, 1, 'one that is not sorted');
    writeFileSync(list, `${hashes.join(':3\r\n')}:3\r\n`);
    must('rules', 'leaked', node.folder, list);
    const refused = withPassword('nine drums in fog', 'user', 'add', node.folder, 'Lhamo', '--role', 'auditor', '--password');
    equal(refused.status, 1, 'exit code');
    check(/leaked/.test(refused.stderr), refused.stderr);
    const taken = await ask('POST', '/session/password', { old: GOOD, new: 'otters and lamps' });
    equal([taken.status, taken.json.issue[0].expression[0]], [400, 'password-leaked']);
    rmSync(list);
    equal((await ask('POST', '/session/password', { old: GOOD, new: 'six carts of salt' })).status, 500, 'without the list that is asked for');
    must('rules', 'leaked', node.folder, '--off');
    equal((await ask('POST', '/session/password', { old: GOOD, new: 'six carts of salt' })).status, 200);
  }],
  ['no secret is in the log', () => {
    check(!node.log.includes(GOOD) && !node.log.includes(secret), 'a secret is in the log');
  }],
], () => node.remove());
