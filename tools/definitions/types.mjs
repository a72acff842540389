// SPDX-License-Identifier: Apache-2.0
// Types and elements: every structure of the definitions becomes one type, also the
// anonymous ones (Patient.contact); a choice becomes one element for each type.
import { capitalised, fail } from './sources.mjs';

export const OWN_NUMBER_FIRST = 301;
export const TYPE_NUMBER_MAX = 399;
const CHOICES_MAX = 63; // the validator keeps those met in one 64-bit word
const FHIRPATH = 'http://hl7.org/fhirpath/System.';

const PRIMITIVES = {
  boolean: 'BOOLEAN', integer: 'INTEGER', unsignedInt: 'UNSIGNED_INT',
  positiveInt: 'POSITIVE_INT', decimal: 'DECIMAL', string: 'STRING', markdown: 'MARKDOWN',
  code: 'CODE', id: 'ID', uri: 'URI', url: 'URL', canonical: 'CANONICAL', oid: 'OID',
  uuid: 'UUID', date: 'DATE', dateTime: 'DATE_TIME', instant: 'INSTANT', time: 'TIME',
  base64Binary: 'BASE64', xhtml: 'XHTML',
};

/** Order of names for binary search: the shorter first, then by bytes. */
export function byNameOrder(a, b) {
  const left = Buffer.from(a.name);
  const right = Buffer.from(b.name);
  return left.length - right.length || left.compare(right);
}

/** The element's types as FHIR names; ids and urls are given as types of FHIRPath. */
function typesOf(element, isResource) {
  return element.type.map((type) => {
    if (!type.code.startsWith(FHIRPATH)) return type;
    if (element.path === 'Extension.url') return { code: 'uri' };
    return { code: isResource ? 'id' : 'string' };
  });
}

function targetNames(type) {
  const profiles = type.targetProfile ?? [];
  const names = profiles.map((profile) => profile.slice(profile.lastIndexOf('/') + 1));
  return names.includes('Resource') ? [] : names;
}

function maximum(text) {
  return text === '*' ? 'many' : Number(text);
}

class Builder {
  constructor(sources) {
    this.sources = sources;
    this.types = [];
    this.numbers = new Map(sources.resourceTypes.map((name, at) => [name, at + 1]));
    sources.ownTypes.forEach((name, at) => this.numbers.set(name, OWN_NUMBER_FIRST + at));
  }

  addProfile(profile) {
    const primitive = profile.kind === 'primitive-type' || profile.type === 'xhtml';
    const kind = primitive ? 'PRIMITIVE'
      : profile.kind !== 'resource' ? 'COMPLEX' : profile.abstract ? 'ABSTRACT' : 'RESOURCE';
    if (primitive && !PRIMITIVES[profile.type]) fail(`${profile.type} is a new primitive type.`);
    this.addType(profile, profile.type, {
      kind,
      primitive: primitive ? PRIMITIVES[profile.type] : null,
      number: kind === 'RESOURCE' ? this.numbers.get(profile.type) : 0,
      own: profile.own === true,
      url: profile.url,
    });
  }

  /** The structure at ${path} of a profile, and those inside it. */
  addType(profile, path, facts) {
    const depth = path.split('.').length;
    const inside = profile.elements.filter((element) => element.path.startsWith(`${path}.`));
    const type = { name: path, elements: [], ...facts };
    let choices = 0;
    if (facts.kind !== 'PRIMITIVE') {
      for (const element of inside) {
        if (element.path.split('.').length !== depth + 1) continue;
        if (element.path.endsWith('[x]')) choices++;
        const nested = inside.some((other) => other.path.startsWith(`${element.path}.`));
        type.elements.push(...this.variants(profile, element, nested, choices));
        if (nested) {
          this.addType(profile, element.path,
            { kind: 'BACKBONE', primitive: null, number: 0, own: facts.own, url: facts.url });
        }
      }
    }
    if (choices > CHOICES_MAX) fail(`${path} has ${choices} choices; the validator takes ${CHOICES_MAX}.`);
    type.elements.sort(byNameOrder);
    this.types.push(type);
  }

  /** One element, or one for each type of a choice. */
  variants(profile, element, nested, choices) {
    const choice = element.path.endsWith('[x]');
    const base = element.path.slice(element.path.lastIndexOf('.') + 1).replace('[x]', '');
    const common = {
      base,
      choice: choice ? choices : 0,
      min: element.min,
      max: maximum(element.max),
      summary: element.isSummary === true,
      modifier: element.isModifier === true,
      binding: element.binding?.strength === 'required'
        ? element.binding.valueSet?.split('|')[0] : undefined,
    };
    if (element.contentReference || nested) {
      const type = nested ? element.path : element.contentReference.split('#')[1];
      return [{ ...common, name: base, type, targets: [] }];
    }
    const types = typesOf(element, profile.kind === 'resource' &&
      element.path === `${profile.type}.id`);
    if (!choice && types.length !== 1) fail(`${element.path} has ${types.length} types.`);
    return types.map((type) => ({
      ...common,
      name: choice ? base + capitalised(type.code) : base,
      type: type.code,
      targets: targetNames(type),
    }));
  }
}

/**
 * All types, the first being Element and the rest in the order of names, with
 * `index` set; elements refer to types by name.
 */
export function buildTypes(sources) {
  const builder = new Builder(sources);
  for (const profile of sources.profiles) builder.addProfile(profile);
  const element = builder.types.find((type) => type.name === 'Element');
  const rest = builder.types.filter((type) => type !== element).sort(byNameOrder);
  const types = [element, ...rest];
  types.forEach((type, index) => { type.index = index; });
  const byName = new Map(types.map((type) => [type.name, type]));
  for (const type of types) {
    const names = new Set(type.elements.map((part) => part.name));
    if (names.size !== type.elements.length) fail(`${type.name} has an element twice.`);
    for (const part of type.elements) {
      if (!byName.has(part.type)) fail(`${type.name}.${part.name} has unknown type ${part.type}.`);
      for (const target of part.targets) {
        if (!byName.has(target)) fail(`${type.name}.${part.name} may point to ${target}: unknown.`);
      }
    }
  }
  return { types, byName, numbers: builder.numbers };
}
