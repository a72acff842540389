// SPDX-License-Identifier: Apache-2.0
// Value sets of required bindings, as the list of their codes. A set that names a code
// system we do not hold in full, or picks by a filter, is not complete: it is not
// checked, and its list stays empty.

function conceptCodes(concepts, found = []) {
  for (const concept of concepts ?? []) {
    found.push(concept.code);
    conceptCodes(concept.concept, found);
  }
  return found;
}

const keyOf = (entry) => `${entry.code}\u0000${entry.system}`;

class Expander {
  constructor(sources) {
    this.sources = sources;
    this.done = new Map();
  }

  /** Entries {system, code}, or null when the set cannot be listed. */
  expand(url) {
    const bare = url.split('|')[0];
    if (this.done.has(bare)) return this.done.get(bare);
    this.done.set(bare, null); // a set that includes itself is not complete
    const set = this.sources.valueSets.get(bare);
    const result = set?.compose ? this.compose(set.compose) : null;
    this.done.set(bare, result);
    return result;
  }

  compose(compose) {
    const entries = new Map();
    for (const part of compose.include) {
      const included = this.include(part);
      if (included === null) return null;
      for (const entry of included) entries.set(keyOf(entry), entry);
    }
    for (const part of compose.exclude ?? []) {
      const excluded = this.include(part);
      if (excluded === null) return null;
      for (const entry of excluded) entries.delete(keyOf(entry));
    }
    return [...entries.values()];
  }

  include(part) {
    if (part.filter) return null;
    const nested = (part.valueSet ?? []).map((url) => this.expand(url));
    if (nested.includes(null)) return null;
    let entries = part.system ? this.ofSystem(part) : nested.shift();
    if (!entries) return null;
    // several sets in one include mean: in all of them
    for (const other of nested) {
      const keys = new Set(other.map(keyOf));
      entries = entries.filter((entry) => keys.has(keyOf(entry)));
    }
    return entries;
  }

  ofSystem({ system, concept }) {
    if (concept) return concept.map(({ code }) => ({ system, code }));
    const known = this.sources.codeSystems.get(system);
    if (known?.content !== 'complete') return null;
    return conceptCodes(known.concept).map((code) => ({ system, code }));
  }
}

/** Value sets by URL order, from 1: {url, complete, codes}; `index` by URL. */
export function buildValueSets(sources, types) {
  const urls = new Set();
  for (const type of types) {
    for (const element of type.elements) if (element.binding) urls.add(element.binding);
  }
  const expander = new Expander(sources);
  const order = (a, b) => Buffer.compare(Buffer.from(a.code), Buffer.from(b.code)) ||
    Buffer.compare(Buffer.from(a.system), Buffer.from(b.system));
  const sets = [...urls].sort().map((url) => {
    const codes = expander.expand(url);
    return { url, complete: codes !== null, codes: (codes ?? []).sort(order) };
  });
  return { sets, index: new Map(sets.map((set, at) => [set.url, at + 1])) };
}
