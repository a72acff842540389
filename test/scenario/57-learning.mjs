// SPDX-License-Identifier: Apache-2.0
import { Node } from './lib/node.mjs';
import { PASSWORD, account, codeOf } from './lib/people.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const people = {};
const BELAY = 'https://belay.health';
const DAY = 86_400_000;

const ref = (reference) => ({ reference });
const concept = (system, code) => ({ coding: [{ system: `${BELAY}/CodeSystem/${system}`, code }] });
const inDays = (days) => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);
const own = (resource, space = 'fhir') => node.put(`/${space}/${resource.resourceType}/${resource.id}`, resource);
const unit = (id, partOf) => own({ resourceType: 'Organization', id, name: id, ...(partOf ? { partOf: ref(`Organization/${partOf}`) } : { address: [{ country: 'CN' }] }) });

async function newcomer(id, role, at) {
  status(await own({ resourceType: 'Practitioner', id, active: true, name: [{ text: id }] }), 201);
  status(await own({
    resourceType: 'PractitionerRole', id, active: true, practitioner: ref(`Practitioner/${id}`), organization: ref(`Organization/${at}`), code: [concept('role', role)],
  }), 201);
  const person = await account(node, id, id);
  if (!person.recovery) { // a code is not asked of everybody
    const { json } = status(await person.post('/session/enrolment', { password: PASSWORD }), 200);
    status(await person.put('/session/enrolment', { code: codeOf(json.secret) }), 200);
  }
  people[id] = person;
}

/** Parameters as an object; a name that comes several times as a list. */
function values(parts) {
  const found = {};
  for (const one of parts ?? []) {
    const key = Object.keys(one).find((name) => name.startsWith('value'));
    const value = one.part ? values(one.part) : one[key]?.reference ?? one[key];
    found[one.name] = one.name in found ? [found[one.name], value].flat() : value;
  }
  return found;
}

const list = (value) => (value === undefined ? [] : [value].flat());
const text = (name, value) => ({ name, valueString: value });
const day = (name, value) => ({ name, valueDate: value });
const who = (name, reference) => ({ name, valueReference: ref(reference) });
const person = (id) => who('person', `Practitioner/${id}`);
const passed = (value) => ({ name: 'passed', valueBoolean: value });
const used = (aim, month, value) => [{ name: 'aim', valueInteger: aim }, { name: 'month', valueInteger: month }, { name: 'used', valueBoolean: value }];
const post = (id, path, parameter = [], more = {}) => people[id].post(`/programme/${path}`, { resourceType: 'Parameters', ...(parameter.length > 0 ? { parameter } : {}) }, more);
const learning = async (id, query = '') => list(values(status(await people[id].get(`/programme/Enrolment/$learning${query}`), 200).json.parameter).enrolment);
const waiting = (id) => learning(id, '?scope=waiting');
/** What waits of an enrolment for somebody. */
const waits = async (id, enrolment) => list((await waiting(id)).find((one) => one.id === enrolment)?.waits);

const plan = (kind, title, start, end, ...more) => [
  { name: 'kind', valueCode: kind }, text('title', title), who('organiser', 'Organization/twin-surgery'), who('organiser', 'Organization/surgery'), day('start', start), day('end', end),
  who('teacher', 'Practitioner/teacher'), ...more,
];
const aims = [
  { name: 'aim', part: [{ name: 'procedure', valueCode: 'appendectomy' }, { name: 'operations', valueInteger: 2 }] },
  { name: 'aim', part: [text('text', 'Runs the morning round')] },
];
/** The learner operated on a day. */
const operation = (n, on) => own({
  resourceType: 'Procedure', id: `op-${n}`, status: 'completed', subject: { display: 'Somebody' }, code: concept('procedure', 'appendectomy'), performedDateTime: on,
  performer: [{ function: concept('operation-function', 'operator'), actor: ref('Practitioner/learner') }],
  extension: [{ url: `${BELAY}/StructureDefinition/operation-department`, valueReference: ref('Organization/surgery') }],
});

let course = '';
let placed = '';
let workshop = '';
const seats = {};

await scenario('Somebody is sent to study at the twin hospital and back, where it is asked whether the skill is used; a workshop is moved, cancelled and held.', [
  ['two hospitals, who learns, who teaches, the heads', async () => {
    await node.init().start();
    for (const [name, partOf] of [['hill'], ['surgery', 'hill'], ['twin'], ['twin-surgery', 'twin']]) status(await unit(name, partOf), 201);
    status(await own({
      resourceType: 'OrganizationAffiliation', id: 'pair', active: true, organization: ref('Organization/twin'), participatingOrganization: ref('Organization/hill'), code: [concept('affiliation', 'twin')],
    }), 201);
    for (const [name, role, at] of [
      ['learner', 'clinician', 'surgery'], ['second', 'nurse', 'surgery'], ['stranger', 'clinician', 'surgery'], ['head', 'head-of-department', 'surgery'],
      ['teacher', 'expert', 'twin-surgery'], ['other', 'expert', 'twin-surgery'], ['twin-head', 'head-of-department', 'twin-surgery'], ['office', 'coordinator', 'hill'],
    ]) await newcomer(name, role, at);
  }],
  ['a placement is planned with its aims, and one person put down; the head and the person are asked', async () => {
    course = status(await post('teacher', 'Course/$plan', plan('placement', 'Surgery at the twin', inDays(-160), inDays(-100), ...aims)), 201).json.id;
    status(await post('stranger', `Course/${course}/$enrol`, [person('second')]), 201); // who works in a hospital that holds it may
    placed = status(await post('teacher', `Course/${course}/$enrol`, [person('learner')]), 201).json.id;
    equal(status(await post('teacher', `Course/${course}/$enrol`, [person('learner')]), 200).json.id, placed, 'once, however often');
    equal([await waits('learner', placed), await waits('head', placed)], [['accept'], ['accept']], 'asked to agree');
    equal((await learning('stranger', `?course=Course/${course}`)).length, 0, 'who has no part in it sees nobody');
    status(await post('stranger', `Enrolment/${placed}/$accept`), 404);
    equal(status(await post('learner', `Enrolment/${placed}/$accept`), 200).json.accepted.by.reference, 'Practitioner/learner', 'agreed');
  }],
  ['somebody else looks after the person: named by who does so or the head there, not by the person', async () => {
    status(await post('learner', `Enrolment/${placed}/$supervise`, [who('supervisor', 'Practitioner/other')]), 403);
    status(await people.other.get(`/programme/Enrolment/${placed}`), 404);
    status(await post('twin-head', `Enrolment/${placed}/$supervise`, [who('supervisor', 'Practitioner/other')]), 200);
    status(await people.other.get(`/programme/Enrolment/${placed}`), 200);
    status(await people.teacher.get(`/programme/Enrolment/${placed}`), 404); // and no longer by who did
  }],
  ['the placement is over: the supervisor says what came of it, nobody of themselves', async () => {
    equal(await waits('other', placed), ['result'], 'asked what came of it');
    status(await post('learner', `Enrolment/${placed}/$complete`, [passed(true)]), 403);
    const { json } = status(await post('other', `Enrolment/${placed}/$complete`, [passed(true), text('word', 'Careful hands')]), 200);
    equal([json.status, json.period.end], ['completed', inDays(-100)], 'the return');
    equal(await waits('other', placed), [], 'nothing more waits');
  }],
  ['after return the logbook tells of the procedure; the person and the head are asked of the rest', async () => {
    for (const [n, ago] of [[1, -95], [2, -90], [3, -2]]) status(await operation(n, inDays(ago)), 201);
    const [row] = await waiting('learner');
    equal([row.aim[0].use[0].state, row.aim[0].use[0].count, row.aim[1].asked], ['used', 2, 3], 'two operations in three months, and a question');
    equal([row.aim[1].use[0].state, row.aim[1].use[0].missing, row.aim[1].use[1].state], ['unknown', ['person', 'head'], 'not-yet'], 'who has not answered');
    status(await post('learner', `Enrolment/${placed}/$used`, used(1, 3, true)), 400); // the logbook tells
    status(await post('learner', `Enrolment/${placed}/$used`, used(2, 6, true)), 409); // too early
    status(await post('learner', `Enrolment/${placed}/$used`, used(2, 3, true)), 200);
    const [asked] = await waiting('head').then((all) => all.filter((one) => one.id === placed));
    equal([asked.aim[1].asked, asked.aim[1].use[0].missing], [3, 'head'], 'the head is asked, the person is done');
    status(await post('head', `Enrolment/${placed}/$used`, used(2, 3, false)), 200);
    const [after] = await learning('learner');
    equal([after.aim[1].use[0].state, after.aim[1].use[0].answer.map((one) => one.as), after.aim[1].use[0].missing], ['unclear', ['person', 'head'], undefined], 'both answered, and differ');
  }],
  ['a workshop is moved; each who is put down is told until they have seen it', async () => {
    const planned = plan('workshop', 'Ultrasound', inDays(10), inDays(10));
    const made = status(await post('teacher', 'Course/$plan', planned), 201).json;
    workshop = made.id;
    for (const id of ['learner', 'second']) seats[id] = status(await post('teacher', `Course/${workshop}/$enrol`, [person(id)]), 201).json.id;
    const moved = plan('workshop', 'Ultrasound', inDays(20), inDays(20), text('place', 'Lecture hall'));
    const match = { 'If-Match': `W/"${made.meta.versionId}"` };
    equal(status(await post('head', `Course/${workshop}/$plan`, moved, match), 200).json.change[0].what, 'moved', 'what changed');
    status(await post('teacher', `Course/${workshop}/$plan`, planned, match), 412); // it was changed in the meantime
    for (const id of ['learner', 'second']) {
      const one = (await waiting(id)).find((row) => row.id === seats[id]);
      equal([list(one.waits).includes('change'), one.change.what, one.change.by, one.start], [true, 'moved', 'Practitioner/head', inDays(20)], id);
    }
    status(await post('head', `Enrolment/${seats.learner}/$seen`), 403);
    status(await post('learner', `Enrolment/${seats.learner}/$seen`), 200);
    equal([(await waits('learner', seats.learner)).includes('change'), (await waits('second', seats.second)).includes('change')], [false, true], 'each for themselves');
  }],
  ['it is cancelled with a reason, which they read; nobody passes it', async () => {
    status(await post('teacher', `Course/${workshop}/$cancel`), 400);
    status(await post('learner', `Course/${workshop}/$cancel`, [text('reason', 'No')]), 200); // works in a hospital that holds it
    const told = (await waiting('second')).find((row) => row.id === seats.second);
    equal([told.waits, told.change.what, told.change.reason, told['course-status']], ['change', 'cancelled', 'No', 'cancelled'], 'told');
    status(await post('teacher', `Enrolment/${seats.learner}/$complete`, [passed(true)]), 409);
    status(await post('teacher', `Course/${workshop}/$plan`, plan('workshop', 'Ultrasound', inDays(30), inDays(30))), 409);
    status(await post('teacher', `Course/${workshop}/$enrol`, [person('stranger')]), 409);
  }],
  ['another is held: the result in two steps, without agreement; and after a restart all is as it was', async () => {
    const held = status(await post('teacher', 'Course/$plan', plan('workshop', 'Ultrasound again', inDays(-1), inDays(-1))), 201).json.id;
    const seat = status(await post('teacher', `Course/${held}/$enrol`, [person('learner')]), 201).json.id;
    status(await post('teacher', `Enrolment/${seat}/$complete`, [passed(false)]), 200);
    await node.stop();
    await node.start();
    const rows = await learning('learner');
    equal(rows.map((one) => [one.kind, one.status]).sort().join(' '), 'placement,completed workshop,completed workshop,planned', 'three courses of one person');
  }],
  ['figures are for coordinators; few are hidden; nobody writes one past the operations', async () => {
    const at = new Date(Date.now() - 92 * DAY);
    const quarter = `${at.getUTCFullYear()}-Q${Math.floor(at.getUTCMonth() / 3) + 1}`;
    for (const what of ['$figures', '$taught']) {
      status(await people.teacher.get(`/programme/Course/${what}?period=${quarter}`), 403);
      const { json } = status(await people.office.get(`/programme/Course/${what}?period=${quarter}`), 200);
      check(!/Practitioner/.test(JSON.stringify(json)), 'a figure names somebody');
    }
    const { json } = status(await people.head.get(`/programme/Enrolment/${placed}`), 200);
    status(await people.head.put(`/programme/Enrolment/${placed}`, { ...json, status: 'left' }), 403);
    status(await people.teacher.delete(`/programme/Course/${course}`), 403);
  }],
], () => node.remove());
