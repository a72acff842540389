// SPDX-License-Identifier: Apache-2.0
// Writes the demonstration as one C file: a transaction Bundle and the cases as bytes, and who
// can sign in. The same data give the same file, byte for byte.
//
//   node tools/demo/generate.mjs DATA OUT.c
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { abilityEntries, complete, learningEntries } from './abilities.mjs';
import { casesEntries } from './cases.mjs';
import { directoryEntries, signIns } from './directory.mjs';
import { patientEntries } from './patients.mjs';
import { readPlaces } from './places.mjs';

const BYTES_A_LINE = 24;

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file}: ${error.message}`);
  }
}

function readCases(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json')).sort();
  return files.map((name) => ({ id: name.split('-')[0], ...readJson(join(folder, name)) }));
}

function transaction(entry) {
  return { resourceType: 'Bundle', type: 'transaction', entry };
}

/** What is loaded, in this order. */
function partsOf(data) {
  const places = readPlaces(join(data, 'places.csv'));
  const abilities = readJson(join(data, 'demo', 'abilities.json'));
  const told = readJson(join(data, 'demo', 'staff.json'));
  const staff = { ...told, people: [...told.people, ...abilities.people] };
  const patients = readJson(join(data, 'demo', 'patients.json'));
  const directory = directoryEntries(places, staff);
  complete(directory, places, abilities);
  const cases = casesEntries(readCases(join(data, 'demo', 'cases')), staff, places);
  return {
    people: signIns(staff),
    parts: [
      { kind: 'DEMO_RECORDS', content: transaction([...directory, ...abilityEntries(places, abilities), ...patientEntries(patients, places), ...cases.records]) },
      { kind: 'DEMO_CASES', content: cases.cases },
      { kind: 'DEMO_PROGRAMME', content: transaction(learningEntries(abilities)) },
    ],
  };
}

function cArray(name, bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += BYTES_A_LINE) {
    lines.push(`    ${[...bytes.subarray(at, at + BYTES_A_LINE)].join(',')},`);
  }
  return `static const unsigned char ${name}[] = {\n${lines.join('\n')}\n};\n`;
}

function cText({ people, parts }) {
  const bytes = parts.map(({ content }) => Buffer.from(JSON.stringify(content)));
  const text = (value) => JSON.stringify(value); // names are plain enough to be C strings too
  return `/* SPDX-License-Identifier: Apache-2.0 */
/* Written by tools/demo/generate.mjs. Do not edit: change data/demo and build again. */
#include "app/demo_internal.h"

${bytes.map((part, at) => cArray(`part_${at}`, part)).join('\n')}
const struct demo_part demo_parts[] = {
${bytes.map((part, at) => `    {part_${at}, ${part.length}, ${parts[at].kind}},`).join('\n')}
};
const size_t demo_part_count = ${parts.length};

const struct app_demo_person app_demo_people[] = {
${people.map((one) => `    {${[one.name, one.role, one.practitioner, one.organization].map(text).join(', ')}},`).join('\n')}
};
const size_t app_demo_people_count = ${people.length};
`;
}

const [data, target] = process.argv.slice(2);
if (!data || !target) {
  process.stderr.write('generate: call it as: generate.mjs DATA OUT.c\n');
  process.exit(2);
}
try {
  writeFileSync(target, cText(partsOf(data)));
} catch (error) {
  process.stderr.write(`generate: ${error.message}\n`);
  process.exit(1);
}
