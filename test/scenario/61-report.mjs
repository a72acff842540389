// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Node, must, run } from './lib/node.mjs';
import { PASSWORD, Person, codeOf } from './lib/people.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';
import { workbooks } from './lib/workbook.mjs';

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

let coordinator = '';
let id = '';
let document = '';
const outsider = () => must('token', node.folder, 'e1', '--role', 'program', '--practitioner', 'Practitioner/e1').trim();
const get = (who, query = '') => node.get(`/programme/Report/${id}/$file${query}`, { Authorization: `Bearer ${who}` });

/** What `belay report verify` says of ${text}. */
function verify(text, ...folder) {
  const file = join(node.folder, '..', 'report.json');
  writeFileSync(file, text);
  const { status: code, stdout } = run('report', 'verify', file, ...folder);
  return { status: code, ...Object.fromEntries(stdout.trim().split('\n').filter(Boolean).map((line) => [line.slice(0, 12).trim(), line.slice(13, 25).trim()])) };
}

/** What xmllint says of ${text} against the schema of ADX: "" where it fits. */
function misfit(text) {
  const { status: code, stderr, error } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', new URL('lib/adx.xsd', import.meta.url).pathname, '-'], { input: text, encoding: 'utf8' });
  check(!error, `xmllint is not here (scripts/bootstrap --test): ${error}`);
  check([0, 1, 3].includes(code), `xmllint ended with ${code}: ${stderr}`); // 1: it is no XML, 3: it does not fit
  return code === 0 ? '' : stderr;
}

/** The elements of ${text}, which must be whole: each opened one is closed. */
function xml(text) {
  const top = { children: [] };
  const open = [top];
  for (const [tag, close, name, inner, alone] of text.replace(/^<\?xml[^>]*\?>\s*/, '').matchAll(/<(\/?)([\w:]+)((?:\s+[\w:]+="[^"<]*")*)\s*(\/?)>/g)) {
    if (close) equal(open.pop().name, name, tag);
    else {
      const attributes = Object.fromEntries([...inner.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, key, value]) => [key, value.replace(/&lt;/g, '<').replace(/&quot;/g, '"').replace(/&amp;/g, '&')]));
      const one = { name, attributes, children: [] };
      open.at(-1).children.push(one);
      if (!alone) open.push(one);
    }
  }
  equal(open.length, 1);
  return top.children[0];
}

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
    for (const [id, value, more] of [['twice', 2], ['never', 5], ['any', 0, { bound: 'over' }], ['so-far', 2, { counting: 'state' }]]) status(await said(id, 'experts-deployed', value, '', { period: undefined, ...more }), 201);
    status(await said('courses', 'local-staff-trained', 2, '2021', { unit: 'person-courses' }), 201);
    status(await said('else', 'cakes', 12, '2021', { unit: 'cakes' }), 201);
  }],
  ['a question that cannot be asked is refused', async () => {
    const figure = { resourceType: 'PublishedFigure', status: 'active', measure: 'x', wording: 'x', source: 'x', period: { end: '2021' }, counting: 'state', bound: 'exact', value: 1, unit: 'x' };
    const write = (asked) => node.post('/programme/PublishedFigure', { ...figure, asked: { measure: 'experts-deployed', ...asked } }, { Authorization: `Bearer ${coordinator}` });
    coordinator = must('token', node.folder, 'c', '--role', 'program', '--practitioner', 'Practitioner/c').trim();
    status(await put({ resourceType: 'Practitioner', id: 'c' }), 201);
    status(await put({ resourceType: 'PractitionerRole', id: 'c', active: true, practitioner: ref('Practitioner/c'), code: role('coordinator') }), 201);
    status(await write({ stratum: 'hospital' }), 400);
    status(await write({ base: { start: '2020' } }), 400);
    const timeless = await node.post('/programme/PublishedFigure', { ...figure, period: undefined, asked: { measure: 'experts-deployed', period: { start: '2020', end: '2020' } } }, { Authorization: `Bearer ${coordinator}` });
    equal(status(timeless, 400).json.issue[0].expression, ['asked']);
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
    // one expert in 2020, two in 2021, one in 2022, none since: what has no time fits years, or none, and never matches
    const last = new Date().getUTCFullYear() - 1;
    const years = (figure) => { const one = row(rows, 'experts-deployed', figure); return [one.verdict, one.value, one.until, one.years, one.by]; };
    equal(years('twice'), ['fits-years', 2, '2021', '2021', undefined]);
    equal(years('any'), ['fits-years', 1, '2022', '2020-2022', undefined]);
    equal(years('never'), ['fits-no-year', 2, '2021', undefined, -3]);
    equal([row(rows, 'experts-deployed', 'never')['looked-from'], row(rows, 'experts-deployed', 'never')['looked-until']], ['2020', String(last)]);
    equal(of('so-far'), { value: 0, verdict: 'cannot', by: undefined, why: 'no-time', from: String(last), until: String(last) }); // of all years until one
    equal(row(rows, 'cakes').why, 'no-definition');
  }],
  ['the rows are those of the template, in its order, and others after them', () => {
    const ids = [...new Set(report().map((one) => one.indicator))];
    equal(ids.slice(0, 3), ['sending-hospitals', 'experts-deployed', 'local-staff-trained']);
    equal(ids.length, 37);
    equal(ids.at(-1), 'cakes');
    check([...new Set(report('--all').map((one) => one.indicator))].includes('expert-days'), 'an indicator is missing of all');
  }],
  ['money in several currencies has no sum: it is told in each', async () => {
    const rate = { currency: 'USD', value: 0.14, on: '2020-01-01', source: 'Bank' };
    const paid = (on, amount) => [{ on, amount, use: 'training', by: ref('Practitioner/e1') }];
    const commit = (id, amount, more) => put({ resourceType: 'Funding', id, status: 'committed', title: 'Theatre', recipient: ref('Organization/north'), committedOn: '2020-01-01', amount, ...more }, 'programme');
    status(await commit('f1', { value: 1000, currency: 'CNY' }, { rate, payment: paid('2020-03-01', 100.1) }), 201);
    const money = (...words) => report('--all', '--from', '2020', '--to', '2020', ...words).filter((one) => one.indicator === 'funding-at-rate').map(({ stratum, value, unit, verdict, why }) => [stratum, value, unit, verdict, why]);
    const both = [['currency|CNY', 100.1, 'CNY', 'cannot', 'no-figure'], ['currency|USD', 14.01, 'USD', 'cannot', 'no-figure']]; // 100.10 at 0.14, rounded to two decimals
    equal(money(), both);
    equal(report('--from', '2020', '--to', '2020').filter((one) => one.indicator === 'funding').map(({ stratum, value, unit }) => [stratum, value, unit]), [[undefined, 100.1, 'CNY']]);
    status(await commit('f2', { value: 500, currency: 'USD' }, { payment: paid('2020-04-01', 50) }), 201);
    equal(money().map(([stratum, value]) => [stratum, value]), [['currency|CNY', 100.1], ['currency|USD', 64.01]]);
    equal(report('--from', '2020', '--to', '2020').filter((one) => one.indicator === 'funding').map(({ stratum, value }) => [stratum, value]), [['currency|CNY', 100.1], ['currency|USD', 50]]);
    equal(report('--all', '--from', '2020', '--to', '2020').filter((one) => one.indicator === 'money-to-care').map(({ stratum, value, why }) => [stratum, value, why]), [['currency|CNY', undefined, 'no-divisor'], ['currency|USD', undefined, 'no-divisor']]);
    status(await said('unknown-money', 'funding', 150, '2020', { unit: 'francs' }), 201); // which currency that is, nobody knows
    equal(row(report(), 'funding', 'unknown-money').why, 'currencies');
    status(await node.delete('/programme/PublishedFigure/unknown-money'), 204);
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
      check(/differs: 2 less/.test(lines.join('\n')), 'the table has no difference');
      check(lines.some((line) => /^was published +was published too +noticed$/.test(line)) && /counted in two/.test(lines.join('\n')), 'the table has no contradiction'); // experts in persons, and in percent
    }
    const [head, ...lines] = must('report', node.folder, '--format', 'csv').trim().split('\r\n');
    equal(head.split(',').slice(0, 3), ['indicator', 'title', 'asked']);
    equal(lines.length, report().length);
    for (const [from, to, why] of [['2021', '2020', 'The time ends before it begins.'], ['2021-13', '2022', 'from and until are a day, a month or a year']]) {
      const { status: code, stderr } = run('report', node.folder, '--from', from, '--to', to);
      check(code !== 0 && stderr.includes(why), `${code}: ${stderr}`);
    }
  }],
  ['it is frozen: signed, with its definitions, as a file that needs nothing beside it', async () => {
    const words = (name, value) => ({ name, valueString: value });
    const freeze = (who, ...parameter) => node.post('/programme/Report/$freeze', { resourceType: 'Parameters', parameter }, { Authorization: `Bearer ${who}` });
    const one = (indicator, text) => ({ name: 'row', part: [{ name: 'indicator', valueCode: indicator }, words('text', text)] });
    status(await freeze(outsider()), 403);
    status(await freeze(coordinator, words('title', '')), 400);
    status(await freeze(coordinator, words('title', 'x'), { name: 'from', valueDate: '2020' }), 400);
    status(await freeze(coordinator, words('title', 'x'), { name: 'from', valueDate: '2021' }, { name: 'until', valueDate: '2020-12' }), 400);
    const made = status(await freeze(coordinator, words('title', 'Three years'), one('experts-deployed', 'Each person once & <no more>.'), one('sending-hospitals', ''), one('local-staff-trained', '')), 201);
    id = made.json.parameter[0].valueId;
    const file = status(await get(coordinator), 200);
    document = file.text;
    equal([file.json.type, file.json.entry.filter(({ resource }) => resource.resourceType === 'Measure').length], ['document', 3]);
    check(file.json.entry[0].resource.section[0].text.div.includes('Each person once &amp; &lt;no more&gt;.'), 'the text of a row is not in it');
    status(await get(outsider()), 404);
    status(await node.put(`/programme/Report/${id}`, { resourceType: 'Report', id, title: 'x', frozen: '2026-01-01T00:00:00Z', position: '1', document: '{}' }, { Authorization: `Bearer ${coordinator}` }), 403);
  }],
  ['who signed in with an account gives a one-time code, which is good once', async () => {
    status(await put({ resourceType: 'Practitioner', id: 'desk', active: true, name: [{ text: 'desk' }] }), 201);
    status(await put({ resourceType: 'PractitionerRole', id: 'desk', active: true, practitioner: ref('Practitioner/desk'), code: role('coordinator') }), 201);
    const desk = new Person(node, 'desk');
    const ticket = /\/#\/enrol\/(\S+)/.exec(must('user', 'add', node.folder, 'desk', '--practitioner', 'desk'))[1];
    const freeze = (code) => desk.post('/programme/Report/$freeze', {
      resourceType: 'Parameters', parameter: [{ name: 'title', valueString: `With ${code}` }, { name: 'row', part: [{ name: 'indicator', valueCode: 'experts-deployed' }] }, ...(code ? [{ name: 'code', valueString: code }] : [])],
    });
    const kept = async () => status(await desk.get('/programme/Report'), 200).json.total;
    const { json } = status(await desk.post('/session', { ticket, password: PASSWORD }), 200);
    if (json.next !== 'enrolment') status(await freeze('123456'), 403); // no codes were set up yet
    const { secret } = status(await desk.post('/session/enrolment', json.next === 'enrolment' ? {} : { password: PASSWORD }), 200).json;
    const first = codeOf(secret);
    const { recovery } = status(await desk.put('/session/enrolment', { code: first }), 200).json;
    const before = await kept();
    status(await freeze(''), 400);
    status(await freeze(first), 403); // it set the codes up, so it was used
    const next = codeOf(secret, Date.now() + 30_000);
    status(await freeze(next.replace(/./g, (digit) => (Number(digit) + 5) % 10)), 403);
    equal(await kept(), before, 'a report was frozen without a code');
    const made = status(await freeze(next), 201).json.parameter[0].valueId;
    equal((await freeze(next)).status, 403, 'a code works twice');
    status(await freeze(recovery[0]), 201);
    equal((await freeze(recovery[0])).status, 403, 'a recovery code works twice');
    equal(await kept(), before + 2);
    const file = status(await desk.get(`/programme/Report/${made}/$file`), 200);
    equal(file.json.entry[0].resource.author, [{ reference: 'Practitioner/desk' }]);
    equal(verify(file.text, node.folder).status, 0);
  }],
  ['the file is believed by itself, and wholly where the log is', () => {
    equal(verify(document), { status: 0, signature: 'holds', definitions: 'holds', key: 'not checked', log: 'not checked', figures: 'not checked' });
    equal(verify(document, node.folder), { status: 0, signature: 'holds', definitions: 'holds', key: 'holds', log: 'holds', figures: 'holds' });
    // laid out in another way it says the same
    equal(verify(document.replaceAll('{"url":', '{\n  "url" : '), node.folder).status, 0);
  }],
  ['whatever is changed in it is noticed', () => {
    const other = (_, before, two) => before + (two === '00' ? '11' : '00'); // two digits of a hash
    const changes = {
      figure: [/"valueString":"2"/, '"valueString":"9"'], report: [/"measureScore":\{"value":\d+/, '"measureScore":{"value":99'], words: [/Each person once/, 'Each person twice'],
      definition: [/each once, however many/, 'each as often as'], period: [/"url":"until","valueDate":"2021"/, '"url":"until","valueDate":"2022"'], verdict: [/"valueCode":"differs"/, '"valueCode":"matches"'],
      position: [/"url":"position","valueString":"(\d)/, '"url":"position","valueString":"1$1'], hash: [/("url":"hash","valueString":")(..)/, other], title: [/Three years/, 'Four years'],
      digest: [/(report-definition","valueString":")(..)/, other], time: [/"timestamp":"20/, '"timestamp":"19'], number: [/"value":2,/, '"value":2.0,'],
    };
    for (const [name, [what, by]] of Object.entries(changes)) {
      const changed = document.replace(what, by);
      check(changed !== document, `${name} is not in the file`);
      equal([name, verify(changed).status, verify(changed).signature], [name, 1, 'FAILS']);
    }
    const key = document.replace(/("url":"key","valueString":")[0-9a-f]{64}/, `$1${'0'.repeat(64)}`);
    equal(verify(key).signature, 'FAILS');
    const signature = JSON.parse(document);
    signature.signature.data = signature.signature.data.replace(/^./, (one) => (one === 'A' ? 'B' : 'A'));
    equal(verify(JSON.stringify(signature)).signature, 'FAILS');
    delete signature.signature;
    equal(verify(JSON.stringify(signature)).signature, 'FAILS');
    equal(verify('{"resourceType":"Bundle","type":"document"}').status, 1);
  }],
  ['another node tells that it is not its own', async () => {
    const other = new Node().init();
    await other.start();
    status(await other.put('/fhir/Organization/x', { resourceType: 'Organization', id: 'x', name: 'x' }), 201);
    await other.stop();
    const told = verify(document, other.folder);
    equal([told.status, told.signature, told.key, told.log, told.figures], [1, 'holds', 'FAILS', 'FAILS', 'not checked']);
    await other.remove();
  }],
  ['what is hidden is no figure, what is told in steps is from so many to so many, and both are believed', async () => {
    const sent = (id, at) => put({
      resourceType: 'Task', id, status: 'completed', intent: 'order', code: { coding: [{ system: `${BELAY}/CodeSystem/task`, code: 'answer-case' }] },
      extension: [
        { url: `${BELAY}/StructureDefinition/case-sides`, extension: [{ url: 'asking', valueReference: ref('Organization/north') }] },
        { url: `${BELAY}/StructureDefinition/case-clock`, extension: [{ url: 'answered', valueInstant: `${at}-05-02T08:00:00Z` }] },
      ],
    });
    for (let at = 0; at < 13; at++) status(await sent(`case-${at}`, at < 10 ? 2022 : 2023), 201);
    status(await put({ resourceType: 'Organization', id: 'border', address: [{ country: 'CN' }] }), 201);
    for (const id of ['abroad-1', 'abroad-2', 'abroad-3']) {
      status(await put({
        resourceType: 'Encounter', id, status: 'finished', class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' }, subject: { display: 'Somebody' }, serviceProvider: ref('Organization/border'),
        period: { start: '2023-05-01', end: '2023-05-01' }, extension: [{ url: `${BELAY}/StructureDefinition/encounter-from-country`, valueCode: 'NP' }],
      }), 201);
    }
    const frozen = async (from) => {
      const rows = ['case-discussion', 'international-episodes'].map((one) => ({ name: 'row', part: [{ name: 'indicator', valueCode: one }] }));
      const parameter = [{ name: 'title', valueString: `From ${from}` }, { name: 'from', valueDate: from }, { name: 'until', valueDate: '2023' }, ...rows];
      const made = status(await node.post('/programme/Report/$freeze', { resourceType: 'Parameters', parameter }, { Authorization: `Bearer ${coordinator}` }), 201).json.parameter[0].valueId;
      const file = (format) => node.get(`/programme/Report/${made}/$file?format=${format}`, { Authorization: `Bearer ${coordinator}` });
      const { text, json } = status(await file('document'), 200);
      equal(verify(text, node.folder).figures, 'holds');
      status(await file('adx&orgUnit=x'), 409); // nothing of it is told exactly
      const parts = json.entry[0].resource.section.map((section) => Object.fromEntries(section.extension[0].extension.map(({ url, ...value }) => [url, Object.values(value)[0]])));
      return parts.map((one) => [one.indicator, one.value, one['at-most'], one.unit, one.why]);
    };
    const episodes = ['international-episodes', '1', 4, 'episode', 'no-figure']; // three
    equal(await frozen('2023'), [['case-discussion', undefined, undefined, undefined, 'not-told'], episodes]); // three
    equal(await frozen('2022'), [['case-discussion', undefined, undefined, undefined, 'not-told'], episodes]); // 13, from which the three would follow
    equal(report('--from', '2022', '--to', '2023').find((one) => one.indicator === 'case-discussion').value, 13);
  }],
  ['a correction that comes later changes what is told now, and not what was frozen', async () => {
    status(await node.delete('/fhir/PractitionerRole/p4'), 204);
    equal(row(report(), 'experts-deployed', 'wrong').value, 2);
    check(/"url":"value","valueString":"3"/.test(status(await get(coordinator), 200).text), 'the frozen figure is another one');
    equal(verify(document, node.folder), { status: 0, signature: 'holds', definitions: 'holds', key: 'holds', log: 'holds', figures: 'holds' });
  }],
  ['and it goes to other programs: CSV, and ADX for DHIS2', async () => {
    const csv = status(await get(coordinator, '?format=csv'), 200);
    check(csv.headers.get('content-type').startsWith('text/csv'), 'it is no CSV');
    equal(csv.text.trim().split('\r\n').length, 1 + JSON.parse(document).entry[0].resource.section.length);
    check(csv.text.includes(',differs,-2,'), csv.text);
    equal(csv.text.split('\r\n')[0].split(',').slice(9, 16), ['value', 'at-most', 'unit', 'met', 'of', 'low', 'high']);
    status(await get(coordinator, '?format=adx'), 400);
    const adx = status(await get(coordinator, '?format=adx&orgUnit=ou%261&dataSet=twin'), 200).text;
    const { name, attributes, children } = xml(adx);
    equal([name, attributes.xmlns], ['adx', 'urn:ihe:qrph:adx:2015']);
    check(!Number.isNaN(Date.parse(attributes.exported)), adx);
    const groups = Object.fromEntries(children.map((group) => {
      equal([group.name, group.attributes.orgUnit, group.attributes.dataSet], ['group', 'ou&1', 'twin']);
      return [group.attributes.period, group.children.map((one) => [one.name, one.attributes.dataElement, one.attributes.hospital ?? '', one.attributes.value].join(' ')).sort()];
    }));
    equal(groups['2020-01-01/P2Y'], ['dataValue experts-deployed  2', 'dataValue local-staff-trained  0']);
    equal(misfit(adx), '');
    const broken = {
      namespace: [':adx:2015', ':adx:2016'], exported: [/ exported="[^"]*"/, ''], moment: [/ exported="[^"]*"/, ' exported="today"'], unit: [/ orgUnit="[^"]*"/, ''], blank: [/ orgUnit="[^"]*"/, ' orgUnit=" "'],
      period: [/ period="[^"]*"/, ' period="2020"'], length: [/\/P\d+Y/, '/P0Y'], set: [/ dataSet="[^"]*"/, ''], element: [/ dataElement="[^"]*"/, ''], value: [/ value="[^"]*"/, ''], number: [/ value="[^"]*"/, ' value="many"'],
      order: ['<dataValue', '<datavalue'], nothing: [/<group[^]*<\/group>/, ''], empty: [/(<group[^>]*>)[^]*?<\/group>/, '$1</group>'], twice: [/<group[^]*?<\/group>/, '$&$&'], comment: [/\/>/, '><annotation>x</annotation></dataValue>'],
      more: ['</adx>', '<group/></adx>'], foreign: ['<dataValue ', '<dataValue xmlns:o="urn:other" o:sex="f" '], cut: ['</adx>', ''],
    };
    for (const [name, [what, by]] of Object.entries(broken)) {
      const other = adx.replace(what, by);
      check(other !== adx && misfit(other) !== '', `broken ADX fits the schema: ${name}`);
    }
    for (const unit of ['%20', 'a%0Ab', '%01', 'a%20']) status(await get(coordinator, `?format=adx&orgUnit=${unit}`), 400);
    equal(misfit(status(await get(coordinator, '?format=adx&orgUnit=%22%3C%26%3E%E5%8C%BB'), 200).text), '');
    const words = status(await node.post('/programme/Report/$freeze', { resourceType: 'Parameters', parameter: [{ name: 'title', valueString: 'Words alone' }, { name: 'row', part: [{ name: 'indicator', valueCode: 'cakes' }] }] }, { Authorization: `Bearer ${coordinator}` }), 201);
    status(await node.get(`/programme/Report/${words.json.parameter[0].valueId}/$file?format=adx&orgUnit=x`, { Authorization: `Bearer ${coordinator}` }), 409); // a document without a group is none
    equal(groups['2020-01-01/P3Y'], ['dataValue experts-deployed  3', 'dataValue experts-deployed Organization/south 3']);
  }],
  ['and to whoever works in a spreadsheet: every number is the one that was signed, every text a text', async () => {
    const { sheets, parts } = await workbooks();
    const formula = '=HYPERLINK("http://evil.example")';
    status(await said('formula', 'experts-deployed', 4, '2022', { wording: formula, source: '@SUM(1)', scope: '-2+3' }), 201);
    status(await said('spoken', 'language', 50, '2021', { unit: '%' }), 201);
    const translator = [{ type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/participant-type', code: 'translator' }] }] }];
    const visits = Array.from({ length: 13 }, (_, at) => ({ id: `visit-${at}`, participant: at < 6 ? translator : undefined })); // small numbers would not be told
    for (const { id, participant } of visits) {
      status(await put({
        resourceType: 'Encounter', id, status: 'finished', class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' }, subject: { display: 'Somebody' }, serviceProvider: ref('Organization/north'),
        period: { start: '2021-05-01', end: '2021-05-01' }, participant, extension: [{ url: `${BELAY}/StructureDefinition/encounter-language`, valueCode: 'bo' }],
      }), 201);
    }
    const texts = ['Fewer than 5 & "more" <p>than</p> &lt;before&gt;\nand a second line', '=2+2', '医'.repeat(40_000)]; // 32,767 bytes are a cell at most, and no part of a sign
    const made = status(await node.post('/programme/Report/$freeze', {
      resourceType: 'Parameters', parameter: [{ name: 'title', valueString: '=1+1' }, { name: 'text', valueString: texts[0] }, { name: 'row', part: [{ name: 'indicator', valueCode: 'experts-deployed' }, { name: 'title', valueString: '+cmd' }, { name: 'text', valueString: texts[1] }] },
        { name: 'row', part: [{ name: 'indicator', valueCode: 'language' }, { name: 'text', valueString: texts[2] }] }, { name: 'row', part: [{ name: 'indicator', valueCode: 'cakes' }] }],
    }, { Authorization: `Bearer ${coordinator}` }), 201).json.parameter[0].valueId;
    const file = async (format) => fetch(`${node.url}/programme/Report/${made}/$file?format=${format}`, { headers: { Authorization: `Bearer ${coordinator}` } });
    const signed = await (await file('document')).text();
    const bundle = JSON.parse(signed);
    const answer = await file('xlsx');
    check(answer.headers.get('content-type').includes('spreadsheetml.sheet'), answer.headers.get('content-type'));
    const bytes = Buffer.from(await answer.arrayBuffer());
    check(bytes.equals(Buffer.from(await (await file('xlsx')).arrayBuffer())), 'the same report gives other bytes');
    const [figures, definitions, provenance, text] = sheets(bytes);
    equal([figures.name, definitions.name, provenance.name, text.name], ['Figures', 'Definitions', 'Provenance', 'Text']);
    equal(text.rows.slice(0, 2), [['Of', 'Indicator', 'Text'], ['=1+1', '', texts[0]]]);
    const ofRows = ['+cmd', text.rows.at(-1)[0]].map((title) => text.rows.filter((one) => one[0] === title));
    check(ofRows[0].length > 1 && ofRows[0].every((one) => one[1] === 'experts-deployed' && one[2] === texts[1]), JSON.stringify(ofRows[0])); // a line of each published figure
    check(ofRows[1].length === 4 && ofRows[1].every((one) => one[1] === 'language' && one[2].length <= 32_767 / 3), 'a long text is not cut between signs');
    equal(ofRows[1].map((one) => one[2]).join(''), texts[2]);
    const part = (section, name) => {
      const found = section.extension.find((one) => one.url.endsWith('report-figure')).extension.find((one) => one.url === name);
      return found ? String(Object.entries(found).find(([key]) => key !== 'url')[1]) : '';
    };
    const [composition] = bundle.entry.map((one) => one.resource);
    const head = figures.rows[0];
    const names = { Indicator: 'indicator', Figure: 'value', 'At most': 'at-most', Unit: 'unit', 'Kind of figure': 'kind', 'Of a share: how many': 'met', 'Of how many': 'of', 'Interval (95 %) from, %': 'low', 'Interval (95 %) to, %': 'high',
      From: 'from', Until: 'until', 'Was published': 'wording', 'By whom': 'source', 'Whose figure': 'scope', 'Published number': 'published', 'Published unit': 'published-unit', Verdict: 'verdict', 'Differs by': 'by' };
    const numbers = new Set(['value', 'at-most', 'met', 'of', 'low', 'high', 'published', 'by']);
    const isNumber = (name, frozen) => numbers.has(name) && /^-?[0-9]/.test(frozen);
    equal(figures.rows.length, 1 + composition.section.length);
    let compared = 0;
    composition.section.forEach((section, at) => {
      for (const [column, name] of Object.entries(names)) {
        const cell = figures.rows[at + 1][head.indexOf(column)] ?? '';
        const frozen = part(section, name) || (name === 'value' ? (part(section, 'why') === 'not-told' ? 'not told' : 'none') : '');
        equal([section.title, name, isNumber(name, frozen) ? Number(cell) : cell], [section.title, name, isNumber(name, frozen) ? Number(frozen) : frozen]);
        compared += isNumber(name, frozen) ? 1 : 0;
      }
      equal(figures.rows[at + 1][head.indexOf('What')], section.title);
      equal([section.title, (figures.rows[at + 1][head.indexOf('Why no figure, or no verdict')] ?? '') !== ''], [section.title, part(section, 'why') !== '']); // in words
    });
    check(compared > 20, `only ${compared} numbers were compared`);
    equal(figures.rows.filter((row) => row[0] === 'cakes').map((row) => [row[head.indexOf('Figure')], row[head.indexOf('Why no figure, or no verdict')]]), [['none', 'there is no definition of it here']]);
    const share = figures.rows.find((row) => row[0] === 'language');
    equal(['Figure', 'Unit', 'Of a share: how many', 'Of how many', 'Interval (95 %) from, %', 'Interval (95 %) to, %'].map((name) => share[head.indexOf(name)]), ['46.15', '%', '6', '13', '23.21', '70.86']);
    check(figures.rows.some((row) => row.includes(formula)) && figures.rows.some((row) => row.includes('+cmd')), 'a text that begins like a formula is missing');
    const all = parts(bytes);
    check(Object.entries(all).every(([path, text]) => !path.includes('worksheets/') || !/<f[ >]/.test(text)), 'a cell is a formula');
    const measures = bundle.entry.map((one) => one.resource).filter((one) => one.resourceType === 'Measure');
    equal(definitions.rows.slice(1).map((row) => [row[0], row[3]]), measures.map((one) => [one.id, one.description]));
    const told = Object.fromEntries(provenance.rows.slice(1));
    const log = Object.fromEntries(composition.extension[0].extension.map((one) => [one.url, one.valueString]));
    equal([told.Report, told['Frozen at'], told['Position of the log'], told['Hash of its version there'], told['Public key (Ed25519)'], told['Signature of the document']],
      ['=1+1', composition.date, log.position, log.hash, log.key, bundle.signature.data]);
    check(all['docProps/core.xml'].includes(composition.date.slice(0, 19)), all['docProps/core.xml']); // no other time is in it

    // by the command: the frozen one is the very same file; a report of now is no signed one
    const written = join(node.folder, '..', 'report.xlsx');
    const saved = join(node.folder, '..', 'report.json');
    writeFileSync(saved, signed);
    must('report', 'verify', saved, node.folder, '--xlsx', written);
    check(readFileSync(written).equals(bytes), 'the command writes another workbook than the node');
    rmSync(written);
    writeFileSync(saved, signed.replace('+cmd', '+c'));
    equal(run('report', 'verify', saved, '--xlsx', written).status, 1);
    must('report', node.folder, '--xlsx', written);
    const now = sheets(readFileSync(written));
    equal(now[0].rows.length, 1 + report().length);
    check(now[2].rows.some(([, value]) => /nobody has frozen this/.test(value)), 'a report of now looks signed');
    equal(now[3].rows, [['Of', 'Indicator', 'Text']]); // nobody wrote any
    equal(run('report', node.folder, '--xlsx', join(node.folder, 'no', 'such', 'folder.xlsx')).status, 3);
  }],
  ['an estimate says that it is one in every file, and nothing else does', async () => {
    const { sheets } = await workbooks();
    const day = (number) => `2019-03-${String(number).padStart(2, '0')}T08:00:00Z`;
    const at = (url, number) => ({ url, valueInstant: day(number) });
    const course = (id, kind, ...parts) => put({
      resourceType: 'Task', id, status: 'in-progress', intent: 'order', code: { coding: [{ system: `${BELAY}/CodeSystem/task`, code: 'answer-case' }] },
      extension: [{ url: `${BELAY}/StructureDefinition/case-sides`, extension: [{ url: 'asking', valueReference: ref('Organization/north') }] }, { url: `${BELAY}/StructureDefinition/case-milestones`, extension: [{ url: 'kind', valueCode: kind }, ...parts] }],
    });
    for (let one = 0; one < 5; one++) status(await course(`away-${one}`, 'transfer', at('departed', 1), at('arrived', 2), at('returned', 5 + one)), 201); // 4 to 8 days, 6 in the middle
    for (let one = 0; one < 12; one++) status(await course(`stay-${one}`, 'advice', at('answered', 9), { url: 'intent', valueCode: 'transfer' }, { url: 'outcome-days', valueInteger: 5 }, { url: 'avoided', valueBoolean: one < 7 }), 201);
    const rows = ['days-saved', 'avoided-transfers', 'days-away'].map((one) => ({ name: 'row', part: [{ name: 'indicator', valueCode: one }] }));
    const parameter = [{ name: 'title', valueString: 'Spared' }, { name: 'from', valueDate: '2019' }, { name: 'until', valueDate: '2019' }, ...rows];
    const made = status(await node.post('/programme/Report/$freeze', { resourceType: 'Parameters', parameter }, { Authorization: `Bearer ${coordinator}` }), 201).json.parameter[0].valueId;
    const file = (format) => fetch(`${node.url}/programme/Report/${made}/$file?format=${format}`, { headers: { Authorization: `Bearer ${coordinator}` } });
    const csv = (await (await file('csv')).text()).trim().split('\r\n').map((line) => line.split(','));
    equal(csv.map((line) => [line[0], line[csv[0].indexOf('value')], line[csv[0].indexOf('kind')]]), [['indicator', 'value', 'kind'], ['days-saved', '42.00', 'estimate'], ['avoided-transfers', '58.33', ''], ['days-away', '6.00', '']]); // seven times six
    const [figures] = sheets(Buffer.from(await (await file('xlsx')).arrayBuffer()));
    const column = (name) => figures.rows[0].indexOf(name);
    equal(figures.rows.slice(1).map((line) => [line[0], Number(line[column('Figure')]), line[column('Kind of figure')] ?? '']), [['days-saved', 42, 'estimate'], ['avoided-transfers', 58.33, ''], ['days-away', 6, '']]);
    const adx = await (await file('adx&orgUnit=x')).text();
    equal(misfit(adx), '');
    check(adx.includes('<dataValue dataElement="days-saved" value="42.00"><annotation>estimate</annotation></dataValue>') && adx.split('annotation>').length === 3, adx);
    check(misfit(adx.replace('>estimate<', '>counted<')) !== '', 'another annotation fits the schema');
    equal(report('--all', '--from', '2019', '--to', '2019').filter((one) => one.kind).map((one) => [one.indicator, one.value, one.kind]), [['days-saved', 42, 'estimate']]);
    check(/42 days\s.*\n.*\(estimate\)/.test(must('report', node.folder, '--all', '--from', '2019', '--to', '2019')), 'the terminal does not say so');
    equal(verify(await (await file('document')).text(), node.folder).figures, 'holds');

    // so does what the public is told
    status(await put({ resourceType: 'Practitioner', id: 'c2' }), 201);
    status(await put({ resourceType: 'PractitionerRole', id: 'c2', active: true, practitioner: ref('Practitioner/c2'), code: role('coordinator') }), 201);
    const other = must('token', node.folder, 'c2', '--role', 'program', '--practitioner', 'Practitioner/c2').trim();
    status(await node.post(`/programme/Report/${made}/$publish`, { resourceType: 'Parameters', parameter: [{ name: 'reason', valueString: 'The year is over' }] }, { Authorization: `Bearer ${other}` }), 201);
    const told = status(await node.get('/programme/Report/$public'), 200).json.parameter.find((one) => one.name === 'report').part.filter((one) => one.name === 'figure');
    equal(told.map(({ part }) => ['indicator', 'value', 'kind'].map((name) => part.find((one) => one.name === name)?.valueString)), [['days-saved', '42.00', 'estimate'], ['avoided-transfers', '58.33', undefined], ['days-away', '6.00', undefined]]);
  }],
  ['it is told without a server too', async () => {
    const told = report();
    await node.stop();
    equal(report(), told);
  }],
], async () => { await node.remove(); });
