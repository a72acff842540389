// SPDX-License-Identifier: Apache-2.0
import { must, Node } from './lib/node.mjs';
import { check, equal, eventually, scenario, sleep } from './lib/scenario.mjs';
import { open } from './lib/socket.mjs';

const node = new Node();
const BURST = 10; // seconds' worth
let other = '';

/** Ask ${count} times; how many were answered, and the last refusal. */
async function many(count, headers, path = '/session') {
  let answered = 0;
  let refusal;
  for (let i = 0; i < count; i++) {
    const answer = await node.get(path, headers);
    if (answer.status === 429) refusal = answer;
    else answered += 1;
  }
  return { answered, refusal };
}

const via = (address, token = node.token) => ({ 'X-Forwarded-For': address, Authorization: `Bearer ${token}` });

await scenario('Nobody can take more than a share of the server.', [
  ['a node behind a proxy on the same machine', async () => {
    await node.init().start('--trusted-proxy', '127.0.0.1', '--address-rate', '2', '--person-rate', '0');
    other = must('token', node.folder, 'Somebody else').trim();
  }],
  ['one address may ask so often and then waits', async () => {
    const begun = Date.now();
    const { answered, refusal } = await many(60, via('192.0.2.1'));
    const most = 2 * BURST + Math.ceil((Date.now() - begun) / 500);
    check(answered >= 2 * BURST && answered <= most + 1, `${answered} answered, at most ${most} due`);
    equal(refusal.json.resourceType, 'OperationOutcome');
    check(/Too many requests came from this address; try again in \d+ s\./.test(refusal.text), refusal.text);
    const wait = Number(refusal.headers.get('retry-after'));
    check(wait >= 1 && wait <= 2, `Retry-After: ${wait}`);
    check(/too many requests of one address address=192\.0\.2\.1 request=/.test(node.log), node.log);
    check(!node.log.includes(node.token), 'the token is in the log');
    await sleep(wait * 1000);
    equal((await node.get('/session', via('192.0.2.1'))).status, 200);
  }],
  ['the pages and a wrong token count too', async () => {
    check((await many(30, via('192.0.2.9'), '/')).refusal, 'pages without end');
    check((await many(30, via('192.0.2.8', 'wrong'))).refusal, 'tries without end');
  }],
  ['others are not held up, and an IPv6 household is one', async () => {
    equal((await many(20, via('192.0.2.2'))).answered, 20);
    await many(30, via('2001:db8:0:1::1'));
    equal((await node.get('/session', via('2001:db8:0:1:ffff::2'))).status, 429);
    equal((await node.get('/session', via('2001:db8:0:2::1'))).status, 200);
  }],
  ['an address cannot be made up in front of the real one', async () => {
    await many(30, via('192.0.2.3'));
    equal((await node.get('/session', via('198.51.100.77, 192.0.2.3'))).status, 429);
    await node.stop();
  }],
  ['one person may ask so often from everywhere together', async () => {
    await node.start('--trusted-proxy', '127.0.0.1', '--address-rate', '0', '--person-rate', '3');
    let refused = 0;
    for (let i = 0; i < 60; i++) refused += (await node.get('/session', via(`192.0.2.${i}`))).status === 429;
    check(refused > 10 && refused <= 30, `${refused} refused`);
    const { refusal } = await many(3, via('192.0.2.200'));
    check(/from this person/.test(refusal.text), refusal.text);
    equal((await node.get('/session', via('192.0.2.1', other))).status, 200);
    equal((await node.get('/health', via('192.0.2.1'))).status, 200);
    await node.stop();
  }],
  ['programs on this machine are not counted', async () => {
    await node.start('--address-rate', '1', '--person-rate', '1', '--address-connections', '2');
    equal((await many(60, {})).answered, 60);
    const links = [];
    for (let i = 0; i < 20; i++) links.push(await open(node.port));
    await sleep(100);
    equal(links.filter((link) => link.closed).length, 0, 'closed');
    links.forEach((link) => link.socket.destroy());
    await node.stop();
  }],
  ['unless told so', async () => {
    await node.start('--address-rate', '1', '--person-rate', '0', '--limit-loopback');
    check((await many(30, {})).refusal, 'nothing was refused');
    await node.stop();
  }],
  ['one address may hold so many connections, and gets them back', async () => {
    await node.start('--address-connections', '20', '--limit-loopback', '--address-rate', '0');
    // all at once: several threads accept, and none may see room that another has taken
    const links = await Promise.all(Array.from({ length: 40 }, () => open(node.port)));
    await eventually(() => links.filter((link) => link.closed).length === 20, 'the end of those over the limit');
    links.forEach((link) => link.socket.destroy());
    await eventually(async () => (await node.get('/health').catch(() => ({ status: 0 }))).status === 200, 'an answer afterwards');
  }],
], () => node.remove());
