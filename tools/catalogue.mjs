// SPDX-License-Identifier: Apache-2.0
// Writes data/illnesses.json as C tables: devices, procedures with the devices each needs,
// illnesses with the procedures each needs; each table in the order of its codes.
//
//   node tools/catalogue.mjs illnesses.json OUT.c
import { readFileSync, writeFileSync } from 'node:fs';

const [source, target] = process.argv.slice(2);
if (!source || !target) {
  process.stderr.write('catalogue: call it as: catalogue.mjs illnesses.json OUT.c\n');
  process.exit(2);
}

function sorted(list, kind, form) {
  const codes = new Set();
  for (const one of list) {
    if (!form.test(one.code)) throw new Error(`${kind} "${one.code}": that is no code`);
    if (codes.has(one.code)) throw new Error(`${kind} ${one.code} stands there twice`);
    if (!one.en || !one.zh) throw new Error(`${kind} ${one.code} has no name in English or Chinese`);
    codes.add(one.code);
  }
  return [...list].sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** The places in ${table} of ${codes}. */
function numbers(table, codes, whose) {
  return codes.map((code) => {
    const at = table.findIndex((one) => one.code === code);
    if (at < 0) throw new Error(`${whose} names ${code}, which is not in the catalogue`);
    return at;
  });
}

function makeC({ version, devices, procedures, illnesses }) {
  const list = (name, values) => (values.length ? `static const uint16_t ${name}[] = {${values.join(', ')}};\n` : '');
  const text = (value) => JSON.stringify(value);
  let lists = '';
  const rowOf = (kind, one, at, values, more) => {
    lists += list(`${kind}_${at}`, values);
    return `    {${text(one.code)}, ${text(one.en)}, ${values.length ? `${kind}_${at}` : 'NULL'}, ${values.length}${more}},`;
  };
  const procedureRows = procedures.map((one, at) => rowOf('procedure', one, at, numbers(devices, one.devices ?? [], one.code), `, ${Boolean(one.hands)}`));
  const illnessRows = illnesses.map((one, at) => {
    if (!one.needs?.length) throw new Error(`illness ${one.code} needs nothing`);
    return rowOf('illness', one, at, numbers(procedures, one.needs, one.code), ', false');
  });
  return `/* SPDX-License-Identifier: Apache-2.0 */
/* Written by tools/catalogue.mjs. Do not edit: change data/illnesses.json and build again. */
#include "app/catalogue.h"

${lists}
const char *const catalogue_version = ${text(version)};

const struct catalogue_entry catalogue_devices[] = {
${devices.map((one) => `    {${text(one.code)}, ${text(one.en)}, NULL, 0, false},`).join('\n')}
};
const size_t catalogue_device_count = ${devices.length};

const struct catalogue_entry catalogue_procedures[] = {
${procedureRows.join('\n')}
};
const size_t catalogue_procedure_count = ${procedures.length};

const struct catalogue_entry catalogue_illnesses[] = {
${illnessRows.join('\n')}
};
const size_t catalogue_illness_count = ${illnesses.length};
`;
}

try {
  const all = JSON.parse(readFileSync(source, 'utf8'));
  const word = /^[a-z][a-z-]*[a-z]$/;
  writeFileSync(target, makeC({
    version: all.version,
    devices: sorted(all.devices, 'device', word),
    procedures: sorted(all.procedures, 'procedure', word),
    illnesses: sorted(all.illnesses, 'illness', /^[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?$/),
  }));
} catch (error) {
  process.stderr.write(`catalogue: ${source}: ${error.message}\n`);
  process.exit(1);
}
