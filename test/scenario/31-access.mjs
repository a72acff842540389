// SPDX-License-Identifier: Apache-2.0
import { listen } from './lib/colleagues.mjs';
import { stopClocks } from './lib/demo.mjs';
import { Node, must } from './lib/node.mjs';
import { demoPeople } from './lib/people.mjs';
import { check, equal, eventually, scenario, sleep, status } from './lib/scenario.mjs';

const node = new Node();
let people = {};
const streams = {};

const CASE = 'demo-case-01'; // Nagqu's emergency department asked Dalian's
const OTHER = 'demo-case-02'; // Nagqu's surgeons asked Dalian's surgeons
const ELSEWHERE = 'demo-case-04'; // Damxung asked Beijing

await scenario('Each person of the demonstration sees what is theirs, and no more.', [
  ['the demonstration is served, and four people sign in', async () => {
    node.init();
    must('demo', node.folder, '--small');
    await node.start();
    await stopClocks(node);
    people = await demoPeople(node);
    check(people.clinician && people.expert && people.coordinator && people.auditor, 'somebody is missing');
  }],
  ['read: the doctor sees her hospital, the expert what was sent to his department, the others nothing clinical', async () => {
    const sees = async (who, path, expected) => equal((await people[who].get(`/fhir/${path}`)).status, expected, `${who}: ${path}`);
    for (const id of [CASE, OTHER]) await sees('clinician', `ServiceRequest/${id}`, 200);
    await sees('clinician', `ServiceRequest/${ELSEWHERE}`, 404);
    await sees('expert', `ServiceRequest/${CASE}`, 200);
    await sees('expert', 'Patient/demo-patient-01', 200);
    await sees('expert', `ServiceRequest/${OTHER}`, 404);
    await sees('expert', 'Patient/demo-patient-02', 404);
    await sees('expert', `ServiceRequest/${ELSEWHERE}`, 404);
    for (const who of ['coordinator', 'auditor', 'administrator']) {
      await sees(who, `ServiceRequest/${CASE}`, 404);
      await sees(who, 'Patient/demo-patient-01', 404);
      await sees(who, 'Organization/demo-nagqu', 200);
    }
  }],
  ['a refusal says the same as a record that is not there', async () => {
    const refused = await people.expert.get('/fhir/Patient/demo-patient-02');
    const missing = await people.expert.get('/fhir/Patient/demo-patient-99');
    equal(refused.text.replaceAll('patient-02', 'patient-99'), missing.text);
    equal([refused.headers.get('etag'), refused.headers.get('last-modified')], [null, null], 'headers');
  }],
  ['search, totals and pages count only what is seen', async () => {
    const cases = await people.expert.found('/fhir/ServiceRequest?_count=100');
    check(cases.includes(`ServiceRequest/${CASE}`) && !cases.includes(`ServiceRequest/${OTHER}`), cases.join());
    equal(await people.expert.total('/fhir/ServiceRequest?_total=accurate&_count=1'), cases.length);
    equal(await people.expert.total('/fhir/ServiceRequest?_summary=count'), cases.length);
    equal(await people.coordinator.found('/fhir/Patient'), []);
    equal(await people.coordinator.total('/fhir/Patient?_summary=count'), 0);
    equal(await people.auditor.total('/fhir/Observation?_summary=count'), 0);
    const patients = await people.clinician.found('/fhir/Patient?_count=100');
    check(patients.length > 3 && !patients.includes('Patient/demo-patient-04'), patients.join());
  }],
  ['includes, chains and _has reach no further', async () => {
    const around = await people.expert.found('/fhir/ServiceRequest?_include=*&_revinclude=*&_count=100');
    check(around.includes('Patient/demo-patient-01'), 'the patient of the case');
    for (const name of ['Patient/demo-patient-02', `Task/${OTHER}`, 'Patient/demo-patient-04']) check(!around.includes(name), name);
    const below = await people.expert.found('/fhir/Organization?_id=demo-nagqu&_revinclude=Patient:organization');
    check(!below.includes('Patient/demo-patient-02'), below.join());
    equal(await people.expert.found('/fhir/Task?subject:Patient._id=demo-patient-02'), []);
    equal(await people.expert.found('/fhir/Practitioner?_has:ServiceRequest:requester:_id=demo-case-02'), []);
    equal(await people.expert.found('/fhir/Practitioner?_has:ServiceRequest:requester:_id=demo-case-01'), ['Practitioner/demo-pema-yangchen']);
    equal((await people.expert.get('/fhir/Patient?_explain=true')).status, 403);
  }],
  ['history and $everything hold to the same', async () => {
    equal((await people.expert.get(`/fhir/Task/${OTHER}/_history`)).status, 404);
    equal((await people.expert.get(`/fhir/Task/${CASE}/_history`)).status, 200);
    const all = await people.expert.found('/fhir/_history?_count=1000');
    check(!all.some((name) => name.startsWith(`Task/${OTHER}`) || name === 'Patient/demo-patient-02'), all.join());
    equal((await people.expert.get('/fhir/Patient/demo-patient-02/$everything')).status, 404);
    const whole = await people.expert.found('/fhir/Patient/demo-patient-01/$everything');
    check(whole.includes(`ServiceRequest/${CASE}`), whole.join());
    equal((await people.coordinator.get('/fhir/Patient/demo-patient-01/$everything')).status, 404);
  }],
  ['If-None-Exist does not find what is not seen', async () => {
    const body = {
      resourceType: 'Communication', status: 'completed', basedOn: [{ reference: `ServiceRequest/${CASE}` }], subject: { reference: 'Patient/demo-patient-01' },
    };
    const asked = (condition) => people.expert.ask('POST', '/fhir/Communication', body, { 'If-None-Exist': condition });
    equal((await asked(`_id=${OTHER}-message-2`)).status, 201, 'a message of another case');
    equal((await asked('subject=Patient/demo-patient-01')).status, 200, 'one of this case');
  }],
  ['people write what is theirs', async () => {
    const observation = (patient) => ({ resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: { reference: `Patient/${patient}` } });
    equal((await people.clinician.ask('POST', '/fhir/Observation', observation('demo-patient-01'))).status, 201);
    equal((await people.clinician.ask('POST', '/fhir/Observation', observation('demo-patient-04'))).status, 403);
    equal((await people.expert.ask('POST', '/fhir/Observation', observation('demo-patient-02'))).status, 403);
    equal((await people.expert.ask('DELETE', '/fhir/Patient/demo-patient-02')).status, 404);
    equal((await people.expert.ask('PUT', '/fhir/Patient/demo-patient-02', { resourceType: 'Patient', id: 'demo-patient-02' })).status, 404);
    equal((await people.coordinator.ask('POST', '/fhir/Observation', observation('demo-patient-01'))).status, 403);
  }],
  ['events tell nobody of what they may not read', async () => {
    for (const who of ['clinician', 'expert', 'coordinator']) streams[who] = await listen(node, people[who]);
    for (const id of ['demo-patient-02', 'demo-patient-01', 'demo-patient-04']) {
      const { json } = status(await node.get(`/fhir/Patient/${id}`), 200);
      status(await node.put(`/fhir/Patient/${id}`, { ...json, active: false }), 200);
    }
    status(await node.put('/fhir/Organization/last', { resourceType: 'Organization', id: 'last', name: 'Last' }), 201);
    for (const who of Object.keys(streams)) {
      await eventually(() => streams[who].told.some((event) => event.id === 'last'), `${who} hears of the last change`);
    }
    const heard = (who) => streams[who].told.map((event) => `${event.type}/${event.id}`);
    equal(heard('clinician'), ['Patient/demo-patient-02', 'Patient/demo-patient-01', 'Organization/last']);
    equal(heard('expert'), ['Patient/demo-patient-01', 'Organization/last']);
    equal(heard('coordinator'), ['Organization/last']);
  }],
  ['a case that is closed is closed at once', async () => {
    const { json } = status(await node.get(`/fhir/ServiceRequest/${CASE}`), 200);
    status(await node.put(`/fhir/ServiceRequest/${CASE}`, { ...json, status: 'completed' }), 200);
    equal((await people.expert.get(`/fhir/ServiceRequest/${CASE}`)).status, 404);
    equal((await people.expert.get('/fhir/Patient/demo-patient-01')).status, 404);
    await sleep(200);
    check(!streams.expert.told.some((event) => event.type === 'ServiceRequest'), 'the expert hears of it');
    await eventually(() => streams.clinician.told.some((event) => event.type === 'ServiceRequest'), 'the doctor hears of it');
  }],
  ['the auditor reads the trail, and nobody else', async () => {
    equal((await people.auditor.get('/fhir/AuditEvent?_count=5')).status, 200);
    for (const who of ['clinician', 'expert', 'coordinator', 'administrator']) equal((await people[who].get('/fhir/AuditEvent')).status, 403, who);
  }],
], async () => {
  for (const stream of Object.values(streams)) stream.stop();
  await node.remove();
});
