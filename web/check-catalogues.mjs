// SPDX-License-Identifier: Apache-2.0
// Holds the catalogues of texts together: every language has every key, no key is
// unused, no key is used that does not exist, and the {names} in a text are the same
// in every language. Keys are written out in the sources, never put together from
// parts, so that this check can see them, and so that the build can cut the catalogues by
// page (texts.mjs): each key is then in the texts of the first pages or in those of a part.
//
// Languages that follow (FOLLOWING) may lack texts between two rounds of translation: the
// pages show those in English and say how many. They are listed here; the full tier
// (BELAY_TIER=full) takes each for a problem.
//
//   node check-catalogues.mjs              what is wrong, and a line a language
//   node check-catalogues.mjs --missing bo the texts Tibetan lacks, in English, as JSON
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KEY, cutTexts } from './texts.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const SOURCE_LANGUAGE = 'en';
const FOLLOWING = ['bo', 'ru'];
const full = process.env.BELAY_TIER === 'full';
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
  return parsed;
}

function names(text) {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort().join(' ');
}

/** A text, or its forms for numbers: exactly those the language tells apart. */
function checkText(language, key, text, original) {
  const where = `${language}.json: "${key}"`;
  const forms = typeof text === 'string' ? [text] : Object.values(text);
  if (typeof text !== 'string') {
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    if ([...wanted].sort().join() !== Object.keys(text).sort().join()) problems.push(`${where} must have the forms ${wanted.join(', ')}`);
  }
  const expected = names(typeof original === 'string' ? original : original.other);
  for (const form of forms) {
    if (form.trim() === '') problems.push(`${where} is empty`);
    else if (names(form) !== expected) problems.push(`${where} has other {names} than ${SOURCE_LANGUAGE}.json`);
  }
}

const files = readdirSync(join(here, 'i18n')).filter((name) => name.endsWith('.json')).sort();
const catalogues = new Map(files.map((file) => [file.replace('.json', ''), catalogue(file)]));
const source = catalogues.get(SOURCE_LANGUAGE).texts;

if (process.argv[2] === '--missing') {
  const { texts } = catalogues.get(process.argv[3]);
  console.log(JSON.stringify(Object.fromEntries(Object.entries(source).filter(([key]) => !(key in texts))), null, 1));
  process.exit(0);
}

const used = new Set();
const { first, parts } = await cutTexts();
const reached = new Set([...first, ...[...parts.values()].flat()]);
for (const file of sources(join(here, 'src'))) {
  const text = readFileSync(file, 'utf8');
  for (const [, key] of text.matchAll(KEY)) used.add(key);
  for (const [, key] of text.matchAll(/["`]([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+)["`]/g)) {
    if (key in source) problems.push(`${file.slice(here.length + 1)}: write '${key}' in single quotes, as a key`);
  }
  for (const [, key] of text.matchAll(/\bt\('([^']+)'/g)) {
    if (!(key in source)) problems.push(`${file.slice(here.length + 1)}: "${key}" is in no catalogue`);
  }
}
for (const key of Object.keys(source)) {
  if (!used.has(key)) problems.push(`${SOURCE_LANGUAGE}.json: "${key}" is used nowhere`);
  else if (!reached.has(key)) problems.push(`${SOURCE_LANGUAGE}.json: "${key}" is used by nothing that main.tsx brings`);
}
for (const [language, { texts, meta }] of catalogues) {
  const missing = Object.keys(source).filter((key) => !(key in texts));
  if (full || !FOLLOWING.includes(language)) missing.forEach((key) => problems.push(`${language}.json: "${key}" is missing`));
  for (const [key, text] of Object.entries(texts)) {
    if (key in source) checkText(language, key, text, source[key]);
    else problems.push(`${language}.json: "${key}" is not in ${SOURCE_LANGUAGE}.json`);
  }
  const lacks = missing.length === 0 ? '' : `, ${missing.length} missing: ${missing.slice(0, 5).join(' ')}${missing.length > 5 ? ' …' : ''}`;
  console.log(`${language}: ${Object.keys(texts).length} texts, made by ${meta.translation}${lacks}`);
}

problems.forEach((problem) => console.error(problem));
console.log(`${first.size} texts come with the first pages, the others in ${parts.size} parts`);
console.log(`${Object.keys(source).length} texts in ${catalogues.size} languages, ${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);
