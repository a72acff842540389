// SPDX-License-Identifier: Apache-2.0
// Runs test/*.test.ts: the parts of the pages that decide something, without a browser.
import * as esbuild from 'esbuild';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'belay-web-test-'));
const tests = readdirSync(join(here, 'test')).filter((name) => name.endsWith('.test.ts'));

await esbuild.build({
  absWorkingDir: here,
  entryPoints: tests.map((name) => join('test', name)),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
  banner: { js: 'globalThis.setInterval = () => 0; // the clock of the pages would keep the test from ending' },
});
const files = tests.map((name) => join(out, name.replace('.ts', '.mjs')));
const { status, stdout } = spawnSync(process.execPath, ['--test', ...files], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, TZ: 'Asia/Shanghai' },
});
rmSync(out, { recursive: true, force: true });
if (status !== 0) process.stdout.write(stdout);
const count = (word) => Number(stdout.match(new RegExp(`^# ${word} (\\d+)$`, 'm'))?.[1] ?? 0);
console.log(`${count('pass')} passed, ${count('fail')} failed, ${count('skipped')} skipped`);
process.exit(status ?? 1);
