// SPDX-License-Identifier: Apache-2.0
import { Node } from './lib/node.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';
import { talk } from './lib/socket.mjs';

const node = new Node();
const HIDDEN = 'PUT /fhir/Patient/smuggled HTTP/1.1\r\nHost: x\r\nContent-Type: application/fhir+json\r\n';
let hidden = '';

const statusesOf = (text) => [...text.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map((match) => Number(match[1]));

/** Send these head lines and body; the statuses of all answers and whether it hung up, which is
 *  waited for unless so many ${answers} are all that is expected. */
async function send(lines, body = '', first = 'POST /fhir/Patient HTTP/1.1', answers = Infinity) {
  const head = [first, ...(lines.some((line) => /^host/i.test(line)) ? [] : ['Host: x']), `Authorization: Bearer ${node.token}`, ...lines];
  const { text, closed } = await talk(node.port, `${head.join('\r\n')}\r\n\r\n${body}`, '127.0.0.1', (so) => statusesOf(so).length >= answers);
  return { statuses: statusesOf(text), closed, text };
}

/** A refusal (libmicrohttpd says some of them twice), and the end of the connection: what follows is never read as a request. */
async function refused(lines, body = hidden, expected = [400], first = undefined) {
  const { statuses, closed, text } = await send(lines, body, first);
  check(statuses.every((code) => expected.includes(code)), `${lines.join(' | ')}: ${statuses}: ${text.slice(0, 300)}`);
  check(closed, `${lines.join(' | ')}: the connection stayed open`);
  status(await node.get('/fhir/Patient/smuggled'), 404);
}

const get = (lines, expected) => refused(lines, `GET /health HTTP/1.1\r\nHost: x\r\n\r\n`, expected, 'GET /fhir/Patient HTTP/1.1');

await scenario('A request ends where everybody thinks it does, or it is refused.', [
  ['a served node', async () => {
    await node.init().start();
    const inner = '{"resourceType":"Patient","id":"smuggled"}';
    hidden = `0\r\n\r\n${HIDDEN}Authorization: Bearer ${node.token}\r\nContent-Length: ${inner.length}\r\n\r\n${inner}`;
  }],
  ['the same in order: two requests, two answers', async () => {
    const { statuses } = await send(['Content-Type: application/fhir+json', 'Transfer-Encoding: chunked'],
      '1a\r\n{"resourceType":"Patient"}\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n', undefined, 2);
    equal(statuses, [201, 200]);
  }],
  ['a length and chunks', async () => {
    await refused(['Content-Length: 5', 'Transfer-Encoding: chunked']);
    await refused(['Transfer-Encoding: chunked', 'Content-Length: 5']);
    await refused(['Transfer-Encoding: chunked', 'Content-Length: 0']);
  }],
  ['two lengths, the same or not', async () => {
    await refused(['Content-Length: 5', 'Content-Length: 6']);
    await refused(['Content-Length: 5', 'Content-Length: 5']);
    await refused(['Content-Length: 5, 5']);
  }],
  ['a length that is no number', async () => {
    for (const length of ['+5', '-1', '0x5', '5 6', '5;', '', '99999999999999999999999999']) {
      await refused([`Content-Length: ${length}`], hidden, [400, 413]);
    }
  }],
  ['chunks by another name', async () => {
    for (const coding of ['xchunked', 'chunked, identity', 'identity, chunked', 'gzip, chunked', 'identity', 'chunked;x', '"chunked"', 'chunked chunked', '\x0bchunked']) {
      await refused([`Transfer-Encoding: ${coding}`], hidden, [400, 501]);
    }
    await refused(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked']);
    await refused(['Transfer-Encoding: identity', 'Transfer-Encoding: chunked']);
    await refused(['Transfer-Encoding : chunked', 'Content-Length: 5']);
    await refused(['Transfer-Encoding: chunked'], hidden, [400], 'POST /fhir/Patient HTTP/1.0');
  }],
  ['chunks that are none', async () => {
    for (const chunks of ['xx\r\n', '-1\r\n', '+5\r\nabcde\r\n', '0x5\r\nabcde\r\n', 'ffffffffffffffffffff\r\n', '5\r\nabcdefgh\r\n', '\r\n']) {
      await refused(['Transfer-Encoding: chunked', 'Content-Type: application/fhir+json'], `${chunks}${hidden}`, [400, 413]);
    }
  }],
  ['two hosts, none, or one that is no host', async () => {
    await get(['Host: a', 'Host: b']);
    await get(['Host: a', 'host: a']);
    await get(['Host: a/b']);
    await get(['Host: a b']);
    await get(['Host: a@b']);
    await get(['Host: "a"']);
    const none = await talk(node.port, 'GET /health HTTP/1.1\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n', '127.0.0.1');
    check(/^HTTP\/1\.1 400/.test(none.text) && !none.text.includes(' 200 '), none.text);
    check(none.closed, 'the connection stayed open');
  }],
  ['what may be said once only', async () => {
    await get(['Authorization: Bearer wrong']);
    await get(['Content-Type: application/json', 'Content-Type: text/html']);
    await get(['If-None-Exist: a', 'If-None-Exist: b']);
    await get(['X-Request-Id: a', 'X-Request-Id: b']);
  }],
  ['a header in two lines hides nothing', async () => {
    await get(['Content-Length: 0', 'X-One: a', ' Content-Length: 5'], [400]);
    await refused(['Transfer-Encoding:', ' chunked', 'Content-Length: 5']);
    await refused(['Transfer-Encoding:', '\tchunked', 'Content-Length: 5']);
    await refused(['Content-Length: 5', 'Transfer-Encoding: chun', ' ked']);
    await refused(['X-One: a', ' Transfer-Encoding: chunked', 'Content-Length: 5']);
  }],
  ['a name with a space or without a colon', async () => {
    await get(['Host : x'], [400]);
    await get(['Nonsense'], [400]);
  }],
  ['more header lines than anybody needs', async () => {
    const lines = (count) => Array.from({ length: count }, (_, i) => `X-${i}: y`);
    equal((await send(lines(90), '', 'GET /health HTTP/1.1', 1)).statuses, [200]);
    const { statuses, closed } = await send(lines(100), '', 'GET /health HTTP/1.1');
    equal(statuses, [431]);
    check(closed, 'the connection stayed open');
  }],
  ['a header line and a request line larger than all may be', async () => {
    const large = await send([`X-Large: ${'y'.repeat(40_000)}`], '', 'GET /health HTTP/1.1');
    check([431, 413].includes(large.statuses[0]) && large.closed, `${large.statuses}`);
    const line = await send([], '', `GET /${'y'.repeat(40_000)} HTTP/1.1`);
    check([414, 431].includes(line.statuses[0]) && line.closed, `${line.statuses}`);
  }],
  ['another server\'s address, and ways around our own', async () => {
    for (const target of ['http://evil.example/health', '//evil.example/health', '/fhir/../health', '/./health', '/health/', '/health%00', '/%68ealth/../x', '/assets/../../etc/passwd', '*', 'health']) {
      const { statuses } = await send([], '', `GET ${target} HTTP/1.1`, 1);
      check(statuses.length <= 1 && [undefined, 400, 404].includes(statuses[0]), `${target}: ${statuses}`);
    }
  }],
  ['a request is never sent back as it came', async () => {
    const { statuses, text } = await send(['X-Private: 1234'], '', 'TRACE /fhir/Patient HTTP/1.1', 1);
    equal(statuses, [405]);
    check(!text.includes('1234'), text);
  }],
  ['a header that would split an answer', async () => {
    const { text } = await send(['X-Request-Id: a\rSet-Cookie: x=y'], '', 'GET /health HTTP/1.1', 1);
    check(!/^set-cookie/im.test(text.replace(/\r/g, '\n')), text);
  }],
  ['it has served all the time', async () => {
    equal((await node.get('/fhir/Patient?_summary=count')).json.total, 1);
  }],
], () => node.remove());
