// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Node, must, run, temporaryFolder } from './lib/node.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const copy = new Node();
const place = temporaryFolder();

function file(name, content) {
  writeFileSync(join(place, name), content);
  return join(place, name);
}

/** The lines of an export, each without what the server adds, sorted. */
function records(ndjson) {
  return ndjson.split('\n').filter(Boolean).map((line) => {
    const { meta, ...rest } = JSON.parse(line);
    return JSON.stringify(rest);
  }).sort();
}

await scenario('Records come in from files and go out as files, and nothing changes on the way.', [
  ['NDJSON, Bundles and single records, packed or not', () => {
    node.init();
    const lines = [1, 2, 3].map((n) => JSON.stringify({ resourceType: 'Patient', id: `n${n}`, active: true }));
    file('a.ndjson', `${lines.join('\n')}\n`);
    file('b.ndjson.gz', gzipSync(`${JSON.stringify({ resourceType: 'Patient', id: 'gz' })}\n`));
    file('c.json', JSON.stringify({ resourceType: 'Organization', id: 'one', name: 'One' }, null, 2));
    file('d.json', JSON.stringify({
      resourceType: 'Bundle', type: 'transaction',
      entry: [{ fullUrl: 'urn:uuid:6f2f3e60-0000-4000-8000-000000000001', resource: { resourceType: 'Patient' }, request: { method: 'POST', url: 'Patient' } },
        { resource: { resourceType: 'Basic', id: 'b', code: { text: 'x' }, subject: { reference: 'urn:uuid:6f2f3e60-0000-4000-8000-000000000001' } }, request: { method: 'PUT', url: 'Basic/b' } }],
    }));
    const text = must('import', node.folder, place);
    check(/7 records from 4 files: 7 created/.test(text), text);
  }],
  ['the same again changes nothing that has an id', () => {
    const text = must('import', node.folder, join(place, 'a.ndjson'), join(place, 'c.json'));
    check(/0 created, 0 updated, 4 unchanged/.test(text), text);
  }],
  ['an archive with long names', () => {
    const deep = join(place, 'tar', `folder-${'x'.repeat(90)}`, `folder-${'y'.repeat(90)}`);
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, 'deep.json'), JSON.stringify({ resourceType: 'Patient', id: 'deep' }));
    writeFileSync(join(place, 'tar', 'note.txt'), 'not a record');
    for (const format of ['gnu', 'pax']) {
      const archive = join(temporaryFolder(), `${format}.tar.gz`);
      const made = spawnSync('tar', ['--format', format, '-czf', archive, '-C', join(place, 'tar'), '.']);
      equal(made.status, 0, 'exit code of tar');
      const text = must('import', node.folder, archive);
      check(/^1 records from 1 files/.test(text), text);
    }
  }],
  ['a broken entry is told with file, entry and path, and the rest goes on', () => {
    const broken = file('broken.ndjson', [
      '{"resourceType":"Patient","id":"good1"}', '{"resourceType":"Patient","gender":"purple"}', '{"resourceType":"Patient",',
      '{"resourceType":"Patient","id":"good2"}', ''].join('\n'));
    const { status: code, stdout, stderr } = run('import', node.folder, broken);
    equal(code, 1, 'exit code');
    check(/2 records from 1 files/.test(stdout) && /2 refused/.test(stdout), stdout);
    check(/broken\.ndjson: entry 2: Patient\.gender: /.test(stderr), stderr);
    check(/broken\.ndjson: entry 3: /.test(stderr), stderr);
  }],
  ['--strict stops at it and leaves nothing', () => {
    const strict = file('strict.ndjson', '{"resourceType":"Patient","id":"strict1"}\n{"resourceType":"Patient","gender":"purple"}\n');
    equal(run('import', node.folder, strict, '--strict').status, 1, 'exit code');
    check(!must('export', node.folder, '--type', 'Patient').includes('strict1'), 'a record was left');
  }],
  ['what goes out comes in again the same', () => {
    const out = join(place, 'all.ndjson');
    must('export', node.folder, '--to', out);
    const before = records(readFileSync(out, 'utf8'));
    check(before.length >= 10, `only ${before.length} records`);
    copy.init();
    must('import', copy.folder, out);
    equal(records(must('export', copy.folder)), before);
  }],
  ['in bulk too, and the indexes are there', async () => {
    const bulk = new Node().init();
    must('import', bulk.folder, join(place, 'all.ndjson'), '--bulk');
    must('verify', bulk.folder);
    await bulk.start();
    equal(status(await bulk.get('/fhir/Patient?active=true&_summary=count'), 200).json.total, 3);
    await bulk.remove();
  }],
], async () => {
  await node.remove();
  await copy.remove();
});
