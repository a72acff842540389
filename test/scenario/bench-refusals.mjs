// SPDX-License-Identifier: Apache-2.0
// Not a test: how long answers take about a record that is hidden and about one that is not there, for
// the table "Time" of docs/ATTEMPTS.md. One connection, both kinds in turn at random.
//
//   BELAY=build/belay node bench-refusals.mjs [ROUNDS]
import { Agent, request } from 'node:http';
import { Node } from './lib/node.mjs';
import { colleague } from './lib/colleagues.mjs';
import { status } from './lib/scenario.mjs';

const rounds = Number(process.argv[2] ?? 5000);
const node = new Node();
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function timed(path, headers) {
  return new Promise((resolve, reject) => {
    const begun = process.hrtime.bigint();
    const asked = request(node.url + path, { agent, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(Number(process.hrtime.bigint() - begun) / 1000));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** How often one of ${a} is above one of ${b}; 0.5: they do not differ. */
function above(a, b) {
  const sorted = [...b].sort((x, y) => x - y);
  let sum = 0;
  for (const one of a) {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < one) low = middle + 1; else high = middle;
    }
    sum += low / sorted.length;
  }
  return sum / a.length;
}

function tell(times) {
  const sorted = [...times].sort((x, y) => x - y);
  return [0.1, 0.25, 0.5, 0.75].map((part) => Math.round(sorted[Math.floor(part * sorted.length)])).join('/');
}

async function prepare() {
  await node.init().start('--person-rate', '1000000', '--address-rate', '1000000');
  for (const id of ['near', 'far']) {
    status(await node.put(`/fhir/Organization/${id}`, { resourceType: 'Organization', id, name: id }), 201);
    status(await node.put(`/fhir/Patient/${id}-1`, {
      resourceType: 'Patient', id: `${id}-1`, managingOrganization: { reference: `Organization/${id}` }, identifier: [{ system: 'urn:numbers', value: `${id}-number` }],
    }), 201);
    status(await node.put(`/fhir/Observation/${id}-o`, {
      resourceType: 'Observation', id: `${id}-o`, status: 'final', code: { text: 'x' }, subject: { reference: `Patient/${id}-1` },
    }), 201);
  }
  return colleague(node, 'guest', 'clinician', 'near');
}

const WAYS = {
  'read a Patient': ['/fhir/Patient/far-1', '/fhir/Patient/not-1'],
  'search by `_id`': ['/fhir/Patient?_id=far-1', '/fhir/Patient?_id=not-1'],
  'search by patient': ['/fhir/Observation?patient=far-1', '/fhir/Observation?patient=not-1'],
  'search by identifier': ['/fhir/Patient?identifier=urn:numbers%7Cfar-number', '/fhir/Patient?identifier=urn:numbers%7Cnot-number'],
  'search through a chain': ['/fhir/Observation?subject:Patient._id=far-1', '/fhir/Observation?subject:Patient._id=not-1'],
  'one of one\'s own (not stepped)': ['/fhir/Observation?patient=near-1', '/fhir/Observation?patient=near-1'],
};

try {
  const guest = await prepare();
  for (const [what, pair] of Object.entries(WAYS)) {
    const times = [[], []];
    for (let i = 0; i < 2 * rounds + 400; i++) {
      const which = Math.random() < 0.5 ? 0 : 1;
      const took = await timed(pair[which], guest.headers());
      if (i >= 400) times[which].push(took);
    }
    console.log(`| ${what} | ${tell(times[0])} | ${tell(times[1])} | ${above(times[0], times[1]).toFixed(3)} |`);
  }
} finally {
  agent.destroy();
  await node.stop();
  node.remove();
}
