// SPDX-License-Identifier: Apache-2.0
// Workbooks, read back by the pages' own reader, and their parts as they are.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Skip } from './scenario.mjs';
import { DOMParser } from './xml.mjs';

const ESBUILD = new URL('../../../web/node_modules/esbuild/lib/main.js', import.meta.url);
const PAGES = new URL('../../../web/src/', import.meta.url).pathname;

/** { sheets(bytes): [{ name, rows }], parts(bytes): { path: text } } */
export async function workbooks() {
  const esbuild = await import(ESBUILD).catch(() => null);
  if (!esbuild) throw new Skip('the tools of the pages are not here');
  const folder = mkdtempSync(join(tmpdir(), 'belay-workbook-'));
  const outfile = join(folder, 'reader.mjs');
  await esbuild.build({
    stdin: { contents: "export { readXlsx } from './lib/xlsx'; export { strFromU8, unzipSync } from 'fflate';", resolveDir: PAGES, loader: 'ts' },
    outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'error',
  });
  const { readXlsx, strFromU8, unzipSync } = await import(outfile);
  rmSync(folder, { recursive: true });
  globalThis.DOMParser = DOMParser;
  return {
    sheets: (bytes) => readXlsx(new Uint8Array(bytes)),
    parts: (bytes) => Object.fromEntries(Object.entries(unzipSync(new Uint8Array(bytes))).map(([path, content]) => [path, strFromU8(content)])),
  };
}
