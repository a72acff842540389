// SPDX-License-Identifier: Apache-2.0
import { Node, must } from './lib/node.mjs';
import { demoPeople } from './lib/people.mjs';
import { check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const figure = async (query) => status(await node.get(`/fhir/Measure/${query}`), 200).json.group[0].measureScore?.value ?? 0;

await scenario('Ten years from one seed, in small: made by one command, sound, and called invented in every answer', [
  ['made into a new folder', async () => {
    const said = must('demo', '--decade', node.folder, '--share', '50', '--until', '2016');
    check(/Ten years are in/.test(said), said);
  }],
  ['the log and all that follows from it hold', async () => { must('verify', node.folder); }],
  ['every answer says that all of it is invented, to whoever asks', async () => {
    await node.start();
    for (const path of ['/', '/session', '/health']) {
      const answer = await fetch(`${node.url}${path}`);
      equal(answer.headers.get('x-belay-synthetic'), 'yes');
    }
  }],
  ['figures follow, and what was known earlier is less', async () => {
    const two = 'periodStart=2015&periodEnd=2016';
    const now = await figure(`experts-deployed/$evaluate-measure?${two}`);
    const then = await figure(`experts-deployed/$evaluate-measure?${two}&knownAt=2016-06-30T00:00:00Z`);
    check(then > 0 && then < now, `${then} and ${now}`);
  }],
  ['its time goes on where its records end', async () => {
    const now = Date.parse((await fetch(`${node.url}/health`)).headers.get('date'));
    check(now >= Date.UTC(2017, 0, 1, 1) && now < Date.UTC(2017, 0, 1, 3), new Date(now).toISOString());
  }],
  ['one person of each role can sign in, with codes of a phone of today, and sees what the role allows', async () => {
    const people = await demoPeople(node);
    equal(Object.keys(people), ['coordinator', 'director', 'quality-officer', 'head-of-department', 'expert', 'clinician', 'nurse']);
    const question = '/fhir/Measure/$dashboard?periodStart=2015&periodEnd=2016&measure=expert-days';
    status(await people.coordinator.get(question), 200);
    status(await people.director.get(question), 200);
    status(await people.nurse.get(question), 403);
    equal(must('demo', node.folder, '--tokens').trim().split('\n').length, 7);
  }],
], async () => { await node.remove(); });
