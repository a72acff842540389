// SPDX-License-Identifier: Apache-2.0
// Writes a folder of web files as one C file: the table that src/http/assets.h declares.
// The same folder gives the same C file, byte for byte: entries are sorted, no time and
// no path of the machine goes in.
//
//   node tools/embed.mjs DIST OUT.c     DIST must hold index.html
//   node tools/embed.mjs --none OUT.c   an empty table, for a program without pages
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const MEDIA_TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};
const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.json', '.svg', '.txt', '.webmanifest']);
const BYTES_A_LINE = 24;

function fail(code, sentence) {
  process.stderr.write(`embed: ${sentence}\n`);
  process.exit(code);
}

function walk(folder, prefix) {
  const found = [];
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) found.push(...walk(path, `${prefix}${name}/`));
    else found.push({ path: `${prefix}${name}`, file: path });
  }
  return found;
}

function compress(bytes) {
  const packed = gzipSync(bytes, { level: 9 });
  packed[9] = 255; // "unknown system": the only byte that differs between machines
  return packed;
}

function cString(text) {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

function cArray(name, bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += BYTES_A_LINE) {
    lines.push('    ' + Array.from(bytes.subarray(at, at + BYTES_A_LINE)).join(',') + ',');
  }
  // an empty file still needs one byte: C has no array of nothing
  const body = lines.length > 0 ? lines.join('\n') : '    0,';
  return `static const unsigned char ${name}[] = {\n${body}\n};\n`;
}

function describe({ path, file }, index) {
  const kind = extname(path);
  const media = MEDIA_TYPES[kind];
  if (!media) fail(1, `${path} has an ending with no media type; add it to MEDIA_TYPES.`);
  const bytes = readFileSync(file);
  const packed = COMPRESSIBLE.has(kind) ? compress(bytes) : null;
  const etag = `"${createHash('sha256').update(bytes).digest('hex').slice(0, 20)}"`;
  const useful = packed !== null && packed.length < bytes.length;
  const arrays = cArray(`data_${index}`, bytes) + (useful ? cArray(`gzip_${index}`, packed) : '');
  const row = `    {${cString(path)}, ${cString(media)}, ${cString(etag)}, data_${index}, ` +
    `${bytes.length}, ${useful ? `gzip_${index}, ${packed.length}` : 'NULL, 0'}},`;
  return { arrays, row };
}

const [source, target] = process.argv.slice(2);
if (!source || !target) fail(2, 'call it as: embed.mjs DIST OUT.c, or embed.mjs --none OUT.c');

let files = [];
if (source !== '--none') {
  try {
    files = walk(source, '/');
  } catch (error) {
    fail(3, `cannot read ${source}: ${error.message}`);
  }
  if (!files.some((entry) => entry.path === '/index.html')) {
    fail(1, `${source} holds no index.html; build the pages first (node web/build.mjs).`);
  }
  files.sort((a, b) => (Buffer.from(a.path).compare(Buffer.from(b.path))));
}
const parts = files.map(describe);
const rows = parts.map((part) => part.row);
if (rows.length === 0) rows.push('    {NULL, NULL, NULL, NULL, 0, NULL, 0},');

mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, `/* SPDX-License-Identifier: Apache-2.0 */
/* Written by tools/embed.mjs. Do not edit: build the pages again. */
#include "http/assets.h"

${parts.map((part) => part.arrays).join('\n')}
const struct http_asset http_assets[] = {
${rows.join('\n')}
};
const size_t http_asset_count = ${parts.length};
`);
