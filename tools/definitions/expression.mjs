// SPDX-License-Identifier: Apache-2.0
// The part of FHIRPath that search parameters use, turned into steps. A branch is one
// side of `|`; a way is one path of JSON names to values of one type; a choice such as
// Observation.value gives a way for each of its types.
import { fail } from './sources.mjs';

/** Cut at `|` outside of parentheses. */
export function splitBranches(expression) {
  const branches = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < expression.length; at++) {
    if (expression[at] === '(') depth++;
    else if (expression[at] === ')') depth--;
    else if (expression[at] === '|' && depth === 0) {
      branches.push(expression.slice(start, at).trim());
      start = at + 1;
    }
  }
  branches.push(expression.slice(start).trim());
  return branches;
}

/** The first word of a branch: the resource type it is about. */
export function rootOf(branch) {
  return /[A-Za-z%]\w*/.exec(branch)[0];
}

const RULES = [
  { kind: 'as', pattern: /^ as ([A-Za-z]+)/ },
  { kind: 'as', pattern: /^\.as\(([A-Za-z]+)\)/ },
  { kind: 'is', pattern: /^\.where\(resolve\(\) is ([A-Za-z]+)\)/ },
  { kind: 'where', pattern: /^\.where\((\w+)='([^']*)'\)/ },
  { kind: 'index', pattern: /^\[(\d+)\]/ },
  { kind: 'member', pattern: /^\.(\w+)/ },
  { kind: 'close', pattern: /^\)/ },
];

/** A branch as a list of operations behind its first word. */
export function parseBranch(branch) {
  let rest = branch;
  let open = 0;
  while (rest.startsWith('(')) {
    rest = rest.slice(1);
    open++;
  }
  const first = /^%?\w+/.exec(rest);
  if (!first) fail(`The expression ${branch} begins with no name.`);
  rest = rest.slice(first[0].length);
  const operations = [];
  while (rest !== '') {
    const rule = RULES.find(({ pattern }) => pattern.test(rest));
    if (!rule) fail(`The expression ${branch} goes beyond what is understood, at: ${rest}`);
    const found = rule.pattern.exec(rest);
    rest = rest.slice(found[0].length);
    if (rule.kind === 'close') open--;
    else operations.push({ kind: rule.kind, word: found[1], equals: found[2] });
  }
  if (open !== 0) fail(`The parentheses of ${branch} do not match.`);
  return { first: first[0], operations };
}

const newStep = (name) => ({ name, index: -1, where: null, equals: null });

/** The choice's suffix, or the type itself, matched without regard to case: one
 * published expression says DateTime. */
const sameType = (a, b) => a.toLowerCase() === b.toLowerCase();

function follow(way, word, byName) {
  const found = byName.get(way.type).elements.filter((element) => element.base === word);
  return found.map((element) => ({
    steps: [...way.steps, newStep(element.name)],
    type: element.type,
    targets: element.targets,
    binding: element.binding,
  }));
}

function withLastStep(way, change) {
  const last = way.steps[way.steps.length - 1];
  return { ...way, steps: [...way.steps.slice(0, -1), { ...last, ...change }] };
}

/**
 * The ways of ${operations} from a value of type ${start}: [{steps, type, binding}], and the
 * type that `resolve() is` asks for, or null.
 */
export function resolveWays(start, operations, byName, branch) {
  let ways = [{ steps: [], type: start, targets: [] }];
  let target = null;
  for (const { kind, word, equals } of operations) {
    if (kind === 'member') ways = ways.flatMap((way) => follow(way, word, byName));
    else if (kind === 'as') ways = ways.filter((way) => sameType(way.type, word));
    else if (kind === 'is') target = word;
    else if (kind === 'index') ways = ways.map((way) => withLastStep(way, { index: Number(word) }));
    else ways = ways.map((way) => withLastStep(way, { where: word, equals }));
    if (ways.length === 0) fail(`Nothing of R4 is at ${branch} (at ${word}).`);
  }
  return { ways, target };
}
