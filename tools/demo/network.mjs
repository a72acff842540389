// SPDX-License-Identifier: Apache-2.0
// The whole network: the small one and, beside it, what data/demo/more/network.json adds and
// the people whom the added departments need.
import { slug } from './common.mjs';
import { newName, peopleOf } from './names.mjs';

const SPEAKS = { CN: ['zh', 'en'], bo: ['bo', 'zh'], ug: ['ug', 'zh'], TJ: ['tg', 'ru'], KZ: ['kk', 'ru'], KG: ['ky', 'ru'], UZ: ['uz', 'ru'], TM: ['tk', 'ru'] };
const DOCTORS = {
  Emergency: 'Emergency physician', 'Emergency and critical care': 'Critical care physician', 'General practice': 'General practitioner', Medicine: 'Physician',
  Surgery: 'Surgeon', 'General surgery': 'General surgeon', 'Thoracic surgery': 'Thoracic surgeon', 'Liver surgery': 'Liver surgeon',
  'Paediatric surgery': 'Paediatric surgeon', Obstetrics: 'Obstetrician', Paediatrics: 'Paediatrician', Orthopaedics: 'Orthopaedic surgeon', Cardiology: 'Cardiologist',
  Neurology: 'Neurologist', 'Respiratory medicine': 'Chest physician', 'Infectious diseases': 'Infectious disease physician', Radiology: 'Radiologist',
  Rehabilitation: 'Rehabilitation physician', Gastroenterology: 'Gastroenterologist', Nephrology: 'Nephrologist', Dermatology: 'Dermatologist',
  Ophthalmology: 'Eye surgeon', Psychiatry: 'Psychiatrist', Haematology: 'Haematologist', Oncology: 'Oncologist', Hepatology: 'Hepatologist',
};
const DAY_DUTY = ['Dermatology', 'Rehabilitation', 'Ophthalmology', 'Psychiatry', 'Oncology', 'Radiology'];

/** Who works in a department, by the tier of its town; the first department has a nurse too. */
function postsOf(place, isFirst) {
  if (place.tier === 'sending') return ['expert', 'expert', ...(isFirst ? ['head-of-department'] : [])];
  if (place.tier === 'county') return ['clinician', ...(isFirst ? ['nurse'] : [])];
  return ['clinician', 'clinician', ...(isFirst ? ['nurse', 'head-of-department'] : [])];
}

function offices(place, hasMore) {
  const kinds = { prefecture: ['coordinator', 'quality-officer'], region: [], sending: ['quality-officer'], county: [], abroad: ['director'] };
  const words = { coordinator: 'Programme coordinator', 'quality-officer': 'Quality officer', director: 'Director' };
  return hasMore ? kinds[place.tier].map((role) => ({ role, as: words[role], at: place.id })) : [];
}

function titleOf(role, department) {
  const doctor = DOCTORS[department];
  if (!doctor) throw new Error(`network.json: nobody knows who works in "${department}"`);
  if (role === 'nurse') return 'Nurse';
  return role === 'head-of-department' ? `Head of ${department.toLowerCase()}` : doctor;
}

function makePeople(small, more, names, places, chance) {
  const taken = new Set([...small.people, ...more.people].map((person) => person.name));
  const officed = new Set(more.people.filter((person) => !person.at.includes('/')).map((person) => `${person.at} ${person.role}`));
  return Object.entries(more.departments).flatMap(([id, departments]) => {
    const place = places.get(id);
    const isFirst = (at) => at === 0 && !small.departments[id];
    const posts = [
      ...departments.flatMap((name, at) => postsOf(place, isFirst(at)).map((role) => ({ role, as: titleOf(role, name), at: `${id}/${name}` }))),
      ...offices(place, true).filter(({ role }) => !officed.has(`${id} ${role}`)),
    ];
    return posts.map((post) => {
      const people = peopleOf(place, chance);
      const gender = post.role === 'nurse' || chance.happens(0.5) ? 'female' : 'male';
      const { name, also } = newName(people, gender, names, chance, taken);
      return { id: slug(name), name, ...(also ? { also } : {}), gender, at: post.at, as: post.as, speaks: SPEAKS[people], role: post.role };
    });
  });
}

/** ${small}: { staff, abilities }; the same, whole. */
export function wholeNetwork(small, more, names, placeList, chance) {
  const places = new Map(placeList.map((place) => [place.id, place]));
  const people = [...more.people, ...makePeople(small.staff, more, names, places, chance)];
  const both = (a, b) => Object.fromEntries([...new Set([...Object.keys(a), ...Object.keys(b)])].map((id) => [id, [...(a[id] ?? []), ...(b[id] ?? [])]]));
  const bare = Object.keys(more.departments).filter((id) => !small.abilities.equipment[id]);
  const byTier = (table) => Object.fromEntries(bare.map((id) => [id, table[places.get(id).tier] ?? []]));
  const skilled = people.filter((person) => ['clinician', 'expert', 'head-of-department'].includes(person.role) && more.skills[person.at.split('/')[1]]);
  const isByDay = (person) => DAY_DUTY.includes(person.at.split('/')[1]);
  const { abilities, staff } = small;
  return {
    staff: {
      departments: both(staff.departments, more.departments),
      twinned: [...staff.twinned, ...more.twinned],
      people: [...staff.people, ...people],
    },
    abilities: {
      ...abilities,
      equipment: { ...abilities.equipment, ...byTier(more.equipment) },
      beds: { ...abilities.beds, ...byTier(more.beds) },
      signedOff: { ...abilities.signedOff, ...Object.fromEntries(skilled.map((person) => [person.id, { '2020-07-01': more.skills[person.at.split('/')[1]] }])) },
      hours: {
        always: [...abilities.hours.always, ...skilled.filter((person) => !isByDay(person)).map(({ id }) => id)],
        days: [...abilities.hours.days, ...skilled.filter(isByDay).map(({ id }) => id)],
      },
      learning: [...abilities.learning, ...more.learning],
    },
  };
}
