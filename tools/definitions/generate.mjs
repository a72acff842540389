// SPDX-License-Identifier: Apache-2.0
// Writes the tables that src/fhir/definition.h declares, from the published definitions
// of FHIR R4 and from ours in definitions/. The same input gives the same C file, byte
// for byte.
//
//   node tools/definitions/generate.mjs OUT.c
//
// sources.mjs reads, types.mjs codes.mjs search.mjs hierarchy.mjs build, emit.mjs writes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { buildValueSets } from './codes.mjs';
import { emit } from './emit.mjs';
import { buildHierarchies } from './hierarchy.mjs';
import { buildCompartments, buildSearch } from './search.mjs';
import { readSources } from './sources.mjs';
import { buildTypes } from './types.mjs';

function generate(target) {
  const sources = readSources();
  const model = buildTypes(sources);
  const valueSets = buildValueSets(sources, model.types);
  const search = buildSearch(sources, model);
  const links = buildCompartments(sources, model, search.params);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, emit({ model, valueSets, search, links, hierarchies: buildHierarchies(sources) }));
}

const [target] = process.argv.slice(2);
if (!target) {
  process.stderr.write('generate: call it as: generate.mjs OUT.c\n');
  process.exit(2);
}
try {
  generate(target);
} catch (error) {
  process.stderr.write(`generate: ${error.message}\n`);
  process.exit(1);
}
