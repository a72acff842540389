// SPDX-License-Identifier: Apache-2.0
// Writes the tables as C, in the shapes of src/fhir/definition.h.
import { createHash } from 'node:crypto';
import { TYPE_NUMBER_MAX } from './types.mjs';

const quoted = (text) => (text === null || text === undefined ? 'NULL'
  : `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`);
const flag = (value) => (value ? 1 : 0);
const enumName = (prefix, text) => `${prefix}${text.toUpperCase()}`;

function table(declaration, rows) {
  return `${declaration} = {\n${rows.map((row) => `    ${row},`).join('\n')}\n};\n`;
}

function numbers(declaration, values) {
  const lines = [];
  for (let at = 0; at < values.length; at += 16) {
    lines.push(`    ${values.slice(at, at + 16).join(', ')},`);
  }
  return `${declaration} = {\n${lines.join('\n')}\n};\n`;
}

/** How many elements a value must have; a choice counts once. */
function requiredCount(type) {
  const needed = type.elements.filter((e) => e.min > 0);
  const choices = new Set(needed.filter((e) => e.choice > 0).map((e) => e.choice));
  return needed.filter((e) => e.choice === 0).length + choices.size;
}

/** Lists of target types, each kept once; the empty list, which means any, is 0. */
class TargetLists {
  constructor(numberOf) {
    this.numberOf = numberOf;
    this.lists = [[]];
    this.index = new Map([['', 0]]);
  }

  add(names) {
    const list = [...new Set(names.map((name) => this.numberOf.get(name)))].sort((a, b) => a - b);
    const key = list.join();
    if (!this.index.has(key)) {
      this.index.set(key, this.lists.length);
      this.lists.push(list);
    }
    return this.index.get(key);
  }

  text() {
    const each = this.lists.map((list, at) =>
      numbers(`static const uint16_t target_list_${at}[]`, [list.length, ...list]));
    return each.join('') + table('const uint16_t *const fhir_target_lists[]',
      this.lists.map((_, at) => `target_list_${at}`));
  }
}

function elementsAndTypes(model, valueSets, targets) {
  const elements = [];
  const types = model.types.map((type) => {
    const first = elements.length;
    for (const e of type.elements) {
      const max = e.max === 'many' ? 'FHIR_MANY' : e.max;
      elements.push(`{${quoted(e.name)}, ${model.byName.get(e.type).index}, ${e.choice}, ` +
        `${e.min}, ${max}, ${e.binding ? valueSets.index.get(e.binding) : 0}, ` +
        `${targets.add(e.targets)}, ${flag(e.summary)}, ${flag(e.modifier)}, ${e.name.length}}`);
    }
    return `{${quoted(type.name)}, FHIR_${type.kind}, FHIR_${type.primitive ?? 'NOT_PRIMITIVE'}, ` +
      `${type.number}, ${first}, ${type.elements.length}, ${flag(type.own)}, ` +
      `${requiredCount(type)}, ${quoted(type.url)}}`;
  });
  const ofNumber = new Array(TYPE_NUMBER_MAX + 1).fill(0);
  for (const type of model.types) if (type.number > 0) ofNumber[type.number] = type.index;
  return table('const struct fhir_type fhir_types[]', types) +
    `const uint16_t fhir_type_count = ${types.length};\n` +
    table('const struct fhir_element fhir_elements[]', elements) +
    `const uint16_t fhir_element_count = ${elements.length};\n` +
    numbers('const uint16_t fhir_type_of_number[]', ofNumber);
}

function valueSetTables({ sets }) {
  const codes = [];
  const rows = ['{"", 0, 0, 0}'];
  for (const set of sets) {
    rows.push(`{${quoted(set.url)}, ${codes.length}, ${set.codes.length}, ${flag(set.complete)}}`);
    for (const entry of set.codes) codes.push(`{${quoted(entry.system)}, ${quoted(entry.code)}}`);
  }
  return table('const struct fhir_value_set fhir_value_sets[]', rows) +
    `const uint16_t fhir_value_set_count = ${rows.length};\n` +
    table('const struct fhir_code fhir_codes[]', codes);
}

/** Steps of ways; a sequence that is already there, anywhere, is used again. */
class Steps {
  constructor() {
    this.rows = [];
    this.known = new Map();
  }

  add(steps) {
    const rows = steps.map((step) => `{${quoted(step.name)}, ${step.name.length}, ` +
      `${step.index}, ${quoted(step.where)}, ${quoted(step.equals)}}`);
    const key = rows.join();
    if (!this.known.has(key)) {
      this.known.set(key, this.rows.length);
      this.rows.push(...rows);
    }
    return this.known.get(key);
  }
}

function slotTables(model, valueSets, slots) {
  const steps = new Steps();
  const ways = [];
  const rows = ['{0}'];
  for (const slot of slots) {
    const first = ways.length;
    for (const way of slot.ways) {
      ways.push(`{${steps.add(way.steps)}, ${way.steps.length}, ` +
        `${model.byName.get(way.type).index}, ${way.binding ? valueSets.index.get(way.binding) : 0}}`);
    }
    rows.push(`{${slot.type}, ${enumName('FHIR_SEARCH_', slot.kind)}, FHIR_SLOT_${slot.special}, ` +
      `${first}, ${slot.ways.length}, ${quoted(slot.expression)}}`);
  }
  const starts = new Array(TYPE_NUMBER_MAX + 1).fill(0);
  const counts = new Array(TYPE_NUMBER_MAX + 1).fill(0);
  for (const slot of slots) {
    if (!slot.indexed) continue;
    if (counts[slot.type]++ === 0) starts[slot.type] = slot.index;
  }
  return table('const struct fhir_step fhir_steps[]', steps.rows) +
    table('const struct fhir_way fhir_ways[]', ways) +
    table('const struct fhir_slot fhir_slots[]', rows) +
    `const uint16_t fhir_slot_count = ${rows.length};\n` +
    numbers('const uint16_t fhir_type_slots[]', starts) +
    numbers('const uint16_t fhir_type_slot_counts[]', counts);
}

function paramTables({ params, unsupported }, targets) {
  const components = ['{0}'];
  const starts = new Array(TYPE_NUMBER_MAX + 1).fill(0);
  const counts = new Array(TYPE_NUMBER_MAX + 1).fill(0);
  const rows = params.map((param) => {
    const first = param.components.length > 0 ? components.length : 0;
    for (const part of param.components) {
      components.push(`{${part.slot.index}, ${enumName('FHIR_SEARCH_', part.kind)}, ` +
        `${quoted(part.code)}, ${part.param.index}, ${flag(part.outside)}}`);
    }
    if (counts[param.type]++ === 0) starts[param.type] = param.index;
    const slots = param.slots.length > 0 ? param.slots.map((slot) => slot.index).join(', ') : '0';
    return `{${quoted(param.code)}, ${quoted(param.url)}, ${param.type}, ` +
      `${enumName('FHIR_SEARCH_', param.kind)}, {${slots}}, ${param.slots.length}, ` +
      `${targets.add(param.targets)}, ${first}, ${param.components.length}}`;
  });
  return table('const struct fhir_param fhir_params[]', rows) +
    `const uint16_t fhir_param_count = ${rows.length};\n` +
    table('const struct fhir_component fhir_components[]', components) +
    numbers('const uint16_t fhir_type_params[]', starts) +
    numbers('const uint16_t fhir_type_param_counts[]', counts) +
    table('const char *const fhir_params_not_supported[]', [...unsupported.map(quoted), 'NULL']);
}

function linkTable(links) {
  return table('const struct fhir_compartment_link fhir_compartment_links[]',
    links.map((link) => `{${link.compartment}, ${link.type}, ${link.param}}`)) +
    `const uint16_t fhir_compartment_link_count = ${links.length};\n`;
}

function hierarchyTables(systems) {
  const codes = [];
  const pairs = [];
  const rows = systems.map((system) => {
    const row = `{${quoted(system.url)}, ${codes.length}, ${pairs.length}, ` +
      `${system.codes.length}, ${system.pairs.length}}`;
    codes.push(...system.codes.map(quoted));
    pairs.push(...system.pairs.map(([child, parent]) => `{${child}, ${parent}}`));
    return row;
  });
  return table('const struct fhir_code_system fhir_code_systems[]', rows) +
    `const uint16_t fhir_code_system_count = ${rows.length};\n` +
    table('const char *const fhir_concepts[]', codes) +
    table('const struct fhir_kind_of fhir_kinds[]', pairs);
}

/** The C file, as text. Hierarchies are not in the digest: no search table hangs on them. */
export function emit({ model, valueSets, search, links, hierarchies }) {
  const numberOf = new Map(model.types.filter((t) => t.number > 0).map((t) => [t.name, t.number]));
  const targets = new TargetLists(numberOf);
  const parts = [
    elementsAndTypes(model, valueSets, targets),
    valueSetTables(valueSets),
    slotTables(model, valueSets, search.slots),
    paramTables(search, targets),
    linkTable(links),
    targets.text(),
  ];
  const body = parts.join('\n');
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 16);
  return `/* SPDX-License-Identifier: Apache-2.0 */
/* Written by tools/definitions/generate.mjs. Do not edit: change the definitions. */
#include "fhir/definition.h"
#include "fhir/hierarchy.h"

${body}
${hierarchyTables(hierarchies)}
const char fhir_tables_digest[] = "${digest}";
`;
}
