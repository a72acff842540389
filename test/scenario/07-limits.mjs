// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Node } from './lib/node.mjs';
import { check, equal, eventually, instrumented, scenario, sleep, status } from './lib/scenario.mjs';
import { open, pour, statusOf } from './lib/socket.mjs';

const node = new Node();
const MB = 1 << 20;
const IDLE = 1000;
const ROUNDS = 12;
const POURED = 200; // requests, before it is told to stop
const ALIVE_MS = 20000; // not a speed: longer means that somebody waits for somebody slow
const links = [];
let memoryBefore = 0;

function head(method, path, headers = {}) {
  const all = { Host: `127.0.0.1:${node.port}`, Authorization: `Bearer ${node.token}`, ...headers };
  return `${method} ${path} HTTP/1.1\r\n${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

function bounded(bytes) {
  const grown = node.memory() - memoryBefore;
  check(instrumented || grown < bytes, `memory grew by ${Math.round(grown / MB)} MB`);
}

async function stillServes() {
  status(await node.get('/fhir/Patient/here'), 200);
}

async function refused(text, expected, headers = {}) {
  const answer = await node.post('/fhir/Patient', text, headers);
  status(answer, expected);
  equal(answer.json.resourceType, 'OperationOutcome');
  check(answer.json.issue[0].diagnostics || answer.json.issue[0].details?.text, 'no sentence');
  await stillServes();
  return answer.json;
}

/** What it said last stands beside how it ended. */
async function stopsCleanly() {
  const { code, signal } = await node.stop();
  check(code === 0, `it ended with ${code ?? signal}: ${node.log}`);
}

/** Clients that write a record, and another as soon as they are answered or have to connect again, until end(). */
function pourIn() {
  const { port } = node;
  const flood = { sent: 0, ended: false, end() { this.ended = true; } };
  const write = (socket) => {
    const body = JSON.stringify({ resourceType: 'Patient', id: `poured-${flood.sent++ % 100}` });
    socket.write(`${head('PUT', `/fhir/Patient/${JSON.parse(body).id}`, { 'Content-Type': 'application/fhir+json', 'Content-Length': String(body.length) })}${body}`);
  };
  const come = () => {
    if (flood.ended) return;
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {}); // nobody listens any more
    socket.on('close', () => setImmediate(come));
    socket.on('data', () => write(socket));
    write(socket);
  };
  for (let i = 0; i < 40; i++) come();
  return flood;
}

await scenario('Whatever is thrown at the server, it answers clearly and goes on.', [
  ['a served node with one record', async () => {
    await node.init().start();
    status(await node.put('/fhir/Patient/here', { resourceType: 'Patient', id: 'here' }), 201);
    memoryBefore = node.memory();
  }],
  ['malformed JSON is told with its line', async () => {
    const outcome = await refused('{"resourceType":"Patient",\n "name": [}', 400);
    check(/line 2/.test(JSON.stringify(outcome)), JSON.stringify(outcome));
  }],
  ['an empty body', () => refused('', 400)],
  ['a depth bomb', () => refused(`{"resourceType":"Patient","x":${'['.repeat(200000)}`, 400)],
  ['text that is not UTF-8', () => refused(Buffer.from('{"resourceType":"Patient","id":"\xff\xfe"}', 'latin1'), 400)],
  ['a name twice', () => refused('{"resourceType":"Patient","id":"a","id":"b"}', 400)],
  ['a body that is not what it says', () => refused(gzipSync('{"resourceType":"Patient"}').subarray(0, 20), 400, { 'Content-Encoding': 'gzip' })],
  ['a body that blows up when unpacked', () => refused(gzipSync(Buffer.alloc(100 * MB, ' ')), 413, { 'Content-Encoding': 'gzip' })],
  ['an unknown packing', () => refused('x', 415, { 'Content-Encoding': 'br' })],
  ['100 MB announced: refused before they are sent', async () => {
    const link = await open(node.port);
    link.socket.write(head('POST', '/fhir', { 'Content-Type': 'application/fhir+json', 'Content-Length': String(100 * MB) }));
    await eventually(() => statusOf(link) === 413, 'the refusal');
    link.socket.destroy();
    await stillServes();
  }],
  ['100 MB in pieces, not announced', async () => {
    const link = await open(node.port);
    link.socket.write(head('POST', '/fhir', { 'Content-Type': 'application/fhir+json', 'Transfer-Encoding': 'chunked' }));
    const piece = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MB, 0x20), Buffer.from('\r\n')]);
    await pour(link, [...Array.from({ length: 100 }, () => piece), '0\r\n\r\n']);
    await eventually(() => statusOf(link) === 413 || link.closed, 'the refusal');
    link.socket.destroy();
    bounded(200 * MB);
    await stillServes();
  }],
  ['a path that cannot be decoded', async () => {
    status(await node.get('/fhir/Patient/%ff%fe'), 400);
    status(await node.get('/fhir/Patient?name=%zz'), 400);
  }],
  ['an address and headers without end', async () => {
    const link = await open(node.port);
    await pour(link, [`GET /fhir/Patient?name=${'x'.repeat(70000)} HTTP/1.1\r\nHost: x\r\n\r\n`]);
    await eventually(() => statusOf(link) >= 400 || link.closed, 'the refusal');
    const other = await open(node.port);
    await pour(other, ['GET /health HTTP/1.1\r\nHost: x\r\n', ...Array.from({ length: 2000 }, (_, i) => `X-${i}: ${'y'.repeat(50)}\r\n`), '\r\n']);
    await eventually(() => statusOf(other) >= 400 || other.closed, 'the refusal');
    await stillServes();
  }],
  ['no HTTP at all', async () => {
    const link = await open(node.port);
    await pour(link, [Buffer.alloc(4096, 0x01), '\r\n\r\n']);
    await eventually(() => statusOf(link) >= 400 || link.closed, 'the refusal');
    await stillServes();
  }],
  ['clients that send a byte now and then hold up nobody', async () => {
    for (let i = 0; i < 50; i++) {
      const link = await open(node.port);
      links.push(link);
      link.socket.write(head('POST', '/fhir/Patient', { 'Content-Length': '1000' }));
    }
    for (let round = 0; round < 5; round++) {
      links.forEach((link) => link.socket.write('{'));
      const begun = Date.now();
      await stillServes();
      check(Date.now() - begun < ALIVE_MS, `a read took ${Date.now() - begun} ms`);
      await sleep(50);
    }
  }],
  [`${IDLE} idle connections disturb nobody`, async () => {
    while (links.length < IDLE) links.push(await open(node.port));
    const begun = Date.now();
    for (let i = 0; i < 50; i++) await stillServes();
    check(Date.now() - begun < ALIVE_MS, `50 reads took ${Date.now() - begun} ms`);
    bounded(100 * MB);
    equal(links.filter((link) => link.closed).length, 0, 'connections closed early');
    links.forEach((link) => link.socket.destroy());
    await eventually(() => stillServes().then(() => true, () => false), 'service after they left');
  }],
  ['a client that goes away in the middle', async () => {
    for (let i = 0; i < 20; i++) {
      const link = await open(node.port);
      link.socket.write(`${head('POST', '/fhir/Patient', { 'Content-Type': 'application/fhir+json', 'Content-Length': '30' })}{"resourceType"`);
      link.socket.destroy();
    }
    for (let i = 0; i < 20; i++) {
      const link = await open(node.port);
      link.socket.write(head('GET', '/fhir/Patient?_count=1000'));
      link.socket.destroy();
    }
    await stillServes();
  }],
  ['and at the end it stops cleanly', stopsCleanly],
  ['a stop while requests pour in is as clean', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      await node.start();
      const flood = pourIn();
      await eventually(() => flood.sent > POURED, 'many requests');
      await stopsCleanly();
      flood.end();
    }
  }],
], () => node.remove());
