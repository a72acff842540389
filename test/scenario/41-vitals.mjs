// SPDX-License-Identifier: Apache-2.0
import { Node, must } from './lib/node.mjs';
import { check, equal, eventually, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const tokens = {};
const ROLE = 'https://belay.health/CodeSystem/role';
const METRES = { system: 'http://unitsofmeasure.org', code: 'm', value: 4507 };

function entry(resource) {
  return { resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } };
}

function unit(id, more = {}) {
  return entry({ resourceType: 'Organization', id, address: [{ country: 'CN' }], ...more });
}

function person(id, role, at) {
  return [
    entry({ resourceType: 'Practitioner', id }),
    entry({
      resourceType: 'PractitionerRole', id, active: true, practitioner: { reference: `Practitioner/${id}` },
      organization: { reference: `Organization/${at}` }, code: [{ coding: [{ system: ROLE, code: role }] }],
    }),
  ];
}

function sign(id, code, value, unit, at) {
  return {
    resourceType: 'Observation', ...(id ? { id } : {}), status: 'final', subject: { reference: 'Patient/tashi' }, basedOn: [{ reference: 'ServiceRequest/case' }],
    code: { coding: [{ system: 'http://loinc.org', code }] }, ...(at ? { effectiveDateTime: at } : {}),
    valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: unit },
  };
}

function ask(who, method, path, body) {
  const type = body === undefined ? {} : { 'Content-Type': 'application/fhir+json' };
  return node.ask(method, path, body === undefined ? undefined : JSON.stringify(body), { Authorization: `Bearer ${tokens[who]}`, ...type });
}

const part = (of, name) => (of.part ?? of.parameter).find((one) => one.name === name);
const codes = (of, name) => of.part.filter((one) => one.name === name).map((one) => one.valueCode);
const CASE = '/fhir/ServiceRequest/case/$vitals';

await scenario('A score is told as published, the altitude beside it, to both sides of a case and to nobody else.', [
  ['a county hospital at 4,507 m asks its twin', async () => {
    node.init();
    await node.start();
    status(await node.post('/fhir', {
      resourceType: 'Bundle', type: 'transaction', entry: [
        unit('county'), unit('twin'), unit('twin-medicine', { partOf: { reference: 'Organization/twin' } }),
        entry({
          resourceType: 'Patient', id: 'tashi', birthDate: '1961-04', managingOrganization: { reference: 'Organization/county' },
          address: [{ extension: [{ url: 'https://belay.health/StructureDefinition/altitude', valueQuantity: METRES }] }],
        }),
        ...person('doctor', 'clinician', 'county'), ...person('expert', 'clinician', 'twin-medicine'), ...person('stranger', 'clinician', 'twin'),
        ...person('quality', 'quality-officer', 'county'),
        entry({
          resourceType: 'ServiceRequest', id: 'case', status: 'active', intent: 'order', subject: { reference: 'Patient/tashi' },
          performer: [{ reference: 'Organization/twin-medicine' }],
        }),
        entry(sign('breaths', '9279-1', 25, '/min', '2026-07-13T09:00:00+08:00')),
        entry(sign('saturation', '2708-6', 84, '%', '2026-07-13T09:02:00+08:00')),
      ],
    }), 200);
    for (const who of ['doctor', 'expert', 'stranger', 'quality']) {
      tokens[who] = must('token', node.folder, who, '--role', 'program', '--practitioner', `Practitioner/${who}`).trim();
    }
  }],
  ['both sides are told the same', async () => {
    const [doctor, expert] = [status(await ask('doctor', 'GET', CASE), 200), status(await ask('expert', 'GET', CASE), 200)];
    equal(doctor.json, expert.json, 'what the doctor is told');
    const set = part(expert.json, 'set');
    equal(part(part(set, 'news2'), 'total').valueInteger, 6, 'the least the score can be');
    equal(codes(part(set, 'news2'), 'missing'), ['oxygen', 'systolic', 'pulse', 'consciousness', 'temperature'], 'what is missing');
    const context = part(set, 'context');
    equal(part(context, 'label').valueString, 'context, not validated', 'the label');
    equal(part(context, 'altitude').valueQuantity.value, 4507, 'the altitude');
    equal(part(context, 'stay-from').valueCode, 'lives-here', 'the stay');
    check(part(context, 'deviation').valueQuantity.value < 0 && !part(context, 'below-expected').valueBoolean, JSON.stringify(context));
  }],
  ['who has nothing to do with it is told nothing', async () => {
    for (const path of [CASE, '/fhir/Patient/tashi/$vitals']) status(await ask('stranger', 'GET', path), 404);
  }],
  ['a set that is worse says so; one of the node\'s own trials leaves nothing behind', async () => {
    const worse = sign(null, '2708-6', 70, '%');
    const tried = status(await ask('doctor', 'POST', '/fhir/Patient/$vitals', {
      resourceType: 'Bundle', type: 'collection', entry: [{ resource: { resourceType: 'Patient', birthDate: '2015' } }, { resource: worse }],
    }), 200);
    equal(part(part(part(tried.json, 'set'), 'news2'), 'refused').valueCode, 'child', 'why a child has no score');
    equal(status(await node.get('/fhir/Observation?_summary=count'), 200).json.total, 2, 'how many Observations there are');
    status(await ask('doctor', 'POST', '/fhir/Observation', sign(null, '9279-1', 30, '/min', '2026-07-13T10:00:00+08:00')), 201);
    status(await ask('doctor', 'POST', '/fhir/Observation', { ...sign(null, '8867-4', 135, '/min', '2026-07-13T10:00:00+08:00') }), 201);
    const sets = status(await ask('expert', 'GET', CASE), 200).json.parameter.filter((one) => one.name === 'set');
    equal(sets.length, 2, 'sets');
    equal(part(part(sets[0], 'news2'), 'worse').valueBoolean, false, 'worse, by signs known both times');
  }],
  ['the patient\'s list says who was told', async () => {
    const found = await eventually(async () => {
      const { json } = status(await ask('quality', 'GET', '/fhir/Patient/tashi/$accesses'), 200);
      return json.parameter?.find((one) => one.name === 'access' && part(one, 'who').valueString.includes('expert'));
    }, 'the expert who asked on the list');
    check(part(found, 'types').valueString.includes('Observation'), JSON.stringify(found));
  }],
], () => node.remove());
