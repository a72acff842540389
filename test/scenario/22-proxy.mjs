// SPDX-License-Identifier: Apache-2.0
import { Node, run } from './lib/node.mjs';
import { check, equal, scenario } from './lib/scenario.mjs';
import { talk } from './lib/socket.mjs';

const node = new Node();
const PROXY = '127.0.0.9'; // any address of 127/8 is this machine
const STRANGER = '127.0.0.1';

/** Make a record through ${from}; where the answer says that it is. */
async function location(from, headers = {}) {
  const all = {
    Host: 'inside.example', Authorization: `Bearer ${node.token}`, 'Content-Type': 'application/fhir+json', 'Content-Length': 26,
    Connection: 'close', ...headers,
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const { text } = await talk(node.port, `POST /fhir/Patient HTTP/1.1\r\n${head}\r\n{"resourceType":"Patient"}`, from);
  check(text.startsWith('HTTP/1.1 201'), text);
  return { base: /\r\nLocation: (.*)\/Patient\//.exec(text)[1], hsts: /\r\nStrict-Transport-Security: /i.test(text) };
}

const X = { 'X-Forwarded-For': '192.0.2.7', 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'belay.example' };
const STANDARD = { Forwarded: 'for=192.0.2.7;proto=https;host=belay.example' };
const inside = { base: 'http://inside.example/fhir', hsts: false };
const outside = { base: 'https://belay.example/fhir', hsts: true };

await scenario('What a proxy says of a client is believed if it is ours, and of nobody else.', [
  ['wrong words on the command line', async () => {
    node.init();
    for (const words of [['--trusted-proxy', 'proxy.example'], ['--trusted-proxy', '10.0.0.0/40'], ['--trusted-proxy', ''], ['--proxy-header', 'via']]) {
      const { status, stderr } = run('serve', node.folder, ...words);
      equal(status, 2, words.join(' '));
      check(/--(trusted-proxy|proxy-header): /.test(stderr), stderr);
    }
  }],
  ['nobody is believed unless named', async () => {
    await node.start();
    equal(await location(STRANGER, X), inside);
    equal(await location(STRANGER, STANDARD), inside);
    await node.stop();
  }],
  ['the one named is, others are not', async () => {
    await node.start('--trusted-proxy', `${PROXY},10.0.0.0/8`);
    equal(await location(PROXY, X), outside);
    equal(await location(STRANGER, X), inside);
    equal(await location(PROXY), inside);
  }],
  ['the kind of header that it does not send is a client\'s own, and ignored', async () => {
    equal(await location(PROXY, STANDARD), inside);
  }],
  ['the nearest proxy has the last word', async () => {
    equal(await location(PROXY, { ...X, 'X-Forwarded-Host': 'evil.example, belay.example', 'X-Forwarded-Proto': 'http, https' }), outside);
  }],
  ['what is no scheme or host is nothing', async () => {
    equal(await location(PROXY, { 'X-Forwarded-Host': 'evil.example/"<x>', 'X-Forwarded-Proto': 'javascript' }), inside);
    await node.stop();
  }],
  ['by the standard header, if that is what it sends', async () => {
    await node.start('--trusted-proxy', PROXY, '--proxy-header', 'forwarded');
    equal(await location(PROXY, STANDARD), outside);
    equal(await location(PROXY, X), inside);
    equal(await location(STRANGER, STANDARD), inside);
    await node.stop();
  }],
  ['an address that was given once and for all wins', async () => {
    await node.start('--trusted-proxy', PROXY, '--public-url', 'https://always.example');
    equal((await location(PROXY, X)).base, 'https://always.example/fhir');
    equal((await location(STRANGER)).base, 'https://always.example/fhir');
  }],
], () => node.remove());
