// SPDX-License-Identifier: Apache-2.0
// Writes the words of data/passwords/common.txt as a C table, the longest first, so that
// taking words out of a password takes the longest that fits.
//
//   node tools/passwords.mjs common.txt OUT.c
import { readFileSync, writeFileSync } from 'node:fs';

const [source, target] = process.argv.slice(2);
if (!source || !target) {
  process.stderr.write('passwords: call it as: passwords.mjs common.txt OUT.c\n');
  process.exit(2);
}
const lines = readFileSync(source, 'utf8').split('\n').filter((line) => !line.startsWith('#'));
const words = [...new Set(lines.join(' ').split(/\s+/).filter(Boolean))];
const odd = words.filter((word) => !/^[a-z]{3,30}$/.test(word));
if (odd.length > 0) {
  process.stderr.write(`passwords: not 3 to 30 small letters: ${odd.join(' ')}\n`);
  process.exit(1);
}
words.sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
writeFileSync(target, `/* SPDX-License-Identifier: Apache-2.0 */
/* Written by tools/passwords.mjs. Do not edit: change data/passwords and build again. */
#include "app/password_words_internal.h"

const char *const password_words[] = {
${words.map((word) => `    "${word}",`).join('\n')}
};
const size_t password_word_count = ${words.length};
`);
