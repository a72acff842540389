// SPDX-License-Identifier: Apache-2.0
// Code systems that are here in full, and which of their codes is a kind of which other:
// what :above and :below on codes follow. Concepts that lie within another are kinds of
// it, and so say the properties subsumedBy, parent and child; but not where a system says
// that its nesting means something else (grouped-by, part-of, classified-with).

const MOST = 2048; // FHIR_CONCEPTS_MOST in src/fhir/hierarchy.h

function meansKind(system) {
  return system.hierarchyMeaning === undefined || system.hierarchyMeaning === 'is-a';
}

/** Pairs [code, code of which it is a kind]. */
function pairsOf(system) {
  const pairs = new Map();
  const add = (child, parent) => pairs.set(`${child}\u0000${parent}`, [child, parent]);
  const walk = (concepts, parent) => {
    for (const concept of concepts ?? []) {
      if (parent !== undefined) add(concept.code, parent);
      for (const { code, valueCode } of concept.property ?? []) {
        if (valueCode === undefined) continue;
        if (code === 'subsumedBy' || code === 'parent') add(concept.code, valueCode);
        if (code === 'child') add(valueCode, concept.code);
      }
      walk(concept.concept, concept.code);
    }
  };
  walk(system.concept, undefined);
  return [...pairs.values()].filter(([child, parent]) => child !== parent);
}

const byBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Systems by URL: {url, codes, pairs}; codes are those that some pair names, in order, and
 * pairs are of their indexes. */
export function buildHierarchies(sources) {
  const whole = [...sources.codeSystems.values()]
    .filter((system) => system.content === 'complete' && system.url);
  return whole.sort((a, b) => byBytes(a.url, b.url)).map((system) => {
    const pairs = meansKind(system) ? pairsOf(system) : [];
    const codes = [...new Set(pairs.flat())].sort(byBytes);
    if (codes.length > MOST) throw new Error(`${system.url} has more than ${MOST} codes.`);
    const at = new Map(codes.map((code, index) => [code, index]));
    return { url: system.url, codes, pairs: pairs.map(([c, p]) => [at.get(c), at.get(p)]) };
  });
}
