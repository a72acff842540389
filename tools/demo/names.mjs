// SPDX-License-Identifier: Apache-2.0
// Invented names, put together from what is usual where somebody lives; none is given twice.

const TRIES = 400;

function soft(stem) {
  return /[aeiouy]$/.test(stem) ? `${stem}y` : stem;
}

/** ${people}: which table of names, "bo", "CN", "ug" or a country. */
function makeName(people, gender, names, chance) {
  const list = names[people];
  if (people === 'CN') {
    const [family, given] = [chance.pick(list.family), chance.pick(list[gender])];
    return { name: `${family[0]} ${given[0]}`, also: `${family[1]}${given[1]}` };
  }
  if (people === 'bo') {
    const [first, second] = [chance.pick(list.first), chance.pick(list[gender])];
    return { name: `${first[0]} ${second[0]}`, also: `${first[1]}་${second[1]}` };
  }
  if (people === 'ug') return { name: `${chance.pick(list[gender])} ${chance.pick(list.father)}` };
  return { name: `${chance.pick(list[gender])} ${soft(chance.pick(list.family))}${gender === 'female' ? 'ova' : 'ov'}`.replace('yov', 'yev') };
}

/** Which names are usual in a town, for one of its people: most of them are from there. */
export function peopleOf(place, chance) {
  if (place.tier === 'abroad') return place.country;
  if (place.tier === 'sending') return place.id === 'urumqi' && chance.happens(0.4) ? 'ug' : 'CN';
  if (place.id === 'kashgar' || place.id === 'yining') return chance.happens(0.7) ? 'ug' : 'CN';
  return chance.happens(0.85) ? 'bo' : 'CN';
}

/** ${taken}: a Set of names given already. */
export function newName(people, gender, names, chance, taken) {
  for (let tries = 0; tries < TRIES; tries++) {
    const made = makeName(people, gender, names, chance);
    if (taken.has(made.name)) continue;
    taken.add(made.name);
    return made;
  }
  throw new Error(`there are too few names of ${people} for so many people`);
}
