// SPDX-License-Identifier: Apache-2.0
// Stories that are told step by step: growth/doings.json. A parameter is named with what kind of
// value it has: "owner ref", "due day", "word text"; without a kind it has parts. {NAME} is the
// record that the step with "id id": NAME makes.
import { BELAY, day, idOf, uuid } from './common.mjs';
import { Story } from './story.mjs';

const NOON = 12 * 60;
const named = (text) => text.replace(/\{([a-z0-9-]+)\}/g, (_, name) => (name.startsWith('posting-') ? idOf(name) : uuid(`doing ${name}`)));

function referenceOf(value) {
  const [type, ...id] = value.split('/');
  return { reference: value.includes('{') ? named(value) : `${type}/${idOf(...id)}` };
}

const values = {
  ref: (value) => ({ valueReference: referenceOf(value) }),
  code: (value) => ({ valueCode: value }),
  text: (value) => ({ valueString: value }),
  day: (value) => ({ valueDate: day(value) }),
  id: (value) => ({ valueId: uuid(`doing ${value}`) }),
  yes: (value) => ({ valueBoolean: value }),
  int: (value) => ({ valueInteger: value }),
  procedure: (value) => ({ valueCoding: { system: `${BELAY}/CodeSystem/procedure`, code: value } }),
};

function parametersOf(table) {
  return Object.entries(table).flatMap(([key, value]) => {
    const [name, kind] = key.split(' ');
    if (!kind) return [value].flat().map((part) => ({ name, part: parametersOf(part) }));
    if (!values[kind]) throw new Error(`doings.json: "${key}" has no such kind of value`);
    return [{ name, ...values[kind](value) }];
  });
}

/** What the steps of ${one} write, and how it must stand. */
function expect(story, one) {
  for (const [type, names] of Object.entries(one.makes ?? {})) {
    for (const name of names.split(' ')) {
      const path = `${type}/${uuid(`doing ${name}`)}`;
      if (type === 'Device') story.word(`Task?focus=${path}&_count=100`);
      story.word(path);
      story.stand(path, { id: uuid(`doing ${name}`) });
    }
  }
  for (const person of one.enrolled ?? []) story.word(`programme/Enrolment?person=Practitioner/${idOf(person)}&_count=100`);
  if (one.hands) story.word(`programme/Handover/${idOf(one.hands)}`);
}

export function doingStory(one) {
  const story = new Story([]);
  expect(story, one);
  one.steps.forEach((step, at) => story.step(step.on, NOON + at, step.by, named(step.do), parametersOf(step.with), step.as));
  return story.content();
}
