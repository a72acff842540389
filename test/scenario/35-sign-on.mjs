// SPDX-License-Identifier: Apache-2.0
import { chmodSync, writeFileSync } from 'node:fs';
import { createHmac } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Node, must, run } from './lib/node.mjs';
import { PASSWORD, codeOf } from './lib/people.mjs';
import { Browser, Provider, ownPort } from './lib/provider.mjs';
import { check, equal, eventually, scenario } from './lib/scenario.mjs';

const SECRET = 'a secret of the client, 0123456789 &=%';
const node = new Node();
const provider = new Provider();
let home = '';
let kept = null; // a way back that was used

function client(id, more = {}) {
  return {
    client_id: id, client_secret: SECRET, redirect_uris: [`${home}/session/back/${id}`], response_types: ['code'],
    grant_types: ['authorization_code'], scope: 'openid profile', ...more,
  };
}

function add(name, ...words) {
  const file = join(node.folder, '..', 'secret');
  writeFileSync(file, `${SECRET}\n`);
  chmodSync(file, 0o600);
  return must('sign-on', 'add', node.folder, name, '--issuer', provider.issuer, '--client-id', name, '--secret-file', file, ...words);
}

/** Leave for the provider; where it sends the browser back to. */
async function leave(browser, name = 'hill') {
  const answer = await browser.ask('POST', `${home}/session/with/${name}`, {});
  equal(answer.status, 200, `leaving: ${answer.text}`);
  browser.jar(provider.issuer).clear(); // who was there before is asked again
  return browser.follow(answer.json.to, home);
}

/** The whole way; where it ends. */
async function signOn(browser, who, name = 'hill') {
  provider.who = who;
  const back = await leave(browser, name);
  const answer = await browser.ask('GET', back);
  equal(answer.status, 303, 'status of coming back');
  return answer.location;
}

async function whoIs(browser) {
  const answer = await browser.ask('GET', `${home}/session`);
  browser.page = answer.json?.page ?? '';
  return answer.status === 200 ? answer.json : null;
}

const roles = async (browser) => ((await whoIs(browser))?.posts ?? []).map((post) => `${post.role} ${post.department ?? post.organization}`).sort();

await scenario('A hospital\'s own sign-on opens what its claims give, and nothing else does.', [
  ['a provider of OpenID Connect, and a node that knows it', async () => {
    await node.init().start('--listen', `127.0.0.1:${await ownPort()}`); // it is served there again later
    home = node.url;
    await provider.start([client('hill'), client('plain', { token_endpoint_auth_method: 'client_secret_post' })]);
    for (const [id, name, above] of [['hill', 'Hill Hospital'], ['heart', 'Cardiology', 'hill']]) {
      await node.put(`/fhir/Organization/${id}`, {
        resourceType: 'Organization', id, name, ...(above ? { partOf: { reference: `Organization/${above}` } } : {}),
      });
    }
    add('hill', '--title', 'Hill Hospital', '--organization', 'hill', '--make', '--role', 'groups=doctors:clinician',
      '--role', 'groups=heart:head-of-department@heart', '--role', 'groups=admins:administrator', '--mfa', 'acr=urn:two');
    equal((await new Browser().ask('GET', `${home}/session/providers`)).json, [{ name: 'hill', title: 'Hill Hospital' }]);
    const list = must('sign-on', 'list', node.folder);
    check(/groups=heart {2}head-of-department at Organization\/heart/.test(list) && !list.includes(SECRET), list);
    provider.people = {
      'sub-1': { name: 'Pema Yangchen', preferred_username: 'pema', groups: ['doctors', 'heart', 'canteen'] },
      'sub-2': { name: 'Nobody', preferred_username: 'nobody', groups: ['canteen'] },
      'sub-3': { name: 'Chief', preferred_username: 'chief', groups: ['admins'] },
      'sub-4': { name: 'Pema Again', preferred_username: 'pema', groups: ['doctors'] },
      'sub-5': { name: 'Chief with a key', preferred_username: 'key', groups: ['admins'], acr: 'urn:two', amr: ['pwd', 'hwk'] },
    };
  }],
  ['what cannot be right is refused when it is set up', () => {
    const bad = (...words) => equal(run('sign-on', 'add', node.folder, ...words).status !== 0, true, words.join(' '));
    bad('x', '--issuer', 'http://elsewhere.example', '--client-id', 'x');
    bad('x', '--issuer', 'https://name:word@elsewhere.example', '--client-id', 'x');
    bad('X/../y', '--issuer', provider.issuer, '--client-id', 'x');
    bad('x', '--issuer', provider.issuer);
    bad('x', '--issuer', provider.issuer, '--client-id', 'x', '--make');
    bad('x', '--issuer', provider.issuer, '--client-id', 'x', '--role', 'a=b:king', '--organization', 'hill');
    bad('x', '--issuer', provider.issuer, '--client-id', 'x', '--role', 'a=b:nurse');
    const open = join(node.folder, '..', 'open');
    writeFileSync(open, SECRET);
    chmodSync(open, 0o644);
    bad('x', '--issuer', provider.issuer, '--client-id', 'x', '--secret-file', open);
  }],
  ['the way out asks for a code with PKCE, and its cookie is of one kind', async () => {
    const browser = new Browser();
    const answer = await browser.ask('POST', `${home}/session/with/hill`, {});
    const asked = new URL(answer.json.to).searchParams;
    equal([asked.get('response_type'), asked.get('client_id'), asked.get('redirect_uri'), asked.get('code_challenge_method'), asked.get('scope')],
      ['code', 'hill', `${home}/session/back/hill`, 'S256', 'openid profile']);
    for (const name of ['state', 'nonce', 'code_challenge']) check(asked.get(name)?.length === 43, `${name}: ${asked.get(name)}`);
    equal(new Set(['state', 'nonce', 'code_challenge'].map((name) => asked.get(name))).size, 3, 'different values');
    check(/^belay-way=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/.test(answer.set[0]), answer.set[0]);
    equal((await fetch(`${home}/session/with/hill`, { method: 'POST', headers: { Origin: 'http://evil.example' } })).status, 403, 'begun elsewhere');
    equal((await browser.ask('POST', `${home}/session/with/other`, {})).status, 404, 'a provider there is none of');
    equal((await browser.ask('GET', `${home}/session/with/hill`)).status, 400, 'by GET');
  }],
  ['who has a role there gets it here, at the place the rule names', async () => {
    const browser = new Browser();
    equal(await signOn(browser, 'sub-1'), '/', 'where it ends');
    const who = await whoIs(browser);
    equal([who.name, who.role], ['hill/pema', who.posts[0].role]);
    equal(await roles(browser), ['clinician Organization/hill', 'head-of-department Organization/heart']);
    const record = await node.get(`/fhir/${who.practitioner}`);
    equal(record.json.name[0].text, 'Pema Yangchen', 'the name of the new Practitioner');
    equal(browser.cookie(home, 'belay-way'), null, 'the cookie of the way is gone');
    equal((await browser.ask('GET', `${home}/fhir/${who.practitioner}`)).status, 200, 'a read');
  }],
  ['a second time it is the same person, and nothing is written again', async () => {
    const browser = new Browser();
    const before = (await node.get('/fhir/PractitionerRole?_summary=count')).json.total;
    equal(await signOn(browser, 'sub-1'), '/');
    equal((await whoIs(browser)).name, 'hill/pema');
    equal((await node.get('/fhir/PractitionerRole?_summary=count')).json.total, before, 'posts');
    equal((await node.get('/fhir/Practitioner?_summary=count')).json.total, 1, 'people');
    const [post] = (await node.get('/fhir/PractitionerRole')).json.entry;
    equal(post.resource.meta.versionId, (await node.get(`/fhir/PractitionerRole/${post.resource.id}/_history`)).json.entry[0].resource.meta.versionId);
    equal((await node.get(`/fhir/PractitionerRole/${post.resource.id}/_history`)).json.total, 1, 'versions');
  }],
  ['what the claims no longer give ends, also in a visit that is open', async () => {
    const old = new Browser();
    equal(await signOn(old, 'sub-1'), '/');
    provider.people['sub-1'].groups = ['doctors'];
    const browser = new Browser();
    equal(await signOn(browser, 'sub-1'), '/');
    equal(await roles(browser), ['clinician Organization/hill']);
    equal(await roles(old), ['clinician Organization/hill'], 'in the other browser');
    const ended = (await node.get('/fhir/PractitionerRole?active=false')).json.entry;
    equal(ended.length, 1, 'ended posts');
    check(ended[0].resource.period.start && ended[0].resource.period.end, 'it says from when until when');
    provider.people['sub-1'].groups = [];
    equal(await signOn(new Browser(), 'sub-1'), '/#/sign-on/no-role');
    equal(await roles(browser), [], 'nothing is left');
    equal((await browser.ask('GET', `${home}/fhir/Practitioner`)).status, 403, 'a read');
    provider.people['sub-1'].groups = ['doctors'];
    equal(await signOn(browser, 'sub-1'), '/', 'and it comes back');
    equal(await roles(browser), ['clinician Organization/hill']);
  }],
  ['who has no role there has no account here', async () => {
    const browser = new Browser();
    equal(await signOn(browser, 'sub-2'), '/#/sign-on/no-role');
    equal(await whoIs(browser), null);
    check(!must('user', 'list', node.folder).includes('nobody'), 'an account was made');
  }],
  ['two people of one name there are two people here', async () => {
    const browser = new Browser();
    equal(await signOn(browser, 'sub-4'), '/');
    equal((await whoIs(browser)).name, 'hill/pema 2');
    check(/hill\/pema 2 .*signs on elsewhere/.test(must('user', 'list', node.folder)), 'the list');
    equal((await new Browser().ask('POST', `${home}/session`, { name: 'hill/pema', password: '' })).status, 401, 'an empty password');
  }],
  ['an administrator must set up codes, and give one the next time', async () => {
    let browser = new Browser();
    equal(await signOn(browser, 'sub-3'), '/#/sign-on/enrolment');
    equal((await browser.ask('GET', `${home}/fhir/Practitioner`)).status, 401, 'nothing is open yet');
    const next = (await browser.ask('GET', `${home}/session/next`)).json;
    equal(next.next, 'enrolment');
    browser.page = next.page;
    const { secret } = (await browser.ask('POST', `${home}/session/enrolment`, {})).json;
    equal((await browser.ask('PUT', `${home}/session/enrolment`, { code: codeOf(secret) })).json.recovery.length, 10);
    equal(await roles(browser), ['administrator Organization/hill']);
    browser = new Browser();
    equal(await signOn(browser, 'sub-3'), '/#/sign-on/code');
    equal(await whoIs(browser), null, 'without the code');
    browser.page = (await browser.ask('GET', `${home}/session/next`)).json.page;
    equal((await browser.ask('POST', `${home}/session/code`, { code: '000000' })).status, 401, 'a wrong code');
  }],
  ['unless the provider says that a second factor was given', async () => {
    const browser = new Browser();
    equal(await signOn(browser, 'sub-5'), '/');
    equal(await roles(browser), ['administrator Organization/hill']);
  }],
  ['a way back works once, and only in the browser that left', async () => {
    const browser = new Browser();
    provider.who = 'sub-1';
    const back = await leave(browser);
    const cookie = browser.cookie(home, 'belay-way');
    const other = new Browser();
    equal((await other.ask('GET', back)).location, '/#/sign-on/expired', 'in a browser that never left');
    equal(await whoIs(other), null);
    equal((await fetch(back, { method: 'HEAD', redirect: 'manual', headers: { Cookie: `belay-way=${cookie}` } })).status, 400, 'by HEAD');
    equal((await browser.ask('GET', back)).location, '/', 'in its own');
    browser.jar(home).clear();
    browser.jar(home).set('belay-way', cookie);
    equal((await browser.ask('GET', back)).location, '/#/sign-on/expired', 'the same again');
    equal(await whoIs(browser), null);
    kept = back;
  }],
  ['a visitor cannot be signed in as somebody else by a link', async () => {
    const victim = new Browser();
    const attacker = new Browser();
    provider.who = 'sub-1';
    await leave(victim); // the victim has a way of their own
    const planted = await leave(attacker);
    equal((await victim.ask('GET', planted)).location, '/#/sign-on/expired', 'state of another way');
    equal(await whoIs(victim), null);
    const own = new URL(await leave(victim));
    own.searchParams.set('code', new URL(planted).searchParams.get('code'));
    equal((await victim.ask('GET', own.href)).location, '/#/sign-on/failed', 'code of another way: PKCE');
    equal(await whoIs(victim), null);
  }],
  ['a code works once at the provider too', async () => {
    const browser = new Browser();
    provider.who = 'sub-1';
    const back = new URL(await leave(browser));
    back.searchParams.set('code', new URL(kept).searchParams.get('code'));
    equal((await browser.ask('GET', back.href)).location, '/#/sign-on/failed');
  }],
  ['what is wrong with the way back is told, never shown', async () => {
    const browser = new Browser();
    provider.who = 'sub-1';
    const tries = [
      [(url) => url.searchParams.set('state', 'x'.repeat(43)), 'expired'],
      [(url) => url.searchParams.delete('state'), 'expired'],
      [(url) => url.searchParams.append('state', url.searchParams.get('state')), 'failed'],
      [(url) => url.searchParams.delete('code'), 'failed'],
      [(url) => url.searchParams.set('iss', 'https://evil.example'), 'failed'],
      [(url) => url.searchParams.delete('iss'), 'failed'],
      [(url) => { url.search = '?%'; }, 'failed'],
    ];
    for (const [change, word] of tries) {
      const url = new URL(await leave(browser));
      change(url);
      equal((await browser.ask('GET', url.href)).location, `/#/sign-on/${word}`, url.search);
    }
    equal((await browser.ask('GET', `${home}/session/back/other?code=x&state=y`)).status, 404, 'of no provider');
    const url = new URL(await leave(browser));
    browser.jar(home).set('belay-way', `${browser.cookie(home, 'belay-way').slice(0, -1)}A`);
    equal((await browser.ask('GET', url.href)).location, '/#/sign-on/expired', 'a cookie that was changed');
    provider.deny = true;
    equal((await browser.ask('GET', await leave(browser))).location, '/#/sign-on/denied');
    provider.deny = false;
  }],
  ['a way out of one provider is no way back to another', async () => {
    add('plain', '--organization', 'hill');
    const browser = new Browser();
    provider.who = 'sub-1';
    const back = await leave(browser);
    equal((await browser.ask('GET', back.replace('/back/hill', '/back/plain'))).location, '/#/sign-on/expired');
  }],
  ['without --make an account is linked by the operator', async () => {
    const browser = new Browser();
    equal(await signOn(browser, 'sub-2', 'plain'), '/#/sign-on/unknown');
    await node.logged(/Nobody signs on as "sub-2"/);
    spawnSync(process.env.BELAY, ['user', 'add', node.folder, 'Auditor', '--role', 'auditor', '--password'], { input: `${PASSWORD}\n` });
    must('sign-on', 'link', node.folder, 'plain', 'sub-2', 'Auditor');
    equal(run('sign-on', 'link', node.folder, 'plain', 'sub-2', 'Auditor').status, 1, 'a second time');
    equal(await signOn(browser, 'sub-2', 'plain'), '/', 'by a secret in the body of the question');
    equal((await whoIs(browser)).role, 'auditor');
    must('sign-on', 'unlink', node.folder, 'plain', 'sub-2');
    await eventually(async () => await whoIs(browser) === null, 'the end of the visit');
    equal(await signOn(browser, 'sub-2', 'plain'), '/#/sign-on/unknown');
  }],
  ['a disabled account stays closed', async () => {
    const browser = new Browser();
    must('user', 'disable', node.folder, 'hill/pema');
    equal(await signOn(browser, 'sub-1'), '/#/sign-on/closed');
    equal(await whoIs(browser), null);
    must('user', 'enable', node.folder, 'hill/pema');
    equal(await signOn(browser, 'sub-1'), '/');
  }],
  ['keys are asked for once, and again when they changed', async () => {
    const asked = () => provider.asked.filter((line) => line === 'GET /jwks').length;
    const before = asked();
    equal(await signOn(new Browser(), 'sub-1'), '/');
    equal(asked(), before, 'questions for keys');
    for (const alg of ['ES256', 'PS256', 'RS256']) {
      provider.rotate(alg);
      equal(await signOn(new Browser(), 'sub-1'), '/', alg);
    }
    equal(asked(), before + 3, 'one more for each change');
  }],
  ['a key of the same name that is another is not believed', async () => {
    provider.rotate('RS256', 'same');
    equal(await signOn(new Browser(), 'sub-1'), '/');
    provider.rotate('RS256', 'same');
    equal(await signOn(new Browser(), 'sub-1'), '/#/sign-on/failed');
    provider.rotate('RS256');
    equal(await signOn(new Browser(), 'sub-1'), '/');
  }],
  ['claims that are not in the token are asked for', async () => {
    provider.inToken = false;
    provider.rotate('RS256');
    const browser = new Browser();
    equal(await signOn(browser, 'sub-1'), '/');
    equal(await roles(browser), ['clinician Organization/hill']);
    check(provider.asked.includes('GET /me'), 'the further claims were not asked for');
    provider.instead = (request) => request.url === '/me' && { body: JSON.stringify({ sub: 'sub-3', groups: ['admins'] }) };
    equal(await signOn(new Browser(), 'sub-1'), '/#/sign-on/failed', 'claims of somebody else');
    provider.instead = null;
    provider.inToken = true;
    provider.rotate('RS256');
  }],
  ['answers that are no tokens lead nowhere', async () => {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: provider.issuer, aud: 'hill', sub: 'sub-3', exp: now + 600, iat: now, nonce: 'x' };
    const none = `${part({ alg: 'none' })}.${part(claims)}.`;
    const forged = `${part({ alg: 'HS256' })}.${part(claims)}`;
    const mac = createHmac('sha256', SECRET).update(forged).digest('base64url');
    for (const body of ['', '[]', '{}', '{"id_token":7}', 'x'.repeat(300 * 1024), JSON.stringify({ id_token: none }), JSON.stringify({ id_token: `${forged}.${mac}` })]) {
      provider.instead = (request) => request.url === '/token' && { body };
      const at = await signOn(new Browser(), 'sub-1');
      check(['/#/sign-on/failed', '/#/sign-on/unreachable'].includes(at), `${body.slice(0, 30)}: ${at}`);
    }
    provider.instead = (request) => request.url === '/token' && { status: 302, headers: { Location: `${home}/health` } };
    equal(await signOn(new Browser(), 'sub-1'), '/#/sign-on/unreachable', 'a redirect is not followed');
    provider.instead = null;
    equal(await signOn(new Browser(), 'sub-1'), '/');
  }],
  ['a provider that is down is told within a moment, and comes back by itself', async () => {
    await node.stop();
    await node.start('--listen', `127.0.0.1:${new URL(home).port}`);
    equal(node.url, home, 'the same address');
    const { port } = provider.server.address();
    await provider.stop();
    const answer = await new Browser().ask('POST', `${home}/session/with/hill`, {});
    equal(answer.status, 409, answer.text);
    check(/no answer now/.test(answer.text), answer.text);
    await provider.listen(port);
    await eventually(async () => (await new Browser().ask('POST', `${home}/session/with/hill`, {})).status === 200, 'the provider');
    equal(await signOn(new Browser(), 'sub-1'), '/');
  }],
  ['a provider that is slow holds up nobody else', async () => {
    const back = await leave(new Browser());
    const browser = new Browser();
    provider.who = 'sub-1';
    const own = await leave(browser);
    provider.delay = 60_000;
    const begun = Date.now();
    let answered = false;
    const waiting = [browser.ask('GET', own).finally(() => { answered = true; })];
    for (let i = 0; i < 8; i += 1) {
      const other = new Browser();
      other.jars = browser.jars;
      waiting.push(fetch(back, { redirect: 'manual' }).then((answer) => ({ location: answer.headers.get('location') })));
    }
    equal((await new Browser().ask('POST', `${home}/session`, { name: 'Auditor', password: PASSWORD })).status, 200, 'a password');
    equal((await node.get('/fhir/Practitioner')).status, 200, 'a read');
    check(!answered, 'others waited until the provider was given up');
    equal((await waiting[0]).location, '/#/sign-on/unreachable');
    check(Date.now() - begun < provider.delay, `it took ${Date.now() - begun} ms`);
    await Promise.all(waiting);
    provider.delay = 0;
  }],
  ['a provider that describes itself as another is not believed', async () => {
    await node.stop();
    await node.start('--listen', `127.0.0.1:${new URL(home).port}`);
    const described = await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json();
    for (const change of [{ issuer: 'https://evil.example' }, { token_endpoint: 'http://evil.example/token' }, { jwks_uri: 'file:///etc/passwd' }]) {
      provider.instead = (request) => request.url.startsWith('/.well-known') && { body: JSON.stringify({ ...described, ...change }) };
      equal((await new Browser().ask('POST', `${home}/session/with/hill`, {})).status, 409, JSON.stringify(change));
      await node.stop();
      await node.start('--listen', `127.0.0.1:${new URL(home).port}`);
    }
    provider.instead = null;
  }],
  ['the end of a provider ends its visits', async () => {
    const browser = new Browser();
    equal(await signOn(browser, 'sub-1'), '/');
    must('sign-on', 'remove', node.folder, 'hill');
    await eventually(async () => await whoIs(browser) === null, 'the end of the visit');
    equal((await browser.ask('POST', `${home}/session/with/hill`, {})).status, 404);
  }],
  ['sign-ins and refusals are in the trail, and no secret is in the log', async () => {
    const auditor = must('token', node.folder, 'Looker', '--role', 'auditor').trim();
    const trail = (await node.get('/fhir/AuditEvent?_count=1000', { Authorization: `Bearer ${auditor}` })).json;
    const of = (what, outcome) => trail.entry.map((entry) => entry.resource)
      .filter((event) => event.subtype?.[0]?.code === what && event.outcome === outcome);
    check(of('110122', '0').some((event) => JSON.stringify(event).includes('hill/pema')), 'no sign-in in the trail');
    check(trail.entry.some((entry) => entry.resource.type.code === '110114' && entry.resource.outcome !== '0'), 'no refusal in the trail');
    check(!node.log.includes(SECRET) && !node.log.includes(new URL(kept).searchParams.get('code')), 'a secret is in the log');
  }],
], async () => {
  await provider.stop();
  await node.remove();
});
