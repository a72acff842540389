// SPDX-License-Identifier: Apache-2.0
// Writes the catalogue as C tables: devices, procedures with the devices each needs, illnesses
// with the procedures each needs; each table in the order of its codes. And as the text that
// `belay catalogue` writes and reads (docs/CATALOGUE.md).
//
//   node tools/catalogue.mjs OUT.c procedures.json CHAPTER.tsv...
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

const [target, procedureFile, ...chapters] = process.argv.slice(2);
if (!target || !procedureFile || chapters.length === 0) {
  process.stderr.write('catalogue: call it as: catalogue.mjs OUT.c procedures.json CHAPTER.tsv...\n');
  process.exit(2);
}

const COLUMNS = 'code english chinese specialty level needs also'.split(' ');
const LEVELS = ['minor', 'moderate', 'serious'];
const WORD = /^[a-z][a-z-]*[a-z]$/;
const ICD_10 = /^[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?$/;
const ICD_9 = /^\d\d\.\d{1,2}$/;

/** The illnesses of one chapter; what is wrong is told with its line. */
function readChapter(file) {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  if (lines[0] !== COLUMNS.join('\t')) throw new Error(`${basename(file)}: its first line does not name the columns`);
  return lines.slice(1).map((line, at) => {
    const [code, en, zh, specialty, level, needs, also = '', ...more] = line.split('\t');
    if (!needs || needs.split(' ').length > 8 || more.length > 0) throw new Error(`${basename(file)}:${at + 2}: that are not its columns`);
    if (!LEVELS.includes(level)) throw new Error(`${basename(file)}:${at + 2}: "${level}" is no level`);
    return { code, en, zh, specialty, level, needs: needs.split(' '), also };
  });
}

function sorted(list, kind, form) {
  const codes = new Set();
  for (const one of list) {
    if (!form.test(one.code)) throw new Error(`${kind} "${one.code}": that is no code`);
    if (codes.has(one.code)) throw new Error(`${kind} ${one.code} stands there twice`);
    if (!one.en || !one.zh) throw new Error(`${kind} ${one.code} has no name in English or Chinese`);
    if (one.icd9?.some((code) => !ICD_9.test(code))) throw new Error(`${kind} ${one.code} has a code that is none of ICD-9-CM-3`);
    codes.add(one.code);
  }
  return [...list].sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** The place in ${table} of ${code}. */
function number(table, code, whose) {
  const at = table.findIndex((one) => one.code === code);
  if (at < 0) throw new Error(`${whose} names ${code}, which is not in the catalogue`);
  return at;
}

/** All of it, a line each, with tabs between the columns: the form of docs/CATALOGUE.md. */
function makeText({ version, specialties, devices, procedures, illnesses }) {
  const words = (list) => (list ?? []).join(' ');
  return [
    ['catalogue', version],
    ...specialties.map((one) => ['specialty', one.code, one.en, one.zh]),
    ...devices.map((one) => ['device', one.code, one.en, one.zh]),
    ...procedures.map((one) => ['procedure', one.code, one.en, one.zh, words(one.devices), one.hands ? 'hands' : '', words(one.icd9)]),
    ...illnesses.map((one) => ['illness', one.code, one.en, one.zh, one.specialty, one.level, words(one.needs), one.also]),
  ].map((line) => `${line.join('\t')}\n`).join('');
}

function cBytes(text) {
  const bytes = [...Buffer.from(text, 'utf8')];
  const lines = [];
  for (let at = 0; at < bytes.length; at += 24) lines.push(`    ${bytes.slice(at, at + 24).join(',')},`);
  return { lines: lines.join('\n'), count: bytes.length };
}

function makeC(all) {
  const { version, specialties, devices, procedures, illnesses } = all;
  const whole = cBytes(makeText(all));
  const text = (value) => JSON.stringify(value);
  const lists = new Map(); // many need the same: it stands there once
  const listOf = (table, codes, whose) => {
    if (codes.length === 0) return 'NULL';
    const values = codes.map((code) => number(table, code, whose)).join(', ');
    if (!lists.has(values)) lists.set(values, `list_${lists.size}`);
    return lists.get(values);
  };
  const procedureRows = procedures.map((one) => {
    const needs = one.devices ?? [];
    return `    {.code = ${text(one.code)}, .name = ${text(one.en)}, .needs = ${listOf(devices, needs, one.code)}, .need_count = ${needs.length}, .hands = ${Boolean(one.hands)}},`;
  });
  const illnessRows = illnesses.map((one) => {
    number(specialties, one.specialty, one.code);
    return `    {.code = ${text(one.code)}, .name = ${text(one.en)}, .needs = ${listOf(procedures, one.needs, one.code)}, .need_count = ${one.needs.length}, .specialty = ${text(one.specialty)}, .level = CATALOGUE_${one.level.toUpperCase()}},`;
  });
  return `/* SPDX-License-Identifier: Apache-2.0 */
/* Written by tools/catalogue.mjs. Do not edit: change data/procedures.json or data/illnesses
 * and build again. */
#include "app/catalogue.h"

${[...lists].map(([values, name]) => `static const uint16_t ${name}[] = {${values}};`).join('\n')}

static const struct catalogue_entry devices[] = {
${devices.map((one) => `    {.code = ${text(one.code)}, .name = ${text(one.en)}},`).join('\n')}
};

static const struct catalogue_entry procedures[] = {
${procedureRows.join('\n')}
};

static const struct catalogue_entry illnesses[] = {
${illnessRows.join('\n')}
};

const struct catalogue catalogue_built_in = {${text(version)}, devices, procedures, illnesses,
    ${devices.length}, ${procedures.length}, ${illnesses.length}};

const char *catalogue_version = ${text(version)};
const struct catalogue_entry *catalogue_devices = devices;
const struct catalogue_entry *catalogue_procedures = procedures;
const struct catalogue_entry *catalogue_illnesses = illnesses;
size_t catalogue_device_count = ${devices.length};
size_t catalogue_procedure_count = ${procedures.length};
size_t catalogue_illness_count = ${illnesses.length};

static const unsigned char whole[] = {
${whole.lines}
};

struct str catalogue_built_in_text(void)
{
    return (struct str){(const char *)whole, ${whole.count}};
}
`;
}

try {
  const all = JSON.parse(readFileSync(procedureFile, 'utf8'));
  writeFileSync(target, makeC({
    version: all.version,
    specialties: sorted(all.specialties, 'specialty', WORD),
    devices: sorted(all.devices, 'device', WORD),
    procedures: sorted(all.procedures, 'procedure', WORD),
    illnesses: sorted(chapters.flatMap(readChapter), 'illness', ICD_10),
  }));
} catch (error) {
  process.stderr.write(`catalogue: ${error.message}\n`);
  process.exit(1);
}
