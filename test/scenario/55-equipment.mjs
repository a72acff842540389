// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { Node, must } from './lib/node.mjs';
import { check, equal, scenario, status, withinOneDay } from './lib/scenario.mjs';

const node = new Node();
const tokens = {};
const BELAY = 'https://belay.health/CodeSystem';
const DAY = 24 * 3600_000;
const day = (ago) => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);
const [DEVICE, FUND, FAULT, COURSE, PAID_DEVICE, PAID_COURSE] = Array.from({ length: 6 }, () => randomUUID());
const GIVES = { id: PAID_DEVICE, amount: '120000.10' };
const TEACHES = { id: PAID_COURSE, amount: '4000.00' };

const entry = (resource) => ({ resource, request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` } });
const unit = (id, partOf) => entry({
  resourceType: 'Organization', id, name: id, ...(partOf ? { partOf: { reference: `Organization/${partOf}` } } : {
    address: [{ country: 'CN' }], type: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/organization-type', code: 'prov' }] }],
  }),
});
const person = (id, role, at, skill) => [
  entry({
    resourceType: 'Practitioner', id, active: true, name: [{ text: id }],
    ...(skill ? { qualification: [{ code: { coding: [{ system: `${BELAY}/procedure`, code: skill }] }, period: { start: '2020-01-01' } }] } : {}),
  }),
  entry({
    resourceType: 'PractitionerRole', id, active: true, practitioner: { reference: `Practitioner/${id}` }, period: { start: '2020-01-01' },
    organization: { reference: `Organization/${at}` }, code: [{ coding: [{ system: `${BELAY}/role`, code: role }] }],
  }),
];

function ask(who, method, path, body) {
  const type = body === undefined ? {} : { 'Content-Type': 'application/fhir+json' };
  return node.ask(method, path, body === undefined ? undefined : JSON.stringify(body), { Authorization: `Bearer ${tokens[who]}`, ...type });
}
const operate = (who, path, parameter) => ask(who, 'POST', path, { resourceType: 'Parameters', parameter });
const to = (name, reference) => ({ name, valueReference: { reference } });
const code = (name, valueCode) => ({ name, valueCode });
const text = (name, valueString) => ({ name, valueString });
const on = (name, ago) => ({ name, valueDate: day(ago) });
const at = (name, ago) => ({ name, valueDateTime: `${day(ago)}T00:00:00Z` });
const parts = (of, name) => (of?.parameter ?? of?.part ?? []).filter((one) => one.name === name);
const valueOf = (of, name) => Object.entries(parts(of, name)[0] ?? {}).find(([one]) => one.startsWith('value'))?.[1];

const seen = async (who) => parts(status(await ask(who, 'GET', `/fhir/Device/$equipment?device=Device/${DEVICE}`), 200).json, 'device')[0];
const stepOf = (device, name) => parts(device, 'step').find((one) => valueOf(one, 'code') === name);
const money = async (who) => parts(status(await ask(who, 'GET', '/programme/Funding/$money'), 200).json, 'funding')[0];
const done = (who, name, ago, ...more) => operate(who, `/fhir/Device/${DEVICE}/$step`, [code('step', name), on('done', ago), ...more]);
const pay = (what, use, bought) => operate('director', `/programme/Funding/${FUND}/$pay`, [
  { name: 'id', valueId: what.id }, text('amount', what.amount), code('use', use), to('bought', bought)]);

/** How far the county can go with a puncture of a cyst, which needs an ultrasound; ${ago} days ago. */
async function level(ago = undefined) {
  const query = new URLSearchParams({ code: 'cyst-puncture', ...(ago === undefined ? {} : { date: `${day(ago)}T12:00:00Z` }) });
  return valueOf(status(await ask('doctor', 'GET', `/fhir/Organization/county/$capability?${query}`), 200).json, 'level');
}

/** Of how much of ${from} to ${until} it could be used, with two days off, in percent, rounded down to tenths. */
const share = (from, until) => Math.floor((1000 * (until - from - 2 * DAY)) / (until - from)) / 10;

await withinOneDay();
await scenario('An ultrasound from the money that was promised for it to its first patient and through a fault: who waits for whom, how many days, and what the hospital can do meanwhile.', [
  ['a county hospital with a doctor who is signed off, and no ultrasound: it cannot be done', async () => {
    node.init();
    await node.start();
    status(await node.post('/fhir', {
      resourceType: 'Bundle', type: 'transaction', entry: [
        unit('county'), unit('county-surgery', 'county'), unit('city'), unit('city-surgery', 'city'), unit('far'),
        entry({
          resourceType: 'OrganizationAffiliation', id: 'pair', active: true, organization: { reference: 'Organization/county' },
          participatingOrganization: { reference: 'Organization/city' }, code: [{ coding: [{ system: `${BELAY}/affiliation`, code: 'hospital-pair' }] }],
        }),
        ...person('doctor', 'clinician', 'county-surgery', 'cyst-puncture'), ...person('nurse', 'nurse', 'county-surgery'), ...person('head', 'head-of-department', 'county-surgery'),
        ...person('director', 'director', 'county'), ...person('twin', 'expert', 'city-surgery'), ...person('stranger', 'head-of-department', 'far'),
      ],
    }), 200);
    for (const one of ['doctor', 'nurse', 'head', 'director', 'twin', 'stranger']) {
      tokens[one] = must('token', node.folder, one, '--role', 'program', '--practitioner', `Practitioner/${one}`).trim();
    }
    equal(await level(), 'none');
  }],
  ['money is promised, at a rate of a day; a nurse writes none down', async () => {
    const line = [
      { name: 'id', valueId: FUND }, to('recipient', 'Organization/county'), text('title', 'Ultrasound for the county'), text('amount', '124000.20'), code('currency', 'CNY'),
      text('funder-name', 'Office of the region'), on('on', 90),
      { name: 'rate', part: [code('currency', 'USD'), text('value', '0.1400'), on('on', 91), text('source', 'Bank of the region')] },
    ];
    status(await operate('nurse', '/programme/Funding/$commit', line), 403);
    status(await operate('director', '/programme/Funding/$commit', line), 201);
    status(await operate('director', '/programme/Funding/$commit', line), 200); // the answer was lost
    const told = await money('twin');
    equal([valueOf(told, 'committed'), valueOf(told, 'in-other'), valueOf(told, 'rate-on')], ['124000.20', '17360.03', day(91)]);
    equal(parts((await ask('stranger', 'GET', '/programme/Funding/$money')).json, 'funding'), []);
  }],
  ['it is ordered; each step that is promised has an owner', async () => {
    const step = (name, ago, owner) => ({ name: 'step', part: [code('code', name), on('due', ago), to('owner', owner)] });
    const order = [
      { name: 'id', valueId: DEVICE }, to('unit', 'Organization/county-surgery'), code('kind', 'ultrasound'), text('name', 'The new one'), on('ordered', 80),
      step('arrived', 50, 'Organization/city'), step('installed', 40, 'Practitioner/head'), step('accepted', 39, 'Practitioner/head'), step('trained', 35, 'Practitioner/doctor'), step('first-patient', 15, 'Practitioner/doctor'),
    ];
    status(await operate('doctor', '/fhir/Device/$order', order), 403);
    status(await operate('head', '/fhir/Device/$order', order), 201);
    status(await operate('head', '/fhir/Device/$order', order), 200);
    status(await operate('head', `/fhir/Device/${DEVICE}/$step`, [code('step', 'funded'), on('done', 90)]), 201);
    equal(valueOf(await seen('twin'), 'state'), 'coming');
    equal(await level(), 'none');
  }],
  ['each delay has an owner and a count of days; a promise is not moved', async () => {
    const late = stepOf(await seen('twin'), 'arrived');
    equal([valueOf(late, 'days-late'), valueOf(late, 'owner').reference], [50, 'Organization/city']);
    status(await operate('head', `/fhir/Device/${DEVICE}/$step`, [code('step', 'arrived'), on('due', 10)]), 409);
    status(await done('twin', 'arrived', 45), 403);
    status(await done('nurse', 'arrived', 44), 200);
    equal(valueOf(stepOf(await seen('head'), 'arrived'), 'days-late'), 6);
  }],
  ['nobody uses what is not installed', async () => {
    status(await done('nurse', 'in-service', 30), 409);
    status(await done('nurse', 'first-patient', 30), 409);
    status(await done('nurse', 'installed', 38), 200);
    status(await done('nurse', 'in-service', 30), 409); // not accepted yet
    status(await done('head', 'accepted', 36), 200);
    equal(await level(), 'none');
  }],
  ['a course trains two people on it, and closes the step; both are told by name', async () => {
    status(await operate('head', '/programme/Course/$plan', [
      { name: 'id', valueId: COURSE }, code('kind', 'workshop'), code('status', 'held'), text('title', 'Ultrasound in three days'), on('start', 34), on('end', 32), to('organiser', 'Organization/county-surgery'),
    ]), 201);
    status(await done('head', 'trained', 32, to('person', 'Practitioner/doctor'), to('person', 'Practitioner/nurse')), 200);
    const step = stepOf(await seen('twin'), 'trained');
    equal([valueOf(step, 'done'), valueOf(step, 'days-late')], [day(32), 3]);
    equal(parts(step, 'person').map((one) => one.valueReference.reference), ['Practitioner/doctor', 'Practitioner/nurse']);
  }],
  ['in service, and the hospital can do it from that day on, alone; then the first patient', async () => {
    status(await done('nurse', 'in-service', 20), 200);
    equal([await level(), await level(21), await level(19)], ['independent', 'none', 'independent']);
    status(await done('nurse', 'first-patient', 21), 409);
    status(await done('nurse', 'first-patient', 18), 200);
    equal(valueOf(await seen('twin'), 'state'), 'in-service');
  }],
  ['what was paid says what it bought, a device and a course; nothing is paid twice or above the promise', async () => {
    status(await pay(GIVES, 'equipment', `Device/${DEVICE}`), 200);
    status(await pay(GIVES, 'equipment', `Device/${DEVICE}`), 200); // the answer was lost
    status(await pay(TEACHES, 'training', `Course/${COURSE}`), 200);
    status(await pay({ id: randomUUID(), amount: '0.11' }, 'other', `Device/${DEVICE}`), 409);
    const told = await money('twin');
    equal([valueOf(told, 'paid'), valueOf(told, 'left')], ['124000.10', '0.10']);
    equal(parts(told, 'used').map((one) => [valueOf(one, 'use'), valueOf(one, 'amount')]), [['equipment', '120000.10'], ['training', '4000.00']]);
    equal(parts(told, 'payment').map((one) => [parts(one, 'bought')[0].valueReference.reference, parts(one, 'bought')[0].valueReference.display]),
      [[`Device/${DEVICE}`, 'The new one'], [`Course/${COURSE}`, 'Ultrasound in three days']]);
  }],
  ['a fault stops it: the map says so, on that day and not before; somebody owns it', async () => {
    const fault = [{ name: 'id', valueId: FAULT }, text('what', 'The picture is black'), { name: 'stops', valueBoolean: true }, at('at', 10)];
    status(await operate('twin', `/fhir/Device/${DEVICE}/$fault`, fault), 403);
    status(await operate('nurse', `/fhir/Device/${DEVICE}/$fault`, fault), 201);
    status(await operate('nurse', `/fhir/Device/${DEVICE}/$fault`, fault), 200);
    equal([await level(), await level(9), await level(11)], ['none', 'none', 'independent']);
    const device = await seen('twin');
    equal([valueOf(device, 'state'), valueOf(device, 'stops')], ['stopped', 'cyst-puncture']);
    const [told, ...others] = parts(device, 'fault');
    equal([valueOf(told, 'owner').reference, others.length], ['Practitioner/nurse', 0]);
    check([10, 11].includes(valueOf(told, 'days')), `the fault has ${valueOf(told, 'days')} days`);
  }],
  ['it is repaired, and on again; the two days stay off, and in its uptime', async () => {
    status(await operate('nurse', `/fhir/Device/${DEVICE}/$repaired`, [at('at', 8), text('word', 'Another probe')]), 200);
    equal([await level(), await level(9), await level(7)], ['independent', 'none', 'independent']);
    const from = Date.parse(`${day(20)}T00:00:00Z`);
    const least = share(from, Date.now());
    const device = await seen('twin');
    const most = share(from, Date.now());
    check(valueOf(device, 'uptime') >= least && valueOf(device, 'uptime') <= most, `uptime is ${valueOf(device, 'uptime')}, not ${least} to ${most}`);
    equal([valueOf(device, 'state'), parts(device, 'stops').length, valueOf(parts(device, 'fault')[0], 'days')], ['in-service', 0, 2]);
  }],
  ['the promise is closed with its reason', async () => {
    status(await operate('director', `/programme/Funding/${FUND}/$close`, [text('reason', 'Bought and in use')]), 200);
    status(await pay({ id: randomUUID(), amount: '0.10' }, 'other', `Device/${DEVICE}`), 409);
    equal(valueOf(await money('twin'), 'ended-why'), 'Bought and in use');
  }],
  ['the log is whole, and says the same when its views are filled again', async () => {
    const before = [await level(), await level(9), valueOf(await money('twin'), 'paid')];
    await node.stop();
    must('verify', node.folder);
    must('rebuild', node.folder);
    await node.start();
    equal([await level(), await level(9), valueOf(await money('twin'), 'paid')], before);
  }],
], () => node.remove());
