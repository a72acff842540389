// SPDX-License-Identifier: Apache-2.0
import { Node } from './lib/node.mjs';
import { check, equal, eventually, scenario, status } from './lib/scenario.mjs';
import { open } from './lib/socket.mjs';

const node = new Node();
const photo = Buffer.from('<script>alert(1)</script>');
let asset = '';

const policy = (answer) => Object.fromEntries((answer.headers.get('content-security-policy') ?? '').split(/;\s*/).map((part) => {
  const [name, ...values] = part.split(' ');
  return [name, values.join(' ')];
}));

/** What every answer has, whatever it is. */
function shielded(answer, what) {
  const all = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-resource-policy': 'same-origin' };
  for (const [name, value] of Object.entries(all)) equal(answer.headers.get(name), value, `${name} of ${what}`);
  equal(policy(answer)['default-src'], "'none'", `default-src of ${what}`);
  equal(policy(answer)['base-uri'], "'none'", `base-uri of ${what}`);
  equal(policy(answer)['frame-ancestors'], "'none'", `frame-ancestors of ${what}`);
  check(/^[A-Za-z0-9._-]{1,64}$/.test(answer.headers.get('x-request-id') ?? ''), `no request id on ${what}`);
  equal(answer.headers.get('strict-transport-security'), null, 'HSTS without TLS');
  equal(answer.headers.get('server'), null, 'Server');
  equal(answer.headers.get('access-control-allow-origin'), null, 'Access-Control-Allow-Origin');
}

await scenario('Every answer tells the browser how little to do with it.', [
  ['a served node with a record and a stored page', async () => {
    await node.init().start();
    status(await node.put('/fhir/Patient/one', { resourceType: 'Patient', id: 'one' }), 201);
    status(await node.ask('PUT', '/fhir/Binary/page', photo, { 'Content-Type': 'text/html' }), 201);
  }],
  ['answers and refusals with records: never kept', async () => {
    const asked = [
      ['GET', '/fhir/Patient/one', 200], ['HEAD', '/fhir/Patient/one', 200], ['GET', '/fhir/Patient?name=a', 200],
      ['GET', '/fhir/metadata', 200], ['GET', '/fhir/Patient/none', 404], ['GET', '/fhir/%ff', 400],
      ['GET', '/fhir/Patient/one/_history', 200], ['DELETE', '/fhir/Patient/none', 204], ['BREW', '/fhir/Patient', 405],
      ['GET', '/session', 200], ['POST', '/session', 405], ['GET', '/health', 200], ['GET', '/nothing', 404],
    ];
    for (const [method, path, expected] of asked) {
      const answer = await node.ask(method, path);
      const what = `${method} ${path}`;
      // sign-in has methods of its own where there is one
      check(answer.status === expected || path === '/session' || method === 'DELETE', `${what}: ${answer.status}`);
      shielded(answer, what);
      equal(answer.headers.get('cache-control'), 'no-store', `Cache-Control of ${what}`);
    }
  }],
  ['refusals before anything is read', async () => {
    const answer = await node.get('/fhir/Patient/one', { Authorization: 'Bearer wrong' });
    status(answer, 401);
    shielded(answer, 'a 401');
    equal(answer.headers.get('cache-control'), 'no-store');
    const large = await node.post('/fhir', 'x', { 'Content-Encoding': 'br' });
    status(large, 415);
    shielded(large, 'a 415');
  }],
  ['not changed is said with the same', async () => {
    const etag = (await node.get('/fhir/Patient/one')).headers.get('etag');
    const answer = await node.get('/fhir/Patient/one', { 'If-None-Match': etag });
    status(answer, 304);
    shielded(answer, 'a 304');
  }],
  ['what somebody stored is not run as a page', async () => {
    const answer = await node.get('/fhir/Binary/page', { Accept: 'text/html' });
    status(answer, 200);
    equal(answer.text, photo.toString());
    shielded(answer, 'a Binary');
    equal(policy(answer).sandbox, '', 'sandbox');
  }],
  ['a stream of events', async () => {
    const link = await open(node.port);
    link.socket.write(`GET /events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${node.token}\r\n\r\n`);
    await eventually(() => link.text.includes('\r\n\r\n'), 'its head');
    const lines = link.text.split('\r\n\r\n')[0].split('\r\n').slice(1).map((line) => line.split(/: (.*)/s).slice(0, 2));
    shielded({ headers: new Headers(lines) }, 'the stream');
    link.socket.destroy();
  }],
  ['the pages: no script or style but our own files, no frame, no device', async () => {
    const answer = await node.get('/');
    if (answer.status === 404) {
      console.log('     (this program was built without its pages)');
      return;
    }
    status(answer, 200);
    shielded(answer, 'the page');
    const { 'script-src': scripts, 'style-src': styles, 'base-uri': base, 'form-action': forms, 'connect-src': connect } = policy(answer);
    equal([scripts, styles, base, forms, connect], ["'self'", "'self'", "'none'", "'self'", "'self'"]);
    equal(answer.headers.get('cross-origin-opener-policy'), 'same-origin');
    check(/camera=\(\)/.test(answer.headers.get('permissions-policy')) && /microphone=\(self\)/.test(answer.headers.get('permissions-policy')), 'Permissions-Policy');
    check(!/<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=/i.test(answer.text), `inline script or style: ${answer.text}`);
    asset = /"(\/assets\/[^"]+)"/.exec(answer.text)?.[1] ?? '';
  }],
  ['files with a hash in their name are kept, the page is asked for again', async () => {
    if (!asset) return;
    const file = await node.get(asset);
    status(file, 200);
    shielded(file, asset);
    equal(file.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    equal((await node.get('/')).headers.get('cache-control'), 'no-cache');
  }],
], () => node.remove());
