// SPDX-License-Identifier: Apache-2.0
// Writes data/report.json, the rows of `belay report`, as a C text.
//
//   node tools/report-template.mjs report.json OUT.c
import { readFileSync, writeFileSync } from 'node:fs';

const [source, target] = process.argv.slice(2);
if (!source || !target) {
  process.stderr.write('report-template: call it as: report-template.mjs report.json OUT.c\n');
  process.exit(2);
}
try {
  const bytes = Array.from(Buffer.from(JSON.stringify(JSON.parse(readFileSync(source, 'utf8'))), 'utf8'));
  const lines = [];
  for (let at = 0; at < bytes.length; at += 24) lines.push(`    ${bytes.slice(at, at + 24).join(',')},`);
  writeFileSync(target, `/* SPDX-License-Identifier: Apache-2.0 */
/* Written by tools/report-template.mjs. Do not edit: change data/report.json and build again. */
#include "app/report.h"

static const char text[] = {
${lines.join('\n')}
};

const struct str report_template = {text, sizeof(text)};
`);
} catch (error) {
  process.stderr.write(`report-template: ${source}: ${error.message}\n`);
  process.exit(1);
}
