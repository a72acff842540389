// SPDX-License-Identifier: Apache-2.0
// Not a test: how long the capability map takes over HTTP in a network of 500 hospitals, each
// with equipment of every kind, eight people who share the procedures of the catalogue among
// them, a link to the next and twenty operations; and how long after a sign-off was written the
// hospital's map tells it. The aims stand in docs/PERFORMANCE.md.
//
//   BELAY=build/belay node test/scenario/bench-map.mjs [hospitals] [times]
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [HOSPITALS, TIMES] = [Number(process.argv[2] ?? 500), Number(process.argv[3] ?? 200)];
const [PEOPLE, SHARE, OPERATIONS, PORT] = [8, 4, 20, 18_932];
const [SIGN_OFF_AIM, WHOLE_AIM] = [100, 2000];
const BELAY = 'https://belay.health';
const { procedures, devices } = JSON.parse(readFileSync(new URL('../../data/procedures.json', import.meta.url), 'utf8'));

const refer = (reference) => ({ reference });
const coded = (system, code) => ({ coding: [{ system: `${BELAY}/CodeSystem/${system}`, code }] });
const person = (id, first) => ({
  resourceType: 'Practitioner', id, active: true,
  qualification: procedures.filter((_, at) => at % SHARE === first).map(({ code }) => ({ code: coded('procedure', code), period: { start: '2020-01-01' } })),
});

function* hospital(h) {
  yield { resourceType: 'Organization', id: `h${h}`, name: `Hospital ${h}` };
  for (const { code } of devices) yield { resourceType: 'Device', id: `d${h}-${code}`, status: 'active', type: coded('device-kind', code), owner: refer(`Organization/h${h}`) };
  for (let p = 0; p < PEOPLE; p++) {
    const id = `p${h}-${p}`;
    yield person(id, p % SHARE);
    yield { resourceType: 'PractitionerRole', id, active: true, practitioner: refer(`Practitioner/${id}`), organization: refer(`Organization/h${h}`), code: [coded('role', 'clinician')] };
  }
  for (let o = 0; o < OPERATIONS; o++) {
    yield {
      resourceType: 'Procedure', id: `o${h}-${o}`, status: 'completed', subject: { display: 'Somebody' }, code: coded('procedure', procedures[o].code), performedDateTime: '2026-01-01',
      performer: [{ function: coded('operation-function', 'operator'), actor: refer(`Practitioner/p${h}-0`) }],
      extension: [{ url: `${BELAY}/StructureDefinition/operation-department`, valueReference: refer(`Organization/h${h}`) }],
    };
  }
  if (h > 0) yield { resourceType: 'OrganizationAffiliation', id: `h${h}`, active: true, organization: refer(`Organization/h${h}`), participatingOrganization: refer(`Organization/h${h - 1}`), code: [coded('affiliation', 'hospital-pair')] };
}

function writeInput(file) {
  const out = openSync(file, 'w');
  for (let h = 0; h < HOSPITALS; h++) writeSync(out, [...hospital(h)].map((one) => `${JSON.stringify(one)}\n`).join(''));
  closeSync(out);
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
/** One answer, all of it; { took, text }. */
function ask(token, method, path, body) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const headers = { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/fhir+json' }) };
    request({ port: PORT, path: `/fhir/${path}`, method, agent, headers }, (answer) => {
      const parts = [];
      answer.on('data', (chunk) => parts.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        if (answer.statusCode < 300) resolve({ took: performance.now() - begun, text });
        else reject(new Error(`${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`));
      });
    }).on('error', reject).end(body && JSON.stringify(body));
  });
}

function tell(what, took, bytes) {
  const [first] = took;
  const sorted = [...took].sort((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  console.log(`${what.padEnd(48)} ${String(bytes).padStart(9)} bytes  first ${first.toFixed(1).padStart(7)}  p50 ${at(0.5).toFixed(1).padStart(7)}  p99 ${at(0.99).toFixed(1).padStart(7)} ms (${took.length} times)`);
  return at(0.99);
}

async function repeat(what, times, one) {
  const took = [];
  let bytes = 0;
  for (let i = 0; i < times; i++) {
    const answer = await one(i);
    took.push(answer.took);
    bytes = answer.text.length;
  }
  return tell(what, took, bytes);
}

/** The sign-off is on the map when the answer names who carries the procedure now. */
async function signedOff(writer, reader, i) {
  const begun = performance.now();
  await ask(writer, 'PUT', 'Practitioner/p7-0', person('p7-0', i % SHARE));
  const written = performance.now();
  const { text } = await ask(reader, 'GET', 'Organization/$capability-map?hospital=h7');
  const told = performance.now();
  const cell = await ask(reader, 'GET', `Organization/h7/$capability?code=${procedures[i % SHARE].code}`);
  if (!cell.text.includes('Practitioner/p7-0')) throw new Error('the map does not tell of the sign-off');
  return { took: told - written, whole: told - begun, text };
}

async function measure(writer, reader) {
  const map = (query) => () => ask(reader, 'GET', `Organization/$capability-map?${query}`);
  const past = await repeat('the whole map of a past day, without experts', 10, map('date=2026-01-01&without-experts=true'));
  await repeat('the whole map of today', 10, map(''));
  await repeat('one hospital', TIMES, map('hospital=h7'));
  await repeat('who can: one illness at every hospital', TIMES, map('code=K35'));
  const whole = [];
  const signed = await repeat('a sign-off: from its answer to the map', TIMES, async (i) => {
    const one = await signedOff(writer, reader, i);
    whole.push(one.whole);
    return one;
  });
  tell('the same with the write itself', whole, 0);
  return signed < SIGN_OFF_AIM && past < WHOLE_AIM;
}

const belay = process.env.BELAY;
const home = mkdtempSync(join(tmpdir(), 'belay-bench-'));
let served = null;
try {
  const [node, input] = [join(home, 'node'), join(home, 'network.ndjson')];
  writeInput(input);
  execFileSync(belay, ['init', node], { stdio: 'pipe' });
  execFileSync(belay, ['import', node, input, '--bulk'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const token = (role) => /(bly_\S+)/.exec(execFileSync(belay, ['token', node, role, '--role', role], { encoding: 'utf8' }))[1];
  const [writer, reader] = [token('administrator'), token('coordinator')];
  served = spawn(belay, ['serve', node, '--listen', `127.0.0.1:${PORT}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  for (let tries = 0; tries < 600; tries++) {
    if (await ask(reader, 'GET', 'Organization?_count=1').then(() => true, () => false)) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  process.exitCode = (await measure(writer, reader)) ? 0 : 1;
} finally {
  agent.destroy();
  served?.kill('SIGTERM');
  await new Promise((resolve) => (served ? served.once('exit', resolve) : resolve()));
  rmSync(home, { recursive: true, force: true });
}
