// SPDX-License-Identifier: Apache-2.0
// Holds the catalogues of texts together: every language has every key, no key is
// unused, no key is used that does not exist, and the {names} in a text are the same
// in every language. Keys are written out in the sources, never put together from
// parts, so that this check can see them.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const SOURCE_LANGUAGE = 'en';
const KEY = /'([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+)'/g; // 'page.thing', as the sources quote it
const problems = [];

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function catalogue(file) {
  const raw = readFileSync(join(here, 'i18n', file), 'utf8');
  const parsed = JSON.parse(raw);
  const keys = [...raw.matchAll(/^\s*"([a-z0-9.-]+)":/gm)].map((match) => match[1]);
  keys.forEach((key, at) => {
    if (keys.indexOf(key) !== at) problems.push(`${file}: "${key}" is there twice`);
  });
  if (!['author', 'machine', 'reviewed'].includes(parsed.meta?.translation)) {
    problems.push(`${file}: meta.translation must be author, machine or reviewed`);
  }
  return parsed.texts;
}

function names(text) {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort().join(' ');
}

const files = readdirSync(join(here, 'i18n')).filter((name) => name.endsWith('.json')).sort();
const texts = new Map(files.map((file) => [file.replace('.json', ''), catalogue(file)]));
const source = texts.get(SOURCE_LANGUAGE);

const used = new Set();
for (const file of sources(join(here, 'src'))) {
  const text = readFileSync(file, 'utf8');
  for (const [, key] of text.matchAll(KEY)) used.add(key);
  for (const [, key] of text.matchAll(/\bt\('([^']+)'/g)) {
    if (!(key in source)) problems.push(`${file.slice(here.length + 1)}: "${key}" is in no catalogue`);
  }
}
for (const key of Object.keys(source)) {
  if (!used.has(key)) problems.push(`${SOURCE_LANGUAGE}.json: "${key}" is used nowhere`);
}
for (const [language, entries] of texts) {
  for (const key of Object.keys(source)) {
    if (!(key in entries)) problems.push(`${language}.json: "${key}" is missing`);
    else if (entries[key].trim() === '') problems.push(`${language}.json: "${key}" is empty`);
    else if (names(entries[key]) !== names(source[key])) {
      problems.push(`${language}.json: "${key}" has other {names} than ${SOURCE_LANGUAGE}.json`);
    }
  }
  for (const key of Object.keys(entries)) {
    if (!(key in source)) problems.push(`${language}.json: "${key}" is not in ${SOURCE_LANGUAGE}.json`);
  }
}

problems.forEach((problem) => console.error(problem));
console.log(`${Object.keys(source).length} texts in ${texts.size} languages, ${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);
