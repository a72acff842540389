// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Node, must, run, temporaryFolder } from './lib/node.mjs';
import { check, equal, eventually, scenario, status } from './lib/scenario.mjs';

const node = new Node();

await scenario('An operator makes a node, serves it, and lets a person in.', [
  ['help names every command, and every command has help of its own', () => {
    const names = [...must('help').matchAll(/^ {2}([a-z]+) {2}/gm)].map((found) => found[1]);
    check(names.length >= 10, `only ${names.length} commands are named`);
    equal(names, [...names].sort(), 'order of commands');
    for (const name of names) {
      check(must(name, '--help').startsWith(`usage: belay ${name}`), `${name} has no usage`);
    }
    check(/^belay \d+\.\d+/.test(must('--version')), 'the version is not told');
  }],
  ['a wrong call ends with 2 and says what is wrong', () => {
    for (const words of [[], ['bogus'], ['init'], ['init', 'a', 'b'], ['serve', 'x', '--port', '1'],
      ['token', 'x', 'y', '--hours', 'many']]) {
      const { status: code, stderr } = run(...words);
      equal(code, 2, `exit code of "${words.join(' ')}"`);
      check(stderr.length > 20, `"${words.join(' ')}" says nothing`);
    }
  }],
  ['a folder that is not empty is left alone', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'mine'), 'x');
    const { status: code, stderr } = run('init', folder);
    equal(code, 1, 'exit code');
    check(stderr.includes(folder) && stderr.includes('not empty'), stderr);
    mkdirSync(join(folder, 'empty'));
    must('init', join(folder, 'empty'));
  }],
  ['a folder without a node cannot be served', () => {
    const { status: code, stderr } = run('serve', join(temporaryFolder(), 'none'));
    equal(code, 1, 'exit code');
    check(stderr.includes('none'), stderr);
  }],
  ['a node is made and served', async () => {
    node.init();
    check(existsSync(node.folder), 'there is no folder');
    await node.start();
  }],
  ['a sign of life needs no token', async () => {
    const answer = await fetch(`${node.url}/health`);
    equal(answer.status, 200, 'status');
    equal(await answer.json(), { status: 'ok' });
  }],
  ['everything else does', async () => {
    for (const path of ['/session', '/events', '/fhir/metadata', '/fhir/Patient', '/programme/Apprenticeship']) {
      const answer = await fetch(node.url + path);
      equal(answer.status, 401, `status of ${path}`);
      equal(answer.headers.get('www-authenticate'), 'Bearer realm="belay"');
      equal((await answer.json()).resourceType, 'OperationOutcome');
    }
    const wrong = await fetch(`${node.url}/session`, { headers: { Authorization: 'Bearer nonsense' } });
    equal(wrong.status, 401, 'status with a wrong token');
    equal(wrong.headers.get('www-authenticate'), 'Bearer realm="belay", error="invalid_token"');
  }],
  ['a token made while the node is served is good at once and says whose it is', async () => {
    const token = must('token', node.folder, 'Dr Pema', '--role', 'expert', '--practitioner', 'pema',
      '--organization', 'Organization/lhasa', '--hours', '1').trim();
    const answer = await fetch(`${node.url}/session`, { headers: { Authorization: `Bearer ${token}` } });
    equal(answer.status, 200, 'status');
    equal(await answer.json(), {
      name: 'Dr Pema', role: 'expert', practitioner: 'Practitioner/pema', organization: 'Organization/lhasa', posts: [],
    });
    must('token', node.folder, 'Dr Pema', '--revoke');
    await eventually(async () => {
      const after = await fetch(`${node.url}/session`, { headers: { Authorization: `Bearer ${token}` } });
      await after.text();
      return after.status === 401;
    }, 'the end of a revoked token', 5000);
  }],
  ['the node is not open to two programs that write', () => {
    const { status: code, stderr } = run('rebuild', node.folder);
    equal(code, 3, 'exit code');
    check(stderr.includes(node.folder), stderr);
  }],
  ['plain HTTP beyond this machine needs consent', () => {
    const { status: code, stderr } = run('serve', node.folder, '--listen', '0.0.0.0:0');
    check(code === 1 || code === 3, `exit code ${code}`);
    check(/allow-plain-http|open/.test(stderr), stderr);
  }],
  ['told to stop, the server ends with 0', async () => {
    equal(await node.stop(), { code: 0, signal: null });
  }],
  ['served again it knows the token', async () => {
    await node.start();
    status(await node.get('/session'), 200);
    equal(await node.stop('SIGINT'), { code: 0, signal: null });
  }],
], () => node.remove());
