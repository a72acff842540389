// SPDX-License-Identifier: Apache-2.0
// Writes definitions/indicators.json as a C text with its digest, so that the program reads
// the very definitions that it publishes.
//
//   node tools/indicators.mjs indicators.json OUT.c
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const [source, target] = process.argv.slice(2);
if (!source || !target) {
  process.stderr.write('indicators: call it as: indicators.mjs indicators.json OUT.c\n');
  process.exit(2);
}
try {
  const compact = JSON.stringify(JSON.parse(readFileSync(source, 'utf8')));
  const digest = createHash('sha256').update(compact).digest('hex').slice(0, 16);
  const bytes = Array.from(Buffer.from(compact, 'utf8'));
  const lines = [];
  for (let at = 0; at < bytes.length; at += 24) lines.push(`    ${bytes.slice(at, at + 24).join(',')},`);
  writeFileSync(target, `/* SPDX-License-Identifier: Apache-2.0 */
/* Written by tools/indicators.mjs. Do not edit: change definitions/indicators.json and build again. */
#include "view/indicator_define.h"

static const unsigned char text[] = {
${lines.join('\n')}
};

const struct indicator_text indicator_text = {text, sizeof(text)};
const char indicator_digest[] = INDICATOR_FORM "-${digest}";
`);
} catch (error) {
  process.stderr.write(`indicators: ${source}: ${error.message}\n`);
  process.exit(1);
}
