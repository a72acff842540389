// SPDX-License-Identifier: Apache-2.0
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Node, must, run, temporaryFolder } from './lib/node.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const folder = temporaryFolder();
const file = (name) => join(folder, name);
let coordinator = '';
let auditor = '';

const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';

const as = (token) => ({ Authorization: `Bearer ${token}` });
const levels = (code) => node.get(`/fhir/Organization/$capability-map?code=${encodeURIComponent(`${ICD}|${code}`)}`, as(coordinator));
async function version() {
  const { parameter } = status(await node.get('/fhir/Organization/$capability-map?hospital=demo-nagqu', as(coordinator)), 200).json;
  return parameter.find((one) => one.name === 'catalogue').valueCode;
}

await scenario('The catalogue of illnesses is replaced by a file that was checked, and by nothing that has a fault.', [
  ['the catalogue that came with Belay is written out and is without fault', async () => {
    node.init();
    must('demo', node.folder, '--small');
    [coordinator, auditor] = ['coordinator', 'auditor'].map((role) => must('token', node.folder, role, '--role', role).trim());
    writeFileSync(file('first.tsv'), must('catalogue', 'export', node.folder));
    check(/^Catalogue \S+: 4\d\d\d illnesses, \d+ procedures/.test(must('catalogue', 'check', file('first.tsv'))), 'not counted');
    await node.start();
  }],
  ['each broken line is named with line and column, and nothing is taken over', async () => {
    const lines = readFileSync(file('first.tsv'), 'utf8').split('\n');
    const at = lines.findIndex((line) => line.startsWith('illness\tK35\t'));
    const good = lines[at];
    lines[0] = 'catalogue\tward-1';
    lines[at] = good.replace('appendectomy', 'appendix-removal');
    lines.push('device\tBad Code\tX\tY');
    writeFileSync(file('broken.tsv'), lines.join('\n'));
    const column = [...lines[at].slice(0, lines[at].indexOf('appendix-removal'))].length + 1;
    for (const words of [['check'], ['import', node.folder]]) {
      const said = run('catalogue', ...words, file('broken.tsv'));
      equal(said.status, 1, 'exit code');
      check(said.stderr.includes(`broken.tsv:${at + 1}:${column}: "appendix-removal" is no procedure`), said.stderr);
      check(said.stderr.includes(`broken.tsv:${lines.length}:8: "Bad Code" is no code`), said.stderr);
    }
    equal(must('catalogue', 'list', node.folder).trim().split('\n').length, 1, 'versions');
  }],
  ['another catalogue is imported while the node is served; what goes is told; it counts from the next start', async () => {
    const before = await version();
    const lines = readFileSync(file('first.tsv'), 'utf8').split('\n').filter((line) => !line.startsWith('illness\tA00\t'));
    lines[0] = 'catalogue\tward-1';
    lines.push('illness\tY99.9\tSnow stupor\t雪盲昏睡\temergency-medicine\tminor\taltitude-illness-care\t');
    writeFileSync(file('ours.tsv'), lines.join('\n'));
    const said = must('catalogue', 'import', node.folder, file('ours.tsv'));
    check(/Illnesses that are no more: A00/.test(said) && /next start/.test(said), said);
    equal(await version(), before, 'the served catalogue');
    await node.stop();
    await node.start();
    equal(await version(), 'ward-1', 'the catalogue after a start');
    status(await levels('A00'), 400);
    const { parameter } = status(await levels('Y99.9'), 200).json;
    check(parameter.some((one) => one.name === 'hospital'), 'nobody can treat what is new');
  }],
  ['the trail tells of it; a version means one text for ever; the first is chosen again', async () => {
    const told = status(await node.get('/fhir/AuditEvent?_count=1000&type=110137', as(auditor)), 200).json.entry.map((one) => one.resource)
      .filter((one) => one.agent[0].name.startsWith('belay catalogue')).map((one) => one.entity[0].name);
    equal(told, ['catalogue ward-1'], 'what the trail tells');
    writeFileSync(file('other.tsv'), `${readFileSync(file('ours.tsv'), 'utf8')}\n# more\n`);
    equal(run('catalogue', 'import', node.folder, file('other.tsv')).status, 1, 'another text under the same version');
    must('catalogue', 'use', node.folder);
    await node.stop();
    await node.start();
    check(await version() !== 'ward-1', 'it is still used');
    status(await levels('A00'), 200);
  }],
], async () => {
  await node.remove();
  rmSync(folder, { recursive: true, force: true });
});
