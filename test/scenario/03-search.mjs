// SPDX-License-Identifier: Apache-2.0
import { Node } from './lib/node.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const people = [['Tsering', 'Karma', '1980-02-29'], ['Dorjé', 'Pema', '1991-07-04'], ['旺姆', '索南', '2001-01-15'], ['Ivanova', 'Анна', '1960-12-31']];

function ids(bundle) {
  return (bundle.entry ?? []).filter((entry) => entry.search.mode === 'match').map((entry) => entry.resource.id);
}

async function found(query) {
  return ids(status(await node.get(`/fhir/${query}`), 200).json);
}

await scenario('A clinician finds records by what is in them.', [
  ['a node with four patients and forty observations', async () => {
    await node.init().start();
    const entry = [];
    people.forEach(([family, given, birthDate], i) => {
      entry.push({ resource: { resourceType: 'Patient', id: `p${i}`, name: [{ family, given: [given] }], birthDate }, request: { method: 'PUT', url: `Patient/p${i}` } });
      for (let n = 0; n < 10; n++) {
        entry.push({
          resource: {
            resourceType: 'Observation', id: `o${i}-${n}`, status: 'final', subject: { reference: `Patient/p${i}` },
            code: { coding: [{ system: 'http://loinc.org', code: n % 2 ? '8867-4' : '2708-6' }] },
            effectiveDateTime: `2024-01-${10 + n}T08:00:00Z`, valueQuantity: { value: 60 + n, unit: '/min' },
          },
          request: { method: 'PUT', url: `Observation/o${i}-${n}` },
        });
      }
    });
    const { json } = status(await node.post('/fhir', { resourceType: 'Bundle', type: 'transaction', entry }), 200);
    equal(json.entry.length, 44);
  }],
  ['names in any script, without regard to case and accents', async () => {
    equal(await found('Patient?name=tser'), ['p0']);
    equal(await found('Patient?family=DORJE'), ['p1']);
    equal(await found(`Patient?name=${encodeURIComponent('索南')}`), ['p2']);
    equal(await found(`Patient?given=${encodeURIComponent('АННА')}`), ['p3']);
    equal(await found('Patient?family:exact=tsering'), []);
  }],
  ['code, date and patient together', async () => {
    const match = await found('Observation?code=http://loinc.org|8867-4&date=ge2024-01-15&patient=Patient/p1');
    equal(match.sort(), ['o1-5', 'o1-7', 'o1-9']);
  }],
  ['values with prefixes, sorted', async () => {
    equal(await found('Observation?patient=p0&value-quantity=gt66&_sort=-date'), ['o0-9', 'o0-8', 'o0-7']);
  }],
  ['through a reference, and the other way round', async () => {
    equal((await found('Observation?patient.family=tsering&_count=50')).length, 10);
    equal((await found('Patient?_has:Observation:patient:code=8867-4')).sort(), ['p0', 'p1', 'p2', 'p3']);
  }],
  ['with what it refers to', async () => {
    const { json } = status(await node.get('/fhir/Observation?_id=o2-1&_include=Observation:patient'), 200);
    equal(json.entry.map((entry) => [entry.resource.id, entry.search.mode]), [['o2-1', 'match'], ['p2', 'include']]);
  }],
  ['pages neither skip nor repeat, and the total is right', async () => {
    const seen = [];
    let path = '/fhir/Observation?_count=7&_total=accurate&_sort=date';
    while (path) {
      const { json } = status(await node.get(path), 200);
      equal(json.total, 40, 'total');
      seen.push(...ids(json));
      const next = json.link.find((link) => link.relation === 'next');
      path = next ? next.url.slice(node.url.length) : '';
      check(seen.length <= 40, 'pages go on for ever');
    }
    equal(new Set(seen).size, 40);
  }],
  ['by a filter, with conditions that parameters cannot combine', async () => {
    const filter = (text) => `_filter=${encodeURIComponent(text)}`;
    equal((await found(`Patient?${filter('family eq tsering or birthdate lt 1900 or given sw "\u0430нн"')}`)).sort(), ['p0', 'p3']);
    equal(await found(`Observation?${filter('patient[family eq dorje] pr true and not (value-quantity lt 68)')}&_sort=date`), ['o1-8', 'o1-9']);
    equal((await found(`Observation?${filter('(subject re Patient/p1 or patient.family sw tse) and code eq http://loinc.org|8867-4')}&_count=50`)).length, 10);
    const { json } = status(await node.get(`/fhir/Patient?${filter('name co a and')}`), 400);
    check(JSON.stringify(json).includes('character 14 of the filter'), JSON.stringify(json));
    const first = status(await node.get(`/fhir/Observation?${filter('code eq 8867-4 or code eq 2708-6')}&_count=15&_total=accurate`), 200).json;
    equal([first.total, first.entry.length], [40, 15]);
    const next = first.link.find((link) => link.relation === 'next').url;
    equal(ids(status(await node.get(next.slice(node.url.length)), 200).json).length, 15);
    check(decodeURIComponent(first.link.find((link) => link.relation === 'self').url).includes('code eq 8867-4 or'), 'self link');
  }],
  ['by POST', async () => {
    const answer = await node.post('/fhir/Patient/_search', 'family=tsering', { 'Content-Type': 'application/x-www-form-urlencoded' });
    equal(ids(status(answer, 200).json), ['p0']);
  }],
  ['an unknown parameter is an error, unless it is asked to be lenient', async () => {
    const { json } = status(await node.get('/fhir/Patient?colour=red'), 400);
    check(JSON.stringify(json).includes('colour'), JSON.stringify(json));
    status(await node.get('/fhir/Patient?colour=red', { Prefer: 'handling=lenient' }), 200);
  }],
  ['everything about a patient', async () => {
    const { json } = status(await node.get('/fhir/Patient/p3/$everything?_count=100'), 200);
    equal(json.entry.length, 11);
  }],
  ['answers are packed for those who can unpack', async () => {
    for (const coding of ['gzip', 'zstd']) {
      const raw = await fetch(`${node.url}/fhir/Observation?_count=40`, {
        headers: { Authorization: `Bearer ${node.token}`, 'Accept-Encoding': coding },
      });
      equal(raw.headers.get('content-encoding'), coding);
      await raw.arrayBuffer().catch(() => {}); // this client may not know zstd
    }
  }],
], () => node.remove());
