// SPDX-License-Identifier: Apache-2.0
// Chance that falls the same each time, and texts with places that are filled by it:
//
//   "{left|right} leg"        one of them
//   "for {3-7} days"          a whole number between them, "{1.2-1.9}" one with a decimal
//   "{side=left|right}"       the same, and remembered: "{side}" says it again
//   "{he}", "{place}"         what ${known} says; "{He}" begins a sentence with it
//
// Braces lie within braces: "{a cough of {2-5} days|no cough}".

/** ${seed}: a whole number. */
export function chanceFrom(seed) {
  let state = seed >>> 0;
  const number = () => { // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const between = (least, most) => least + Math.floor(number() * (most - least + 1));
  const pick = (list) => {
    if (list.length === 0) throw new Error('nothing to pick from');
    return list[between(0, list.length - 1)];
  };
  return {
    number,
    between,
    pick,
    happens: (share) => number() < share,
    shuffled(list) {
      const left = [...list];
      return list.map(() => left.splice(between(0, left.length - 1), 1)[0]);
    },
  };
}

function rangeIn(text, chance) {
  const [, least, most] = /^(\d+(?:\.\d)?)-(\d+(?:\.\d)?)$/.exec(text) ?? [];
  if (!most) return null;
  if (!least.includes('.')) return String(chance.between(Number(least), Number(most)));
  return (chance.between(Number(least) * 10, Number(most) * 10) / 10).toFixed(1);
}

function filled(inner, chance, known) {
  const named = /^([a-z]+)=(.*)$/s.exec(inner);
  if (named) return (known[named[1]] = filled(named[2], chance, known));
  if (inner.includes('|')) return chance.pick(inner.split('|'));
  const number = rangeIn(inner, chance);
  if (number !== null) return number;
  const lower = inner[0].toLowerCase() + inner.slice(1);
  if (known[inner] === undefined && known[lower]) return known[lower][0].toUpperCase() + known[lower].slice(1);
  if (known[inner] === undefined) throw new Error(`nobody knows what {${inner}} is`);
  return known[inner];
}

/** ${text} with its places filled; what is remembered goes into ${known}. */
export function fill(text, chance, known) {
  let all = text;
  for (let inner = /\{([^{}]*)\}/.exec(all); inner; inner = /\{([^{}]*)\}/.exec(all)) {
    all = all.slice(0, inner.index) + filled(inner[1], chance, known) + all.slice(inner.index + inner[0].length);
  }
  return all;
}
