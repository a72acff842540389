// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { Node, must, run, temporaryFolder } from './lib/node.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const restored = new Node();
const backup = join(temporaryFolder(), 'backup');
let written = 0;

async function write(count) {
  for (let i = 0; i < count; i++) {
    status(await node.post('/fhir/Patient', { resourceType: 'Patient', name: [{ family: `Family ${i % 7}` }] }), 201);
    written++;
  }
}

/** As `belay stats` counts a node before anything is written. */
let begun;
/** What the views hold, as `belay stats` counts it. */
function tables(folder) {
  return JSON.parse(must('stats', folder, '--json')).tables;
}

await scenario('An operator looks after a node: count, check, copy, bring back, fill again.', [
  ['a served node with records', async () => {
    await node.init().start();
    begun = JSON.parse(must('stats', node.folder, '--json')); // a new node has its rules of procedures
    equal(Object.keys(begun.types), ['ProcedureRule'], 'types of a new node');
    await write(40);
    status(await node.delete('/fhir/Patient/nobody'), 204);
  }],
  ['stats count them, for people and for programs', () => {
    const stats = JSON.parse(must('stats', node.folder, '--json'));
    equal(stats.types, { Patient: 40, ...begun.types });
    equal(stats.versions, begun.versions + 40);
    check(stats.fileBytes > 0, 'no bytes');
    const told = /records\s+(\d+)/.exec(must('stats', node.folder));
    equal(Number(told?.[1]), begun.records + 40, 'told for people');
  }],
  ['verify finds a served node sound', () => { must('verify', node.folder); }],
  ['backup while writes go on', async () => {
    const writing = write(60);
    must('backup', node.folder, backup);
    await writing;
    must('verify', backup);
    equal(run('backup', node.folder, backup).status, 1, 'exit code of a second backup to the same place');
  }],
  ['restore gives a node with at least what was there when the backup began', async () => {
    must('restore', backup, restored.folder);
    const stats = JSON.parse(must('stats', restored.folder, '--json'));
    check(stats.records >= begun.records + 40 && stats.records <= begun.records + written, `${stats.records} records`);
    await restored.start();
    status(await restored.get('/fhir/Patient?family=family&_count=5'), 200);
    await restored.stop();
  }],
  ['rebuild gives the same views', async () => {
    await node.stop();
    const before = tables(node.folder);
    check(before.some((table) => table.rows > 0), 'the views are empty');
    must('rebuild', node.folder);
    equal(tables(node.folder), before);
    must('verify', node.folder);
  }],
  ['a changed byte in the past is found', () => {
    const files = readdirSync(backup).map((name) => join(backup, name)).filter((name) => statSync(name).isFile());
    const largest = files.sort((a, b) => statSync(b).size - statSync(a).size)[0];
    const bytes = readFileSync(largest);
    const at = bytes.lastIndexOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd])); // a packed body
    const place = at > 0 ? at + 12 : Math.floor(bytes.length / 2);
    for (let i = 0; i < 16; i++) bytes[place + i] ^= 0xff;
    writeFileSync(largest, bytes);
    const { status: code } = run('verify', backup);
    check(code !== 0, 'it was taken for sound');
  }],
], async () => {
  await node.remove();
  await restored.remove();
});
