// SPDX-License-Identifier: Apache-2.0
import { Node, must } from './lib/node.mjs';
import { colleague, listen, person } from './lib/colleagues.mjs';
import { check, equal, eventually, scenario, status } from './lib/scenario.mjs';

const BELAY = 'https://belay.health';
const node = new Node();
const who = {};
let heard;
const OWN = 'demo-patient-01'; // of Nagqu
const DEPARTMENT = 'demo-almaty-hepatology'; // of another country
let consent;
let sent;

const request = (patient, unit, more = {}) => ({
  resourceType: 'ServiceRequest', status: 'active', intent: 'order', subject: { reference: `Patient/${patient}` },
  performer: [{ reference: `Organization/${unit}` }], requester: { reference: 'Practitioner/demo-pema-yangchen' }, ...more,
});
const agreed = (patient, more = {}, provision = {}) => ({
  resourceType: 'Consent', status: 'active',
  scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'patient-privacy' }] },
  category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
  patient: { reference: `Patient/${patient}` },
  policyRule: { text: 'Until it is taken back.' },
  extension: [{ url: `${BELAY}/StructureDefinition/consent-explained-in`, valueCode: 'bo' },
    { url: `${BELAY}/StructureDefinition/consent-interpreter`, valueString: 'Dolkar, ward nurse' }],
  provision: {
    type: 'permit',
    purpose: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' }],
    period: { end: '2099-12-31' },
    actor: [{
      role: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code: 'IRCP' }] },
      reference: { reference: `Organization/${DEPARTMENT}` },
    }],
    ...provision,
  },
  ...more,
});
const bundle = (...entries) => ({
  resourceType: 'Bundle', type: 'transaction',
  entry: entries.map(([url, resource, fullUrl]) => ({ fullUrl, resource, request: { method: 'POST', url } })),
});

await scenario('A case leaves the country with the patient\'s consent, and comes back when it is taken away.', [
  ['the demonstration is served, with a hepatologist and a quality officer abroad', async () => {
    node.init();
    must('demo', node.folder, '--small');
    await node.start();
    who.doctor = person(node, 'demo-pema-yangchen', 'clinician');
    who.abroad = await colleague(node, 'abroad', 'expert', DEPARTMENT);
    who.ward = await colleague(node, 'ward', 'clinician', 'demo-almaty');
    who.quality = await colleague(node, 'quality', 'quality-officer', 'demo-nagqu');
    heard = await listen(node, who.abroad);
  }],
  ['at home a case needs no consent', async () => {
    status(await who.doctor.post('/fhir/ServiceRequest', request(OWN, 'demo-nagqu-medicine')), 201);
    status(await who.doctor.post('/fhir/ServiceRequest', request(OWN, 'demo-dalian-general-surgery')), 201);
  }],
  ['across a border it is refused, with what is missing in a sentence', async () => {
    const { json } = status(await who.doctor.post('/fhir/ServiceRequest', request(OWN, DEPARTMENT)), 403);
    const said = json.issue[0].diagnostics;
    for (const word of ['leave the country', 'Hepatology', 'Consent', '$break-glass']) check(said.includes(word), `${word}: ${said}`);
    status(await who.doctor.post('/fhir/ServiceRequest', request(OWN, DEPARTMENT, { status: 'draft' })), 201);
    const task = {
      resourceType: 'Task', status: 'requested', intent: 'order', for: { reference: `Patient/${OWN}` },
      owner: { reference: `Organization/${DEPARTMENT}` }, requester: { reference: 'Practitioner/demo-pema-yangchen' },
    };
    status(await who.doctor.post('/fhir/Task', task), 403);
    status(await who.doctor.post('/fhir/Task', { ...task, status: 'draft' }), 201);
    status(await who.doctor.post('/fhir/', bundle(['ServiceRequest', request(OWN, DEPARTMENT)])), 403);
  }],
  ['nor does a draft become a case without it', async () => {
    const [id] = await who.doctor.ids(`/fhir/ServiceRequest?subject=Patient/${OWN}&status=draft`);
    const { json } = status(await who.doctor.get(`/fhir/ServiceRequest/${id}`), 200);
    status(await who.doctor.put(`/fhir/ServiceRequest/${id}`, { ...json, status: 'active' }), 403);
  }],
  ['a consent says what for, to whom, until when and in which language', async () => {
    const incomplete = [agreed(OWN, {}, { purpose: undefined }), agreed(OWN, {}, { period: undefined }), agreed(OWN, {}, { actor: undefined }),
      agreed(OWN, { extension: undefined })];
    for (const one of incomplete) status(await who.doctor.post('/fhir/Consent', one), 400);
    status(await who.abroad.post('/fhir/Consent', agreed(OWN)), 403);
    status(await who.quality.post('/fhir/Consent', agreed(OWN)), 403);
  }],
  ['a consent that has ended, names another or denies does not do', async () => {
    const wrong = [agreed(OWN, {}, { period: { end: '2020-01-01' } }), agreed(OWN, {}, { actor: agreed(OWN).provision.actor.map((actor) => ({ ...actor, reference: { reference: 'Organization/demo-khorugh' } })) }),
      agreed('demo-patient-02'), agreed(OWN, { scope: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/consentscope', code: 'research' }] } })];
    for (const one of wrong) {
      status(await who.doctor.post('/fhir/Consent', one), 201);
      status(await who.doctor.post('/fhir/ServiceRequest', request(OWN, DEPARTMENT)), 403);
    }
  }],
  ['with the consent in the same transaction it leaves', async () => {
    const [observation] = await who.doctor.ids(`/fhir/Observation?subject=Patient/${OWN}`);
    const { json } = status(await who.doctor.post('/fhir/', bundle(['Consent', agreed(OWN)],
      ['ServiceRequest', request(OWN, DEPARTMENT, { supportingInfo: [{ reference: `Observation/${observation}` }] })])), 200);
    [consent, sent] = json.entry.map(({ response }) => response.location.split('/').at(-3));
    check(await who.abroad.sees(`/fhir/ServiceRequest/${sent}`), 'the case');
    check(await who.abroad.sees(`/fhir/Observation/${observation}`), 'what it shares');
    check(await who.abroad.sees(`/fhir/Patient/${OWN}`), 'the patient');
    check(!await who.abroad.sees('/fhir/ServiceRequest/demo-case-01'), 'another case of the patient');
    await eventually(() => heard.told.some((event) => event.id === sent), 'the department abroad hears of it');
  }],
  ['so does a patient who is registered with it', async () => {
    const patient = 'urn:uuid:0188cb29-7f0e-4d2c-8e5e-6f1d2c3b4a59';
    const ours = { resourceType: 'Patient', managingOrganization: { reference: 'Organization/demo-nagqu' } };
    const reference = { reference: patient };
    status(await who.doctor.post('/fhir/', bundle(['Patient', ours, patient], ['ServiceRequest', request('x', DEPARTMENT, { subject: reference })])), 403);
    status(await who.doctor.post('/fhir/', bundle(['Patient', ours, patient], ['Consent', agreed('x', { patient: reference })],
      ['ServiceRequest', request('x', DEPARTMENT, { subject: reference })])), 200);
  }],
  ['withdrawn, the circle closes at once, also for who listens', async () => {
    const { json } = status(await who.doctor.get(`/fhir/Consent/${consent}`), 200);
    status(await who.doctor.put(`/fhir/Consent/${consent}`, {
      ...json, status: 'inactive',
      extension: [...json.extension, { url: `${BELAY}/StructureDefinition/consent-withdrawn`, valueDateTime: new Date().toISOString() }],
    }), 200);
    check(!await who.abroad.sees(`/fhir/ServiceRequest/${sent}`), 'the case');
    check(!await who.abroad.sees(`/fhir/ServiceRequest/${sent}/_history`), 'its history');
    check(!await who.abroad.sees(`/fhir/Patient/${OWN}`), 'the patient');
    equal(await who.abroad.ids('/fhir/ServiceRequest'), (await who.abroad.ids('/fhir/ServiceRequest')).filter((id) => id !== sent));
    const before = heard.told.length;
    const { json: now } = status(await who.doctor.get(`/fhir/ServiceRequest/${sent}`), 200);
    status(await who.doctor.put(`/fhir/ServiceRequest/${sent}`, { ...now, note: [{ text: 'Nobody abroad hears of this.' }] }), 200);
    status(await node.put('/fhir/Organization/last', { resourceType: 'Organization', id: 'last', name: 'Last' }), 201);
    await eventually(() => heard.told.some((event) => event.id === 'last'), 'the last change');
    check(!heard.told.slice(before).some((event) => event.id === sent), 'an event of it');
    status(await who.doctor.put(`/fhir/ServiceRequest/${sent}`, { ...now, supportingInfo: undefined }), 403);
    status(await who.doctor.put(`/fhir/ServiceRequest/${sent}`, { ...now, status: 'revoked' }), 200);
  }],
  ['in an emergency a clinician of the patient\'s hospital lets it go for an hour', async () => {
    const ask = (by, more) => by.post(`/fhir/Patient/${OWN}/$break-glass`, {
      resourceType: 'Parameters', parameter: [{ name: 'reason', valueString: 'Bleeding liver, no relative to be reached' }, ...more],
    });
    const to = [{ name: 'recipient', valueReference: { reference: `Organization/${DEPARTMENT}` } }];
    status(await ask(who.ward, to), 404);
    const { json } = status(await ask(who.doctor, to), 201);
    equal([json.kind, json.recipient.reference], ['send', `Organization/${DEPARTMENT}`]);
    equal(json.informed.map(({ reference }) => reference), ['Practitioner/quality']);
    equal(await who.quality.ids('/programme/EmergencyAccess?status=waiting'), [json.id]);
    const answer = status(await who.doctor.post('/fhir/ServiceRequest', request(OWN, DEPARTMENT)), 201);
    check(await who.abroad.sees(`/fhir/ServiceRequest/${answer.json.id}`), 'the case');
    status(await ask(who.doctor, to), 409);
  }],
], async () => {
  heard?.stop();
  await node.remove();
});
