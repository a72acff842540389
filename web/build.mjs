// SPDX-License-Identifier: Apache-2.0
// Builds the pages: src/ becomes dist/, which tools/embed.mjs puts into the program.
// Names under dist/assets hold a hash of the content, so they may be cached for ever.
//
//   node build.mjs          for the program: small, checked against the size limit
//   node build.mjs --dev    with the gallery of components and readable code
//   node build.mjs --out F  into the folder F instead of dist
import { createHash } from 'node:crypto';
import * as esbuild from 'esbuild';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { languageOf, textsPlugin } from './texts.mjs';

const FIRST_PAGE_LIMIT = 150 * 1024; // compressed bytes before the first case is shown
const AHEAD_LIMIT = 32 * 1024; // compressed bytes of a file that is fetched before it is needed: the link may be thin
const here = dirname(fileURLToPath(import.meta.url));
const outAt = process.argv.indexOf('--out');
const dist = outAt < 0 ? join(here, 'dist') : resolve(process.argv[outAt + 1]);
const development = process.argv.includes('--dev');

function packedSize(bytes) {
  return gzipSync(bytes, { level: 9 }).length;
}

function kilobytes(count) {
  return `${(count / 1024).toFixed(1)} KB`.padStart(9);
}

function nameOf(outputs, entry) {
  const found = Object.entries(outputs).find(([, output]) => output.entryPoint === entry);
  if (!found) throw new Error(`no output for ${entry}`);
  return relative(dist, join(here, found[0]));
}

/** Everything the browser must load before the first page stands: the entry and its static imports. */
function firstPage(outputs, entries) {
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const link of outputs[name].imports) {
      if (link.kind === 'import-statement' && outputs[link.path]) visit(link.path);
    }
  };
  entries.forEach((entry) => visit(relative(here, join(dist, entry))));
  return seen;
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });

const { outputs } = (await esbuild.build({
  absWorkingDir: here,
  entryPoints: ['src/main.tsx', 'src/style/main.css', 'src/icon.svg'],
  outdir: dist,
  entryNames: 'assets/[name]-[hash]',
  chunkNames: 'assets/[name]-[hash]',
  loader: { '.svg': 'copy', '.woff2': 'file', '.page.css': 'text' },
  assetNames: 'assets/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  target: ['es2022'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  define: { DEVELOPMENT: String(development) },
  minify: !development,
  sourcemap: development ? 'inline' : false,
  legalComments: 'none',
  charset: 'utf8',
  metafile: true,
  plugins: [await textsPlugin(development)],
})).metafile;

const script = nameOf(outputs, 'src/main.tsx');
const style = nameOf(outputs, 'src/style/main.css');
const icon = nameOf(outputs, 'src/icon.svg');
const page = readFileSync(join(here, 'src/index.html'), 'utf8')
  .replace('{{style}}', `/${style}`)
  .replace('{{script}}', `/${script}`)
  .replaceAll('{{icon}}', `/${icon}`);
writeFileSync(join(dist, 'index.html'), page);
// the licence of the Tibetan font asks to go wherever the font goes
mkdirSync(join(dist, 'licences'));
copyFileSync(join(here, 'node_modules/@fontsource/noto-serif-tibetan/LICENSE'), join(dist, 'licences/noto-serif-tibetan.txt'));

const first = firstPage(outputs, [script, style]);
const ofLanguages = new Map(); // compressed bytes that the texts of the first pages add, by language
let total = packedSize(Buffer.from(page));
console.log(`${kilobytes(page.length)} ${kilobytes(total)} gzip  index.html`);
for (const name of Object.keys(outputs).sort()) {
  const bytes = readFileSync(join(here, name));
  const packed = packedSize(bytes);
  if (first.has(name)) total += packed;
  if (outputs[name].entryPoint?.startsWith('i18n/')) ofLanguages.set(languageOf(outputs[name]), packed);
  const when = first.has(name) ? '' : '  (when needed)';
  console.log(`${kilobytes(bytes.length)} ${kilobytes(packed)} gzip  ${basename(name)}${when}`);
}

/** The service worker: its script holds the version of this build and the names of its files. */
async function buildWorker() {
  const names = Object.keys(outputs).map((name) => `/${relative(dist, join(here, name))}`).sort();
  const begins = ['/', ...names.filter((name) => first.has(relative(here, join(dist, name)))), `/${icon}`];
  const isLight = (name) => packedSize(readFileSync(join(dist, name))) <= AHEAD_LIMIT;
  const ahead = names.filter((name) => name.endsWith('.js') && !begins.includes(name) && isLight(name)); // charts and fonts come when they are needed
  const texts = {}; // by language: a device fetches its own ahead
  for (const name of ahead) {
    const language = languageOf(outputs[relative(here, join(dist, name))]);
    if (language) (texts[language] ??= []).push(name);
  }
  const later = ahead.filter((name) => !languageOf(outputs[relative(here, join(dist, name))]));
  const version = createHash('sha256').update(page).update(names.join()).digest('hex').slice(0, 12);
  await esbuild.build({
    absWorkingDir: here,
    entryPoints: { sw: 'src/service-worker.ts' },
    outdir: dist,
    bundle: true,
    format: 'iife',
    target: ['es2022'],
    define: { VERSION: JSON.stringify(version), FIRST_FILES: JSON.stringify(begins), LATER_FILES: JSON.stringify(later), TEXT_FILES: JSON.stringify(texts) },
    minify: !development,
    legalComments: 'none',
    charset: 'utf8',
  });
  const bytes = readFileSync(join(dist, 'sw.js'));
  console.log(`${kilobytes(bytes.length)} ${kilobytes(packedSize(bytes))} gzip  sw.js  (after the first page)`);
}

await buildWorker();
console.log(`${kilobytes(total).trim()} compressed for the first page; the limit is ${kilobytes(FIRST_PAGE_LIMIT).trim()}`);
console.log(`more in another language: ${[...ofLanguages].map(([language, packed]) => `${language} ${kilobytes(packed).trim()}`).join(', ')}`);
const most = total + Math.max(...ofLanguages.values());
if (!development && most > FIRST_PAGE_LIMIT) {
  console.error(`The first page is over its limit with the longest texts (${kilobytes(most).trim()}): load something later or leave it out.`);
  process.exit(1);
}
