// SPDX-License-Identifier: Apache-2.0
// Writes data/procedure-rules.json as a C table: by which rule a procedure's learning curve
// is judged. What a procedure does not say is as usual.
//
//   node tools/procedure-rules.mjs procedure-rules.json procedures.json OUT.c
import { readFileSync, writeFileSync } from 'node:fs';

const [source, catalogue, target] = process.argv.slice(2);
if (!source || !catalogue || !target) {
  process.stderr.write('procedure-rules: call it as: procedure-rules.mjs procedure-rules.json procedures.json OUT.c\n');
  process.exit(2);
}

const results = ['', 'well', 'complication', 'serious', 'died'];
const names = ['inadequate', 'adequate', 'horizon', 'alpha', 'highestRate', 'confidence', 'volume', 'ratings', 'level',
  'assessors', 'rotations', 'outcomeShare', 'recentCases', 'recentDays', 'validMonths'];

function row(code, rule) {
  for (const name of names) if (!(rule[name] > 0)) throw new Error(`${code}: ${name} must be above 0`);
  if (!(rule.adequate < rule.inadequate && rule.inadequate < 1)) throw new Error(`${code}: adequate must be below inadequate`);
  if (!(rule.validMonths >= 12 && rule.validMonths <= 24)) throw new Error(`${code}: validMonths must be 12 to 24`);
  if (!rule.source) throw new Error(`${code} says no source`);
  for (const name of Object.keys(rule)) {
    if (![...names, 'failure', 'source'].includes(name)) throw new Error(`${code}: ${name} is no parameter`);
  }
  const failure = rule.failure.reduce((bits, word) => {
    if (results.indexOf(word) < 2) throw new Error(`${code}: ${word} is no failure`);
    return bits | (1 << results.indexOf(word));
  }, 0);
  const real = (value) => (Number.isInteger(value) ? `${value}.0` : String(value));
  return `    {${JSON.stringify(code)}, ${JSON.stringify(rule.source)}, ${failure},
        {.inadequate = ${real(rule.inadequate)}, .adequate = ${real(rule.adequate)}, .horizon = ${rule.horizon}, .alpha = ${real(rule.alpha)}},
        {.volume = ${rule.volume}, .ratings = ${rule.ratings}, .level = (enum independence)${rule.level},
            .assessors = ${rule.assessors}, .rotations = ${rule.rotations}, .outcome_share = ${real(rule.outcomeShare)},
            .highest_rate = ${real(rule.highestRate)}, .confidence = ${real(rule.confidence)},
            .recent_cases = ${rule.recentCases}, .recent_days = ${rule.recentDays}}, ${rule.validMonths}},`;
}

try {
  const all = JSON.parse(readFileSync(source, 'utf8'));
  const known = new Set(JSON.parse(readFileSync(catalogue, 'utf8')).procedures.map((one) => one.code));
  const codes = Object.keys(all.procedures).sort();
  for (const code of codes) if (!known.has(code)) throw new Error(`${code} is no procedure of the catalogue`);
  writeFileSync(target, `/* SPDX-License-Identifier: Apache-2.0 */
/* Written by tools/procedure-rules.mjs. Do not edit: change data/procedure-rules.json and build again. */
#include "app/procedure_rule.h"

const char *const procedure_rules_version = ${JSON.stringify(all.version)};

struct procedure_rule procedure_rules[] = {
${row('', all.usual)}
${codes.map((code) => row(code, { ...all.usual, ...all.procedures[code] })).join('\n')}
};
const size_t procedure_rule_count = ${codes.length + 1};
`);
} catch (error) {
  process.stderr.write(`procedure-rules: ${source}: ${error.message}\n`);
  process.exit(1);
}
