// SPDX-License-Identifier: Apache-2.0
// Operations of apprentices under their masters, with ratings and what became of them:
// data/demo/logbook.json. A letter of "results" is one operation (w well, c complication, s
// serious, . not known yet), the digit of "levels" at its place the rating on the Zwisch scale.
import { BELAY, ago, concept, idOf, put, refer } from './common.mjs';

const RESULTS = { w: 'well', c: 'complication', s: 'serious' };
const WHAT = { c: 'A wound infection, which mended', s: 'Another operation on the third day' };
const PERFORMANCE = ['', 'inexperienced', 'intermediate', 'intermediate', 'practice-ready'];
const LEVELS = [0, 2, 2, 3, 4]; // the common scale
const FOLLOW_UP = `${BELAY}/StructureDefinition/operation-follow-up`;
const DAY_30 = 30;

function look(at, letter, on, by) {
  const word = WHAT[letter];
  return {
    url: FOLLOW_UP,
    extension: [
      { url: 'at', valueCode: at }, { url: 'result', valueCode: RESULTS[letter] },
      ...(word ? [{ url: 'text', valueString: word }] : []),
      { url: 'on', valueInstant: on }, { url: 'by', valueReference: by },
    ],
  };
}

function looks(series, letter, days, who) {
  if (letter === '.') return [];
  const at30 = look('day-30', letter, ago(`${Math.max(days - DAY_30, 0)}d`), who);
  const serious = letter === 's' ? [{ url: FOLLOW_UP, extension: [{ url: 'at', valueCode: 'review' }, { url: 'text', valueString: 'Looked at together: nothing was missed' }, { url: 'on', valueInstant: ago(`${days - DAY_30}d`) }, { url: 'by', valueReference: refer('Practitioner', idOf(series.master)) }] }] : [];
  return [look('discharge', letter === 's' ? 'w' : letter, ago(`${Math.max(days - 5, 0)}d`), who), at30, ...serious];
}

function part(who, as) {
  return { function: concept(`${BELAY}/CodeSystem/operation-function`, as), actor: refer('Practitioner', idOf(who)) };
}

function procedure(series, id, at, days) {
  const who = refer('Practitioner', idOf(series.apprentice));
  return put({
    resourceType: 'Procedure', id, status: 'completed',
    extension: [
      { url: `${BELAY}/StructureDefinition/operation-department`, valueReference: refer('Organization', idOf(...series.at.split('/'))) },
      ...looks(series, series.results[at], days, who),
    ],
    code: concept(`${BELAY}/CodeSystem/procedure`, series.procedure),
    subject: { display: 'No patient is named' },
    performedDateTime: ago(`${days}d`),
    recorder: who,
    performer: [part(series.apprentice, 'operator'), part(series.master, 'supervisor')],
    location: refer('Location', idOf(series.at.split('/')[0])),
  });
}

function rating(series, id, at, days) {
  const value = Number(series.levels[at]);
  const word = series.words[at];
  const component = (code, more) => ({ code: concept(`${BELAY}/CodeSystem/rating`, code), ...more });
  return put({
    resourceType: 'Observation', id: `${id}-rating`, status: 'final',
    partOf: [refer('Procedure', id)],
    code: { coding: [{ system: `${BELAY}/CodeSystem/rating`, code: 'operation' }, { system: `${BELAY}/CodeSystem/procedure`, code: series.procedure }] },
    focus: [refer('Practitioner', idOf(series.apprentice))],
    effectiveDateTime: ago(`${days}d`), issued: ago(`${days}d`, 90),
    performer: [refer('Practitioner', idOf(series.master))],
    valueInteger: LEVELS[value],
    ...(word ? { note: [{ authorReference: refer('Practitioner', idOf(series.master)), time: ago(`${days}d`, 90), text: word }] } : {}),
    component: [
      component('zwisch', { valueInteger: value }),
      component('performance', { valueCodeableConcept: concept(`${BELAY}/CodeSystem/rating`, PERFORMANCE[value]) }),
      component('difficulty', { valueCodeableConcept: concept(`${BELAY}/CodeSystem/rating`, ['average', 'easier', 'average', 'harder'][at % 4]) }),
    ],
  });
}

/** Operations and ratings of all ${series}. */
export function logbookEntries(list) {
  return list.flatMap((series) => [...series.results].flatMap((_, at) => {
    const days = series.first - at * series.every;
    const id = idOf('operation', series.apprentice, String(at + 1));
    return [procedure(series, id, at, days), ...(series.levels[at] === '.' ? [] : [rating(series, id, at, days)])];
  }));
}

/** The apprenticeships that no other file has. */
export function logbookLearning(list) {
  return list.filter((series) => series.apprenticeship).map(({ apprentice, master, procedure: code, apprenticeship: [learning, teaching, start] }) => put({
    resourceType: 'Apprenticeship', id: idOf(apprentice, master), status: 'active',
    apprentice: refer('Practitioner', idOf(apprentice)), master: refer('Practitioner', idOf(master)),
    learningDepartment: refer('Organization', idOf(...learning.split('/'))), teachingDepartment: refer('Organization', idOf(...teaching.split('/'))),
    period: { start },
    goal: [{ procedure: concept(`${BELAY}/CodeSystem/procedure`, code) }],
  }));
}
