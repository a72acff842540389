// SPDX-License-Identifier: Apache-2.0
// Writes data/procedure-rules.json as ProcedureRules, in C: by which rule a procedure's learning
// curve is judged. What a procedure does not say is as usual. The first is the usual one.
//
//   node tools/procedure-rules.mjs procedure-rules.json procedures.json OUT.c
import { readFileSync, writeFileSync } from 'node:fs';

const [source, catalogue, target] = process.argv.slice(2);
if (!source || !catalogue || !target) {
  process.stderr.write('procedure-rules: call it as: procedure-rules.mjs procedure-rules.json procedures.json OUT.c\n');
  process.exit(2);
}

const failures = ['complication', 'serious', 'died'];
const names = ['inadequate', 'adequate', 'horizon', 'alpha', 'highestRate', 'confidence', 'volume', 'ratings', 'level',
  'assessors', 'rotations', 'outcomeShare', 'recentCases', 'recentDays', 'validMonths'];

function record(code, rule, version) {
  for (const name of names) if (!(rule[name] > 0)) throw new Error(`${code}: ${name} must be above 0`);
  if (!(rule.adequate < rule.inadequate && rule.inadequate < 1)) throw new Error(`${code}: adequate must be below inadequate`);
  if (!(rule.validMonths >= 12 && rule.validMonths <= 24)) throw new Error(`${code}: validMonths must be 12 to 24`);
  if (!rule.source) throw new Error(`${code} says no source`);
  for (const name of Object.keys(rule)) {
    if (![...names, 'failure', 'source'].includes(name)) throw new Error(`${code}: ${name} is no parameter`);
  }
  for (const word of rule.failure) if (!failures.includes(word)) throw new Error(`${code}: ${word} is no failure`);
  return JSON.stringify({
    resourceType: 'ProcedureRule',
    id: `${code}-${version}`,
    ...(code === 'usual' ? {} : { procedure: { coding: [{ system: 'https://belay.health/CodeSystem/procedure', code }] } }),
    version,
    source: rule.source,
    ...Object.fromEntries(names.map((name) => [name, rule[name]])),
    failure: rule.failure,
  });
}

try {
  const all = JSON.parse(readFileSync(source, 'utf8'));
  const known = new Set(JSON.parse(readFileSync(catalogue, 'utf8')).procedures.map((one) => one.code));
  const codes = Object.keys(all.procedures).sort();
  for (const code of codes) if (!known.has(code)) throw new Error(`${code} is no procedure of the catalogue`);
  if (!(Number.isInteger(all.version) && all.version > 0)) throw new Error('version must be a number: 1, 2, 3');
  const records = [record('usual', all.usual, all.version), ...codes.map((code) => record(code, { ...all.usual, ...all.procedures[code] }, all.version))];
  writeFileSync(target, `/* SPDX-License-Identifier: Apache-2.0 */
/* Written by tools/procedure-rules.mjs. Do not edit: change data/procedure-rules.json and build again. */
#include "app/procedure_rule.h"

const char *const procedure_rule_texts[] = {
${records.map((text) => `    ${JSON.stringify(text)},`).join('\n')}
};
const size_t procedure_rule_text_count = ${records.length};
`);
} catch (error) {
  process.stderr.write(`procedure-rules: ${source}: ${error.message}\n`);
  process.exit(1);
}
