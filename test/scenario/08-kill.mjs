// SPDX-License-Identifier: Apache-2.0
import { Node, must } from './lib/node.mjs';
import { check, equal, eventually, scenario, sleep } from './lib/scenario.mjs';

const node = new Node();
const rounds = Number(process.env.BELAY_KILLS ?? (process.env.BELAY_TIER === 'full' ? 200 : 5));
const seed = Number(process.env.BELAY_SEED ?? Date.now() % 1_000_000);
const CLIENTS = 8;
const acknowledged = []; // names of pairs the server said are written
const attempted = []; // of this round: may be there or not, but never half

let state = seed;
function random(below) {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
  return (state >> 8) % below;
}

/** A pair of records in one transaction, and an update of one of them. */
function pair(name) {
  const put = (id, resource) => ({ resource: { id, ...resource }, request: { method: 'PUT', url: `${resource.resourceType}/${id}` } });
  return {
    resourceType: 'Bundle', type: 'transaction',
    entry: [
      put(`${name}-p`, { resourceType: 'Patient', name: [{ family: name }] }),
      put(`${name}-o`, { resourceType: 'Observation', status: 'final', code: { text: name }, subject: { reference: `Patient/${name}-p` } }),
    ],
  };
}

async function client(round, number) {
  for (let i = 0; ; i++) {
    const name = `k${round}-${number}-${i}`;
    attempted.push(name);
    try {
      const { status } = await node.post('/fhir', pair(name));
      if (status !== 200) return;
    } catch {
      return; // killed
    }
    acknowledged.push(name);
  }
}

async function there(name) {
  const answers = await Promise.all([node.get(`/fhir/Patient/${name}-p`), node.get(`/fhir/Observation/${name}-o`)]);
  const codes = answers.map((answer) => answer.status);
  check(codes[0] === codes[1], `${name} is half there: ${codes}`);
  check(codes[0] === 200 || codes[0] === 404, `${name} answers ${codes}`);
  if (codes[0] === 200) equal(answers[1].json.subject.reference, `Patient/${name}-p`);
  return codes[0] === 200;
}

async function round(number) {
  attempted.length = 0;
  const before = acknowledged.length;
  const clients = Array.from({ length: CLIENTS }, (_, i) => client(number, i));
  await eventually(() => acknowledged.length > before, 'a first write'); // however slow the machine is
  await sleep(random(150));
  await node.stop('SIGKILL');
  await Promise.all(clients);
  await node.start();
  for (const name of acknowledged.slice(before)) check(await there(name), `${name} was acknowledged and is lost`);
  for (const name of attempted) await there(name);
}

await scenario(`A server killed at any moment loses nothing it acknowledged (${rounds} kills, BELAY_SEED=${seed}).`, [
  ['a served node', async () => { await node.init().start(); }],
  ['killed under load, again and again', async () => {
    for (let i = 0; i < rounds; i++) await round(i);
    console.log(`     ${acknowledged.length} acknowledged transactions over ${rounds} kills`);
    check(acknowledged.length >= rounds, 'there was hardly any load');
  }],
  ['at the end every acknowledged write of every round is there', async () => {
    for (const name of acknowledged) check(await there(name), `${name} is lost`);
  }],
  ['and the node is sound', async () => {
    await node.stop();
    must('verify', node.folder);
  }],
], () => node.remove());
