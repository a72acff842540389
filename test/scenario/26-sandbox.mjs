// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Node } from './lib/node.mjs';
import { check, equal, instrumented, scenario, Skip, status } from './lib/scenario.mjs';

const node = new Node();
const unit = join(dirname(fileURLToPath(import.meta.url)), '../../packaging/belay.service');
const LEFT_OPEN = 12; // tenths of the points that systemd gives; 100 is all

/** Fields of the state of each thread of the server. */
function threads() {
  const tasks = `/proc/${node.child.pid}/task`;
  return readdirSync(tasks).flatMap((id) => {
    try {
      return [Object.fromEntries(readFileSync(`${tasks}/${id}/status`, 'utf8').split('\n').map((line) => line.split(/:\s*/)))];
    } catch (error) {
      if (['ENOENT', 'ESRCH'].includes(error.code)) return []; // it has ended meanwhile
      throw error;
    }
  });
}

await scenario('The serving process can do what it is for, and little else.', [
  ['the unit file leaves little open', async () => {
    const { error, stdout, stderr, status: code } = spawnSync('systemd-analyze',
      ['security', '--offline=true', `--threshold=${LEFT_OPEN}`, '--no-pager', unit], { encoding: 'utf8' });
    if (error) {
      console.log('     (there is no systemd-analyze here)');
      return;
    }
    const found = /exposure level for belay\.service: ([0-9.]+)/.exec(stdout + stderr);
    check(found, `${stdout}${stderr}`);
    check(code === 0 && Number(found[1]) * 10 <= LEFT_OPEN, `it leaves open ${found[1]}`);
  }],
  ['every thread is in the filter', async () => {
    await node.init().start();
    const all = threads();
    check(all.length >= 3, `${all.length} threads`);
    if (instrumented || all.every((thread) => thread.Seccomp === '0')) {
      throw new Skip('this program was built without a sandbox');
    }
    equal([...new Set(all.map((thread) => thread.Seccomp))], ['2'], 'Seccomp');
    equal([...new Set(all.map((thread) => thread.NoNewPrivs))], ['1'], 'NoNewPrivs');
  }],
  ['it serves as ever: records, search, packed answers, events, a large body', async () => {
    status(await node.put('/fhir/Patient/one', { resourceType: 'Patient', id: 'one', name: [{ text: 'x'.repeat(300_000) }] }), 201);
    status(await node.get('/fhir/Patient?_sort=birthdate&_total=accurate'), 200);
    status(await node.get('/fhir/Patient/one/$everything'), 200);
    status(await node.post('/fhir', {
      resourceType: 'Bundle', type: 'transaction',
      entry: Array.from({ length: 500 }, () => ({ resource: { resourceType: 'Basic', code: { text: 'x' } }, request: { method: 'POST', url: 'Basic' } })),
    }), 200);
    equal(threads().filter((thread) => thread.Seccomp !== '2').length, 0, 'threads outside');
  }],
  ['it stops cleanly from within', async () => {
    equal(await node.stop(), { code: 0, signal: null });
    check(!/sandbox/.test(node.log), node.log);
  }],
  ['for debuggers it can be left out', async () => {
    await node.start('--no-sandbox');
    equal([...new Set(threads().map((thread) => thread.Seccomp))], ['0'], 'Seccomp');
  }],
], () => node.remove());
