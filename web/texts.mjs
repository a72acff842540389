// SPDX-License-Identifier: Apache-2.0
// Cuts the catalogues of texts (i18n/*.json, one file a language) for the build: what the first
// pages show stays in the language's own file; what is used only behind an import(), as every
// page of later() is, becomes a part that comes with it.
//
//   src/navigation.ts   import('./pages/find')  ->  withTexts('pages/find', import('./pages/find'))
//   i18n/zh.json        { meta, texts: of the first pages, lacking, parts: { 'pages/find': () => import(part) } }
//   a part              { texts: in the language, english: those that the language lacks }
//
// Nobody keeps a list of what belongs where: a key is written out in the source that uses it
// (check-catalogues.mjs holds that), a source runs only if main.tsx or an import() brings it, and
// esbuild itself says what brings what. So no page can stand before its texts. Two pages
// that show the same text both have it in their part.
import * as esbuild from 'esbuild';
import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const START = 'src/main.tsx';
const SOURCE_LANGUAGE = 'en';
const OURS = /^src\/.*\.tsx?$/;
const IMPORT = /(?<!typeof )\bimport\('([^']+)'\)/g;
const PREFIX = 'texts:';
/** 'page.thing', as the sources quote a key. */
export const KEY = /'([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+)'/g;

/** The catalogues as the translators have them, by language. */
export function catalogues() {
  const files = readdirSync(join(here, 'i18n')).filter((name) => name.endsWith('.json')).sort();
  return new Map(files.map((file) => [basename(file, '.json'), JSON.parse(readFileSync(join(here, 'i18n', file), 'utf8'))]));
}

/** What imports what, as esbuild itself reads it: a path under web/ -> its imports. */
async function graph(development) {
  const { metafile } = await esbuild.build({
    absWorkingDir: here,
    entryPoints: [START],
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { DEVELOPMENT: String(development) },
    write: false,
    metafile: true,
  });
  return metafile.inputs;
}

/** Every source that is there once ${start} is: what it imports, and what those import. */
function broughtBy(inputs, start) {
  const seen = new Set();
  const visit = (path) => {
    if (seen.has(path) || !inputs[path]) return;
    seen.add(path);
    inputs[path].imports.filter(({ kind }) => kind === 'import-statement').forEach((one) => visit(one.path));
  };
  visit(start);
  return [...seen].filter((path) => OURS.test(path));
}

function keysOf(paths, known) {
  const found = paths.flatMap((path) => [...readFileSync(join(here, path), 'utf8').matchAll(KEY)].map(([, key]) => key));
  return new Set(found.filter((key) => key in known));
}

const partName = (path) => path.replace(/^src\//, '').replace(/\.tsx?$/, '');

/**
 * How the texts are cut: ${first} are the keys of the first pages, ${parts} those of each part by
 * its name, ${imports} says for each source which part each of its import() brings.
 */
export async function cutTexts(development = false) {
  const known = catalogues().get(SOURCE_LANGUAGE).texts;
  const inputs = await graph(development);
  const first = keysOf(broughtBy(inputs, START), known);
  const parts = new Map();
  const imports = new Map();
  for (const [path, { imports: found }] of Object.entries(inputs)) {
    for (const one of found.filter(({ kind }) => OURS.test(path) && kind === 'dynamic-import')) {
      const keys = [...keysOf(broughtBy(inputs, one.path), known)].filter((key) => !first.has(key)).sort();
      if (keys.length === 0) continue;
      parts.set(partName(one.path), keys);
      imports.set(path, (imports.get(path) ?? new Map()).set(one.original, partName(one.path)));
    }
  }
  return { first, parts, imports };
}

/** The source ${path}, in which each import() of a part waits for its texts too. */
function waiting(path, parts) {
  const missed = new Set(parts.keys());
  const text = readFileSync(join(here, path), 'utf8').replace(IMPORT, (whole, name) => {
    if (!parts.has(name)) return whole;
    missed.delete(name);
    return `withTexts('${parts.get(name)}', ${whole})`;
  });
  if (missed.size > 0) throw new Error(`${path}: write import('${[...missed][0]}') like this, so that its texts are found`);
  return `import { withTexts } from '${join(here, 'src/lib/i18n')}'; ${text}`;
}

function chosen(texts, keys) {
  return Object.fromEntries(keys.filter((key) => key in texts).map((key) => [key, texts[key]]));
}

/** The catalogue of ${language} as the first pages get it. */
function firstOf(language, { first, parts }) {
  const { meta, texts } = catalogues().get(language);
  const lacking = Object.keys(catalogues().get(SOURCE_LANGUAGE).texts).filter((key) => !(key in texts)).length;
  const loads = [...parts.keys()].map((name) => `'${name}': () => import('${PREFIX}${language}/${name}')`);
  return `export default { meta: ${JSON.stringify(meta)}, lacking: ${lacking}, texts: ${JSON.stringify(chosen(texts, [...first].sort()))}, parts: { ${loads.join(', ')} } };`;
}

function partOf(language, keys) {
  const { texts } = catalogues().get(language);
  const source = catalogues().get(SOURCE_LANGUAGE).texts;
  return JSON.stringify({ texts: chosen(texts, keys), english: chosen(source, keys.filter((key) => !(key in texts))) });
}

/** The plugin of esbuild that cuts them. */
export async function textsPlugin(development) {
  const plan = await cutTexts(development);
  return {
    name: 'texts',
    setup(build) {
      build.onLoad({ filter: /\/src\/.*\.tsx?$/ }, ({ path }) => {
        const parts = plan.imports.get(relative(here, path));
        return parts && { contents: waiting(relative(here, path), parts), loader: path.endsWith('x') ? 'tsx' : 'ts' };
      });
      build.onLoad({ filter: /\/i18n\/\w+\.json$/ }, ({ path }) => ({ contents: firstOf(basename(path, '.json'), plan), loader: 'js', resolveDir: here }));
      build.onResolve({ filter: new RegExp(`^${PREFIX}`) }, ({ path }) => ({ path: path.slice(PREFIX.length), namespace: 'texts' }));
      build.onLoad({ filter: /./, namespace: 'texts' }, ({ path }) => {
        const [language, ...name] = path.split('/');
        return { contents: partOf(language, plan.parts.get(name.join('/'))), loader: 'json' };
      });
    },
  };
}

/** Of which language an output of esbuild holds texts alone, by its entry; undefined for all else. */
export function languageOf({ entryPoint = '' }) {
  return /^(?:texts:|i18n\/)(\w+)[/.]/.exec(entryPoint)?.[1];
}
