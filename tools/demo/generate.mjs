// SPDX-License-Identifier: Apache-2.0
// Writes the demonstration as one C file: transaction Bundles, cases and pictures as bytes, and
// who can sign in. The same data give the same file, byte for byte.
//
//   node tools/demo/generate.mjs DATA OUT.c
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { abilityEntries, complete, learningEntries } from './abilities.mjs';
import { casesEntries } from './cases.mjs';
import { chanceFrom } from './chance.mjs';
import { directoryEntries, signIns } from './directory.mjs';
import { emergencyEntries } from './emergencies.mjs';
import { growthParts } from './growth.mjs';
import { logbookEntries, logbookLearning } from './logbook.mjs';
import { madeCases } from './made-cases.mjs';
import { wholeNetwork } from './network.mjs';
import { patientEntries } from './patients.mjs';
import { picturesDrawn } from './pictures.mjs';
import { readPlaces } from './places.mjs';
import { publishedEntries } from './published.mjs';

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

const SEED = 20260901;
const ALL_CASES = 300;
const FIRST_MADE = 101; // ids of made cases; those below are written by hand

/** The records of a network and its patients: { directory, learning }. */
function recordsOf({ staff, abilities }, places) {
  const directory = directoryEntries(places, staff);
  complete(directory, places, abilities);
  return { records: [...directory, ...abilityEntries(places, abilities)], learning: learningEntries(abilities) };
}

/** Those of ${whole} that are not of ${small}; what is of both must be the same. */
function beyond(whole, small) {
  const known = new Map(small.map((entry) => [entry.request.url, JSON.stringify(entry)]));
  for (const entry of whole) {
    if (known.has(entry.request.url) && known.get(entry.request.url) !== JSON.stringify(entry)) {
      throw new Error(`${entry.request.url} is of the small demonstration, and data/demo/more may only add to that`);
    }
  }
  return whole.filter((entry) => !known.has(entry.request.url));
}

function readSmall(data) {
  const abilities = readJson(join(data, 'demo', 'abilities.json'));
  const told = readJson(join(data, 'demo', 'staff.json'));
  return { staff: { ...told, people: [...told.people, ...abilities.people] }, abilities };
}

function smallParts(small, places, data) {
  const { records, learning } = recordsOf(small, places);
  const patients = patientEntries(readJson(join(data, 'demo', 'patients.json')), places);
  const cases = casesEntries(readCases(join(data, 'demo', 'cases')), small.staff, places);
  const logbook = readJson(join(data, 'demo', 'logbook.json'));
  return [
    { kind: 'DEMO_RECORDS', small: true, content: transaction([...records, ...patients, ...cases.records, ...logbookEntries(logbook)]) },
    { kind: 'DEMO_CASES', small: true, content: cases.cases },
    { kind: 'DEMO_PROGRAMME', small: true, content: transaction([...learning, ...logbookLearning(logbook)]) },
  ];
}

/** The rest of the whole demonstration. */
function moreParts(small, places, data) {
  const more = (name) => readJson(join(data, 'demo', 'more', name));
  const [chance, network, names] = [chanceFrom(SEED), more('network.json'), more('names.json')];
  const whole = wholeNetwork(small, network, names, places, chance);
  const [all, known] = [recordsOf(whole, places), recordsOf(small, places)];
  const byHand = readCases(join(data, 'demo', 'more', 'cases'));
  const count = ALL_CASES - byHand.length - readCases(join(data, 'demo', 'cases')).length;
  const made = madeCases(count, FIRST_MADE, {
    staff: whole.staff, places, names, network, texts: more('texts.json'), chance, vignettes: readVignettes(join(data, 'demo', 'more', 'vignettes')),
    taken: new Set([...whole.staff.people, ...readJson(join(data, 'demo', 'patients.json'))].map((one) => one.name)),
  });
  const cases = casesEntries([...byHand, ...made.cases], whole.staff, places);
  const growth = growthParts({ people: more('growth/people.json'), teams: more('growth/teams.json'), learning: more('growth/learning.json'), doings: more('growth/doings.json') }, places);
  return {
    people: [...whole.staff.people, ...growth.people],
    signIn: network.signIn,
    parts: [
      { kind: 'DEMO_RECORDS', content: transaction([...beyond(all.records, known.records), ...patientEntries([...more('patients.json'), ...made.patients], places), ...cases.records]) },
      { kind: 'DEMO_CASES', content: cases.cases },
      { kind: 'DEMO_PROGRAMME', content: transaction([...beyond(all.learning, known.learning), ...emergencyEntries(more('emergencies.json'), made.patients), ...publishedEntries(join(data, 'published-figures.csv'))]) },
      { kind: 'DEMO_RECORDS', content: transaction(growth.records) },
      { kind: 'DEMO_STORIES', content: growth.stories },
      { kind: 'DEMO_STORIES', content: growth.doings },
    ],
  };
}

function readVignettes(folder) {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json')).sort();
  return files.flatMap((name) => readJson(join(folder, name)));
}

/** What is loaded, in this order, and who can sign in. */
function partsOf(data) {
  const places = readPlaces(join(data, 'places.csv'));
  const small = readSmall(data);
  const more = moreParts(small, places, data);
  const others = more.people.filter((person) => more.signIn.includes(person.id)).map((person) => ({ ...person, signsIn: [person.role].flat()[0] }));
  return {
    people: [...signIns(small.staff).map((one) => ({ ...one, small: true })), ...signIns({ people: others })],
    parts: [...smallParts(small, places, data), ...more.parts],
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
  const bytes = parts.map(({ content }) => gzipSync(JSON.stringify(content), { level: 9 }));
  const pictures = picturesDrawn();
  const text = (value) => JSON.stringify(value); // names are plain enough to be C strings too
  return `/* SPDX-License-Identifier: Apache-2.0 */
/* Written by tools/demo/generate.mjs. Do not edit: change data/demo and build again. */
#include "app/demo_internal.h"

${bytes.map((part, at) => cArray(`part_${at}`, part)).join('\n')}
${pictures.map(([, png], at) => cArray(`picture_${at}`, png)).join('\n')}
const struct demo_part demo_parts[] = {
${bytes.map((part, at) => `    {part_${at}, ${part.length}, ${parts[at].kind}, ${parts[at].small === true}},`).join('\n')}
};
const size_t demo_part_count = ${parts.length};

const struct demo_picture demo_pictures[] = {
${pictures.map(([name, png], at) => `    {${text(name)}, picture_${at}, ${png.length}},`).join('\n')}
};
const size_t demo_picture_count = ${pictures.length};

const struct app_demo_person app_demo_people[] = {
${people.map((one) => `    {${[one.name, one.role, one.practitioner, one.organization].map(text).join(', ')}, ${one.small === true}},`).join('\n')}
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
  process.stderr.write(`generate: ${process.env.DEBUG ? error.stack : error.message}\n`);
  process.exit(1);
}
