// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { must, Node, run } from './lib/node.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

process.umask(0); // what the program does not forbid is allowed now
const node = new Node();
const folder = join(node.folder, '..');

/** Every file below ${top} that anybody but its owner may touch. */
function open(top) {
  const found = lstatSync(top, { throwIfNoEntry: false });
  if (!found) return []; // a file that the server had for a moment
  const loose = (found.mode & 0o077) !== 0 ? [`${(found.mode & 0o777).toString(8)} ${top}`] : [];
  if (!found.isDirectory()) return loose;
  return [...loose, ...readdirSync(top).flatMap((name) => open(join(top, name)))];
}

function closed(top, least) {
  equal(open(top), [], `files that others may touch in ${top}`);
  const count = (place) => readdirSync(place, { withFileTypes: true }).reduce((n, entry) => n + (entry.isDirectory() ? count(join(place, entry.name)) : 1), 0);
  check(count(top) >= least, `${count(top)} files in ${top}`);
}

const large = { resourceType: 'Binary', id: 'large', contentType: 'image/png', data: randomBytes(300_000).toString('base64') };

await scenario('Files of a node are its owner\'s alone, even where nobody asked for that.', [
  ['a new node', async () => {
    node.init();
    closed(node.folder, 1);
  }],
  ['while it is served and written to: database, commits beside it, lock, large bodies', async () => {
    await node.start();
    status(await node.put('/fhir/Binary/large', large), 201);
    status(await node.put('/fhir/Patient/one', { resourceType: 'Patient', id: 'one' }), 201);
    closed(node.folder, 3);
    check(execFileSync('find', [node.folder, '-size', '+100k', '-path', '*blob*']).length > 0, 'no body in a file of its own');
  }],
  ['a backup, while it is served', async () => {
    must('backup', node.folder, join(folder, 'copy'));
    closed(join(folder, 'copy'), 1);
    closed(node.folder, 3);
  }],
  ['an export', async () => {
    must('export', node.folder, '--to', join(folder, 'records.ndjson'));
    equal(open(join(folder, 'records.ndjson')), []);
  }],
  ['after it was stopped, rebuilt and restored', async () => {
    await node.stop();
    must('rebuild', node.folder);
    must('verify', node.folder);
    closed(node.folder, 1);
    must('restore', join(folder, 'copy'), join(folder, 'again'));
    must('verify', join(folder, 'again'));
    closed(join(folder, 'again'), 1);
  }],
  ['the node\'s key in a file of its own, from the first; changed; as a credential of the service manager', async () => {
    const apart = join(folder, 'apart');
    const key = join(folder, 'key-1');
    must('init', apart, '--key-file', key);
    equal(open(key), []);
    equal(run('init', join(folder, 'more'), '--key-file', key).status, 1, 'a key file that is there');
    must('mail', 'set', apart, '--server', 'smtps://mail.example', '--from', 'a@mail.example');
    const bytes = Buffer.from(readFileSync(key, 'utf8').trim(), 'hex');
    equal(bytes.length, 32);
    equal(readFileSync(join(apart, 'belay.db')).includes(bytes), false, 'the key is in the database too');
    check(must('key', apart, '--file', join(folder, 'key-2')).includes(key), 'the old file is not named');
    rmSync(key);
    must('verify', apart);
    mkdirSync(join(folder, 'credentials'), { mode: 0o700 });
    process.env.CREDENTIALS_DIRECTORY = join(folder, 'credentials');
    must('key', apart, '--file', '$CREDENTIALS_DIRECTORY/belay-key');
    equal(open(join(folder, 'credentials')), []);
    must('user', 'list', apart);
    delete process.env.CREDENTIALS_DIRECTORY;
    equal(run('user', 'list', apart).status, 3, 'without the key nothing is opened');
    equal(run('key', node.folder).status, 0, 'a key in the database, changed');
    must('verify', node.folder);
  }],
  ['no command takes a secret as a word: passwords and keys come from files or the terminal', async () => {
    const commands = run('help').stdout.split('\n').map((line) => /^ {2}([a-z]+) {2,}/.exec(line)?.[1]).filter(Boolean);
    check(commands.length >= 10, `${commands.length} commands`);
    for (const command of commands) {
      const help = must(command, '--help');
      const taking = [...help.matchAll(/--[a-z-]*(?:password|secret|token|passphrase|pin|code)[a-z-]*[ =]([A-Z]+)/g)].map((match) => match[0]);
      equal(taking.filter((option) => !/FILE|PATH/.test(option)), [], `options of belay ${command} that take a secret`);
    }
  }],
  ['nothing secret is to be read in the list of processes', async () => {
    await node.start();
    const words = readFileSync(`/proc/${node.child.pid}/cmdline`, 'utf8') + readFileSync(`/proc/${node.child.pid}/environ`, 'utf8');
    check(!words.includes(node.token), 'the token is there');
    check(!node.log.includes(node.token), 'the token is in the log');
  }],
], () => node.remove());
