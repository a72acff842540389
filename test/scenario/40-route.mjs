// SPDX-License-Identifier: Apache-2.0
import { stopClocks } from './lib/demo.mjs';
import { Node, must } from './lib/node.mjs';
import { demoPeople } from './lib/people.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
let people = {};

const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
const OPERATION = '/fhir/ServiceRequest/$route';
// a Tuesday at noon in Nagqu, in summer; every post of the demonstration holds then
const NOON = '2026-09-01T04:00:00Z';

/** Parameters as an object: parts by name, repeated ones as lists under their name. */
function values(parameters) {
  const found = {};
  for (const one of parameters ?? []) {
    const key = Object.keys(one).find((name) => name.startsWith('value'));
    const value = one.part ? values(one.part) : one[key]?.reference ?? one[key];
    if (one.name === 'option' || one.name === 'reason') (found[one.name] ??= []).push(value);
    else found[one.name] = value;
  }
  return found;
}

function query(asked) {
  return `${OPERATION}?${new URLSearchParams({ at: NOON, count: '100', ...asked })}`;
}

async function route(who, asked) {
  const answer = values(status(await people[who].get(query(asked)), 200).json.parameter);
  return answer.option ?? [];
}

const words = (options) => options.map((one) => `${one.safe ? '' : 'unsafe '}${one.kind} ${one.hospital.replace('Organization/demo-', '')}`);
const codes = (option) => (option.reason ?? []).map((one) => one.code);

await scenario('The demonstration is asked who can treat, and answers as a coordinator would.', [
  ['the demonstration is served, and its people sign in', async () => {
    node.init();
    must('demo', node.folder, '--small');
    await node.start();
    await stopClocks(node);
    people = await demoPeople(node);
  }],
  ['appendicitis at Nagqu by day: the visiting surgeon here, then the region; her apprentice would gain', async () => {
    const options = await route('clinician', { code: `${ICD}|K35`, urgency: 'urgent' });
    equal(words(options).slice(0, 2), ['expert-here nagqu', 'guided-here nagqu'], 'first');
    equal(options[0].person, 'Practitioner/demo-zhou-heng');
    check(codes(options[0]).includes('teaching'), codes(options[0]).join());
    check(words(options).includes('in-region lhasa') && words(options).includes('in-region xigaze'), words(options).join());
  }],
  ['the same at night, as an emergency: nobody here in time, and it says so', async () => {
    const options = await route('clinician', { code: `${ICD}|K35`, urgency: 'emergency', at: '2026-09-01T18:00:00Z' });
    const here = options.find((one) => one.kind === 'expert-here');
    equal(here.safe, false);
    check(codes(here).includes('nobody-on-duty'), codes(here).join());
  }],
  ['gallstones: what Nagqu has is out of service, Lhasa has beds, and lies lower', async () => {
    const options = await route('clinician', { code: `${ICD}|K80` });
    const [first] = options;
    equal([first.kind, first.hospital, first.rise], ['in-region', 'Organization/demo-lhasa', -860]);
    check(codes(first).includes('beds') && codes(first).includes('down'), codes(first).join());
    check(words(options).includes('unsafe expert-here nagqu'), words(options).join());
  }],
  ['pre-eclampsia at Medog: guided by Guangzhou; in winter no road', async () => {
    const asked = { code: 'magnesium-therapy', hospital: 'demo-medog', urgency: 'emergency' };
    equal(words(await route('clinician', asked))[0], 'guided-here medog');
    const winter = await route('clinician', { ...asked, code: `${ICD}|O64`, season: 'winter' });
    check(winter.length > 0 && winter.every((one) => !one.safe), words(winter).join());
  }],
  ['ways are put together over the passes, and a closed one closes what lies behind it', async () => {
    const asked = { code: `${ICD}|K35`, hospital: 'demo-medog' };
    const summer = await route('clinician', { ...asked, season: 'summer' });
    equal([summer[0].hospital, summer[0].minutes, summer[0].safe], ['Organization/demo-lhasa', 210 + 240 + 300, true], 'summer');
    const winter = await route('clinician', { ...asked, season: 'winter' });
    check(winter.length > 1 && winter.every((one) => !one.safe && codes(one).includes('road-closed')), words(winter).join());
  }],
  ['a rare operation is found outside, by those who can', async () => {
    const options = await route('clinician', { code: `${ICD}|B67.5`, hospital: 'demo-almaty' });
    equal(words(options), ['outside urumqi'], 'options');
    equal([options[0].person, options[0].unit], ['Practitioner/demo-ma-jun', 'Organization/demo-urumqi-liver-surgery'], 'who');
  }],
  ['a change is seen by the next question', async () => {
    const asked = { code: 'phototherapy', hospital: 'demo-damxung' };
    equal(words(await route('clinician', asked))[0], 'team-here damxung');
    const lamp = (await node.get('/fhir/Device/demo-damxung-phototherapy-lamp')).json;
    status(await node.put('/fhir/Device/demo-damxung-phototherapy-lamp', { ...lamp, status: 'inactive' }), 200);
    equal(words(await route('clinician', asked))[0], 'unsafe team-here damxung');
    status(await node.put('/fhir/Device/demo-damxung-phototherapy-lamp', { ...lamp, status: 'active' }), 200);
    equal(words(await route('clinician', asked))[0], 'team-here damxung');
  }],
  ['a patient is named by who may see them alone, and goes to the trail', async () => {
    const asked = { code: 'phototherapy', patient: 'Patient/demo-patient-02' };
    equal(status(await people.clinician.get(query(asked)), 200).json.resourceType, 'Parameters');
    status(await people.coordinator.get(query(asked)), 404);
    status(await people.expert.get(query(asked)), 404);
    const seen = await people.clinician.get('/fhir/ServiceRequest/demo-case-02/$route?code=K35');
    check(!status(seen, 200).text.includes('demo-patient'), 'the answer names the patient');
  }],
  ['who learns is named to them and to their master, and to nobody else', async () => {
    const options = await route('coordinator', { code: `${ICD}|K35`, hospital: 'demo-nagqu', urgency: 'urgent' });
    const teaching = options[0].reason.find((one) => one.code === 'teaching');
    equal([teaching.against, teaching.person, teaching.value], [false, undefined, undefined], 'the reason');
    equal([options[1].kind, options[1].person], ['guided-here', undefined], 'the guided');
    equal(options[0].person, 'Practitioner/demo-zhou-heng', 'the visitor');
  }],
  ['what is not understood is refused in words', async () => {
    for (const asked of [{}, { code: 'nothing' }, { code: 'K35', urgency: 'soon' }, { code: 'K35', hospital: 'nowhere' }, { code: 'K35', colour: 'red' }]) {
      const refused = status(await people.clinician.get(`${OPERATION}?${new URLSearchParams(asked)}`), 400);
      check(refused.json.issue[0].diagnostics.length > 20, refused.text);
    }
    status(await people.clinician.get('/fhir/Patient/$route?code=K35'), 404);
  }],
  ['the CapabilityStatement names it', async () => {
    const all = (await people.clinician.get('/fhir/metadata')).json.rest[0].resource;
    check(all.find((one) => one.type === 'ServiceRequest').operation.some((one) => one.name === 'route'), 'route');
  }],
], async () => { await node.remove(); });
