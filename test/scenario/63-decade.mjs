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
], async () => { await node.remove(); });
