// SPDX-License-Identifier: Apache-2.0
import { Node, must } from './lib/node.mjs';
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
  ['one person of each role can sign in, and sees what the role allows', async () => {
    const people = must('demo', node.folder, '--tokens').trim().split('\n').map((line) => line.split(/ {2,}/));
    equal(people.map(([role]) => role), ['coordinator', 'director', 'quality-officer', 'head-of-department', 'clinician', 'nurse']);
    const asks = async (wanted) => {
      const [, , token] = people.find(([role]) => role === wanted);
      const answer = await fetch(`${node.url}/fhir/Measure/$dashboard?periodStart=2015&periodEnd=2016&measure=expert-days`,
        { headers: { authorization: `Bearer ${token}` } });
      return answer.status;
    };
    equal(await asks('coordinator'), 200, 'coordinator');
    equal(await asks('director'), 200, 'director');
    equal(await asks('nurse'), 403, 'nurse');
    const accounts = must('demo', node.folder, '--accounts').trim().split('\n');
    equal(accounts.length, 6, 'accounts');
    check(/^director .* \w{4}-\w{4}-\w{4}-\w{4}$/.test(accounts[1]), accounts[1]);
  }],
], async () => { await node.remove(); });
