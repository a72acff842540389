// SPDX-License-Identifier: Apache-2.0
import { Node } from './lib/node.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const patient = { resourceType: 'Patient', name: [{ family: 'Tsering', given: ['Karma'] }], gender: 'male', birthDate: '1980-02-29' };
let id = '';
let etag = '';

await scenario('A client writes, reads, changes and removes a record, and is told what it did wrong.', [
  ['a node is served', async () => { await node.init().start(); }],
  ['the server says what it can do', async () => {
    const { json } = status(await node.get('/fhir/metadata'), 200);
    equal(json.resourceType, 'CapabilityStatement');
    equal(json.fhirVersion, '4.0.1');
    check(json.rest[0].resource.length > 140, `only ${json.rest[0].resource.length} types`);
  }],
  ['create gives 201, an id, a version and a place', async () => {
    const { json, headers } = status(await node.post('/fhir/Patient', patient), 201);
    id = json.id;
    etag = headers.get('etag');
    check(/^W\/"[^"]+"$/.test(etag), `ETag is ${etag}`);
    equal(etag, `W/"${json.meta.versionId}"`);
    check(headers.get('location').startsWith(`${node.url}/fhir/Patient/${id}/_history/`), headers.get('location'));
    check(headers.get('last-modified'), 'no Last-Modified');
  }],
  ['read gives it back as it was', async () => {
    const { json, headers } = status(await node.get(`/fhir/Patient/${id}`), 200);
    equal({ ...json, id: undefined, meta: undefined }, { ...patient, id: undefined, meta: undefined });
    equal(headers.get('etag'), etag);
    equal(headers.get('cache-control'), 'no-store');
    equal(headers.get('x-content-type-options'), 'nosniff');
  }],
  ['HEAD gives the same headers and no body', async () => {
    const { text, headers } = status(await node.ask('HEAD', `/fhir/Patient/${id}`), 200);
    equal(text, '');
    equal(headers.get('etag'), etag);
  }],
  ['a client that has it already is told so', async () => {
    status(await node.get(`/fhir/Patient/${id}`, { 'If-None-Match': etag }), 304);
  }],
  ['a request id comes back, an improper one does not', async () => {
    const mine = await node.get(`/fhir/Patient/${id}`, { 'X-Request-Id': 'ward-7.1' });
    equal(mine.headers.get('x-request-id'), 'ward-7.1');
    const improper = await node.get(`/fhir/Patient/${id}`, { 'X-Request-Id': 'a b<c' });
    check(/^[0-9a-f]{16}$/.test(improper.headers.get('x-request-id')), 'no id of ours');
  }],
  ['decimals stay as they were written', async () => {
    const text = '{"resourceType":"Observation","id":"decimal","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.10}}';
    status(await node.put('/fhir/Observation/decimal', text), 201);
    const answer = status(await node.get('/fhir/Observation/decimal'), 200);
    check(answer.text.includes('"value":1.10}'), answer.text);
  }],
  ['an update makes a new version, an identical one does not', async () => {
    const second = { ...patient, id, gender: 'female' };
    const { headers } = status(await node.put(`/fhir/Patient/${id}`, second, { 'If-Match': etag }), 200);
    const newer = headers.get('etag');
    check(newer !== etag, 'the version is the same');
    const again = status(await node.put(`/fhir/Patient/${id}`, second), 200);
    equal(again.headers.get('etag'), newer, 'version of the identical update');
  }],
  ['a stale If-Match is refused', async () => {
    status(await node.put(`/fhir/Patient/${id}`, { ...patient, id }, { 'If-Match': etag }), 412);
  }],
  ['JSON Patch changes one thing', async () => {
    const { json } = status(await node.patch(`/fhir/Patient/${id}`,
      [{ op: 'replace', path: '/birthDate', value: '1980-03-01' }], { 'Content-Type': 'application/json-patch+json' }), 200);
    equal(json.birthDate, '1980-03-01');
    equal(json.gender, 'female');
  }],
  ['FHIRPath Patch too', async () => {
    const { json } = status(await node.patch(`/fhir/Patient/${id}`, {
      resourceType: 'Parameters',
      parameter: [{
        name: 'operation',
        part: [{ name: 'type', valueCode: 'replace' }, { name: 'path', valueString: 'Patient.gender' }, { name: 'value', valueCode: 'other' }],
      }],
    }), 200);
    equal(json.gender, 'other');
  }],
  ['the history has every version, newest first, and each can be read', async () => {
    const { json } = status(await node.get(`/fhir/Patient/${id}/_history`), 200);
    equal(json.type, 'history');
    equal(json.entry.length, 4);
    const first = json.entry.at(-1).resource;
    equal(`W/"${first.meta.versionId}"`, etag);
    status(await node.get(`/fhir/Patient/${id}/_history/${first.meta.versionId}`), 200);
  }],
  ['a deleted record is gone, and its history is not', async () => {
    status(await node.delete(`/fhir/Patient/${id}`), 204);
    status(await node.get(`/fhir/Patient/${id}`), 410);
    equal(status(await node.get(`/fhir/Patient/${id}/_history`), 200).json.entry.length, 5);
  }],
  ['a record of our own type is served under /programme and not under /fhir', async () => {
    status(await node.get('/programme/Apprenticeship'), 200);
    status(await node.get('/fhir/Apprenticeship'), 404);
  }],
  ['what is wrong with a record is told with its path', async () => {
    const { json } = status(await node.post('/fhir/Patient', { ...patient, birthDate: '1980-02-30' }), 422);
    check(json.issue.some((issue) => issue.expression?.includes('Patient.birthDate')), JSON.stringify(json));
    const unknown = await node.post('/fhir/Patient', { ...patient, colour: 'red' });
    check(unknown.status === 422 || unknown.status === 400, unknown.text);
    check(unknown.text.includes('colour'), unknown.text);
  }],
  ['what cannot be found, and what is not offered', async () => {
    status(await node.get('/fhir/Patient/nobody'), 404);
    status(await node.get('/fhir/Unicorn/1'), 404);
    status(await node.get('/nothing/here'), 404);
    status(await node.post('/health', {}), 405);
    check((await node.post('/health', {})).headers.get('allow').includes('GET'), 'no Allow');
  }],
  ['XML is refused with a word, both ways', async () => {
    status(await node.get('/fhir/Patient', { Accept: 'application/fhir+xml' }), 406);
    status(await node.get('/fhir/Patient?_format=xml'), 406);
    status(await node.get('/fhir/Patient?_format=application/fhir+json', { Accept: 'application/xml' }), 200);
    const { json } = status(await node.post('/fhir/Patient', '<Patient/>', { 'Content-Type': 'application/fhir+xml' }), 415);
    equal(json.resourceType, 'OperationOutcome');
  }],
], () => node.remove());
