// SPDX-License-Identifier: Apache-2.0
// Not a test: what the page *Programme* costs a node with ten years in it, question by question, as a coordinator opens it.
// A round is the page loaded anew until it asks nothing any more; all rounds follow one that is not counted.
//
//   BELAY=build/belay node test/browser/bench-programme.mjs DIR [--query by=hospital] [--times N]
//
// DIR is made by `belay demo --decade DIR` and stays as it is but for a token, and for what a served node writes by itself.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { DESK, launch, person } from './lib/browser.mjs';

const BELAY = process.env.BELAY ?? 'belay';
const QUIET = 1500; // milliseconds without a question after which the page has asked all of them
const IDLE = 3000; // milliseconds without work after which the node has done what it does after a start
const PATIENCE = 600_000; // for either of both
const ADDRESS_SIGNS = 100; // of an address that are printed
const TICK = 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })); // milliseconds; what /proc counts in

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** Milliseconds of the processor that ${pid} has used, for itself and in the kernel. */
function processorOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' '); // a name may have blanks
  return (Number(fields[11]) + Number(fields[12])) * TICK; // utime and stime
}

/** Serve ${folder} at a port that is free, which its first line names. */
async function serve(folder) {
  const child = spawn(BELAY, ['serve', folder, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const address = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => { const found = /http:\/\/[\d.]+:\d+/.exec(line); if (found) resolve(found[0]); });
    void ended.then((code) => reject(new Error(`belay serve ended with ${code}`)));
  });
  return { address, pid: child.pid, stop: () => { child.kill('SIGTERM'); return ended; } };
}

/** Until the node does nothing any more by itself. */
async function warm({ pid }) {
  const until = Date.now() + PATIENCE;
  for (let before = -1, used = processorOf(pid); used - before > TICK; used = processorOf(pid)) {
    if (Date.now() > until) throw new Error('the node is never idle');
    before = used;
    await pause(IDLE);
  }
}

/** The coordinator's token, the last word of its line. */
function coordinatorOf(folder) {
  const line = execFileSync(BELAY, ['demo', folder, '--tokens', '--hours', '1'], { encoding: 'utf8' }).split('\n').find((one) => one.startsWith('coordinator '));
  if (!line) throw new Error('belay demo --tokens names no coordinator');
  return line.trim().split(/\s+/).at(-1);
}

/** As signIn() of lib/browser.mjs, whose people begin on the page Today; a coordinator begins elsewhere. */
async function enter(page, address, token) {
  await page.goto(`${address}/#/token`);
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Live', { exact: true }).waitFor();
}

/** Of what ${page} asks, all but its files and the stream of events, which never ends. */
function questionsOf(page, address) {
  const questions = { asked: [], open: 0, last: Date.now() };
  const is = (request) => request.resourceType() === 'fetch' && new URL(request.url()).pathname !== '/events';
  const done = (request) => { if (is(request)) { questions.open--; questions.last = Date.now(); } };
  page.on('request', (request) => { if (is(request)) { questions.asked.push(request); questions.open++; questions.last = Date.now(); } });
  page.on('requestfinished', done);
  page.on('requestfailed', done);
  questions.settled = async () => {
    const until = Date.now() + PATIENCE;
    while (questions.open > 0 || Date.now() - questions.last < QUIET) {
      if (Date.now() > until) throw new Error('the page never stops asking');
      await pause(50);
    }
  };
  questions.told = () => Promise.all(questions.asked.map(async (request) => {
    const answer = await request.response();
    const { requestStart, responseEnd } = request.timing();
    const status = answer?.status() ?? 0;
    return {
      question: `${request.method()} ${decodeURIComponent(request.url().slice(address.length))}${status === 200 ? '' : ` (${status || 'no answer'})`}`,
      took: Math.max(0, responseEnd - Math.max(0, requestStart)), bytes: answer ? (await request.sizes()).responseBodySize : 0,
    };
  }));
  return questions;
}

/** The page from nothing until it asks no more. */
async function round(page, node, query) {
  await page.goto('about:blank');
  const questions = questionsOf(page, node.address);
  const before = processorOf(node.pid);
  await page.goto(`${node.address}/#/programme${query ? `?${query}` : ''}`);
  await page.locator('.page-programme .charts').first().waitFor();
  await questions.settled();
  const processor = processorOf(node.pid) - before;
  page.removeAllListeners('request');
  page.removeAllListeners('requestfinished');
  page.removeAllListeners('requestfailed');
  return { told: await questions.told(), processor };
}

function print({ told, processor }, at) {
  const line = (took, bytes, words) => console.log(`${took.padStart(9)} ${bytes.padStart(10)}  ${words}`);
  const sum = (member) => told.reduce((all, one) => all + one[member], 0);
  console.log(`\nround ${at}`);
  line('ms', 'bytes', 'question');
  for (const { took, bytes, question } of told) line(took.toFixed(1), String(bytes), question.length > ADDRESS_SIGNS ? `${question.slice(0, ADDRESS_SIGNS - 1)}…` : question);
  line(sum('took').toFixed(1), String(sum('bytes')), `sum of ${told.length} questions; ${Math.round(processor)} ms of the node's processor`);
}

const { values: { query, times }, positionals: [folder] } = parseArgs({ options: { query: { type: 'string', default: '' }, times: { type: 'string', default: '3' } }, allowPositionals: true });
if (!folder || !(Number(times) >= 1)) throw new Error('usage: bench-programme.mjs DIR [--query by=hospital] [--times N]');
const token = coordinatorOf(folder);
const node = await serve(folder);
const browser = await launch();
try {
  const { page } = await person(browser, node.address, DESK);
  await enter(page, node.address, token);
  await warm(node);
  await round(page, node, query);
  for (let at = 1; at <= Number(times); at++) print(await round(page, node, query), at);
} finally {
  await browser.close();
  await node.stop();
}
