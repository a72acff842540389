// SPDX-License-Identifier: Apache-2.0
// A fresh node of its own for one run of the test, and tokens for it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PATIENCE = 120_000;

/** Those that serve. None outlives the run, however it ends: who reads what the run writes would wait for it for ever. */
const serving = new Set();
process.on('exit', () => { for (const child of serving) child.kill('SIGKILL'); });

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function answers(address, child) {
  const until = Date.now() + PATIENCE;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`belay serve ended with ${child.exitCode}`);
    const ok = await fetch(address).then((response) => response.ok, () => false);
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${address} did not answer within ${PATIENCE / 1000} s`);
}

/** Starts a node with ${belay}. stop() and start() again keep its data and address. */
export async function startNode(belay) {
  const home = mkdtempSync(join(tmpdir(), 'belay-browser-'));
  const folder = join(home, 'node');
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  let child = null;
  execFileSync(belay, ['init', folder], { stdio: 'pipe' });

  const start = async () => {
    child = spawn(belay, ['serve', folder, '--listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'ignore', 'inherit'] });
    const started = child;
    serving.add(started);
    started.once('exit', () => serving.delete(started));
    await answers(address, child);
  };
  const stop = async () => {
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  };
  return {
    address,
    start,
    stop,
    /** A bearer token; the program prints it as the last word of its answer. */
    token(name, role, ...more) {
      const printed = execFileSync(belay, ['token', folder, name, '--role', role, ...more], { encoding: 'utf8' });
      const words = printed.split(/\s+/).filter((word) => word.length >= 16);
      if (words.length === 0) throw new Error(`belay token printed no token: ${printed}`);
      return words[words.length - 1];
    },
    /** What belay user prints. */
    user(...words) {
      return execFileSync(belay, ['user', words[0], folder, ...words.slice(1)], { encoding: 'utf8' });
    },
    /** What belay rules prints. */
    rules(...words) {
      return execFileSync(belay, ['rules', words[0], folder, ...words.slice(1)], { encoding: 'utf8' });
    },
    /** What belay catalogue prints; import takes the text of one. */
    catalogue(word, text = '') {
      const file = join(home, 'catalogue.tsv');
      if (text) writeFileSync(file, text);
      return execFileSync(belay, ['catalogue', word, folder, ...(text ? [file] : [])], { encoding: 'utf8', maxBuffer: 8 << 20 });
    },
    /** A file of ours alone with ${secret} in it. */
    secretFile(secret) {
      const file = join(home, 'secret');
      writeFileSync(file, `${secret}\n`, { mode: 0o600 });
      return file;
    },
    /** What belay sign-on prints. */
    signOn(...words) {
      return execFileSync(belay, ['sign-on', words[0], folder, ...words.slice(1)], { encoding: 'utf8' });
    },
    /** Load the demonstration, before the node is served. */
    demonstration() {
      execFileSync(belay, ['demo', folder, '--small'], { stdio: 'pipe' });
    },
    /** Accounts for those of its people who need no code: { role: { name, password } }. */
    accounts() {
      const lines = execFileSync(belay, ['demo', folder, '--accounts', '--small'], { encoding: 'utf8' }).trim().split('\n');
      return Object.fromEntries(lines.map((line) => {
        const [, role, name, password] = /^(\S+)\s+(.*?)\s+(\S+)$/.exec(line);
        return [role, { name, password }];
      }));
    },
    /** Load the whole of it, before the node is served. */
    wholeDemonstration() {
      execFileSync(belay, ['demo', folder], { stdio: 'pipe' });
    },
    /** Everybody whom it gives an account: { role, name } with a password, or a link for who needs codes. */
    everybody() {
      const lines = execFileSync(belay, ['demo', folder, '--accounts'], { encoding: 'utf8' }).trim().split('\n');
      return lines.map((line) => {
        const [, role, name, last] = /^(\S+)\s+(.*?)\s+(\S+)$/.exec(line);
        return { role, name, ...(last.startsWith('/') ? { link: last } : { password: last }) };
      });
    },
    async remove() {
      await stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
