// SPDX-License-Identifier: Apache-2.0
import { stopClocks } from './lib/demo.mjs';
import { Node, must } from './lib/node.mjs';
import { PASSWORD, Person, demoPeople } from './lib/people.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const ROLE = 'https://belay.health/CodeSystem/role';
const node = new Node();
let people = {};
const made = {};

/** A new person and a first post, as the page sends them: all of it or nothing. */
async function addPerson(by, name, role, unit) {
  const person = 'urn:uuid:0188cb29-7f0e-4d2c-8e5e-6f1d2c3b4a59';
  const answer = await by.post('/fhir', {
    resourceType: 'Bundle', type: 'transaction', entry: [
      { fullUrl: person, resource: { resourceType: 'Practitioner', active: true, name: [{ text: name }] }, request: { method: 'POST', url: 'Practitioner' } },
      {
        resource: {
          resourceType: 'PractitionerRole', active: true, practitioner: { reference: person }, organization: { reference: `Organization/${unit}` },
          code: [{ coding: [{ system: ROLE, code: role }] }], period: { start: '2020-01-01' },
        },
        request: { method: 'POST', url: 'PractitionerRole' },
      },
    ],
  });
  if (answer.status === 200) {
    const [practitioner, post] = answer.json.entry.map((entry) => /(\w+\/[^/]+)\/_history/.exec(entry.response.location)[1]);
    made[name] = { practitioner, post };
  }
  return answer.status;
}

const account = async (by, name) => by.post('/session/accounts', { name, practitioner: made[name].practitioner });
const accesses = (who, rest) => people[who].get(`/fhir/Patient${rest}`);

await scenario('People, posts and accounts of a hospital are looked after by its administration; the trail by auditors.', [
  ['the demonstration is served, and four people sign in', async () => {
    node.init();
    must('demo', node.folder, '--small');
    await node.start();
    await stopClocks(node);
    people = await demoPeople(node);
  }],
  ['an administrator adds a head of department, who comes in by the link', async () => {
    equal(await addPerson(people.administrator, 'Choden Lhamo', 'head-of-department', 'demo-nagqu-emergency'), 200);
    const { json } = status(await account(people.administrator, 'Choden Lhamo'), 200);
    check(Date.parse(json.until) > Date.now(), 'until when');
    people.head = await new Person(node).enrol(json.ticket);
    equal((await new Person(node).post('/session', { ticket: json.ticket, password: PASSWORD })).status, 401, 'the link again');
    equal((await people.head.get('/session')).json.posts.map((post) => post.role), ['head-of-department']);
  }],
  ['the head adds a nurse to the department, and nobody to another', async () => {
    equal(await addPerson(people.head, 'Nurse Yangkyi', 'nurse', 'demo-nagqu-emergency'), 200);
    equal(await addPerson(people.head, 'Somebody', 'nurse', 'demo-nagqu-medicine'), 403);
    equal(await addPerson(people.head, 'Somebody', 'nurse', 'demo-lhasa-emergency'), 403);
    people.nurse = await new Person(node).enrol((await account(people.head, 'Nurse Yangkyi')).json.ticket);
    equal((await people.nurse.get('/fhir/Patient/demo-patient-01')).status, 200);
  }],
  ['the list of accounts is of one\'s own people', async () => {
    const names = async (who) => (await people[who].get('/session/accounts')).json.accounts.map((one) => one.name).sort();
    equal(await names('head'), ['Nurse Yangkyi', 'Pema Yangchen']);
    equal(await names('administrator'), ['Choden Lhamo', 'Nurse Yangkyi', 'Pema Yangchen']);
    const [one] = (await people.head.get('/session/accounts')).json.accounts;
    equal(Object.keys(one).sort(), ['code', 'name', 'needsCode', 'off', 'password', 'practitioner'], 'what is told');
  }],
  ['others look after nobody', async () => {
    for (const who of ['clinician', 'expert', 'coordinator', 'auditor', 'nurse']) {
      equal((await people[who].get('/session/accounts')).status, 403, `${who}: the list`);
      for (const what of ['off', 'on', 'reset']) equal((await people[who].post(`/session/accounts/${what}`, { name: 'Nurse Yangkyi' })).status, 403, `${who}: ${what}`);
      equal((await account(people[who], 'Nurse Yangkyi')).status, 403, `${who}: a second account`);
      equal(await addPerson(people[who], 'Somebody', 'nurse', 'demo-nagqu-emergency'), 403, `${who}: a person`);
    }
    equal((await people.head.post('/session/accounts/reset', { name: 'Tenzin Sangmo' })).status, 404, 'the administrator, by the head');
    equal((await people.administrator.post('/session/accounts/reset', { name: 'Gyatso Tsering' })).status, 404, 'an auditor, by the administrator of another hospital');
    equal((await people.administrator.post('/session/accounts/reset', { name: 'Tenzin Sangmo' })).status, 404, 'her own');
  }],
  ['a program has no business with accounts', async () => {
    equal((await node.get('/session/accounts')).status, 403);
  }],
  ['a post that is ended ends at once; the account stays with who administered it', async () => {
    const { json } = status(await people.head.get(`/fhir/${made['Nurse Yangkyi'].post}`), 200);
    status(await people.head.ask('PUT', `/fhir/${made['Nurse Yangkyi'].post}`, { ...json, period: { ...json.period, end: '2020-02-01' } }), 200);
    equal((await people.nurse.get('/session')).json.posts, []);
    equal((await people.nurse.get('/fhir/Patient/demo-patient-01')).status, 403);
    status(await people.head.post('/session/accounts/off', { name: 'Nurse Yangkyi' }), 204);
    equal((await people.nurse.get('/session')).status, 401);
  }],
  ['what was done to accounts is in the trail', async () => {
    const { json } = status(await people.auditor.get('/fhir/AuditEvent?type=110137'), 200);
    const told = json.entry.map(({ resource }) => `${resource.agent[0].name} ${resource.subtype[0].code} ${resource.entity[0].name}`);
    const byPeople = told.filter((one) => !one.startsWith('belay ')); // what the operator did is told too
    equal(byPeople, ['Choden Lhamo disabled Nurse Yangkyi', 'Choden Lhamo made Nurse Yangkyi', 'Tenzin Sangmo made Choden Lhamo']);
  }],
  ['who has seen a patient is told to the patient\'s hospital and to auditors', async () => {
    status(await people.clinician.get('/fhir/Patient/demo-patient-01'), 200);
    for (const who of ['administrator', 'head', 'auditor']) {
      const { json } = status(await accesses(who, '/demo-patient-01/$accesses'), 200);
      check(json.parameter.some(({ part }) => part?.some((one) => one.valueString === 'Pema Yangchen')), `${who}: Pema Yangchen`);
    }
    for (const who of ['clinician', 'expert', 'coordinator']) equal((await accesses(who, '/demo-patient-01/$accesses')).status, 403, who);
  }],
  ['and of a patient of another hospital they hear nothing', async () => {
    const refused = await accesses('administrator', '/demo-patient-04/$accesses');
    const missing = await accesses('administrator', '/demo-patient-99/$accesses');
    equal([refused.status, missing.status], [404, 404]);
    equal(refused.text.replaceAll('patient-04', 'patient-99'), missing.text);
    status(await accesses('auditor', '/demo-patient-04/$accesses'), 200);
  }],
  ['a patient is found by number, one of the own hospital alone', async () => {
    const number = async (id) => (await node.get(`/fhir/Patient/${id}`)).json.identifier[0].value;
    const by = async (who, value, more = '') => accesses(who, `/$accesses?identifier=${encodeURIComponent(value)}${more}`);
    const { json } = status(await by('administrator', await number('demo-patient-01'), '&_count=1'), 200);
    equal(json.parameter[0], { name: 'patient', valueUri: 'Patient/demo-patient-01' });
    const next = json.parameter.find((one) => one.name === 'next').valueUrl;
    status(await people.administrator.get(`/fhir${next.slice(next.indexOf('/Patient/'))}`), 200);
    equal((await by('administrator', await number('demo-patient-04'))).status, 404);
    equal((await by('administrator', 'no-such-number')).status, 404);
    equal((await accesses('administrator', '/$accesses')).status, 400);
  }],
  ['the state of the chain is told to auditors', async () => {
    const { json } = status(await people.auditor.get('/fhir/AuditEvent/$chain'), 200);
    const value = (name) => json.parameter.find((one) => one.name === name);
    equal(value('sound').valueBoolean, true);
    check(value('entries').valueDecimal > 10, 'how many entries');
    for (const who of ['clinician', 'administrator', 'head', 'coordinator']) equal((await people[who].get('/fhir/AuditEvent/$chain')).status, 403, who);
  }],
], () => node.remove());
