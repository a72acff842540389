// SPDX-License-Identifier: Apache-2.0
// The attempts of docs/ATTEMPTS.md that a program can make, once for every role: a record
// that is hidden is asked for in every way, and each answer must be the one that is given
// for a record that never was. Then what may not be opened by writing.
import { stopClocks } from './lib/demo.mjs';
import { Node, must } from './lib/node.mjs';
import { Person, demoPeople, newPerson } from './lib/people.mjs';
import { check, equal, eventually, scenario, status } from './lib/scenario.mjs';
import { WORD, hiddenRecords, space, waysAroundPatient, waysToRecord } from './lib/veil.mjs';

const node = new Node();
let people = {};
const versions = {};
const ref = (reference) => ({ reference });
const ATONCE = 8;
const full = process.env.BELAY_TIER === 'full';

/** Outside the full tier most people make a third of the attempts, each another one. */
function thinned(list, role) {
  if (full || ['guest', 'expert', 'coordinator'].includes(role)) return list;
  const first = Object.keys(people).indexOf(role) % 3;
  return list.filter((_, at) => at % 3 === first);
}

/** What differs between two answers to the same question, taken out. */
function plain({ status: code, text, headers }) {
  const told = ['etag', 'last-modified', 'location', 'content-type', 'allow', 'cache-control', 'content-encoding'].map((name) => headers.get(name));
  return JSON.stringify([code, told, text])
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME').replace(/_page=[\w-]+/g, 'PAGE');
}

/** Do ${work} for each of ${list}, a few at once. */
async function each(list, work) {
  const left = [...list.entries()];
  await Promise.all(Array.from({ length: ATONCE }, async () => {
    for (let next = left.shift(); next; next = left.shift()) await work(next[1], next[0]);
  }));
}

const without = (text) => text.replaceAll('veil-', 'void-').replaceAll('%76eil', '%76oid').replaceAll('VEIL-', 'VOID-').replaceAll(WORD, 'Quillfathers')
  .replaceAll(WORD.slice(2, 9), 'Quillfathers'.slice(2, 9));
const send = (who, [, method, path, body, headers]) => who.ask(method, path, body, headers);

/** The same attempt at what is not there. */
function atNothing([what, method, path, body, headers]) {
  return [what, method, without(path), body === undefined ? undefined : JSON.parse(without(JSON.stringify(body))), headers && JSON.parse(without(JSON.stringify(headers)))];
}

/** ${who} makes ${attempt}: the answer is that for nothing, and holds nothing hidden. */
async function tries(role, who, attempt) {
  const [one, other] = [await send(who, attempt), await send(who, atNothing(attempt))];
  const what = `${role}: ${attempt.slice(0, 3).join(' ')} ${JSON.stringify(attempt[3] ?? '')}`.slice(0, 400);
  const [hidden, nothing] = [without(plain(one)), plain(other)];
  if (hidden !== nothing) throw new Error(`${what}\n  hidden:  ${hidden.slice(0, 500)}\n  nothing: ${nothing.slice(0, 500)}`);
  if (attempt[1] === 'GET' && one.status < 300) check(!one.text.replaceAll(attempt[2], '').includes('"versionId":"hid'), what);
  check(one.status < 500, `${what}: ${one.status}`);
}

/** What nobody may learn anything from: the same before and after the hidden records came. */
const GLOBAL = [
  '/fhir/Patient', '/fhir/Patient?_summary=count', '/fhir/Patient?_total=accurate&_count=1', '/fhir/Patient?_total=estimate&_count=0', '/fhir/Patient?_sort=family', '/fhir/Patient?_sort=-_lastUpdated',
  '/fhir/Patient?_sort=-birthdate&_count=2', '/fhir/Observation?_summary=count', '/fhir/Observation?_sort=-date&_count=3', '/fhir/Observation?_sort=code&_count=5', '/fhir/Observation?value-quantity=gt50&_sort=-value-quantity&_count=2',
  '/fhir/Observation?_lastUpdated=gt2026&_summary=count', '/fhir/Observation?status=final&_count=1', '/fhir/Observation?code:missing=true&_summary=count', '/fhir/Encounter?_summary=count', '/fhir/Condition?_summary=count',
  '/fhir/ServiceRequest?_include=*&_revinclude=*&_count=100', '/fhir/ServiceRequest?status=active&_sort=-authored', '/fhir/Task?_summary=count', '/fhir/Task?_include=*&_include:iterate=*&_count=100',
  '/fhir/Communication?_count=2&_total=accurate', '/fhir/DocumentReference?_count=50', '/fhir/Media', '/fhir/Binary?_summary=count', '/fhir/CarePlan', '/fhir/CareTeam', '/fhir/Consent', '/fhir/List', '/fhir/Group', '/fhir/Provenance',
  '/fhir/Procedure?_summary=count', '/programme/Apprenticeship', '/programme/Apprenticeship?_include=*', '/fhir/Organization?_revinclude=*&_count=100&_elements=id', '/fhir/Practitioner?_revinclude=*&_count=100&_elements=id',
  '/fhir/Practitioner?_revinclude=Observation:performer&_revinclude=Observation:focus&_count=100', '/fhir/Organization?_has:Patient:organization:gender=female', '/fhir/Practitioner?_has:Observation:performer:status=final',
  '/fhir/Practitioner?_has:ServiceRequest:requester:status=active', '/fhir?_type=Patient,Observation,Task&_summary=count', '/fhir?_type=Patient,Communication&_count=100', '/fhir?_lastUpdated=gt2026-01-01&_summary=count',
  '/fhir/_history?_count=1000', '/fhir/Patient/_history?_count=1000', '/fhir/Task/_history?_summary=count', '/fhir/Observation/_history?_since=2020-01-01T00:00:00Z&_count=1000', '/fhir/metadata', '/fhir/Organization/demo-urgench',
  '/fhir/Practitioner/demo-pema-yangchen/Observation?_summary=count', '/fhir/Patient/demo-patient-01/$everything', '/fhir/Location?near=41.55|60.63|50&_revinclude=*', '/fhir/Observation?_content=mg', '/fhir/Patient?_text=female', '/health',
];
const before = {};

/** All of GLOBAL as ${who} sees it now. */
async function look(who) {
  const seen = [];
  await each(GLOBAL, async (path, at) => { seen[at] = plain(await who.get(path)); });
  return seen;
}

const DALIAN = 'demo-dalian-emergency-and-critical-care';
const CAST = [
  ['nurse', 'nurse', 'demo-nagqu-emergency'], ['head', 'head-of-department', DALIAN], ['guest', 'clinician', DALIAN],
  ['outsider', 'clinician', 'demo-xian-thoracic-surgery'], ['apprentice', 'apprentice', 'demo-nagqu-general-surgery'], ['director', 'director', 'demo-dalian'],
  ['quality', 'quality-officer', 'demo-dalian'], ['desk', 'international-desk', 'demo-dalian'], ['interpreter', 'interpreter', 'demo-dalian'],
  ['manager', 'administrator', 'demo-dalian'], ['xian-manager', 'administrator', 'demo-xian'],
];

/** ${who} writes; the status must be ${expected}. */
async function writes(who, method, path, body, expected, more) {
  const answer = await people[who].ask(method, path, body, more);
  check(answer.status === expected, `${who} ${method} ${path} ${JSON.stringify(body)}: ${answer.status}, not ${expected}: ${answer.text.slice(0, 300)}`);
  check(!answer.text.includes(WORD), `${who} ${method} ${path} is told of what is hidden`);
  return answer;
}
const refused = (who, path, body) => writes(who, 'POST', path, body, 403);
const put = async (who, path, change, expected, first) => writes(who, 'PUT', `/fhir/${path}`, { ...(first ?? (await node.get(`/fhir/${path}`)).json), ...change }, expected);
const post = (practitioner, unit, role, more) => ({
  resourceType: 'PractitionerRole', practitioner: ref(practitioner), ...(unit ? { organization: ref(`Organization/${unit}`) } : {}),
  code: [{ coding: [{ system: 'https://belay.health/CodeSystem/role', code: role }] }], ...more,
});
const PATIENT = 'Patient/demo-patient-01';
const CASE = 'ServiceRequest/demo-case-01';
const U = (n) => `urn:uuid:7f2c0a55-5a2a-4e58-8c39-9a6f7a0fa0${String(n).padStart(2, '0')}`;

await scenario('Nobody learns of a record outside their circle by any request we could think of.', [
  ['people of every role sign in to the demonstration', async () => {
    node.init();
    must('demo', node.folder, '--small');
    await node.start();
    await stopClocks(node);
    people = await demoPeople(node);
    for (const [id, role, unit] of CAST) people[id] = await newPerson(node, { id, role, unit });
    people.ended = await newPerson(node, { id: 'ended', role: 'clinician', unit: 'demo-urgench', period: { start: '2020-01-01', end: '2020-02-01' } });
    people.nobody = new Person(node);
    for (const [role, who] of Object.entries(people)) before[role] = await look(who);
  }],
  ['records come that none of them may see: nothing that anybody can ask changes', async () => {
    for (const record of hiddenRecords()) {
      const { json } = status(await node.put(`${space(record.resourceType)}/${record.resourceType}/${record.id}`, record), 201);
      versions[record.id] = json.meta.versionId;
    }
    for (const [role, who] of Object.entries(people)) {
      if (role === 'auditor') continue; // who reads the trail sees that something was written
      const after = await look(who);
      for (const [at, path] of GLOBAL.entries()) check(after[at] === before[role][at], `${role}: ${path}\n  before: ${before[role][at].slice(0, 400)}\n  after:  ${after[at].slice(0, 400)}`);
    }
  }],
  ['each of them asked for in each way is a record that never was', async () => {
    let count = 0;
    for (const [role, who] of Object.entries(people)) {
      const attempts = hiddenRecords().flatMap(({ resourceType, id }, at) => (full || at % 11 === Object.keys(people).indexOf(role) % 11 || id === 'veil-patient-1'
        ? waysToRecord(resourceType, id, versions[id]) : waysToRecord(resourceType, id, versions[id]).slice(0, 3)))
        .filter(([what]) => !(role === 'auditor' && what === 'accesses'));
      const mine = thinned(attempts, role);
      await each(mine, (attempt) => tries(role, who, attempt));
      count += mine.length;
    }
    console.log(`     ${count} attempts by ${Object.keys(people).length} people`);
    check(count > 1500, 'too few attempts were made');
  }],
  ['and so is what leads to a hidden patient', async () => {
    for (const [role, who] of Object.entries(people)) await each(thinned(waysAroundPatient('veil-patient-1', WORD, 77.31), role), (attempt) => tries(role, who, attempt));
  }],
  ['in a batch, in a transaction', async () => {
    const record = hiddenRecords().find(({ id }) => id === 'veil-observation-1');
    for (const role of ['guest', 'expert', 'coordinator', 'manager']) {
      const attempts = ['batch', 'transaction'].flatMap((type) => waysToRecord('Observation', record.id, versions[record.id])
        .filter(([, method, , body]) => typeof body !== 'string' && method !== 'HEAD' && !Array.isArray(body))
        .map(([what, method, path, resource, headers = {}]) => [`${type}: ${what}`, 'POST', '/fhir', {
          resourceType: 'Bundle', type,
          entry: [{ resource, request: { method, url: path.replace(/^\/\w+\//, ''), ifMatch: headers['If-Match'], ifNoneMatch: headers['If-None-Match'] } }],
        }]));
      await each(attempts, (attempt) => tries(role, people[role], attempt));
    }
  }],
  ['a patch within a transaction asks nothing of a hidden record', async () => {
    for (const [path, value] of [['/gender', 'female'], ['/gender', 'male'], ['/name/0/family', WORD], ['/nothing', 1]]) {
      const data = Buffer.from(JSON.stringify([{ op: 'test', path, value }])).toString('base64');
      await tries('guest', people.guest, ['patch', 'POST', '/fhir', {
        resourceType: 'Bundle', type: 'transaction',
        entry: [{ resource: { resourceType: 'Binary', contentType: 'application/json-patch+json', data }, request: { method: 'PATCH', url: 'Patient/veil-patient-1' } }],
      }]);
    }
  }],
  ['conditional references meet no hidden record, nor pass through one', async () => {
    const own = { resourceType: 'Communication', status: 'completed', subject: ref(PATIENT), basedOn: [ref(CASE)] };
    const pair = (condition, second) => ['conditional reference', 'POST', '/fhir', {
      resourceType: 'Bundle', type: 'transaction',
      entry: [
        { fullUrl: U(1), resource: { ...own, about: [ref(condition)] }, request: { method: 'POST', url: 'Communication' } },
        ...(second ? [{ fullUrl: U(2), resource: second, request: { method: 'POST', url: second.resourceType } }] : []),
      ],
    }];
    const request = { resourceType: 'ServiceRequest', status: 'draft', intent: 'order', identifier: [{ value: 'own' }], subject: ref('Patient/veil-patient-1') };
    for (const attempt of [
      pair(`Patient?identifier=${WORD}`), pair('Patient?_id=veil-patient-1'), pair(`Observation?subject:Patient.family=${WORD}`), pair(`Practitioner?_has:Observation:performer:code=${WORD}`),
      pair(`ServiceRequest?identifier=own&subject:Patient.family=${WORD}`, request), pair('ServiceRequest?identifier=own&subject:Patient.gender=female', request),
      pair('ServiceRequest?identifier=own&subject:Patient.gender=male', request), pair('Patient?_id=veil-patient-1&_lastUpdated=gt2020', { resourceType: 'Patient', id: 'veil-patient-1', managingOrganization: ref('Organization/demo-dalian') }),
      pair('Procedure?identifier=own&part-of:below=Procedure/veil-procedure-1', { resourceType: 'Procedure', status: 'completed', identifier: [{ value: 'own' }], subject: ref(PATIENT), partOf: [ref('Procedure/veil-procedure-1')] }),
    ]) await tries('guest', people.guest, attempt);
    for (const condition of [`identifier=${WORD}`, '_id=veil-patient-1', `family=${WORD}`, `_has:Observation:patient:code=${WORD}`]) {
      await tries('guest', people.guest, ['If-None-Exist', 'POST', '/fhir/Patient', { resourceType: 'Patient', managingOrganization: ref('Organization/demo-nagqu') }, { 'If-None-Exist': condition }]);
    }
  }],
  ['a reference to a hidden record is refused like one to nothing', async () => {
    const note = (more) => ({ resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: ref('Patient/veil-patient-1'), ...more });
    for (const role of ['guest', 'expert', 'clinician', 'coordinator', 'head', 'apprentice']) {
      const practitioner = ref(`Practitioner/${role === 'clinician' ? 'demo-pema-yangchen' : role}`);
      for (const body of [
        note(), note({ basedOn: [ref(CASE)] }), note({ focus: [practitioner], performer: [practitioner] }), note({ subject: ref(PATIENT), basedOn: [ref('ServiceRequest/veil-request-1')], focus: [ref('Patient/veil-patient-1')] }),
        { resourceType: 'ServiceRequest', status: 'active', intent: 'order', subject: ref('Patient/veil-patient-1'), performer: [ref(`Organization/${DALIAN}`)] },
        { resourceType: 'Communication', status: 'completed', basedOn: [ref('ServiceRequest/veil-request-1')] }, { resourceType: 'Task', status: 'requested', intent: 'order', focus: ref('ServiceRequest/veil-request-1') },
        { resourceType: 'Task', status: 'requested', intent: 'order', for: ref('Patient/veil-patient-1'), owner: practitioner, requester: practitioner },
        { resourceType: 'CareTeam', status: 'active', subject: ref('Patient/veil-patient-1'), participant: [{ member: practitioner }] },
        { resourceType: 'List', status: 'current', mode: 'working', entry: [{ item: ref('Observation/veil-observation-1') }] },
        { resourceType: 'Group', type: 'person', actual: true, member: [{ entity: ref('Patient/veil-patient-1') }, { entity: ref(PATIENT) }] },
        { resourceType: 'Provenance', target: [ref('Observation/veil-observation-1')], recorded: '2026-01-02T00:00:00Z', agent: [{ who: practitioner }] },
        { resourceType: 'Patient', managingOrganization: ref('Organization/demo-urgench'), link: [{ other: ref('Patient/veil-patient-1'), type: 'seealso' }] },
        { resourceType: 'RelatedPerson', patient: ref('Patient/veil-patient-1') }, { resourceType: 'Consent', status: 'active', scope: { text: 'x' }, category: [{ text: 'x' }], policyRule: { text: 'x' }, patient: ref('Patient/veil-patient-1') },
      ]) await tries(role, people[role], ['write', 'POST', `/fhir/${body.resourceType}`, body]);
    }
  }],
  ['a case of one\'s own opens nothing by listing it, and a document no bytes by naming them', async () => {
    const own = `Patient/${(await writes('outsider', 'POST', '/fhir/Patient', { resourceType: 'Patient', managingOrganization: ref('Organization/demo-xian') }, 201)).json.id}`;
    const request = (listed) => ({ resourceType: 'ServiceRequest', status: 'active', intent: 'order', subject: ref(own), performer: [ref('Organization/demo-xian-thoracic-surgery')], supportingInfo: [ref(listed)] });
    for (const listed of ['Communication/veil-message-2', 'Provenance/veil-origin-1', 'Binary/veil-picture-1', 'Observation/veil-rating-1', 'Group/veil-group-1', 'List/veil-list-1', 'Task/veil-task-2', 'Communication/veil-message-2/_history/1', `${node.url}/fhir/Communication/veil-message-2`]) {
      await tries('outsider', people.outsider, ['list', 'POST', '/fhir/ServiceRequest', request(listed)]);
      await refused('outsider', '/fhir/ServiceRequest', request(listed));
    }
    const mine = (await writes('outsider', 'POST', '/fhir/Observation', { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: ref(own) }, 201)).json.id;
    const made = (await writes('outsider', 'POST', '/fhir/ServiceRequest', request(`Observation/${mine}`), 201)).json;
    await writes('outsider', 'PUT', `/fhir/ServiceRequest/${made.id}`, { ...made, supportingInfo: [...made.supportingInfo, ref('Communication/veil-message-2')] }, 403);
    const document = (url) => ({ resourceType: 'DocumentReference', status: 'current', subject: ref(own), content: [{ attachment: { url } }] });
    for (const url of ['Binary/veil-picture-2', 'Binary/veil-picture-1', `${node.url}/fhir/Binary/veil-picture-2`, 'http://elsewhere.example/fhir/Binary/veil-picture-2', 'Binary/void-picture-2']) await refused('outsider', '/fhir/DocumentReference', document(url));
    const bytes = (await people.outsider.post('/fhir/Binary', { resourceType: 'Binary', contentType: 'text/plain', data: 'eA==' })).json.id;
    await writes('outsider', 'POST', '/fhir/DocumentReference', document(`Binary/${bytes}`), 201);
    status(await people.outsider.get(`/fhir/Binary/${bytes}`), 200);
    for (const [id, patient] of [['1', own], ['2', own]]) equal((await people.outsider.get(`/fhir/Binary/veil-picture-${id}`)).status, 404, patient);
  }],
  ['what one transaction makes may be named in any order', async () => {
    const entry = [
      { fullUrl: U(1), resource: { resourceType: 'ServiceRequest', status: 'active', intent: 'order', subject: ref(U(3)), performer: [ref(`Organization/${DALIAN}`)], supportingInfo: [ref(U(2))] }, request: { method: 'POST', url: 'ServiceRequest' } },
      { fullUrl: U(2), resource: { resourceType: 'Observation', status: 'final', code: { text: 'x' }, subject: ref(U(3)) }, request: { method: 'POST', url: 'Observation' } },
      { fullUrl: U(3), resource: { resourceType: 'Patient', managingOrganization: ref('Organization/demo-nagqu') }, request: { method: 'POST', url: 'Patient' } },
    ];
    status(await people.clinician.bundle('transaction', entry), 200);
    status(await people.guest.bundle('transaction', entry), 403);
  }],
  ['who is asked for advice answers by the operations of the case, and changes nothing otherwise', async () => {
    const vital = 'Observation/demo-case-01-pulse';
    status(await people.expert.get(`/fhir/${vital}`), 200);
    for (const who of ['expert', 'guest', 'head']) {
      await put(who, vital, { note: [{ text: 'x' }] }, 403);
      await writes(who, 'DELETE', `/fhir/${vital}`, undefined, 403);
      await put(who, PATIENT, { managingOrganization: ref('Organization/demo-dalian') }, 403);
      await put(who, PATIENT, { active: false }, 403);
      await writes(who, 'DELETE', `/fhir/${PATIENT}`, undefined, 403);
      await put(who, CASE, { note: [{ text: 'x' }] }, 403);
      await put(who, CASE, { performer: [ref(`Organization/${DALIAN}`), ref('Organization/demo-xian')] }, 403);
      await put(who, CASE, { status: 'completed', priority: 'routine' }, 403);
      await put(who, CASE, { status: 'revoked' }, 403);
      await writes(who, 'DELETE', `/fhir/${CASE}`, undefined, 403);
      await writes(who, 'DELETE', '/fhir/Task/demo-case-01', undefined, 403);
      await put(who, 'Task/demo-case-01', { for: ref('Patient/demo-patient-02') }, 403);
      await put(who, 'Task/demo-case-01', { focus: ref('ServiceRequest/demo-case-02') }, 403);
      await put(who, 'Task/demo-case-01', { businessStatus: { text: who } }, 403);
      await put(who, 'Task/demo-case-01', { status: 'completed' }, 403);
      await put(who, CASE, { status: 'completed' }, 403);
    }
    for (const who of ['clinician', 'nurse']) {
      await put(who, 'Task/demo-case-01', { status: 'cancelled' }, 403);
      await writes(who, 'DELETE', '/fhir/Task/demo-case-01', undefined, 403);
      await put(who, CASE, { status: 'revoked' }, 403);
    }
    const message = (await writes('expert', 'POST', '/fhir/Communication', { resourceType: 'Communication', status: 'completed', basedOn: [ref(CASE)], subject: ref(PATIENT) }, 201)).json;
    await put('expert', `Communication/${message.id}`, { note: [{ text: 'said better' }] }, 200);
    await put('guest', `Communication/${message.id}`, { note: [{ text: 'words in a mouth' }] }, 403);
    await put('expert', `Communication/${message.id}`, { subject: ref('Patient/demo-patient-02') }, 403);
    const asked = (await node.get(`/fhir/${CASE}`)).json;
    const foreign = `ServiceRequest/${(await node.post('/fhir/ServiceRequest', { ...asked, id: undefined, meta: undefined })).json.id}`; // no Task follows it
    await put('expert', foreign, { status: 'completed', priority: 'routine' }, 403);
    await put('expert', foreign, { status: 'completed' }, 200);
    equal((await people.expert.get(`/fhir/${foreign}`)).status, 404, 'a case that was closed');
  }],
  ['nobody grows their own rights by a post, a unit or a pairing', async () => {
    for (const role of ['clinician', 'auditor', 'head-of-department', 'coordinator']) {
      await refused('manager', '/fhir/PractitionerRole', post('Practitioner/manager', 'demo-dalian', role));
      await refused('manager', '/fhir/PractitionerRole', post(`${node.url}/fhir/Practitioner/manager`, 'demo-dalian', role));
      await refused('manager', '/fhir/PractitionerRole', post('Practitioner/manager/_history/1', 'demo-dalian', role));
      await refused('manager', '/fhir/PractitionerRole', post('Practitioner/manager', undefined, role));
      await refused('manager', '/fhir/PractitionerRole', post('Practitioner/guest', 'demo-nagqu', role));
      await refused('head', '/fhir/PractitionerRole', post('Practitioner/head', DALIAN, role));
      for (const who of ['guest', 'expert', 'nurse', 'apprentice', 'coordinator', 'auditor', 'quality', 'desk', 'interpreter']) await refused(who, '/fhir/PractitionerRole', post('Practitioner/guest', DALIAN, role));
    }
    await refused('manager', '/fhir/PractitionerRole', post('Practitioner/guest', 'demo-dalian', 'auditor'));
    await refused('head', '/fhir/PractitionerRole', post('Practitioner/guest', DALIAN, 'administrator'));
    const given = (await writes('head', 'POST', '/fhir/PractitionerRole', post('Practitioner/guest', DALIAN, 'nurse'), 201)).json;
    await writes('head', 'PUT', `/fhir/PractitionerRole/${given.id}`, { ...given, code: post('', '', 'auditor').code }, 403);
    await writes('head', 'PUT', `/fhir/PractitionerRole/${given.id}`, { ...given, practitioner: ref('Practitioner/head') }, 403);
    await writes('head', 'PUT', `/fhir/PractitionerRole/${given.id}`, { ...given, organization: ref('Organization/demo-nagqu') }, 403);
    await put('manager', 'PractitionerRole/manager', { period: { end: '2099-01-01' } }, 403);
    await put('manager', 'Organization/demo-dalian', { address: [{ country: 'KZ' }] }, 403);
    await put('manager', 'Organization/demo-dalian', { partOf: ref('Organization/demo-urgench') }, 403);
    await put('manager', `Organization/${DALIAN}`, { partOf: undefined }, 403);
    await put('manager', `Organization/${DALIAN}`, { address: [{ country: 'KZ' }] }, 403);
    await put('manager', 'Organization/demo-dalian', { alias: ['x'] }, 200);
    await writes('manager', 'DELETE', '/fhir/Organization/demo-dalian', undefined, 403);
    const ward = (await writes('manager', 'POST', '/fhir/Organization', { resourceType: 'Organization', name: 'Ward', partOf: ref('Organization/demo-dalian') }, 201)).json;
    await writes('manager', 'DELETE', `/fhir/Organization/${ward.id}`, undefined, 204);
    await writes('manager', 'PUT', `/fhir/Organization/${ward.id}`, { ...ward, partOf: undefined, address: [{ country: 'KZ' }] }, 403);
    await refused('manager', '/fhir/Location', { resourceType: 'Location', managingOrganization: ref('Organization/demo-dalian'), address: { country: 'KZ' } });
    await writes('manager', 'POST', '/fhir/Location', { resourceType: 'Location', managingOrganization: ref('Organization/demo-dalian'), address: { country: 'CN' } }, 201);
    await put('manager', 'Practitioner/demo-pema-yangchen', { active: false }, 403);
    await put('manager', 'Practitioner/guest', { gender: 'female' }, 200);
    const pair = (more) => ({ resourceType: 'OrganizationAffiliation', organization: ref('Organization/demo-dalian'), participatingOrganization: ref('Organization/demo-xian'), ...more });
    await refused('manager', '/fhir/OrganizationAffiliation', pair({ active: true }));
    await refused('manager', '/fhir/OrganizationAffiliation', pair({}));
    await refused('guest', '/fhir/OrganizationAffiliation', pair({ active: false }));
    const proposed = (await writes('manager', 'POST', '/fhir/OrganizationAffiliation', pair({ active: false }), 201)).json;
    const path = `OrganizationAffiliation/${proposed.id}`;
    await put('manager', path, { active: true }, 403);
    await put('xian-manager', path, { active: true, participatingOrganization: ref('Organization/demo-nagqu') }, 403);
    await put('xian-manager', path, { active: true }, 200);
    await put('manager', path, { participatingOrganization: ref('Organization/demo-nagqu') }, 403);
    await put('manager', path, { active: false }, 200);
  }],
  ['whether a bed is free is for its hospital\'s wards to say, and nothing else of it', async () => {
    const state = (code) => ({ operationalStatus: { system: 'http://terminology.hl7.org/CodeSystem/v2-0116', code } });
    const promised = { url: 'https://belay.health/StructureDefinition/bed-transfer', extension: [{ url: 'case', valueId: 'x' }, { url: 'promised', valueBoolean: true }] };
    for (const role of ['head', 'guest', 'outsider', 'apprentice', 'director', 'quality', 'desk', 'interpreter', 'manager', 'clinician', 'expert', 'coordinator']) {
      await put(role, 'Location/demo-nagqu-bed-2', state('U'), 403);
    }
    await put('nurse', 'Location/demo-nagqu-bed-2', state('C'), 200);
    await put('nurse', 'Location/demo-nagqu-bed-2', { ...state('U'), name: 'Mine' }, 403);
    await put('nurse', 'Location/demo-nagqu-bed-2', { ...state('U'), managingOrganization: ref('Organization/demo-dalian') }, 403);
    await put('nurse', 'Location/demo-nagqu', state('U'), 403);
    await put('nurse', 'Location/demo-lhasa-bed-2', state('O'), 403);
    await writes('nurse', 'DELETE', '/fhir/Location/demo-nagqu-bed-2', undefined, 403);
    for (const role of ['nurse', 'administrator']) await put(role, 'Location/demo-nagqu-bed-2', { ...state('O'), extension: [promised] }, 409);
  }],
  ['nor by an apprenticeship, a rating, a team, a task or a consent', async () => {
    const learning = (master, unit) => ({ resourceType: 'Apprenticeship', status: 'active', apprentice: ref('Practitioner/demo-kelsang-wangmo'), master: ref(`Practitioner/${master}`), ...(unit ? { learningDepartment: ref(`Organization/${unit}`) } : {}) });
    for (const [who, unit] of [['outsider'], ['guest', DALIAN], ['head', DALIAN], ['manager', 'demo-dalian'], ['apprentice', 'demo-nagqu-general-surgery']]) {
      await refused(who, '/programme/Apprenticeship', learning(who, unit));
      equal((await people[who].get('/fhir/Observation/veil-rating-1')).status, 404, who);
    }
    const rating = (performer, more) => ({ resourceType: 'Observation', status: 'final', code: { text: 'x' }, focus: [ref('Practitioner/apprentice')], performer: [ref(`Practitioner/${performer}`)], ...more });
    await refused('apprentice', '/fhir/Observation', rating('demo-li-wei'));
    await refused('guest', '/fhir/Observation', rating('guest', { subject: ref('Patient/demo-patient-02') }));
    await refused('guest', '/fhir/Observation', rating('guest', { subject: ref('Patient/no-such-patient') }));
    const given = (await writes('guest', 'POST', '/fhir/Observation', rating('guest'), 201)).json;
    await writes('apprentice', 'PUT', `/fhir/Observation/${given.id}`, { ...given, interpretation: [{ text: 'excellent' }] }, 403);
    await refused('guest', '/fhir/CareTeam', { resourceType: 'CareTeam', status: 'active', participant: [{ member: ref(`Organization/${DALIAN}`) }], managingOrganization: [ref('Organization/demo-dalian')] });
    await refused('guest', '/fhir/CareTeam', { resourceType: 'CareTeam', status: 'active', subject: ref(PATIENT), participant: [{ member: ref('Practitioner/guest') }] });
    await refused('guest', '/fhir/Task', { resourceType: 'Task', status: 'requested', intent: 'order', for: ref('Patient/demo-patient-02'), owner: ref('Practitioner/guest'), requester: ref('Practitioner/guest') });
    await refused('guest', '/fhir/Consent', { resourceType: 'Consent', status: 'active', scope: { coding: [{ code: 'patient-privacy' }] }, category: [{ text: 'x' }], policyRule: { text: 'x' }, patient: ref(PATIENT) });
  }],
  ['cursors and events have names that count nothing, and are of no use to others', async () => {
    const page = async (who) => status(await people[who].get('/fhir/Observation?_count=2'), 200).json.link.find(({ relation }) => relation === 'next').url.slice(node.url.length);
    const cursor = async (who) => Buffer.from(/_page=([\w-]+)/.exec(await page(who))[1], 'base64url');
    const [one, other] = [await cursor('clinician'), await cursor('clinician')];
    equal(one.equals(other), true, 'a cursor made twice');
    check(new Set(one).size > one.length / 2, `the cursor ${one.toString('hex')} looks like what it hides`);
    const stolen = status(await people.outsider.get(await page('clinician')), 200);
    check(!/demo-patient-0[12]/.test(stolen.text), 'a cursor of somebody else shows their records');
    equal((await people.clinician.get((await page('clinician')).slice(0, -4))).status, 400, 'a cursor that was cut');
    const stop = new AbortController();
    const stream = await fetch(`${node.url}/events`, { headers: people.guest.headers({ Accept: 'text/event-stream' }), signal: stop.signal });
    let told = '';
    (async () => { try { for await (const part of stream.body.pipeThrough(new TextDecoderStream())) told += part; } catch { /* stopped */ } })();
    for (const name of ['one', 'two']) {
      status(await node.put('/fhir/Patient/veil-patient-2', { ...hiddenRecords()[1], active: name === 'one' }), 200);
      status(await node.put(`/fhir/Organization/event-${name}`, { resourceType: 'Organization', id: `event-${name}`, name }), 201);
    }
    await eventually(() => told.includes('event-two'), 'the change that anybody hears of');
    check(!told.includes('veil'), told);
    const ids = [...told.matchAll(/^id: (.*)$/mg)].map(([, id]) => id);
    check(ids.length >= 2 && ids.every((id) => /^[\w-]{32}$/.test(id)), `ids of events: ${ids}`);
    const block = told.split('\n\n').find((part) => part.includes('event-one'));
    stop.abort();
    const again = new AbortController();
    const rest = await fetch(`${node.url}/events`, { headers: people.guest.headers({ Accept: 'text/event-stream', 'Last-Event-ID': /^id: (.*)$/m.exec(block)[1] }), signal: again.signal });
    let more = '';
    (async () => { try { for await (const part of rest.body.pipeThrough(new TextDecoderStream())) more += part; } catch { /* stopped */ } })();
    await eventually(() => more.includes('event-two'), 'what came after the first event');
    check(!more.includes('event-one') && !more.includes('veil'), more);
    again.abort();
  }],
  ['the list of who has seen a patient is for those of the patient\'s hospital, and auditors', async () => {
    const list = async (who, id) => (await people[who].get(`/fhir/Patient/${id}/$accesses`)).status;
    for (const who of ['quality', 'head', 'manager']) {
      equal(await list(who, 'demo-patient-02'), 404, who);
      equal(await list(who, 'no-such-patient'), 404, who);
    }
    equal(await list('administrator', 'demo-patient-02'), 200, 'the administrator of the hospital');
    equal(await list('auditor', 'demo-patient-02'), 200, 'the auditor');
    equal(await list('guest', 'demo-patient-02'), 403, 'a clinician');
  }],
], async () => { await node.remove(); });
