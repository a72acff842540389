// SPDX-License-Identifier: Apache-2.0
// The story of somebody who learns: apprenticeships, operations with what became of them and
// how they were rated, sign-offs. Letters of "results" and digits of "levels" as in logbook.mjs;
// "a" in levels: assisted, with the step that the series names.
import { ago, day, idOf, uuid } from './common.mjs';
import { Story, code, date, given, text, unit, who } from './story.mjs';

const RESULTS = { w: 'well', c: 'complication', s: 'serious' };
const WHAT = { c: 'A wound infection, which mended', s: 'Another operation on the third day' };
const PERFORMANCE = ['', 'inexperienced', 'inexperienced', 'intermediate', 'practice-ready'];
const DIFFICULTY = ['average', 'easier', 'average', 'harder'];
const [MORNING, SIGNING, DISCHARGE, DAY_30] = [9 * 60, 11 * 60, 5, 30];

// ---- apprenticeships ----

function stateOf(one) {
  if (one.end) return one.end.completed ? 'completed' : one.asked ? 'declined' : 'stopped';
  return one.asked ? 'planned' : 'active';
}

function tellApprenticeship(story, person, one) {
  const id = uuid(`apprenticeship ${one.id}`);
  const on = one.asked ?? one.from;
  const path = `programme/Apprenticeship/${id}`;
  story.word(path);
  story.stand(path, { status: stateOf(one), 'period.start': day(one.from) });
  story.step(on, 60, person.who, 'programme/Apprenticeship/$propose', given(
    who('apprentice', person.who), who('master', one.master), unit('learning-department', person.at), unit('teaching-department', one.teaching),
    ...one.goals.map((goal) => ({ name: 'goal', part: [code('procedure', goal)] })),
    date('start', day(one.from)), date('end', day(one.to)), one.note && text('note', one.note), { name: 'id', valueId: id }));
  if (!one.asked) {
    story.step(on, 120, one.master, `${path}/$agree`, []);
    story.step(on, 180, one.head, `${path}/$agree`, []);
  }
  if (one.end) story.step(one.end.on, 16 * 60, one.end.by, `${path}/$stop`, given(text('reason', one.end.reason), one.end.completed && { name: 'completed', valueBoolean: true }));
}

// ---- operations ----

function partsOf(person, series, level) {
  const part = (id, as, step) => ({ name: 'part', part: given(who('who', id), code('as', as), step && text('step', step)) });
  if (level === 'a') return [part(series.supervisor, 'operator'), part(person.who, 'assistant', series.step)];
  return given(part(person.who, 'operator'), series.supervisor && part(series.supervisor, 'supervisor'), series.assistant && part(series.assistant, 'assistant'));
}

function tellLooks(story, person, path, letter, days, review) {
  if (letter === '.') return;
  const look = (after, at, result, by = person.who, word = WHAT[letter]) => {
    if (days < after) return;
    story.step(-days + after, MORNING, by, `${path}/$follow-up`, given(code('at', at), result && code('result', result), result !== 'well' && text('text', word)));
  };
  const first = letter === 's' ? 'well' : RESULTS[letter];
  look(DISCHARGE, 'discharge', first);
  look(DAY_30 + 1, 'day-30', RESULTS[letter]);
  if (letter === 's' && review) look(DAY_30 + 5, 'review', undefined, review, 'Looked at together: what was missed is practised now');
}

function tellOperation(story, person, series, at) {
  const days = series.first - at * series.every;
  const id = uuid(`operation ${person.who} ${series.procedure} ${series.supervisor ?? ''} ${at}`);
  const path = `Procedure/${id}`;
  const level = series.levels?.[at] ?? '.';
  const performed = ago(`${days}d`, MORNING + 20 * (at % 7));
  story.word(path);
  story.stand(path, { performedDateTime: performed });
  story.step(-days, MORNING + 180, person.who, 'Procedure/$record', [
    code('code', series.procedure), { name: 'performed', valueDateTime: performed }, unit('department', person.at),
    ...partsOf(person, series, level), { name: 'id', valueId: id }]);
  if (level >= '1' && level <= '4') {
    story.step(-days, MORNING + 200, series.supervisor, `${path}/$rate`, given(
      who('apprentice', person.who), code('scale', 'zwisch'), { name: 'value', valueInteger: Number(level) },
      code('performance', PERFORMANCE[Number(level)]), code('difficulty', DIFFICULTY[at % 4]), series.words?.[at] && text('word', series.words[at])));
  }
  tellLooks(story, person, path, series.results[at], days, series.review);
}

// ---- sign-offs ----

function tellSignOff(story, person, one, at) {
  const name = `sign-off-${at}`;
  const path = `programme/SignOff/$(${name})`;
  const status = one.withdrawn ? 'withdrawn' : one.refused ? 'refused' : one.signed?.length === 3 ? 'signed' : 'proposed';
  const found = `programme/SignOff?person=Practitioner/${idOf(person.who)}`;
  const alike = person.signOffs.filter((other) => other.procedure === one.procedure).length;
  story.word(found);
  story.stand(`${found}&procedure=${one.procedure}&_count=10`, { total: String(alike) });
  const signed = (one.signed ?? []).length;
  const last = signed ? { [`entry.0.resource.signature.${signed - 1}.when`]: ago(`${-one.signed[signed - 1][1]}d`, SIGNING) } : {};
  if (alike === 1) story.stand(`${found}&procedure=${one.procedure}`, { 'entry.0.resource.status': status, ...last });
  story.step(one.proposed, SIGNING - 60, one.by ?? person.who, 'programme/SignOff/$propose',
    given(who('person', person.who), code('procedure', one.procedure), one.word && text('word', one.word)), name);
  for (const [signer, on, reason] of one.signed ?? []) story.step(on, SIGNING, signer, `${path}/$sign`, [text('reason', reason)]);
  if (one.refused) story.step(one.refused[0], SIGNING, one.refused[1], `${path}/$refuse`, [text('reason', one.refused[2])]);
  if (one.withdrawn) story.step(one.withdrawn[0], SIGNING, one.withdrawn[1], `${path}/$withdraw`, [text('reason', one.withdrawn[2])]);
}

/** ${person}: one of growth/learning.json; ${records}: what is put before it begins. */
export function learningStory(person, records) {
  const story = new Story(records);
  story.word(`Observation?focus=Practitioner/${idOf(person.who)}&part-of:missing=false&_count=500`);
  for (const one of person.apprenticeships) tellApprenticeship(story, person, one);
  for (const series of person.series) [...series.results].forEach((_, at) => tellOperation(story, person, series, at));
  (person.signOffs ?? []).forEach((one, at) => tellSignOff(story, person, one, at));
  return story.content();
}
