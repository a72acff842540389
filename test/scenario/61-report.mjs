// SPDX-License-Identifier: Apache-2.0
import { Node, must, run } from './lib/node.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const BELAY = 'https://belay.health';
const ref = (reference) => ({ reference });
const put = (resource, space = 'fhir') => node.put(`/${space}/${resource.resourceType}/${resource.id}`, resource);
const role = (code) => [{ coding: [{ system: `${BELAY}/CodeSystem/role`, code }] }];

async function posting(id, who, unit, start, end) {
  status(await put({
    resourceType: 'PractitionerRole', id, active: true, code: role('expert'), period: { start, end }, practitioner: ref(`Practitioner/${who}`), organization: ref(`Organization/${unit}`),
    extension: [{ url: `${BELAY}/StructureDefinition/posting-team`, valueReference: ref('Organization/team') }],
  }), 201);
}

function said(id, measure, value, until, more = {}) {
  return put({
    resourceType: 'PublishedFigure', id, status: 'active', measure, wording: `${value} in the year book`, source: 'the year book', period: { start: '2020', end: until }, counting: 'total',
    bound: 'exact', value, unit: 'persons', ...more,
  }, 'programme');
}

const report = (...words) => JSON.parse(must('report', node.folder, '--format', 'json', ...words)).rows;
const row = (rows, id, figure) => rows.find((one) => one.indicator === id && (figure === undefined || one.figure === figure));

/** What matters of a row. */
const short = ({ value, verdict, by, why, from, until }) => ({ value, verdict, by, why, from, until });

await scenario('Whoever answers for a programme sees each of its figures beside what was published, and which of them the records bear out.', [
  ['two hospitals, four postings of three experts', async () => {
    await node.init().start();
    for (const [id, state] of [['north', ''], ['south', ''], ['helper', 'Beijing']]) status(await put({ resourceType: 'Organization', id, name: id, ...(state ? { address: [{ state }] } : {}) }), 201);
    status(await put({ resourceType: 'Organization', id: 'team', partOf: ref('Organization/helper') }), 201);
    for (const id of ['e1', 'e2', 'e3']) status(await put({ resourceType: 'Practitioner', id }), 201);
    await posting('p1', 'e1', 'north', '2020-02-01', '2020-12-31');
    await posting('p2', 'e1', 'south', '2021-02-01', '2021-12-31');
    await posting('p3', 'e2', 'south', '2021-03-01', '2021-06-30');
    await posting('p4', 'e3', 'south', '2022-03-01', '2022-06-30');
  }],
  ['and what was published of them', async () => {
    status(await said('right', 'experts-deployed', 2, '2021'), 201);
    status(await said('wrong', 'experts-deployed', 5, '2022'), 201);
    status(await said('over', 'experts-deployed', 2, '2022', { counting: 'state', period: { end: '2022' }, bound: 'over' }), 201);
    status(await said('words', 'experts-deployed', 2, '2022', { scope: 'one hospital' }), 201);
    status(await said('south', 'experts-deployed', 3, '2022', { scope: 'hospital south', asked: { measure: 'experts-deployed', stratum: 'hospital|Organization/south' } }), 201);
    status(await said('growth', 'experts-deployed', 200, '2021', { unit: '% more than before', asked: { measure: 'experts-deployed', period: { start: '2021', end: '2021' }, base: { start: '2020', end: '2020' } } }), 201);
    status(await said('courses', 'local-staff-trained', 2, '2021', { unit: 'person-courses' }), 201);
    status(await said('else', 'cakes', 12, '2021', { unit: 'cakes' }), 201);
  }],
  ['a question that cannot be asked is refused', async () => {
    const figure = { resourceType: 'PublishedFigure', status: 'active', measure: 'x', wording: 'x', source: 'x', period: { end: '2021' }, counting: 'state', bound: 'exact', value: 1, unit: 'x' };
    const write = (asked) => node.post('/programme/PublishedFigure', { ...figure, asked: { measure: 'experts-deployed', ...asked } }, { Authorization: `Bearer ${token}` });
    const token = must('token', node.folder, 'c', '--role', 'program', '--practitioner', 'Practitioner/c').trim();
    status(await put({ resourceType: 'Practitioner', id: 'c' }), 201);
    status(await put({ resourceType: 'PractitionerRole', id: 'c', active: true, practitioner: ref('Practitioner/c'), code: role('coordinator') }), 201);
    status(await write({ stratum: 'hospital' }), 400);
    status(await write({ base: { start: '2020' } }), 400);
    const written = status(await write({ stratum: 'hospital|Organization/north', base: { start: '2020', end: '2020' } }), 201);
    status(await node.delete(`/programme/PublishedFigure/${written.json.id}`), 204);
  }],
  ['each published figure stands beside what the postings say', () => {
    const rows = report();
    const of = (figure) => short(row(rows, 'experts-deployed', figure));
    equal(of('right'), { value: 2, verdict: 'matches', by: undefined, why: undefined, from: '2020', until: '2021' });
    equal(of('wrong'), { value: 3, verdict: 'differs', by: -2, why: undefined, from: '2020', until: '2022' });
    equal(of('over'), { value: 3, verdict: 'matches', by: undefined, why: undefined, from: undefined, until: '2022' });
    equal(of('words'), { value: 3, verdict: 'cannot', by: undefined, why: 'scope-in-words', from: '2020', until: '2022' });
    equal(of('south'), { value: 3, verdict: 'matches', by: undefined, why: undefined, from: '2020', until: '2022' });
    equal(of('growth'), { value: 100, verdict: 'differs', by: -100, why: undefined, from: '2021', until: '2021' }); // from one to two
    equal(row(rows, 'local-staff-trained').why, 'other-unit');
    equal(row(rows, 'cakes').why, 'no-definition');
  }],
  ['the rows are those of the template, in its order, and others after them', () => {
    const ids = [...new Set(report().map((one) => one.indicator))];
    equal(ids.slice(0, 3), ['sending-hospitals', 'experts-deployed', 'local-staff-trained']);
    equal(ids.length, 37);
    equal(ids.at(-1), 'cakes');
    check([...new Set(report('--all').map((one) => one.indicator))].includes('expert-days'), 'an indicator is missing of all');
  }],
  ['of a time that is asked for, only figures of that time are told', () => {
    const rows = report('--from', '2020', '--to', '2021').filter((one) => one.indicator === 'experts-deployed');
    equal(rows.map((one) => [one.figure, one.value]), [['growth', 100], ['right', 2]]);
    equal(short(row(report('--from', '2022-03', '--to', '2022-03'), 'experts-deployed')), { value: 1, verdict: 'cannot', by: undefined, why: 'no-figure', from: '2022-03', until: '2022-03' });
    equal(run('report', node.folder, '--from', '2020').status, 2);
    equal(run('report', node.folder, '--from', 'yesterday', '--to', '2021').status, 1);
  }],
  ['the table fits the width that it is given, and tells the same', () => {
    for (const columns of [80, 120]) {
      const lines = must('report', node.folder, '--columns', String(columns)).split('\n');
      check(lines.every((line) => line.length <= columns), `a line is longer than ${columns}`);
      check(lines.every((line) => !line.endsWith(' ')), 'a line ends with blanks');
      check(lines.some((line) => line.startsWith('experts-deployed')), 'the table has no experts');
      check(/differs by -2\b/.test(lines.join('\n')), 'the table has no difference');
    }
    const [head, ...lines] = must('report', node.folder, '--format', 'csv').trim().split('\r\n');
    equal(head.split(',').slice(0, 3), ['indicator', 'title', 'asked']);
    equal(lines.length, report().length);
  }],
  ['it is told without a server too', async () => {
    const told = report();
    await node.stop();
    equal(report(), told);
  }],
], async () => { await node.remove(); });
