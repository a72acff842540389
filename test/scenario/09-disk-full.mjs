// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { Node, must, temporaryFolder } from './lib/node.mjs';
import { Skip, check, eventually, scenario, status } from './lib/scenario.mjs';

const disk = temporaryFolder();
const node = new Node(join(disk, 'node'));
const written = [];
let mounted = false;
let number = 0;

async function write() {
  const id = `w${number++}`;
  const answer = await node.put(`/fhir/Patient/${id}`, {
    resourceType: 'Patient', id, name: [{ family: `Family ${id}` }],
    identifier: Array.from({ length: 40 }, (_, i) => ({ system: `urn:${id}:${i}`, value: `${Math.random()}` })),
  });
  if (answer.status === 201) written.push(id);
  return answer.status;
}

await scenario('A full disk stops writes, and nothing else.', [
  ['a node on a small disk', async () => {
    const { status: code, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', disk], { encoding: 'utf8' });
    if (code !== 0) throw new Skip(`a small disk cannot be mounted here (${(stderr ?? '').trim()})`);
    mounted = true;
    await node.init().start();
    for (let i = 0; i < 50; i++) check(await write() === 201, 'a write failed on a disk with room');
  }],
  ['when it fills up, writes answer 507', async () => {
    const room = statfsSync(disk);
    writeFileSync(join(disk, 'filler'), Buffer.alloc(Math.max(0, room.bavail * room.bsize - 512 * 1024)));
    let last = 201;
    for (let i = 0; i < 20000 && last === 201; i++) last = await write();
    check(last === 507, `the last write answered ${last}`);
    // a refused write may leave room for another; what does not fit is 507 and nothing else
    let full = 0;
    for (let i = 0; i < 2000 && full < 5; i++) {
      const answer = await write();
      check(answer === 507 || answer === 201, `a write on a full disk answered ${answer}`);
      full = answer === 507 ? full + 1 : 0;
    }
    check(full === 5, 'the disk never stays full');
  }],
  ['reads and searches go on', async () => {
    status(await node.get(`/fhir/Patient/${written[0]}`), 200);
    status(await node.get('/fhir/Patient?family=family&_count=10'), 200);
    status(await node.get('/health'), 200);
  }],
  ['with room again, writes go on without a restart', async () => {
    rmSync(join(disk, 'filler'));
    await eventually(async () => await write() === 201, 'a write');
    for (let i = 0; i < 20; i++) check(await write() === 201, 'a write failed on a disk with room');
  }],
  ['nothing acknowledged is lost, and the node is sound', async () => {
    for (const id of written) status(await node.get(`/fhir/Patient/${id}`), 200);
    await node.stop();
    must('verify', node.folder);
  }],
], async () => {
  if (node.child) await node.stop('SIGKILL');
  if (mounted) spawnSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});
