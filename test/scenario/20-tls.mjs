// SPDX-License-Identifier: Apache-2.0
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { Node, run } from './lib/node.mjs';
import { check, equal, eventually, scenario, sleep } from './lib/scenario.mjs';
import { open } from './lib/socket.mjs';
import { ask, makeCertificate, shakeHands } from './lib/tls.mjs';

const node = new Node();
const folder = join(node.folder, '..'); // goes with the node
const serving = { certificate: join(folder, 'serving.pem'), key: join(folder, 'serving.key') };
const OLD = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' };
// the server hangs up or says why; a client that cannot even ask has other words
const refusedByServer = (error) => /^ECONNRESET$|ALERT/.test(error ?? '');
let first;
let second;
let stream;
let keptAgent;

const headers = () => ({ Authorization: `Bearer ${node.token}`, 'Content-Type': 'application/fhir+json' });
const get = (path, more = {}) => ask(node.port, serving.certificate, path, { headers: headers(), ...more });
const put = (id, more = {}) => get(`/fhir/Patient/${id}`, {
  method: 'PUT', body: JSON.stringify({ resourceType: 'Patient', id, ...more }),
});

function install(pair) {
  copyFileSync(pair.certificate, serving.certificate);
  copyFileSync(pair.key, serving.key);
  chmodSync(serving.key, 0o600);
}

function refused(words, expected) {
  const { status, stderr } = run('serve', node.folder, '--listen', '127.0.0.1:0', ...words);
  check(status !== 0 && expected.test(stderr), `${words.join(' ')} ended with ${status}: ${stderr}`);
}

await scenario('A connection is encrypted as it should be, or there is none.', [
  ['a certificate and another one', async () => {
    node.init();
    first = makeCertificate(folder, 'first');
    second = makeCertificate(folder, 'second');
    install(first);
  }],
  ['what cannot work is told in a sentence', async () => {
    const { certificate, key } = serving;
    refused(['--tls-certificate', certificate], /--tls-key: .*missing/);
    refused(['--tls-key', key], /--tls-certificate: .*missing/);
    refused(['--tls-certificate', join(folder, 'none.pem'), '--tls-key', key], /none\.pem: Cannot read/);
    refused(['--tls-certificate', folder, '--tls-key', key], /not a file/);
    refused(['--tls-certificate', key, '--tls-key', key], /no certificate in PEM/);
    refused(['--tls-certificate', certificate, '--tls-key', certificate], /Others may read/);
    writeFileSync(join(folder, 'words.key'), 'words', { mode: 0o600 });
    refused(['--tls-certificate', certificate, '--tls-key', join(folder, 'words.key')], /no private key in PEM/);
    refused(['--tls-certificate', certificate, '--tls-key', second.key], /another certificate/);
    writeFileSync(join(folder, 'long.pem'), 'x'.repeat(300_000));
    refused(['--tls-certificate', join(folder, 'long.pem'), '--tls-key', key], /long\.pem|limit|over/);
  }],
  ['a key that others may read is refused', async () => {
    for (const mode of [0o644, 0o604, 0o620, 0o602]) {
      chmodSync(serving.key, mode);
      refused(['--tls-certificate', serving.certificate, '--tls-key', serving.key], /Others may read or change/);
    }
    chmodSync(serving.key, 0o600);
  }],
  ['served with a certificate, elsewhere than on loopback too', async () => {
    await node.start('--listen', '0.0.0.0:0', '--tls-certificate', serving.certificate, '--tls-key', serving.key);
    check(node.url.startsWith('https://'), node.url);
    equal((await get('/health')).status, 200);
  }],
  ['TLS 1.3 and 1.2, with keys that are forgotten', async () => {
    equal((await shakeHands(node.port, first.certificate)).protocol, 'TLSv1.3');
    const older = await shakeHands(node.port, first.certificate, { maxVersion: 'TLSv1.2' });
    equal(older.protocol, 'TLSv1.2');
    check(/^ECDHE-ECDSA-.*(GCM|CHACHA20)/.test(older.cipher), older.cipher);
  }],
  ['nothing older', async () => {
    equal((await shakeHands(node.port, first.certificate, OLD)).protocol, 'TLSv1.3');
    for (const maxVersion of ['TLSv1.1', 'TLSv1']) {
      const { error } = await shakeHands(node.port, first.certificate, { ...OLD, maxVersion });
      check(refusedByServer(error), `${maxVersion}: ${error ?? 'shook hands'}`);
    }
  }],
  ['nothing weaker', async () => {
    for (const ciphers of ['AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES128-SHA256', 'AECDH-AES128-SHA', 'ECDHE-ECDSA-NULL-SHA']) {
      const { error } = await shakeHands(node.port, first.certificate, { maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` });
      check(refusedByServer(error), `${ciphers}: ${error ?? 'shook hands'}`);
    }
  }],
  ['plain HTTP on the same port is no answer', async () => {
    const link = await open(node.port);
    link.socket.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually(() => link.closed, 'the end');
    check(!link.text.includes('HTTP/1.1 200'), link.text);
  }],
  ['browsers are told to come encrypted only', async () => {
    for (const path of ['/', '/health', '/fhir/metadata', '/fhir/Patient/nobody']) {
      const found = (await get(path)).headers['strict-transport-security'] ?? '';
      check(Number(/max-age=(\d+)/.exec(found)?.[1]) >= 31536000 && /includeSubDomains/.test(found), `${path}: '${found}'`);
    }
  }],
  ['answers that wait for the disk come, many at a time on few connections', async () => {
    keptAgent = new Agent({ keepAlive: true, maxSockets: 8 });
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => get(`/fhir/Patient/p${i}`, {
      method: 'PUT', body: JSON.stringify({ resourceType: 'Patient', id: `p${i}` }), agent: keptAgent,
    })));
    equal(answers.filter((answer) => answer.status !== 201).length, 0, 'refused');
  }],
  ['links in answers are encrypted ones', async () => {
    const made = await get('/fhir/Patient', { method: 'POST', body: '{"resourceType":"Patient"}' });
    equal(made.status, 201);
    check(made.headers.location.startsWith(`https://127.0.0.1:${node.port}/fhir/Patient/`), made.headers.location);
  }],
  ['a large body and a large answer', async () => {
    const text = { name: Array.from({ length: 60 }, () => ({ text: 'x'.repeat(20_000) })) };
    equal((await put('large', text)).status, 201);
    const answer = await get('/fhir/Patient/large');
    equal(answer.status, 200);
    equal(JSON.parse(answer.text).name.length, 60);
  }],
  ['events come at once', async () => {
    stream = await get('/events', { stream: true });
    equal(stream.status, 200);
    await put('seen', { active: true });
    await eventually(() => stream.text.includes('"id":"seen"'), 'the event');
  }],
  ['told to, it takes the new certificate and drops nobody', async () => {
    const kept = await shakeHands(node.port, first.certificate, { maxVersion: 'TLSv1.2' });
    install(second);
    node.child.kill('SIGHUP');
    await node.logged(/read again/);
    equal((await shakeHands(node.port, second.certificate)).subject, 'second');
    let said = '';
    kept.socket.on('data', (data) => { said += data; });
    kept.socket.write('GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await eventually(() => said.includes('"ok"'), 'an answer on the connection from before');
    kept.socket.destroy();
    await put('later');
    await eventually(() => stream.text.includes('"id":"later"'), 'an event on the stream from before');
    check(!stream.ended, 'the stream ended');
  }],
  ['a new certificate that is wrong is told, and the old one stays', async () => {
    writeFileSync(serving.certificate, 'nothing');
    node.child.kill('SIGHUP');
    await node.logged(/no certificate in PEM/);
    equal((await shakeHands(node.port, second.certificate)).subject, 'second');
    install(second);
  }],
  ['one that ends soon is a line in the log', async () => {
    install(makeCertificate(folder, 'short', 5));
    node.child.kill('SIGHUP');
    await node.logged(/warn .*expires in [45] days/);
  }],
  ['handshakes that never end hold up nobody', async () => {
    const links = [];
    for (let i = 0; i < 50; i++) links.push(await open(node.port));
    links.forEach((link) => link.socket.write(Buffer.from([22, 3, 1])));
    equal((await get('/health')).status, 200);
    links.forEach((link) => link.socket.destroy());
  }],
  ['it stops cleanly, and the stream ends', async () => {
    keptAgent.destroy();
    equal(await node.stop(), { code: 0, signal: null });
    await eventually(() => stream.ended, 'the end of the stream');
  }],
  ['a certificate that SIGHUP cannot read again: without TLS it is only a line', async () => {
    await node.start();
    node.child.kill('SIGHUP');
    await node.logged(/does not encrypt/);
    await sleep(50);
    equal((await node.get('/health')).status, 200);
  }],
], () => node.remove());
