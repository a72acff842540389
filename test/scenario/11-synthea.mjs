// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Node, must, temporaryFolder } from './lib/node.mjs';
import { Skip, check, equal, scenario, status } from './lib/scenario.mjs';

const node = new Node();
const archive = join(process.env.BELAY_SHARED ?? '', 'data', 'synthea-64.tar.zst');
const folder = temporaryFolder();
// not of one patient alone: who works where is shared, and told with every patient it concerns
const SHARED_KINDS = ['Organization', 'Practitioner', 'Location'];

function kinds(resources) {
  return resources.map((resource) => resource.resourceType).filter((type) => !SHARED_KINDS.includes(type)).sort();
}

/** Every page of an answer. */
async function all(path) {
  const found = [];
  for (let next = path; next;) {
    const { json } = status(await node.get(next), 200);
    found.push(...(json.entry ?? []).map((entry) => entry.resource));
    next = json.link?.find((link) => link.relation === 'next')?.url.slice(node.url.length);
  }
  return found;
}

await scenario('Sixty-four synthetic patients go in without one fault, and come out as they went in.', [
  ['the import', () => {
    if (!existsSync(archive)) throw new Skip('the sample data is not beside the project');
    node.init();
    const text = must('import', node.folder, archive);
    check(/ 0 refused/.test(text), text);
  }],
  ['the node is sound', () => { must('verify', node.folder); }],
  ['$everything of each patient is what its Bundle held', async () => {
    equal(spawnSync('tar', ['--zstd', '-xf', archive, '-C', folder]).status, 0, 'exit code of tar');
    await node.start();
    const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.json'));
    check(files.length > 60, `${files.length} files`);
    for (const name of process.env.BELAY_TIER === 'full' ? files : files.slice(0, 12)) {
      const bundle = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      const resources = bundle.entry.map((entry) => entry.resource);
      const { system, value } = resources.find(({ resourceType }) => resourceType === 'Patient').identifier[0];
      const [patient, ...others] = await all(`/fhir/Patient?identifier=${encodeURIComponent(`${system}|${value}`)}`);
      equal(others.length, 0, `other patients with the identifier of ${name}`);
      equal(kinds(await all(`/fhir/Patient/${patient.id}/$everything?_count=1000`)), kinds(resources), `records of ${name}`);
    }
  }],
  ['start and end choose by the dates of care', async () => {
    const name = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.json')).sort()[0];
    const resources = JSON.parse(readFileSync(join(folder, name), 'utf8')).entry.map((entry) => entry.resource);
    const { system, value } = resources.find(({ resourceType }) => resourceType === 'Patient').identifier[0];
    const [patient] = await all(`/fhir/Patient?identifier=${encodeURIComponent(`${system}|${value}`)}`);
    const begins = (r) => Date.parse(r.period?.start ?? r.effectiveDateTime ?? r.performedPeriod?.start ?? r.occurrenceDateTime);
    const ends = (r) => Date.parse(r.period?.end ?? r.effectiveDateTime ?? r.performedPeriod?.end ?? r.occurrenceDateTime);
    const dated = resources.filter((r) => ['Encounter', 'Observation', 'Procedure', 'Immunization'].includes(r.resourceType));
    let some = 0;
    for (let year = 2000; year < 2020; year += 1) {
      const expected = dated.filter((r) => begins(r) < Date.UTC(year + 1, 0) && ends(r) >= Date.UTC(year, 0));
      const found = await all(`/fhir/Patient/${patient.id}/$everything?_type=Encounter,Observation&_type=Procedure,Immunization&start=${year}-01-01&end=${year}-12-31&_count=7`);
      equal(kinds(found), kinds(expected), `records of ${year}`);
      some += expected.length > 0 && expected.length < dated.length;
    }
    check(some > 3, `only ${some} years hold some of the records`);
  }],
], () => node.remove());
