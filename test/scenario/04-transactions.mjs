// SPDX-License-Identifier: Apache-2.0
import { Node } from './lib/node.mjs';
import { check, equal, instrumented, scenario, status } from './lib/scenario.mjs';

const node = new Node();

function transaction(...entry) {
  return { resourceType: 'Bundle', type: 'transaction', entry };
}

function post(resource, fullUrl, request = {}) {
  return { fullUrl, resource, request: { method: 'POST', url: resource.resourceType, ...request } };
}

async function count(type) {
  return status(await node.get(`/fhir/${type}?_summary=count`), 200).json.total;
}

await scenario('Many changes are made together, or none.', [
  ['a node is served', async () => { await node.init().start(); }],
  ['records that refer to each other before they have ids', async () => {
    const { json } = status(await node.post('/fhir', transaction(
      post({ resourceType: 'Observation', status: 'final', code: { text: 'pulse' }, subject: { reference: 'urn:uuid:6f2f3e60-0000-4000-8000-000000000001' } },
        'urn:uuid:6f2f3e60-0000-4000-8000-000000000002'),
      post({ resourceType: 'Patient', identifier: [{ system: 'urn:x', value: '1' }] }, 'urn:uuid:6f2f3e60-0000-4000-8000-000000000001'),
    )), 200);
    equal(json.type, 'transaction-response');
    equal(json.entry.map((entry) => entry.response.status.slice(0, 3)), ['201', '201']);
    const at = (i) => json.entry[i].response.location.replace(/\/_history.*/, '').replace(/^.*\/fhir\//, '');
    const observation = status(await node.get(`/fhir/${at(0)}`), 200).json;
    equal(observation.subject.reference, at(1));
  }],
  ['one bad entry, and nothing is there', async () => {
    const before = await count('Patient');
    const { json } = status(await node.post('/fhir', transaction(
      post({ resourceType: 'Patient', gender: 'male' }), post({ resourceType: 'Patient', gender: 'purple' }))), 422);
    check(JSON.stringify(json).includes('entry[1]'), JSON.stringify(json));
    equal(await count('Patient'), before);
  }],
  ['a retried conditional create makes no second record', async () => {
    const entry = post({ resourceType: 'Patient', identifier: [{ system: 'urn:x', value: '2' }] }, undefined, { ifNoneExist: 'identifier=urn:x|2' });
    for (const expected of ['201', '200']) {
      const { json } = status(await node.post('/fhir', transaction(entry)), 200);
      equal(json.entry[0].response.status.slice(0, 3), expected);
    }
    equal(status(await node.get('/fhir/Patient?identifier=urn:x|2'), 200).json.total ?? 1, 1);
  }],
  ['a conditional reference is resolved, or the whole is refused', async () => {
    const refer = (value) => transaction(post({ resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference: `Patient?identifier=urn:x|${value}` } }));
    status(await node.post('/fhir', refer('2')), 200);
    check((await node.post('/fhir', refer('nobody'))).status >= 400, 'it was taken');
  }],
  ['in a batch each entry stands for itself', async () => {
    const { json } = status(await node.post('/fhir', {
      resourceType: 'Bundle', type: 'batch',
      entry: [post({ resourceType: 'Patient' }), post({ resourceType: 'Patient', gender: 'purple' }), { request: { method: 'GET', url: 'Patient?identifier=urn:x|1' } }],
    }), 200);
    equal(json.entry.map((entry) => entry.response.status.slice(0, 3)), ['201', '422', '200']);
    equal(json.entry[2].resource.type, 'searchset');
  }],
  ['sixty megabytes in one transaction are held once, not many times over', async () => {
    const note = 'x'.repeat(1010);
    const pieces = [];
    for (let i = 0; i < 45000; i += 1) {
      pieces.push(`{"fullUrl":"urn:uuid:6f2f3e60-0000-4000-9000-${String(i).padStart(12, '0')}","resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"urn:c","code":"c${i % 100}"}],"text":"t"},"effectiveDateTime":"2020-01-01","valueString":"${note}","identifier":[{"system":"urn:big","value":"${i}"}]},"request":{"method":"POST","url":"Observation"}}`);
    }
    const body = `{"resourceType":"Bundle","type":"transaction","entry":[${pieces.join(',')}]}`;
    check(body.length > 60e6, `only ${body.length} bytes`);
    const { json } = status(await node.post('/fhir', body), 200);
    equal(json.entry.length, pieces.length);
    equal(status(await node.get('/fhir/Observation?identifier=urn:big|44999'), 200).json.entry.length, 1);
    if (instrumented) return;
    const peak = node.peak();
    check(peak < 5 * body.length, `the peak is ${(peak / body.length).toFixed(1)} times the body`);
  }],
  ['twenty clients at once lose no update', async () => {
    status(await node.put('/fhir/Basic/counter', { resourceType: 'Basic', id: 'counter', code: { text: '0' } }), 201);
    const add = async () => {
      for (;;) {
        const { json, headers } = status(await node.get('/fhir/Basic/counter'), 200);
        json.code.text = String(Number(json.code.text) + 1);
        const answer = await node.put('/fhir/Basic/counter', json, { 'If-Match': headers.get('etag') });
        if (answer.status === 200) return;
        status(answer, 412);
      }
    };
    await Promise.all(Array.from({ length: 20 }, add));
    equal(status(await node.get('/fhir/Basic/counter'), 200).json.code.text, '20');
  }],
], () => node.remove());
