// SPDX-License-Identifier: Apache-2.0
import { must, Node } from './lib/node.mjs';
import { check, equal, eventually, scenario, sleep } from './lib/scenario.mjs';
import { open } from './lib/socket.mjs';

const node = new Node();
const BURST = 10; // seconds' worth
let other = '';

/** Ask ${count} times at once, as ${headersOf} has it for each; how many were answered, a refusal,
 *  and how many a ${rate} a second may answer at most in the time that it took. */
async function many(count, headersOf, path = '/session', rate = 2) {
  const begun = Date.now();
  const all = await Promise.all(Array.from({ length: count }, (_, i) => node.get(path, headersOf(i))));
  const refusals = all.filter(({ status }) => status === 429);
  return {
    answered: count - refusals.length, refusal: refusals[0], most: rate * BURST + Math.ceil(rate * (Date.now() - begun) / 1000) + 1,
  };
}

const via = (address, token = node.token) => ({ 'X-Forwarded-For': address, Authorization: `Bearer ${token}` });

await scenario('Nobody can take more than a share of the server.', [
  ['a node behind a proxy on the same machine', async () => {
    await node.init().start('--trusted-proxy', '127.0.0.1', '--address-rate', '2', '--person-rate', '0');
    other = must('token', node.folder, 'Somebody else').trim();
  }],
  ['one address may ask so often and then waits', async () => {
    const { answered, refusal, most } = await many(150, () => via('192.0.2.1'));
    check(answered >= 2 * BURST && answered <= most, `${answered} answered, at most ${most} due`);
    equal(refusal.json.resourceType, 'OperationOutcome');
    check(/Too many requests came from this address; try again in \d+ s\./.test(refusal.text), refusal.text);
    const wait = Number(refusal.headers.get('retry-after'));
    check(wait >= 1 && wait <= 2, `Retry-After: ${wait}`);
    await node.logged(/too many requests of one address address=192\.0\.2\.1 request=/);
    check(!node.log.includes(node.token), 'the token is in the log');
    await sleep(wait * 1000);
    equal((await node.get('/session', via('192.0.2.1'))).status, 200);
  }],
  ['the pages, what is public and a wrong token count too', async () => {
    check((await many(150, () => via('192.0.2.9'), '/')).refusal, 'pages without end');
    check((await many(150, () => via('192.0.2.8', 'wrong'))).refusal, 'tries without end');
    check((await many(150, () => ({ ...via('192.0.2.7'), Authorization: '' }), '/programme/Report/$public')).refusal, 'what is public without end');
  }],
  ['others are not held up, and an IPv6 household is one', async () => {
    equal((await many(20, () => via('192.0.2.2'))).answered, 20);
    const { answered, most } = await many(150, (i) => via(i % 2 ? '2001:db8:0:1::1' : '2001:db8:0:1:ffff::2'));
    check(answered <= most, `${answered} answered, at most ${most} due`);
    equal((await node.get('/session', via('2001:db8:0:2::1'))).status, 200);
  }],
  ['an address cannot be made up in front of the real one', async () => {
    const { answered, most } = await many(150, (i) => via(`198.51.100.${i}, 192.0.2.3`));
    check(answered <= most, `${answered} answered, at most ${most} due`);
    await node.stop();
  }],
  ['one person may ask so often from everywhere together', async () => {
    await node.start('--trusted-proxy', '127.0.0.1', '--address-rate', '0', '--person-rate', '3');
    const { answered, refusal, most } = await many(200, (i) => via(`192.0.2.${i}`), '/session', 3);
    check(answered >= 3 * BURST && answered <= most, `${answered} answered, at most ${most} due`);
    check(/from this person/.test(refusal.text), refusal.text);
    equal((await node.get('/session', via('192.0.2.1', other))).status, 200);
    equal((await node.get('/health', via('192.0.2.1'))).status, 200);
    await node.stop();
  }],
  ['programs on this machine are not counted', async () => {
    await node.start('--address-rate', '1', '--person-rate', '1', '--address-connections', '2');
    equal((await many(60, () => ({}))).answered, 60);
    const links = [];
    for (let i = 0; i < 20; i++) links.push(await open(node.port));
    await sleep(100);
    equal(links.filter((link) => link.closed).length, 0, 'closed');
    links.forEach((link) => link.socket.destroy());
    await node.stop();
  }],
  ['unless told so', async () => {
    await node.start('--address-rate', '1', '--person-rate', '0', '--limit-loopback');
    check((await many(60, () => ({}))).refusal, 'nothing was refused');
    await node.stop();
  }],
  ['one address may hold so many connections, and gets them back', async () => {
    await node.start('--address-connections', '20', '--limit-loopback', '--address-rate', '0');
    // all at once: several threads accept, and none may see room that another has taken
    const links = await Promise.all(Array.from({ length: 40 }, () => open(node.port).catch(() => ({ closed: true, socket: { destroy() {} } }))));
    await eventually(() => links.filter((link) => link.closed).length === 20, 'the end of those over the limit');
    links.forEach((link) => link.socket.destroy());
    await eventually(async () => (await node.get('/health').catch(() => ({ status: 0 }))).status === 200, 'an answer afterwards');
  }],
], () => node.remove());
