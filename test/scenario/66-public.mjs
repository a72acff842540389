// SPDX-License-Identifier: Apache-2.0
import { Node, must } from './lib/node.mjs';
import { PASSWORD, Person, codeOf } from './lib/people.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const BELAY = 'https://belay.health';
const PUBLIC = '/programme/Report/$public';
const ref = (reference) => ({ reference });
const put = (resource, space = 'fhir') => node.put(`/${space}/${resource.resourceType}/${resource.id}`, resource);
const as = (who) => ({ Authorization: `Bearer ${who}` });
const token = (id) => must('token', node.folder, id, '--role', 'program', '--practitioner', `Practitioner/${id}`).trim();
const text = (name, value) => ({ name, valueString: value });
const row = (indicator) => ({ name: 'row', part: [{ name: 'indicator', valueCode: indicator }] });

/** Whoever just looks: no token, no cookie. */
async function nobody(path, method = 'GET', headers = {}) {
  const answer = await fetch(node.url + path, { method, headers });
  const body = await answer.text();
  return { status: answer.status, headers: answer.headers, text: body, json: body && /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(body) : undefined };
}

/** Parts as { name: text }, those of one name with parts of their own as lists. */
function values(parts) {
  const found = {};
  for (const { name, part, ...value } of parts ?? []) {
    if (part) (found[name] ??= []).push(values(part));
    else found[name] = Object.values(value)[0];
  }
  return found;
}

async function publicNow() {
  const { json } = status(await nobody(PUBLIC), 200);
  const { report = [], act = [] } = values(json.parameter);
  return { report, act };
}

const post = (who, id, word, ...parameter) => node.post(`/programme/Report/${id}/$${word}`, { resourceType: 'Parameters', parameter }, as(who));
const publish = (who, id, ...more) => post(who, id, 'publish', ...more);
const because = (words) => text('reason', words);
const freeze = async (who, title, ...rows) => values(status(await node.post('/programme/Report/$freeze', { resourceType: 'Parameters', parameter: [text('title', title), ...rows] }, as(who)), 201).json.parameter).id;

async function visits(prefix, count, helped) {
  for (let at = 0; at < count; at++) {
    status(await put({
      resourceType: 'Encounter', id: `${prefix}-${at}`, status: 'finished', class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' }, subject: { display: 'Pema Secret' }, serviceProvider: ref('Organization/north'),
      period: { start: '2021-05-01', end: '2021-05-01' }, extension: [{ url: `${BELAY}/StructureDefinition/encounter-language`, valueCode: 'bo' }],
      ...(at < helped ? { participant: [{ type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/participant-type', code: 'translator' }] }] }] } : {}),
    }), 201);
  }
}

const said = (id, measure, more = {}) => put({
  resourceType: 'PublishedFigure', id, status: 'active', measure, wording: `${measure} in the year book`, source: 'the year book', period: { start: '2020', end: '2021' }, counting: 'total', bound: 'exact', value: 3, unit: 'persons', ...more,
}, 'programme');

let first = '';
let second = '';
let freezer = '';
let approver = '';
let tag = '';

await scenario('Everybody reads the figures that were approved for the public and nothing else, and nothing that was public is replaced in silence.', [
  ['a programme with two coordinators and somebody else', async () => {
    await node.init().start();
    for (const [id, state] of [['north', ''], ['helper', 'Beijing']]) status(await put({ resourceType: 'Organization', id, name: id, ...(state ? { address: [{ state }] } : {}) }), 201);
    status(await put({ resourceType: 'Organization', id: 'team', partOf: ref('Organization/helper') }), 201);
    for (const [id, code] of [['freezer', 'coordinator'], ['approver', 'coordinator'], ['nurse', 'nurse'], ['e1', ''], ['e2', ''], ['e3', '']]) {
      status(await put({ resourceType: 'Practitioner', id, active: true, name: [{ text: `${id} Secret` }] }), 201);
      if (code) status(await put({ resourceType: 'PractitionerRole', id, active: true, practitioner: ref(`Practitioner/${id}`), ...(code === 'nurse' ? { organization: ref('Organization/north') } : {}), code: [{ coding: [{ system: `${BELAY}/CodeSystem/role`, code }] }] }), 201);
    }
    for (const id of ['e1', 'e2', 'e3']) {
      status(await put({
        resourceType: 'PractitionerRole', id: `post-${id}`, active: true, practitioner: ref(`Practitioner/${id}`), organization: ref('Organization/north'), period: { start: '2020-02-01', end: '2020-12-31' },
        code: [{ coding: [{ system: `${BELAY}/CodeSystem/role`, code: 'expert' }] }], extension: [{ url: `${BELAY}/StructureDefinition/posting-team`, valueReference: ref('Organization/team') }],
      }), 201);
    }
    status(await said('experts', 'experts-deployed'), 201);
    status(await said('again', 'experts-deployed', { wording: 'three experts' }), 201);
    status(await said('spoken', 'language', { unit: '%', value: 50, period: { start: '2021', end: '2021' } }), 201);
    status(await said('studies', 'research', { unit: 'studies', period: { start: '2021', end: '2021' } }), 201);
    await visits('visit', 13, 6);
    status(await put({ resourceType: 'Location', id: 'site', managingOrganization: ref('Organization/north') }), 201);
    status(await put({ resourceType: 'ResearchStudy', id: 'study', status: 'active', sponsor: ref('Organization/helper'), site: [ref('Location/site')], period: { start: '2021-01-01', end: '2021-12-31' } }), 201);
    freezer = token('freezer');
    approver = token('approver');
    first = await freeze(freezer, 'Two years', row('experts-deployed'), row('language'), row('research'), row('cakes'));
  }],
  ['nothing is public before somebody said so, and nobody is told why', async () => {
    const answer = status(await nobody(PUBLIC), 200);
    equal(answer.json.parameter ?? [], []);
    check(answer.headers.get('cache-control') === 'no-cache' && /^W\//.test(answer.headers.get('etag')), 'it cannot be kept');
    tag = answer.headers.get('etag');
    status(await nobody(PUBLIC, 'GET', { 'If-None-Match': tag }), 304);
    status(await nobody(PUBLIC, 'GET', { Authorization: 'Bearer wrong', Cookie: 'belay=old' }), 200); // an ended session hides nothing from its owner
    status(await nobody(PUBLIC, 'HEAD'), 200);
  }],
  ['a coordinator who did not freeze it approves it, with a reason; others do not', async () => {
    status(await publish(freezer, first, because('For the year')), 403);
    status(await publish(token('nurse'), first, because('For the year')), 403);
    status(await publish(node.token, first, because('For the year')), 403); // a program is nobody who answers for it
    status(await nobody(`/programme/Report/${first}/$publish`, 'POST'), 401);
    status(await publish(approver, first), 400);
    status(await publish(approver, 'none', because('x')), 404);
    status(await publish(approver, first, because('x'), text('replaces', 'none')), 409);
    status(await post(approver, first, 'withdraw', because('x')), 409);
    const tried = values(status(await publish(approver, first, { name: 'try', valueBoolean: true }), 200).json.parameter);
    equal(tried.figure.map((one) => [one.indicator, one['left-out'] ?? 'told']), [['experts-deployed', 'told'], ['experts-deployed', 'twice'], ['language', 'told'], ['research', 'small'], ['cakes', 'no-figure']]);
    equal((await publicNow()).act, [], 'trying made it public');
    status(await publish(approver, first, because('The year is over')), 201);
    status(await publish(approver, first, because('Again')), 409);
  }],
  ['everybody reads what was frozen, with its definition and where it comes from, and who nobody is', async () => {
    const { report, act } = await publicNow();
    equal(report.length, 1);
    const [one] = report;
    const bundle = status(await node.get(`/programme/Report/${first}/$file`, as(freezer)), 200).json;
    const log = Object.fromEntries(bundle.entry[0].resource.extension[0].extension.map(({ url, valueString }) => [url, valueString]));
    equal([one.report, one.title, one.role, one.reason, one.position, one.hash], [first, 'Two years', 'coordinator', 'The year is over', log.position, log.hash]);
    check(!Number.isNaN(Date.parse(one.at)), 'it has no time of approval');
    const experts = one.figure.find(({ indicator }) => indicator === 'experts-deployed');
    const measure = bundle.entry.map(({ resource }) => resource).find(({ id }) => id === 'experts-deployed');
    equal([experts.value, experts.unit, experts.from, experts.until, experts.definition, experts.version], ['3', 'person', '2020', '2021', measure.description, measure.version]);
    check(/^[0-9a-f]{64}$/.test(experts.digest), 'it has no digest of its definition');
    const language = one.figure.find(({ indicator }) => indicator === 'language');
    equal([language.value, language.met, language.of, language.low, language.high], ['46.15', '6', '13', '23.21', '70.86']);
    equal(act.map((a) => [a.act, a.title, a.reason, a.change]), [['publish', 'Two years', 'The year is over', undefined]]);
    const { text: all } = await nobody(PUBLIC);
    check(!/Secret|Practitioner|year book|Organization\//.test(all), `somebody is named: ${all.slice(0, 400)}`);
    check((await nobody(PUBLIC)).headers.get('etag') !== tag, 'the tag is the same');
  }],
  ['small numbers are never public, and what was told to a program is not what everybody may be told', async () => {
    status(await said('little', 'language', { unit: '%', value: 50, period: { start: '2022', end: '2022' } }), 201);
    const exact = await freeze(node.token, 'By a program', row('experts-deployed'), row('language'), row('independent-practitioners'));
    const told = values(status(await publish(approver, exact, { name: 'try', valueBoolean: true }), 200).json.parameter).figure;
    equal(told.map((one) => [one.indicator, one.until, one['left-out'] ?? 'told']), [['experts-deployed', '2021', 'told'], ['experts-deployed', '2021', 'twice'], ['language', '2021', 'told-to-program'], ['language', '2022', 'no-figure'], ['independent-practitioners', told[4].until, 'told']]);
    status(await put({ resourceType: 'Organization', id: 'border', address: [{ country: 'CN' }] }), 201);
    for (const id of ['abroad-1', 'abroad-2']) {
      status(await put({
        resourceType: 'Encounter', id, status: 'finished', class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' }, subject: { display: 'Pema Secret' }, serviceProvider: ref('Organization/border'),
        period: { start: '2021-05-01', end: '2021-05-01' }, extension: [{ url: `${BELAY}/StructureDefinition/encounter-from-country`, valueCode: 'NP' }],
      }), 201);
    }
    status(await said('abroad', 'international-episodes', { unit: 'episodes', period: { start: '2021', end: '2021' } }), 201);
    const steps = await freeze(freezer, 'Steps', row('international-episodes'));
    const masked = values(status(await publish(approver, steps, { name: 'try', valueBoolean: true }), 200).json.parameter);
    equal(masked.figure.map((one) => [one.indicator, one['left-out']]), [['international-episodes', 'small']]); // "1 to 4" is a small number too
    const small = await freeze(freezer, 'Studies', row('research'));
    status(await publish(approver, small, because('x')), 409); // nothing in it may be told
  }],
  ['nobody asks for anything else', async () => {
    const { json } = status(await node.get('/fhir/metadata'), 200);
    const types = json.rest[0].resource.map(({ type }) => type);
    const own = ['Report', 'Publication', 'PublishedFigure', 'SignOff', 'Funding', 'Course'];
    check(types.length > 100, 'the node serves no types');
    const paths = [
      ...types.map((type) => `/fhir/${type}`), ...own.map((type) => `/programme/${type}`), `/programme/Report/${first}`, `/programme/Report/${first}/$file`, `/programme/Report/${first}/$publish`, '/programme/PublishedFigure/$report',
      '/programme/PublishedFigure/$compare', '/programme/Report/$freeze', '/programme/Report/$public/', '/programme/Report/%24public', '/programme/Report/$publi%63', '/programme//Report/$public', '/fhir/Report/$public', '/programme/Publication/$public',
      '/programme/$public', '/programme/Report/$public/_history', '/fhir/Measure/$indicators', '/fhir/Measure/experts-deployed/$evaluate-measure?periodStart=2020&periodEnd=2020', '/fhir', '/fhir/_history', '/programme', '/events', '/programme/Report/x/../$public',
    ];
    for (const path of paths) {
      const answer = await nobody(path);
      const same = new URL(node.url + path).pathname === PUBLIC; // the client itself makes it so
      check(same ? answer.status === 200 : [401, 404].includes(answer.status), `${path}: ${answer.status}`);
      check(same || !answer.text.includes('experts-deployed') , `${path} tells a figure`);
    }
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) check([401, 405].includes((await nobody(PUBLIC, method)).status), `${method} is answered`);
    status(await nobody(`${PUBLIC}?report=${first}`), 400);
  }],
  ['a figure that was wrong is corrected in the open, and never replaced in silence', async () => {
    status(await node.delete('/fhir/PractitionerRole/post-e3'), 204);
    second = await freeze(freezer, 'Two years, mended', row('experts-deployed'));
    status(await publish(approver, second, because('The year is over')), 409); // public with another value
    status(await publish(approver, second, because('A posting had been entered twice'), text('replaces', first)), 201);
    const { report, act } = await publicNow();
    equal(report.map((one) => [one.report, one.figure.map(({ value }) => value)]), [[second, ['2']]]);
    equal(act.map((one) => [one.act, one.report, one.replaces, one.reason]), [['correct', second, first, 'A posting had been entered twice'], ['publish', first, undefined, 'The year is over']]);
    const changes = act[0].change.map((one) => [one.indicator, one.was, one.is]);
    equal(changes.slice(0, 1), [['experts-deployed', '3', '2']]);
    check(changes.some(([indicator, was, is]) => indicator === 'language' && was === '46.15' && is === undefined), 'what is public no more is not in the log');
    status(await publish(approver, first, because('Back')), 409); // it says another value than what is public
  }],
  ['what is withdrawn is public no more, and stays in the log', async () => {
    status(await post(freezer, second, 'withdraw'), 400);
    status(await post(token('nurse'), second, 'withdraw', because('x')), 403);
    status(await post(freezer, second, 'withdraw', because('It is looked at again')), 201); // whoever sees a fault takes it back
    const { report, act } = await publicNow();
    equal(report, []);
    equal(act.map((one) => one.act), ['withdraw', 'correct', 'publish']);
    equal(act[0].change.map((one) => [one.indicator, one.was, one.is]), [['experts-deployed', '2', undefined]]);
    status(await post(freezer, second, 'withdraw', because('Again')), 409);
  }],
  ['nobody writes the log otherwise', async () => {
    const kept = status(await node.get('/programme/Publication?_sort=-at', as(token('nurse'))), 200).json.entry.map(({ resource }) => resource);
    equal(kept.map((one) => [one.act, one.by.reference]), [['withdraw', 'Practitioner/freezer'], ['correct', 'Practitioner/approver'], ['publish', 'Practitioner/approver']]);
    status(await node.put(`/programme/Publication/${kept[0].id}`, { ...kept[0], reason: 'Nothing' }, as(approver)), 403);
    status(await node.delete(`/programme/Publication/${kept[0].id}`, as(approver)), 403);
    const { id: _id, ...copy } = kept[2];
    status(await node.post('/programme/Publication', copy, as(approver)), 403);
    equal((await publicNow()).act.length, 3);
  }],
  ['who signed in with an account gives a one-time code for each act, and a code is good once', async () => {
    status(await put({ resourceType: 'Practitioner', id: 'desk', active: true, name: [{ text: 'desk' }] }), 201);
    status(await put({ resourceType: 'PractitionerRole', id: 'desk', active: true, practitioner: ref('Practitioner/desk'), code: [{ coding: [{ system: `${BELAY}/CodeSystem/role`, code: 'coordinator' }] }] }), 201);
    const desk = new Person(node, 'desk');
    const ticket = /\/#\/enrol\/(\S+)/.exec(must('user', 'add', node.folder, 'desk', '--practitioner', 'desk'))[1];
    const report = await freeze(freezer, 'With a code', row('experts-deployed'));
    const act = (word, code, ...more) => desk.post(`/programme/Report/${report}/$${word}`, { resourceType: 'Parameters', parameter: [because(`${word} by hand`), ...(code ? [text('code', code)] : []), ...more] });
    const told = async () => (await publicNow()).report.map((one) => one.report);
    const { json } = status(await desk.post('/session', { ticket, password: PASSWORD }), 200);
    if (json.next !== 'enrolment') status(await act('publish', '123456'), 403); // no codes were set up yet
    const { secret } = status(await desk.post('/session/enrolment', json.next === 'enrolment' ? {} : { password: PASSWORD }), 200).json;
    const used = codeOf(secret);
    const { recovery } = status(await desk.put('/session/enrolment', { code: used }), 200).json;
    const next = codeOf(secret, Date.now() + 30_000);
    status(await act('publish', '', { name: 'try', valueBoolean: true }), 200); // to look is no act
    status(await act('publish', ''), 400);
    status(await act('publish', used), 403); // it set the codes up
    status(await act('publish', next.replace(/./g, (digit) => (Number(digit) + 5) % 10)), 403);
    equal(await told(), [], 'it is public without a code');
    status(await act('publish', next), 201);
    equal(await told(), [report]);
    status(await act('withdraw', ''), 400);
    status(await act('withdraw', next), 403);
    equal(await told(), [report], 'it was withdrawn without a code');
    status(await act('withdraw', recovery[0]), 201);
    equal(await told(), []);
    equal((await publicNow()).act.slice(0, 2).map((one) => [one.act, one.reason]), [['withdraw', 'withdraw by hand'], ['publish', 'publish by hand']]);
  }],
  ['money is told to everybody in each currency, whoever was paid by whom and what for is not', async () => {
    const paid = (on, count, use) => Array.from({ length: count }, () => ({ on, amount: 10, use, by: ref('Practitioner/e1') }));
    const commit = (id, currency, payment) => put({ resourceType: 'Funding', id, status: 'committed', title: 'Theatre', recipient: ref('Organization/north'), committedOn: '2022-01-01', amount: { value: 1000, currency }, payment }, 'programme');
    status(await commit('yuan', 'CNY', [...paid('2022-03-01', 6, 'training'), ...paid('2022-04-01', 5, 'travel')]), 201);
    status(await commit('dollars', 'USD', paid('2022-03-01', 4, 'training')), 201);
    const report = await freeze(freezer, 'Money', { name: 'from', valueDate: '2022' }, { name: 'until', valueDate: '2022' }, row('funding'));
    const tried = values(status(await publish(approver, report, { name: 'try', valueBoolean: true }), 200).json.parameter);
    equal(tried.figure.map((one) => [one.unit, one.value, one['left-out'] ?? 'told']), [['CNY', '110.00', 'told'], ['USD', '40.00', 'told']]);
    status(await publish(approver, report, because('The year is over')), 201);
    const told = (await publicNow()).report.find((one) => one.report === report).figure;
    equal(told.map((one) => [one.stratum, one.value, one.unit]), [['currency|CNY', '110.00', 'CNY'], ['currency|USD', '40.00', 'USD']]);
    check(!/Practitioner|Organization/.test((await nobody(PUBLIC)).text), 'somebody is named');
    status(await said('travelled', 'funding', { unit: 'CNY', value: 50, period: { start: '2022', end: '2022' }, asked: { measure: 'funding', stratum: 'kind|travel' } }), 201);
    const part = await freeze(freezer, 'Travel', { name: 'from', valueDate: '2022' }, { name: 'until', valueDate: '2022' }, row('funding'));
    const parts = values(status(await publish(approver, part, { name: 'try', valueBoolean: true }), 200).json.parameter);
    equal(parts.figure.map((one) => [one.value, one['left-out']]), [['50.00', 'part']]); // what it was for
    status(await post(approver, report, 'withdraw', because('It was for trying')), 201);
  }],
  ['two reports of times that overlap give no small number back, whatever is subtracted', async () => {
    const signed = async (id, day) => status(await put({ resourceType: 'Contract', id, status: 'executed', issued: day, authority: [ref('Organization/north')] }), 201);
    for (let at = 0; at < 21; at++) await signed(`contract-${at}`, at < 12 ? '2023-03-01' : at < 15 ? '2023-07-01' : '2023-09-01');
    const until = (title, month) => freeze(freezer, title, { name: 'from', valueDate: '2023-01' }, { name: 'until', valueDate: month }, row('agreements'), row('experts-deployed'));
    const says = async (report) => values(status(await publish(approver, report, { name: 'try', valueBoolean: true }), 200).json.parameter).figure.map((one) => [one.value, one['left-out'] ?? 'told']);
    const half = await until('Half a year', '2023-06');
    equal(await says(half), [['12', 'told'], ['0', 'told']]);
    status(await publish(approver, half, because('Half of it is over')), 201);
    const july = await until('And July', '2023-07');
    equal(await says(july), [['15', 'difference'], ['0', 'told']]); // three in July
    const more = await until('And September', '2023-09');
    equal(await says(more), [['21', 'told'], ['0', 'told']]); // nine since
    status(await post(approver, half, 'withdraw', because('It was too early')), 201);
    equal(await says(july), [['15', 'difference'], ['0', 'told']]); // what was public is known
    status(await publish(approver, july, because('Seven months')), 201);
    const { report } = await publicNow();
    equal(report.find((one) => one.report === july).figure.map((one) => one.indicator), ['experts-deployed']);
    status(await post(approver, july, 'withdraw', because('It was for trying')), 201);
  }],
], async () => { await node.remove(); });
