// SPDX-License-Identifier: Apache-2.0
import { Node, must } from './lib/node.mjs';
import { colleague, listen, person } from './lib/colleagues.mjs';
import { check, equal, eventually, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const who = {};
const streams = [];
const PATIENT = 'demo-patient-01'; // Nagqu's emergency department asked Dalian's
const ELSEWHERE = 'demo-patient-04'; // Damxung asked Beijing
const REASON = 'Arrived by helicopter, unconscious';

const parameters = (values) => ({
  resourceType: 'Parameters',
  parameter: Object.entries(values).map(([name, value]) => ({ name, ...value })),
});
const text = (valueString) => ({ valueString });
const breaking = (patient, reason = REASON) => [`/fhir/Patient/${patient}/$break-glass`, parameters({ reason: text(reason) })];
const review = (id, verdict, word) => [`/programme/EmergencyAccess/${id}/$review`, parameters({ verdict: { valueCode: verdict }, word: text(word) })];
let made;

await scenario('The glass is broken with a reason, opens one patient for an hour, is told at once and reviewed by another.', [
  ['the demonstration is served; Dalian has a surgeon, a head of surgery and a quality officer', async () => {
    node.init();
    must('demo', node.folder, '--small');
    await node.start();
    who.surgeon = await colleague(node, 'surgeon', 'clinician', 'demo-dalian-general-surgery');
    who.second = await colleague(node, 'second', 'nurse', 'demo-dalian-general-surgery');
    who.head = await colleague(node, 'head', 'head-of-department', 'demo-dalian-general-surgery');
    who.otherHead = await colleague(node, 'other-head', 'head-of-department', 'demo-dalian-emergency-and-critical-care');
    who.quality = await colleague(node, 'quality', 'quality-officer', 'demo-dalian');
    who.auditor = await colleague(node, 'auditor', 'auditor', 'demo-dalian');
    who.ownQuality = await colleague(node, 'own-quality', 'quality-officer', 'demo-nagqu');
    who.director = await colleague(node, 'director', 'director', 'demo-dalian');
    who.doctor = person(node, 'demo-pema-yangchen', 'clinician');
    for (const name of ['quality', 'head', 'otherHead', 'doctor']) streams.push(streams[name] = await listen(node, who[name]));
  }],
  ['the patient of another department\'s case is closed to the surgeon', async () => {
    check(!await who.surgeon.sees(`/fhir/Patient/${PATIENT}`), 'the patient');
    check(!await who.surgeon.sees('/fhir/ServiceRequest/demo-case-01'), 'the case');
  }],
  ['no reason, no clinical post, no treating hospital: no way, and nothing is told of who is there', async () => {
    equal((await who.surgeon.post(`/fhir/Patient/${PATIENT}/$break-glass`, parameters({}))).status, 400);
    equal((await who.surgeon.post(...breaking(PATIENT, 'urgent'))).status, 400, 'a reason of one word');
    for (const name of ['director', 'quality', 'auditor']) equal((await who[name].post(...breaking(PATIENT))).status, 403, name);
    equal((await node.post(...breaking(PATIENT))).status, 403, 'a program');
    const closed = status(await who.surgeon.post(...breaking(ELSEWHERE)), 404);
    const missing = status(await who.surgeon.post(...breaking('demo-patient-99')), 404);
    equal(closed.text.replaceAll('patient-04', 'patient-99'), missing.text);
    equal((await who.doctor.post(...breaking(PATIENT))).status, 409, 'her own patient');
    equal((await who.surgeon.get(`/fhir/Patient/${PATIENT}/$break-glass`)).status, 405);
  }],
  ['with a reason all of the patient opens to the surgeon, and to nobody else', async () => {
    const answer = status(await who.surgeon.post(...breaking(PATIENT)), 201);
    made = answer.json;
    equal([made.resourceType, made.status, made.reason], ['EmergencyAccess', 'waiting', REASON]);
    equal(Date.parse(made.period.end) - Date.parse(made.period.start), 3_600_000, 'the hour');
    equal(made.informed.map(({ reference }) => reference).sort(), ['Practitioner/head', 'Practitioner/quality']);
    check(await who.surgeon.sees(`/fhir/Patient/${PATIENT}`), 'the patient');
    check(await who.surgeon.sees('/fhir/ServiceRequest/demo-case-01'), 'the case');
    check((await who.surgeon.ids(`/fhir/Observation?subject=Patient/${PATIENT}`)).length > 3, 'what was measured');
    equal((await who.surgeon.get(`/fhir/Patient/${PATIENT}/$everything`)).status, 200);
    check(!await who.surgeon.sees(`/fhir/Patient/${ELSEWHERE}`), 'another patient');
    check(!await who.second.sees(`/fhir/Patient/${PATIENT}`), 'a colleague');
  }],
  ['the head of the department and the quality officer hear of it at once', async () => {
    for (const name of ['quality', 'head']) {
      await eventually(() => streams[name].told.some((event) => event.type === 'EmergencyAccess' && event.id === made.id), `${name} hears of it`);
      equal(await who[name].ids('/programme/EmergencyAccess?status=waiting'), [made.id], name);
    }
    equal(await who.otherHead.ids('/programme/EmergencyAccess'), []);
    check(!streams.otherHead.told.some((event) => event.type === 'EmergencyAccess'), 'another head hears');
    check(!streams.doctor.told.some((event) => event.type === 'EmergencyAccess'), 'a doctor hears');
    check(!await who.quality.sees(`/fhir/Patient/${PATIENT}`), 'the quality officer sees no patient by it');
    check(await who.ownQuality.sees(`/programme/EmergencyAccess/${made.id}`), 'the quality officer of the patient\'s hospital sees it too');
  }],
  ['nobody changes it, nobody reviews their own, and one word settles it', async () => {
    const path = `/programme/EmergencyAccess/${made.id}`;
    equal((await who.surgeon.put(path, { ...made, period: { ...made.period, end: '2100-01-01T00:00:00Z' } })).status, 403);
    equal((await who.quality.ask('DELETE', path)).status, 403);
    equal((await who.surgeon.post(...review(made.id, 'justified', 'It was needed, I know'))).status, 403);
    equal((await who.otherHead.post(...review(made.id, 'justified', 'Not mine to say'))).status, 404);
    equal((await who.quality.post(...review(made.id, 'justified', ''))).status, 400);
    const { json } = status(await who.quality.post(...review(made.id, 'justified', 'Landed at 14:10, no relative there')), 200);
    equal([json.status, json.review.verdict, json.review.reviewer.reference], ['reviewed', 'justified', 'Practitioner/quality']);
    equal((await who.head.post(...review(made.id, 'unjustified', 'I see it otherwise'))).status, 409);
    equal(await who.head.ids('/programme/EmergencyAccess?status=waiting'), []);
    equal(await who.head.ids('/programme/EmergencyAccess?status=reviewed'), [made.id]);
  }],
  ['the trail has the reason, what was read by it, and the word', async () => {
    const events = async (agent) => status(await who.auditor.get(`/fhir/AuditEvent?agent=Practitioner/${agent}&_count=200`), 200)
      .json.entry.map(({ resource }) => resource);
    const purposes = (list) => list.flatMap((event) => event.agent[0].purposeOfUse ?? []);
    const all = await events('surgeon');
    check(purposes(all).some((purpose) => purpose.text === REASON), 'the reason');
    const reads = all.filter((event) => event.agent[0].purposeOfUse?.[0].coding?.[0].code === 'break-glass');
    check(reads.length > 0, 'reads by break-glass');
    check(reads.every((event) => event.entity.some(({ what }) => what.reference === `EmergencyAccess/${made.id}`)), 'by which');
    check(purposes(await events('quality')).some((purpose) => purpose.text === 'Landed at 14:10, no relative there'), 'the word');
    const { json } = status(await who.ownQuality.get(`/fhir/Patient/${PATIENT}/$accesses`), 200);
    const why = json.parameter.flatMap(({ part }) => (part ?? []).filter(({ name }) => name === 'why').map(({ valueString }) => valueString));
    check(why.includes(REASON), 'the list for the patient');
  }],
  ['it holds over a restart, and the trail verifies', async () => {
    await node.stop();
    must('verify', node.folder);
    await node.start();
    check(await who.surgeon.sees(`/fhir/Patient/${PATIENT}`), 'after the restart');
  }],
  ['a post that ends takes the open glass with it', async () => {
    const { json } = status(await node.get('/fhir/PractitionerRole/role-surgeon'), 200);
    status(await node.put('/fhir/PractitionerRole/role-surgeon', { ...json, active: false }), 200);
    check(!await who.surgeon.sees(`/fhir/Patient/${PATIENT}`), 'the patient');
  }],
], async () => {
  for (const stream of streams) stream.stop();
  await node.remove();
});
