// SPDX-License-Identifier: Apache-2.0
// Search parameters as they apply to each resource type, and the slots they read: one
// expression of one type, read as one kind of search value.
import { fail } from './sources.mjs';
import { parseBranch, resolveWays, rootOf, splitBranches } from './expression.mjs';

const PARAM_SLOTS = 4;

// Which types can give a search value of a kind. A choice gives only the ways that can.
const TYPES_OF_KIND = {
  number: ['integer', 'decimal', 'positiveInt', 'unsignedInt', 'Range'],
  date: ['date', 'dateTime', 'instant', 'Period', 'Timing'],
  string: ['string', 'markdown', 'code', 'HumanName', 'Address', 'CodeableConcept', 'Annotation'],
  token: ['boolean', 'code', 'Coding', 'CodeableConcept', 'Identifier', 'ContactPoint', 'string',
    'id', 'uri', 'url', 'canonical', 'oid', 'uuid', 'markdown'],
  reference: ['Reference', 'canonical', 'uri', 'url', 'Resource'],
  quantity: ['Quantity', 'Age', 'Count', 'Distance', 'Duration', 'Money', 'Range', 'SampledData'],
  uri: ['uri', 'url', 'canonical', 'oid', 'uuid'],
  special: ['Location.position'],
};

// Not expressions of values: text of the whole record, and named queries. The last one is
// the package's own, for an element that R4 does not have.
const NOT_SUPPORTED = [
  'http://hl7.org/fhir/SearchParameter/DomainResource-text',
  'http://hl7.org/fhir/SearchParameter/Resource-content',
  'http://hl7.org/fhir/SearchParameter/Resource-query',
  'http://hl7.org/fhir/SearchParameter/DeviceDefinition-classification',
];

const compareText = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

const slotKey = (type, kind, text) => `${type}\u0000${kind}\u0000${text}`;

class SearchBuilder {
  constructor(sources, { types, byName, numbers }) {
    this.sources = sources;
    this.byName = byName;
    this.numbers = numbers;
    this.resources = types.filter((type) => type.kind === 'RESOURCE');
    this.slots = new Map();
    this.params = [];
    this.unsupported = [];
    this.byUrl = new Map();
  }

  build() {
    const composites = [];
    for (const parameter of this.sources.searchParameters) {
      if (NOT_SUPPORTED.includes(parameter.url)) {
        this.unsupported.push(parameter.url);
        continue;
      }
      for (const type of this.typesOf(parameter)) {
        const param = this.newParam(parameter, type);
        if (parameter.type === 'composite') composites.push({ param, parameter, type });
        else this.addSlots(param, parameter, type);
        this.params.push(param);
        this.byUrl.set(`${type.name} ${parameter.url}`, param);
      }
    }
    for (const composite of composites) this.addComposite(composite);
    return this.arranged();
  }

  typesOf(parameter) {
    if (parameter.base.some((base) => base === 'Resource' || base === 'DomainResource')) {
      return this.resources;
    }
    return parameter.base.map((base) => this.resources.find((type) => type.name === base) ??
      fail(`${parameter.url} is for ${base}, which is no resource type.`));
  }

  newParam(parameter, type) {
    return {
      code: parameter.code, url: parameter.url, type: type.number, kind: parameter.type,
      slots: [], targets: parameter.target ?? [], components: [],
    };
  }

  /** Branches of the expression that speak of ${type}, its name in front of each. */
  branchesOf(parameter, type) {
    return splitBranches(parameter.expression)
      .map((branch) => branch.replace(/^(\(*)(Resource|DomainResource)\b/, `$1${type.name}`))
      // one published expression leaves the type's name out: "name | alias"
      .map((branch) => (/^\w+$/.test(branch) && !this.numbers.has(branch)
        ? `${type.name}.${branch}` : branch))
      .filter((branch) => rootOf(branch) === type.name);
  }

  addSlots(param, parameter, type) {
    if (parameter.code === '_id') return; // the record's own key answers it
    const targets = [];
    for (const branch of this.branchesOf(parameter, type)) {
      const { slot, target } = this.slotOf(branch, param.kind, type);
      if (!param.slots.includes(slot)) param.slots.push(slot);
      targets.push(target);
    }
    if (param.slots.length === 0) fail(`${parameter.url} says nothing of ${type.name}.`);
    if (param.slots.length > PARAM_SLOTS) fail(`${parameter.url} needs more than 4 slots.`);
    if (targets.every((target) => target !== null)) param.targets = [...new Set(targets)];
  }

  slotOf(branch, kind, type) {
    const deceased = / and /.test(branch);
    const { operations } = parseBranch(deceased ? branch.replace(/\.exists\(\).*/, '') : branch);
    const resolved = resolveWays(type.name, operations, this.byName, branch);
    const ways = this.waysOfKind(resolved.ways, kind, branch, deceased);
    const text = branch.replace(/\.where\(resolve\(\) is \w+\)/, '').replace(/^\((.*)\)$/, '$1');
    const key = slotKey(type.name, kind, text);
    if (!this.slots.has(key)) {
      this.slots.set(key, {
        type: type.number, kind, ways, expression: text, indexed: true,
        special: deceased ? 'DECEASED' : kind === 'special' ? 'POSITION' : 'PLAIN',
      });
    }
    return { slot: this.slots.get(key), target: resolved.target };
  }

  waysOfKind(ways, kind, branch, any) {
    const able = any ? ways : ways.filter((way) => TYPES_OF_KIND[kind].includes(way.type));
    if (able.length === 0) {
      fail(`${branch} gives ${ways.map((way) => way.type)}, of no use as ${kind}.`);
    }
    return able;
  }

  /** A composite: a slot of its roots, and for each part a slot that starts there. */
  addComposite({ param, parameter, type }) {
    const branches = this.branchesOf(parameter, type);
    const roots = branches.flatMap((branch) =>
      resolveWays(type.name, parseBranch(branch).operations, this.byName, branch).ways);
    param.slots = [this.extraSlot(type, 'composite', roots, branches.join(' | '), parameter.url)];
    const parts = parameter.component.map((part) => this.partOf(part, roots, type));
    const defined = this.definitionsOf(parameter, parts, type);
    param.components = parts.map(({ ways, text, outside }, at) => {
      const { kind, code } = defined[at];
      const useful = this.waysOfKind(ways, kind, text, false);
      const name = `${parameter.url} ${code}`;
      return { slot: this.extraSlot(type, kind, useful, text, name), kind, code,
        outside, param: defined[at] };
    });
  }

  /** What one part of a composite finds from its roots, or, where its expression begins
   * with %resource, from the record itself, outside of the root. */
  partOf(part, roots, type) {
    const outside = part.expression.startsWith('%resource.');
    const branches = splitBranches(part.expression).map((branch) => branch.replace(/^%resource\./, ''));
    const starts = outside ? [{ type: type.name }] : roots;
    const ways = starts.flatMap((root) => branches.flatMap((branch) =>
      resolveWays(root.type, parseBranch(`root.${branch}`).operations, this.byName, branch).ways));
    const distinct = new Map(ways.map((way) => [JSON.stringify([way.steps, way.type]), way]));
    return { ways: [...distinct.values()], text: branches.join(' | '), outside };
  }

  /** The parameters that define the parts. One published composite (relationship of
   * DocumentReference) names its two the wrong way round; the expressions are right. */
  definitionsOf(parameter, parts, type) {
    const defined = parameter.component.map((part) =>
      this.byUrl.get(`${type.name} ${part.definition}`) ??
      fail(`${parameter.url} has a part ${part.definition}, unknown for ${type.name}.`));
    const fits = (list) => list.every(({ kind }, at) =>
      parts[at].ways.some((way) => TYPES_OF_KIND[kind].includes(way.type)));
    return fits(defined) ? defined : defined.reverse();
  }

  extraSlot(type, kind, ways, expression, name) {
    const slot = { type: type.number, kind, ways, expression, indexed: false, special: 'PLAIN' };
    this.slots.set(`${type.name} ${name}`, slot);
    return slot;
  }

  /** Slots in the order of the tables (from 1), parameters sorted, indexes filled in. */
  arranged() {
    const order = (a, b) => (b.indexed - a.indexed) || a.type - b.type ||
      compareText(a.expression, b.expression) || compareText(a.kind, b.kind);
    const slots = [...this.slots.values()].sort(order);
    slots.forEach((slot, at) => { slot.index = at + 1; });
    this.params.sort((a, b) => a.type - b.type || compareText(a.code, b.code));
    this.params.forEach((param, at) => {
      param.index = at;
      const previous = this.params[at - 1];
      if (previous && previous.type === param.type && previous.code === param.code) {
        fail(`Two parameters named ${param.code} for type ${param.type}: ${param.url}.`);
      }
    });
    return { slots, params: this.params, unsupported: this.unsupported.sort() };
  }
}

/** {slots, params, unsupported}. */
export function buildSearch(sources, model) {
  return new SearchBuilder(sources, model).build();
}

/** Links {compartment, type, param}, sorted; `{def}`, the resource itself, is no link. */
export function buildCompartments(sources, model, params) {
  const links = [];
  for (const definition of sources.compartments) {
    for (const { code, param: names } of definition.resource) {
      const type = model.numbers.get(code);
      for (const name of names ?? []) {
        if (name === '{def}') continue;
        const param = params.find((p) => p.type === type && p.code === name) ??
          fail(`The compartment ${definition.code} names ${code}.${name}, which is unknown.`);
        links.push({ compartment: model.numbers.get(definition.code), type, param: param.index });
      }
    }
  }
  return links.sort((a, b) => a.compartment - b.compartment || a.type - b.type ||
    a.param - b.param);
}
