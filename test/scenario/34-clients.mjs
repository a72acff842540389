// SPDX-License-Identifier: Apache-2.0
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Node, must, run } from './lib/node.mjs';
import { check, equal, eventually, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const secrets = {};

const basic = (name, secret) => `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;

/** What /oauth/${path} answers to the program ${name}. */
async function oauth(path, name, secret, fields, headers = {}) {
  const answer = await fetch(`${node.url}/oauth/${path}`, {
    method: 'POST', body: new URLSearchParams(fields),
    headers: { ...(name ? { Authorization: basic(name, secret) } : {}), ...headers },
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: text ? JSON.parse(text) : undefined };
}

async function token(name, scope, secret = secrets[name]) {
  return oauth('token', name, secret, { grant_type: 'client_credentials', ...(scope ? { scope } : {}) });
}

/** A program with its token, as the scenarios' node asks. */
async function program(name, scope) {
  const { json } = status(await token(name, scope), 200);
  const headers = { Authorization: `Bearer ${json.access_token}` };
  return {
    token: json.access_token,
    get: (path, more = {}) => node.get(path, { ...headers, ...more }),
    post: (path, body, more = {}) => node.post(path, body, { ...headers, ...more }),
    put: (path, body) => node.put(path, body, headers),
    patch: (path, body) => node.patch(path, body, { ...headers, 'Content-Type': 'application/json-patch+json' }),
    delete: (path) => node.delete(path, headers),
    /** Types of the entries, each once. */
    async types(path) {
      const { json: bundle } = status(await node.get(path, headers), 200);
      return [...new Set((bundle.entry ?? []).map(({ resource, request }) => resource?.resourceType ?? request.url.split('/')[0]))].sort();
    },
  };
}

function add(name, ...words) {
  secrets[name] = must('client', 'add', node.folder, name, ...words).trim();
}

const vital = (category) => ({
  resourceType: 'Observation', status: 'final', category: [{ coding: [{ code: category }] }],
  code: { text: 'x' }, subject: { reference: 'Patient/demo-patient-01' },
});

await scenario('Programs get tokens for themselves and see and do what their scopes name, and no more.', [
  ['programs are made; their secrets are printed once and are nowhere in the node', async () => {
    node.init();
    must('demo', node.folder, '--small');
    add('lab', '--scope', 'system/Patient.rs system/Observation.cruds');
    add('vitals', '--scope', 'system/Observation.rs?category=vital-signs');
    add('all', '--scope', 'system/*.cruds', '--minutes', '60');
    add('wards', '--scope', 'system/*.cruds', '--organization', 'demo-nagqu');
    check(/^[\w-]{43}$/.test(secrets.lab), 'not a secret');
    const list = must('client', 'list', node.folder);
    check(/^lab +enabled +secret +5 min/m.test(list) && /^wards .*Organization\/demo-nagqu/m.test(list), list);
    check(!Object.values(secrets).some((secret) => list.includes(secret)), 'the list shows a secret');
    for (const name of readdirSync(node.folder, { recursive: true })) {
      const path = join(node.folder, name);
      const bytes = statSync(path).isFile() ? readFileSync(path) : Buffer.of();
      check(!Object.values(secrets).some((secret) => bytes.includes(secret)), `${name} holds a secret`);
    }
    const bad = (...words) => equal(run('client', 'add', node.folder, ...words).status, 1, words.join(' '));
    bad('x', '--scope', 'system/Patient.read');
    bad('x', '--scope', 'user/Patient.rs');
    bad('x', '--scope', 'system/Observation.rs?subject.name=a');
    bad('lab', '--scope', 'system/Patient.rs');
    bad('x', '--scope', 'system/*.rs', '--organization', 'nowhere');
    equal(run('client', 'add', node.folder, 'x').status, 2, 'no scope');
    await node.start();
  }],
  ['where tokens are to be had is told to anybody', async () => {
    const answer = await fetch(`${node.url}/fhir/.well-known/smart-configuration`);
    equal(answer.status, 200);
    const told = await answer.json();
    equal(told.token_endpoint, `${node.url}/oauth/token`);
    check(told.grant_types_supported.includes('client_credentials'), 'no grant');
    equal((await node.get('/fhir/metadata')).json.rest[0].security.service[0].coding[0].code, 'SMART-on-FHIR');
  }],
  ['a token is given for a while, and is not to be stored', async () => {
    const given = status(await token('lab'), 200);
    equal([given.json.token_type, given.json.expires_in, given.json.scope], ['bearer', 300, 'system/Patient.rs system/Observation.cruds']);
    equal(given.headers.get('cache-control'), 'no-store');
    equal((await token('all')).json.expires_in, 3600);
    const posted = await oauth('token', null, null, { grant_type: 'client_credentials', client_id: 'lab', client_secret: secrets.lab });
    equal(posted.status, 200, 'client_secret_post');
  }],
  ['wrong requests are told as RFC 6749 says', async () => {
    const refused = async (answer, expected, error) => {
      equal([answer.status, answer.json.error], [expected, error]);
      equal(answer.headers.get('cache-control'), 'no-store');
    };
    const grant = { grant_type: 'client_credentials' };
    const wrong = await token('lab', undefined, secrets.all);
    await refused(wrong, 401, 'invalid_client');
    check(/^Basic/.test(wrong.headers.get('www-authenticate')), 'no WWW-Authenticate');
    const nobody = await token('nobody', undefined, secrets.all);
    equal(nobody.text, wrong.text, 'a name there is none of');
    await refused(await oauth('token', null, null, grant), 401, 'invalid_client');
    await refused(await oauth('token', 'lab', secrets.lab, {}), 400, 'invalid_request');
    await refused(await oauth('token', 'lab', secrets.lab, { grant_type: 'authorization_code' }), 400, 'unsupported_grant_type');
    await refused(await oauth('token', 'lab', secrets.lab, { ...grant, client_secret: secrets.lab }), 400, 'invalid_request');
    await refused(await oauth('token', 'lab', secrets.lab, JSON.stringify(grant), { 'Content-Type': 'application/json' }), 400, 'invalid_request');
    await refused(await oauth('token', 'lab', secrets.lab, [['grant_type', 'client_credentials'], ['grant_type', 'x']]), 400, 'invalid_request');
    equal((await fetch(`${node.url}/oauth/token`)).status, 405, 'GET');
    equal((await fetch(`${node.url}/oauth/nothing`, { method: 'POST' })).status, 404, 'another address');
    equal((await fetch(`${node.url}/oauth/token?grant_type=client_credentials&client_id=lab&client_secret=${secrets.lab}`, { method: 'POST' })).status, 400, 'secrets in the address');
    equal((await oauth('token', 'lab', secrets.lab, { ...grant, x: 'y'.repeat(9000) }).catch(() => ({ status: 413 }))).status, 413, 'a long form');
  }],
  ['no scope grows', async () => {
    for (const scope of ['system/*.rs', 'system/Patient.cruds', 'system/Encounter.r', 'system/Patient.rs system/Practitioner.r', 'user/*.rs', 'openid', 'system/Patient.rs?name=a system/Encounter.r']) {
      equal((await token('lab', scope)).json.error, 'invalid_scope', scope);
    }
    equal((await token('vitals', 'system/Observation.rs')).json.error, 'invalid_scope', 'without the query');
    const less = await program('lab', 'system/Patient.r');
    status(await less.get('/fhir/Patient/demo-patient-01'), 200);
    status(await less.get('/fhir/Patient'), 403);
    status(await less.get('/fhir/Observation'), 403);
  }],
  ['reading, searching, history and $everything keep to the scopes', async () => {
    const lab = await program('lab');
    status(await lab.get('/fhir/Patient/demo-patient-01'), 200);
    const shut = await lab.get('/fhir/Encounter/demo-case-01');
    const missing = await lab.get('/fhir/Encounter/demo-case-99');
    equal([shut.status, missing.status, shut.text], [403, 403, missing.text], 'there or not');
    equal(shut.headers.get('www-authenticate'), 'Bearer realm="belay", error="insufficient_scope"');
    for (const path of ['Encounter', 'Practitioner/_history', 'ServiceRequest/demo-case-01', 'ServiceRequest/demo-case-01/_history', 'AuditEvent', 'Patient/demo-patient-01/$accesses', 'Encounter/x/$everything']) {
      equal((await lab.get(`/fhir/${path}`)).status, 403, path);
    }
    equal((await lab.get('/programme/Apprenticeship')).status, 403, 'the programme');
    equal(await lab.types('/fhir/Patient/demo-patient-01/$everything'), ['Observation', 'Patient']);
    equal(await lab.types('/fhir?_count=1000'), ['Observation', 'Patient']);
    equal(await lab.types('/fhir/_history?_count=1000'), ['Observation', 'Patient']);
  }],
  ['includes, chains and _has reach no further', async () => {
    const lab = await program('lab');
    equal(await lab.types('/fhir/Observation?_include=*&_include:iterate=*&_revinclude=*&_count=200'), ['Observation', 'Patient']);
    equal(await lab.types('/fhir/Patient?_include=*&_revinclude=*&_count=200'), ['Observation', 'Patient']);
    equal(await lab.types('/fhir/Patient?organization:Organization.name:contains=a'), [], 'a chain');
    equal(await lab.types('/fhir/Patient?_has:ServiceRequest:subject:_id=demo-case-01'), [], '_has');
    equal(await lab.types('/fhir/Patient?_has:Observation:subject:status=final'), ['Patient']);
    const vitals = await program('vitals');
    const all = await program('all');
    const count = async (who, path) => status(await who.get(path), 200).json.total;
    equal(await count(vitals, '/fhir/Observation?_summary=count'), await count(all, '/fhir/Observation?category=vital-signs&_summary=count'));
    equal(await vitals.types('/fhir/Observation?category:not=vital-signs'), []);
    equal((await vitals.get('/fhir/Observation?_explain=true')).status, 403);
  }],
  ['writing keeps to the scopes, and tells nothing it may not read', async () => {
    const lab = await program('lab');
    const made = status(await lab.post('/fhir/Observation', vital('laboratory')), 201).json;
    status(await lab.put(`/fhir/Observation/${made.id}`, { ...made, status: 'amended' }), 200);
    const again = { resource: { ...made, status: 'final' }, request: { method: 'PUT', url: `Observation/${made.id}` } };
    equal(status(await lab.post('/fhir', { resourceType: 'Bundle', type: 'transaction', entry: [again] }), 200).json.entry[0].response.status.slice(0, 3), '200');
    status(await lab.patch(`/fhir/Observation/${made.id}`, [{ op: 'replace', path: '/status', value: 'corrected' }]), 200);
    status(await lab.post('/fhir/Patient', { resourceType: 'Patient' }), 403);
    status(await lab.delete('/fhir/Patient/demo-patient-01'), 403);
    const writer = await program('lab', 'system/Observation.u');
    const blind = status(await writer.put(`/fhir/Observation/${made.id}`, { ...made, status: 'final' }), 200);
    equal(blind.text, '', 'what it may not read');
    status(await writer.patch(`/fhir/Observation/${made.id}`, [{ op: 'test', path: '/status', value: 'final' }]), 403);
    status(await writer.put('/fhir/Observation/new-one', { ...vital('exam'), id: 'new-one' }), 404);
    const vitals = await program('vitals');
    status(await vitals.get(`/fhir/Observation/${made.id}`), 404);
    status(await lab.delete(`/fhir/Observation/${made.id}`), 204);
  }],
  ['each entry of a batch and of a transaction is asked about', async () => {
    const lab = await program('lab');
    const entries = [
      { request: { method: 'GET', url: 'Patient/demo-patient-01' } },
      { request: { method: 'GET', url: 'ServiceRequest/demo-case-01' } },
      { request: { method: 'POST', url: 'Encounter' }, resource: { resourceType: 'Encounter', status: 'planned', class: { code: 'AMB' } } },
    ];
    const batch = status(await lab.post('/fhir', { resourceType: 'Bundle', type: 'batch', entry: entries }), 200);
    equal(batch.json.entry.map((entry) => entry.response.status.slice(0, 3)), ['200', '403', '403']);
    const good = { request: { method: 'POST', url: 'Observation' }, resource: { ...vital('exam'), identifier: [{ value: 'never' }] } };
    status(await lab.post('/fhir', { resourceType: 'Bundle', type: 'transaction', entry: [good, entries[2]] }), 403);
    equal(await lab.types('/fhir/Observation?identifier=never'), [], 'a transaction that was refused');
  }],
  ['one that is bound to a hospital sees that hospital\'s circle', async () => {
    const wards = await program('wards');
    status(await wards.get('/fhir/Patient/demo-patient-01'), 200);
    status(await wards.get('/fhir/Patient/demo-patient-04'), 404);
    const seen = status(await wards.get('/fhir/Patient?_count=100'), 200).json.entry.map(({ resource }) => resource.managingOrganization?.reference);
    check(seen.length > 0 && seen.every((reference) => /demo-nagqu/.test(reference)), seen.join());
    status(await wards.post('/fhir/Patient', { resourceType: 'Patient', managingOrganization: { reference: 'Organization/demo-dalian' } }), 403);
    status(await wards.delete('/fhir/Organization/demo-dalian'), 403);
    const few = await program('wards', 'system/Patient.rs');
    status(await few.get('/fhir/ServiceRequest/demo-case-01'), 403);
  }],
  ['events tell of what is in scope', async () => {
    const vitals = await program('vitals');
    const stop = new AbortController();
    const stream = await fetch(`${node.url}/events`, { headers: { Authorization: `Bearer ${vitals.token}` }, signal: stop.signal });
    const told = [];
    (async () => {
      try {
        for await (const part of stream.body.pipeThrough(new TextDecoderStream())) told.push(...part.matchAll(/"id":"([^"]+)"/g));
      } catch { /* aborted */ }
    })();
    const put = (id, category) => node.put(`/fhir/Observation/${id}`, { ...vital(category), id });
    status(await put('told-not', 'laboratory'), 201);
    status(await node.put('/fhir/Patient/told-not', { resourceType: 'Patient', id: 'told-not' }), 201);
    status(await put('told', 'vital-signs'), 201);
    await eventually(async () => told.some(([, id]) => id === 'told'), 'the event');
    check(!told.some(([, id]) => id === 'told-not'), 'told of others');
    stop.abort();
  }],
  ['a token that was revoked is worth nothing, and nobody else can revoke it', async () => {
    const lab = await program('lab');
    status(await oauth('revoke', 'all', secrets.all, { token: lab.token }), 200);
    status(await lab.get('/fhir/Patient/demo-patient-01'), 200);
    status(await oauth('revoke', 'lab', secrets.all, { token: lab.token }), 401);
    status(await oauth('revoke', 'lab', secrets.lab, { token: lab.token }), 200);
    status(await lab.get('/fhir/Patient/demo-patient-01'), 401);
    status(await oauth('revoke', 'lab', secrets.lab, { token: lab.token }), 200);
    status(await oauth('token', null, null, { grant_type: 'client_credentials' }, { Authorization: `Bearer ${lab.token}` }), 401);
  }],
  ['disabling or another secret ends the tokens there are, while the node is served', async () => {
    const lab = await program('lab');
    must('client', 'disable', node.folder, 'lab');
    await eventually(async () => (await lab.get('/fhir/Patient/demo-patient-01')).status === 401, 'the end of its token');
    equal((await token('lab')).json.error, 'invalid_client');
    must('client', 'enable', node.folder, 'lab');
    const again = await program('lab');
    const old = secrets.lab;
    secrets.lab = must('client', 'reset', node.folder, 'lab').trim();
    await eventually(async () => (await again.get('/fhir/Patient/demo-patient-01')).status === 401, 'the end of the other');
    equal((await token('lab', undefined, old)).status, 401, 'the old secret');
    status(await token('lab'), 200);
  }],
  ['guessing is made to wait; who has the secret is let in all the while', async () => {
    let waits = 0;
    for (let i = 0; i < 60 && waits < 5; i++) { // the waits grow, and no machine is so slow that it never meets one
      const answer = await token('vitals', undefined, 'x'.repeat(43));
      if (answer.status === 429) {
        waits++;
        check(Number(answer.headers.get('retry-after')) > 0, 'no Retry-After');
      }
    }
    check(waits >= 5, `${waits} of 60 were made to wait`);
    status(await token('vitals'), 200);
  }],
  ['the trail names the program, and the log holds no secret', async () => {
    const auditor = must('token', node.folder, 'Ms Audit', '--role', 'auditor').trim();
    const headers = { Authorization: `Bearer ${auditor}` };
    const read = await eventually(async () => (await node.get('/fhir/AuditEvent?agent-name=lab&subtype=read&_count=5', headers)).json.entry, 'an entry');
    const agent = read[0].resource.agent[0];
    equal([agent.name, agent.role[0].text], ['lab', 'client']);
    const failed = (await node.get('/fhir/AuditEvent?agent-name=vitals&outcome=4', headers)).json.entry;
    check(failed?.length > 0, 'no entry of wrong secrets');
    check(!Object.values(secrets).some((secret) => node.log.includes(secret)) && !/bly_/.test(node.log), 'the log shows a secret');
  }],
  ['after a restart a program asks again', async () => {
    const lab = await program('lab');
    await node.stop();
    await node.start();
    status(await lab.get('/fhir/Patient/demo-patient-01'), 401);
    status(await (await program('lab')).get('/fhir/Patient/demo-patient-01'), 200);
  }],
  ['a program with a key of its own signs instead of sending a secret', async () => {
    await node.stop();
    await node.start('--public-url', 'https://belay.example');
    const told = await (await fetch(`${node.url}/fhir/.well-known/smart-configuration`)).json();
    const aud = told.token_endpoint;
    equal(aud, 'https://belay.example/oauth/token');
    const pairs = { RS384: generateKeyPairSync('rsa', { modulusLength: 2048 }), ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }) };
    const file = join(node.folder, '..', 'key.json');
    const add = (name, jwk) => {
      writeFileSync(file, JSON.stringify(jwk));
      return run('client', 'add', node.folder, name, '--scope', 'system/Patient.rs', '--key', file);
    };
    equal(add('private', pairs.ES384.privateKey.export({ format: 'jwk' })).status, 1, 'a private key');
    equal(add('short', generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' })).status, 1, 'a short key');
    equal(add('empty', { keys: [] }).status, 1, 'no key');
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    let count = 0;
    const assertion = (name, alg, claims = {}, header = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const text = `${part({ alg, typ: 'JWT', ...header })}.${part({ iss: name, sub: name, aud, exp: now + 120, jti: `id-${count++}`, ...claims })}`;
      const key = pairs[alg].privateKey;
      return `${text}.${sign('sha384', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    };
    const ask = (text, more = {}) => oauth('token', null, null, {
      grant_type: 'client_credentials', client_assertion: text,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', ...more,
    });
    for (const alg of ['RS384', 'ES384']) {
      const done = add(alg, alg === 'RS384' ? { keys: [pairs[alg].publicKey.export({ format: 'jwk' })] } : pairs[alg].publicKey.export({ format: 'jwk' }));
      equal([done.status, done.stdout], [0, ''], done.stderr);
      const text = assertion(alg, alg);
      const given = status(await ask(text), 200).json;
      status(await node.get('/fhir/Patient/demo-patient-01', { Authorization: `Bearer ${given.access_token}` }), 200);
      status(await node.get('/fhir/Encounter', { Authorization: `Bearer ${given.access_token}` }), 403);
      equal((await ask(text)).json.error, 'invalid_client', 'replayed');
      equal((await ask(assertion(alg, alg), { client_id: 'lab' })).status, 401, 'for another program');
      equal((await oauth('token', alg, 'x'.repeat(43), { grant_type: 'client_credentials' })).status, 401, 'with a secret');
    }
    const now = Math.floor(Date.now() / 1000);
    const wrong = {
      'by another': { iss: 'lab' }, 'about another': { sub: 'RS384' }, 'for another server': { aud: 'https://other.example/oauth/token' },
      'for the name a client used': { aud: `${node.url}/oauth/token` }, expired: { exp: now - 120 }, 'for an hour': { exp: now + 3600 },
      'without an end': { exp: undefined }, 'without an id': { jti: undefined }, 'from the future': { iat: now + 600 }, 'of before the start': { iat: now - 86400 },
    };
    // the address of each try is counted, so programs take turns
    for (const [what, claims] of Object.entries(wrong)) {
      const answer = await ask(assertion('ES384', 'ES384', claims));
      check([401, 429].includes(answer.status), `${what}: ${answer.status}`);
    }
    const good = assertion('ES384', 'ES384');
    const none = `${part({ alg: 'none' })}.${good.split('.')[1]}.`;
    const shared = `${part({ alg: 'HS384' })}.${good.split('.')[1]}`;
    const secret = JSON.stringify(pairs.ES384.publicKey.export({ format: 'jwk' }));
    for (const text of [none, `${shared}.${createHmac('sha384', secret).update(shared).digest('base64url')}`, good.slice(0, -8), 'x', '..']) {
      check([401, 429].includes((await ask(text)).status), 'another signature');
    }
    check([401, 429].includes((await ask(good, { client_assertion_type: 'x' })).status), 'another type');
    status(await ask(good), 200); // none of these used it up
    status(await ask(assertion('ES384', 'ES384', { aud: ['https://x.example', aud] })), 200);
    equal((await ask(assertion('ES384', 'ES384'), { client_secret: 'x' })).status, 400, 'two ways at once');
    equal(must('client', 'reset', node.folder, 'ES384').trim().length, 43, 'a secret instead');
    check([401, 429].includes((await ask(assertion('ES384', 'ES384'))).status), 'the old key');
  }],
], () => node.remove());
