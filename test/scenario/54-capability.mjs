// SPDX-License-Identifier: Apache-2.0
import { stopClocks } from './lib/demo.mjs';
import { Node, must } from './lib/node.mjs';
import { demoPeople } from './lib/people.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
let people = {};

const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
const SUMMER = '2026-09-01T04:00:00Z'; // every post of the demonstration holds then

/** Parameters as an object; parts that come several times as lists. */
function values(parameters) {
  const many = ['hospital', 'cell', 'thing', 'need', 'person', 'device', 'link', 'operation', 'specialty'];
  const found = {};
  for (const one of parameters ?? []) {
    const key = Object.keys(one).find((name) => name.startsWith('value'));
    const value = one.part ? values(one.part) : one[key]?.reference ?? one[key]?.code ?? one[key];
    if (many.includes(one.name) && (one.part || one.name === 'operation')) (found[one.name] ??= []).push(value);
    else found[one.name] = value;
  }
  return found;
}

async function ask(who, path, asked) {
  const query = new URLSearchParams({ date: SUMMER, ...asked });
  return values(status(await people[who].get(`/fhir/Organization/${path}?${query}`), 200).json.parameter);
}
const cellOf = (who, asked) => ask(who, 'demo-nagqu/$capability', asked);

await scenario('The capability map of the demonstration, down to what proves a cell.', [
  ['the demonstration is served, and its people sign in', async () => {
    node.init();
    must('demo', node.folder, '--small');
    await node.start();
    await stopClocks(node);
    people = await demoPeople(node);
  }],
  ['appendicitis at Nagqu: the apprentice under the visiting surgeon; routing knows the same', async () => {
    const cell = await cellOf('clinician', { code: `${ICD}|K35` });
    equal(cell.level, 'supervised', 'level');
    const need = cell.need.find((one) => one.code === 'appendectomy');
    equal(need.demonstrated, true, 'demonstrated');
    check(need.person.some((one) => one.who === 'Practitioner/demo-zhou-heng' && one.visiting && one.post === 'PractitionerRole/demo-zhou-heng'), JSON.stringify(need.person));
    equal(need.device.map((one) => [one.kind, one['in-service']]), [['operating-theatre', true]], 'devices');
    const asked = new URLSearchParams({ at: SUMMER, code: 'appendectomy', hospital: 'demo-nagqu' });
    const kinds = status(await people.clinician.get(`/fhir/ServiceRequest/$route?${asked}`), 200).json.parameter
      .filter((one) => one.name === 'option').map((one) => values(one.part)).map((one) => one.kind);
    equal(kinds[0], 'expert-here', 'routing');
  }],
  ['who may read the operations counts them; a coordinator is told about how many, and of no patient', async () => {
    const own = (await cellOf('clinician', { code: 'appendectomy' })).need[0].operations;
    equal(own.exact, true, 'exact to the ward');
    check(own.operation.length > 5 && Number.isInteger(own.counted), JSON.stringify(own));
    const told = (await cellOf('coordinator', { code: 'appendectomy' })).need[0];
    equal([told.operations.exact, told.operations.operation, told.operations.counted], [false, undefined, '5-or-more'], 'told to a coordinator');
    check(!told.person.some((one) => one.learns), 'who learns is not for a coordinator');
  }],
  ['without the experts it cannot be done; before they came it could not either', async () => {
    equal((await cellOf('clinician', { code: 'appendectomy', 'without-experts': 'true' })).level, 'none', 'without');
    equal((await cellOf('clinician', { code: 'appendectomy', date: '2026-05-01' })).level, 'none', 'before August');
  }],
  ['one hospital: what is lost, whom it hangs on, how much hangs on the twins', async () => {
    const { hospital: [nagqu] } = await ask('coordinator', '$capability-map', { hospital: 'demo-nagqu', 'without-experts': 'true' });
    const { index, reached, independent } = nagqu.dependence;
    check(Math.abs(index - (1 - independent / reached)) < 0.0001 && independent > 0, JSON.stringify(nagqu.dependence));
    equal(nagqu.lost, reached - independent, 'lost');
    check(nagqu.person.length > 0, 'people');
    const { hospital: [with_] } = await ask('coordinator', '$capability-map', { hospital: 'demo-nagqu' });
    check(with_.person.some((one) => one.who === 'Practitioner/demo-zhou-heng'), JSON.stringify(with_.person));
  }],
  ['a sign-off that ends is off the map at once', async () => {
    const path = '/fhir/Practitioner/demo-ngawang-rabten';
    const before = await cellOf('clinician', { code: 'spinal-anaesthesia' });
    equal(before.level, 'independent', 'before');
    const record = status(await node.get(path), 200).json;
    for (const one of record.qualification) one.period = { ...one.period, end: '2026-08-30' };
    status(await node.put(path, record), 200);
    const after = await cellOf('clinician', { code: 'spinal-anaesthesia' });
    check(after.level !== 'independent', after.level);
  }],
  ['what is no hospital, specialty, code or date is said', async () => {
    const refused = [['$capability-map', { specialty: 'magic' }], ['$capability-map', { hospital: 'nowhere' }], ['$capability-map', { region: 'nowhere' }],
      ['$capability-map', { date: 'soon' }], ['demo-nagqu/$capability', {}], ['demo-nagqu/$capability', { code: 'magic' }], ['$capability-map', { colour: 'red' }]];
    for (const [path, asked] of refused) status(await people.clinician.get(`/fhir/Organization/${path}?${new URLSearchParams(asked)}`), 400);
    status(await people.clinician.get('/fhir/Organization/nowhere/$capability?code=K35'), 404);
  }],
], async () => { await node.remove(); });
