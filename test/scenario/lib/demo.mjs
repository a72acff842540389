// SPDX-License-Identifier: Apache-2.0
// The demonstration in which nothing comes about but what a scenario does. Its open cases have
// clocks that run out within minutes of when it was made: a node that is served asks the next of
// a case then, and whoever compares all of two answers would see it.
import { eventually, status } from './scenario.mjs';

const DAY = 24 * 3600_000;

/** The part of ${task} that says when its clock runs out; undefined: none runs. */
const nextOf = (task) => (task.extension ?? []).find(({ url }) => url.endsWith('/case-clock'))?.extension.find(({ url }) => url === 'next');

/** Put off every clock of the served ${node} to tomorrow: what nobody but the operator can do. */
export async function stopClocks(node) {
  await eventually(async () => {
    const { json } = status(await node.get('/fhir/Task?_count=1000'), 200);
    const soon = json.entry.map(({ resource }) => resource).filter((task) => nextOf(task) && Date.parse(nextOf(task).valueInstant) < Date.now() + DAY / 2);
    for (const task of soon) {
      nextOf(task).valueInstant = new Date(Date.now() + DAY).toISOString();
      const answer = await node.put(`/fhir/Task/${task.id}`, task, { 'If-Match': `W/"${task.meta.versionId}"` });
      if (answer.status !== 412) status(answer, 200); // 412: the node was there first, and it is looked at again
    }
    return soon.length === 0;
  }, 'an hour without clocks');
}
