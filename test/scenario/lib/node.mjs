// SPDX-License-Identifier: Apache-2.0
// A node of its own for a scenario: a folder under the system's temporary one, the real
// program serving it on a free port, and tokens. Everything is gone at the end.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './scenario.mjs';

const PATIENCE = 60_000; // milliseconds; sanitizers and valgrind are slow, and the end may take 30 s
const belay = process.env.BELAY ?? '';
// a command to run the program under, such as "valgrind -q"
const under = (process.env.BELAY_UNDER ?? '').split(' ').filter(Boolean);

if (!belay) {
  console.error('Set BELAY to the program, such as BELAY=build/belay.');
  process.exit(2);
}

/** Run the program to its end. */
export function run(...words) {
  const [command, ...first] = [...under, belay];
  const { status, stdout, stderr, error } = spawnSync(command, [...first, ...words], {
    encoding: 'utf8', maxBuffer: 1 << 30,
  });
  if (error) throw error;
  return { status, stdout, stderr };
}

/** The same, which must end with 0; its output. */
export function must(...words) {
  const { status, stdout, stderr } = run(...words);
  if (status !== 0) throw new Error(`belay ${words.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

export function temporaryFolder() {
  return mkdtempSync(join(tmpdir(), 'belay-'));
}

export class Node {
  constructor(folder = join(temporaryFolder(), 'node')) {
    this.folder = folder;
    this.child = null;
    this.log = '';
  }

  init() {
    must('init', this.folder);
    return this;
  }

  /** Serve; resolves when the address is known. */
  start(...words) {
    return this.startAs('serve', this.folder, '--listen', '127.0.0.1:0', ...words);
  }

  /** The same by another command that serves. */
  async startAs(...words) {
    const [command, ...first] = [...under, belay];
    this.child = spawn(command, [...first, ...words]);
    this.ended = new Promise((resolve) => {
      // not 'exit': its last words are read by then
      this.child.on('close', (code, signal) => resolve({ code, signal }));
    });
    this.child.stderr.on('data', (data) => { this.log += data; });
    this.url = await new Promise((resolve, reject) => {
      let text = '';
      const late = setTimeout(() => reject(new Error(`no address; ${this.log}`)), PATIENCE);
      this.child.stdout.on('data', (data) => {
        text += data;
        const found = /(https?:\/\/[^\s/]+)\//.exec(text);
        if (found) {
          clearTimeout(late);
          resolve(found[1]);
        }
      });
      this.ended.then(({ code }) => reject(new Error(`belay serve ended with ${code}: ${this.log}`)));
    });
    this.token ??= must('token', this.folder, 'Scenario', '--role', 'administrator').trim();
    return this;
  }

  /** Wait for a line in the log: it may be read after the answer that it belongs to. */
  logged(pattern, what = `${pattern} in the log`) {
    return eventually(() => pattern.test(this.log), what);
  }

  get port() {
    return Number(new URL(this.url).port);
  }

  /** Stop as an operator does; how it ended. */
  async stop(signal = 'SIGTERM') {
    if (!this.child) return { code: 0, signal: null };
    this.child.kill(signal);
    const how = await this.ended;
    this.child = null;
    return how;
  }

  /** Stop and leave nothing behind. A server that does not end with 0 has something to
   *  say, and so have the sanitizers and valgrind it may run under. */
  async remove() {
    if (this.child) {
      const late = setTimeout(() => this.child?.kill('SIGKILL'), PATIENCE);
      const { code, signal } = await this.stop();
      clearTimeout(late);
      if (code !== 0) throw new Error(`belay serve ended with ${code ?? signal}: ${this.log}`);
    }
    rmSync(join(this.folder, '..'), { recursive: true, force: true });
  }

  /** A figure of the server's memory in bytes. */
  memoryOf(name) {
    const { stdout } = spawnSync('cat', [`/proc/${this.child.pid}/status`], { encoding: 'utf8' });
    return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(stdout)[1]) * 1024;
  }

  /** Resident memory of the server in bytes. */
  memory() { return this.memoryOf('VmRSS'); }

  /** The most it ever was. */
  peak() { return this.memoryOf('VmHWM'); }

  /** One request; the answer with its body read: text, and json where it is JSON. */
  async ask(method, path, body = undefined, headers = {}) {
    const text = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(this.url + path, {
      method,
      body: text ? body : JSON.stringify(body),
      headers: {
        Authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/fhir+json' }),
        ...headers,
      },
    });
    const answer = { status: response.status, headers: response.headers, text: await response.text() };
    if (/json/.test(response.headers.get('content-type') ?? '')) {
      answer.json = answer.text.trim() ? JSON.parse(answer.text) : undefined;
    }
    return answer;
  }

  get(path, headers) { return this.ask('GET', path, undefined, headers); }
  post(path, body, headers) { return this.ask('POST', path, body, headers); }
  put(path, body, headers) { return this.ask('PUT', path, body, headers); }
  patch(path, body, headers) { return this.ask('PATCH', path, body, headers); }
  delete(path, headers) { return this.ask('DELETE', path, undefined, headers); }
}
