// SPDX-License-Identifier: Apache-2.0
import { Node, must, run } from './lib/node.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
let stranger = '';

/** A person without a post reads a patient's record. */
async function ask() {
  const answer = await fetch(`${node.url}/fhir/Patient/one`, { headers: { Authorization: `Bearer ${stranger}` } });
  return answer.status;
}

await scenario('Asking who may read is left out by the benchmark\'s own server alone, on loopback, and it says so.', [
  ['no other command can', () => {
    node.init();
    for (const words of [['serve', node.folder, '--open'], ['serve', node.folder, '--open', '--listen', '127.0.0.1:0'],
      ['bench', 'read', node.folder, '--open'], ['bench', 'access', node.folder, '--open'],
      ['bench', 'all', node.folder, '--input', '.', '--open']]) {
      const { status: code, stderr } = run(...words);
      equal(code, 2, `exit code of "${words.join(' ')}"`);
      check(/--open/.test(stderr), stderr);
    }
  }],
  ['it listens on this machine only', () => {
    for (const address of ['0.0.0.0:0', '[::]:0', '192.0.2.1:0']) {
      const { status: code, stdout, stderr } = run('bench', 'serve', node.folder, '--open', '--listen', address);
      check(code !== 0 && /this machine alone/.test(stderr), `${address}: ${stderr}`);
      equal(stdout, '', 'standard output');
    }
  }],
  ['it begins by asking, leaves it out when told, and asks again when told', async () => {
    await node.startAs('bench', 'serve', node.folder, '--open');
    await node.logged(/warn .*EVERYTHING TO EVERYBODY/);
    stranger = must('token', node.folder, 'Stranger', '--role', 'clinician', '--practitioner', 'Practitioner/nobody').trim();
    status(await node.put('/fhir/Patient/one', { resourceType: 'Patient', id: 'one' }), 201);
    equal(await ask(), 404);
    node.child.kill('SIGUSR1');
    await node.logged(/warn OPEN: NOBODY IS ASKED ABOUT/);
    equal(await ask(), 200);
    node.child.kill('SIGUSR2');
    await node.logged(/who may read is asked again/);
    equal(await ask(), 404);
    await node.stop();
  }],
  ['without --open the signal ends it', async () => {
    await node.startAs('bench', 'serve', node.folder);
    equal(await ask(), 404);
    equal(await node.stop('SIGUSR1'), { code: null, signal: 'SIGUSR1' });
  }],
  ['and so it does the server of every day', async () => {
    await node.start();
    equal(await ask(), 404);
    equal(await node.stop('SIGUSR1'), { code: null, signal: 'SIGUSR1' });
  }],
], () => node.remove());
