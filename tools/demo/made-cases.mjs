// SPDX-License-Identifier: Apache-2.0
// Makes cases of the vignettes of data/demo/more/vignettes, and patients for them: in the very
// form in which cases are written by hand (data/demo/README.md).
import { courseOf, COURSES } from './courses.mjs';
import { fill } from './chance.mjs';
import { newName, peopleOf } from './names.mjs';

const ASKING = ['clinician', 'head-of-department'];
const ANSWERING = ['expert', 'clinician', 'head-of-department'];
/** Of hospitals' numbers, where they are not the first two letters. */
const PREFIXES = { nagqu: 'NQ', damxung: 'DX', gerze: 'GZ', medog: 'MT', baingoin: 'BG' };
/** What an emergency department asks the one it is paired with, whatever the organ. */
const ASKED_BY_EMERGENCY = ['emergency', 'cardiology', 'respiratory', 'neurology', 'gastroenterology', 'thoracic'];
const LANGUAGES = { TJ: 'tg', KZ: 'kk', KG: 'ky', UZ: 'uz', TM: 'ru', CN: 'zh' };
const SECOND_CASE = 0.22; // of patients who could be asked about once more
const WITH_SERIES = 0.3; // of cases under way or ended: measured again and again

/** What a healthy resident's saturation is about, by altitude. */
function usualSaturation(metres) {
  const table = [[0, 98], [1500, 96], [2500, 94], [3000, 92], [3650, 90], [4000, 88], [4300, 87], [4500, 86], [4800, 84]];
  const above = table.findIndex(([altitude]) => altitude >= metres);
  if (above <= 0) return table.at(above)[1];
  const [[low, a], [high, b]] = [table[above - 1], table[above]];
  return Math.round(a + ((b - a) * (metres - low)) / (high - low));
}

function weighted(pairs, chance) {
  let left = chance.number() * pairs.reduce((sum, [, weight]) => sum + weight, 0);
  return pairs.find(([, weight]) => (left -= weight) < 0)?.[0] ?? pairs.at(-1)[0];
}

/** ${count} courses in the shares of COURSES, in any order. */
function coursesFor(count, chance) {
  const whole = COURSES.reduce((sum, [, share]) => sum + share, 0);
  const all = COURSES.flatMap(([name, share]) => Array(Math.max(1, Math.round((share * count) / whole))).fill(name));
  while (all.length < count) all.push('closed');
  return chance.shuffled(all).slice(0, count);
}

class Maker {
  constructor({ staff, places, names, network, vignettes, texts, taken, chance }) {
    Object.assign(this, { staff, names, network, vignettes, texts, taken, chance });
    this.places = new Map(places.map((place) => [place.id, place]));
    this.byUnit = Map.groupBy ? Map.groupBy(staff.people, (one) => one.at) : new Map(staff.people.map((one) => [one.at, staff.people.filter((other) => other.at === one.at)]));
    this.used = new Map();
    this.patients = [];
    this.numbers = new Map();
  }

  /** Those of a unit who treat or advise. */
  working(unit, roles = ANSWERING) {
    const posted = (this.byUnit.get(unit) ?? []).filter((person) => !person.until); // who came for a while was not there then
    return posted.filter((person) => [person.signsIn ?? person.role].flat().some((role) => roles.includes(role)));
  }

  /** The departments of ${names} that a hospital has, with somebody in them. */
  unitsOf(place, names, roles = ANSWERING) {
    return (this.staff.departments[place] ?? []).filter((name) => names.includes(name)).map((name) => `${place}/${name}`).filter((unit) => this.working(unit, roles).length > 0);
  }

  /** Whom a hospital asks about ${specialty}: its pair, its twin, its parents, then anybody who can. */
  helpersOf(unit, specialty) {
    const place = unit.split('/')[0];
    const names = this.network.helpers[specialty];
    if (!names) throw new Error(`network.json: nobody helps with "${specialty}"`);
    const paired = this.staff.twinned.find(([helped]) => helped === unit);
    if (unit.endsWith('/Emergency') && paired && ASKED_BY_EMERGENCY.includes(specialty)) return [paired[1], ...this.helpersOf(`${place}/`, specialty)];
    const pairs = this.staff.twinned.filter(([helped, helper]) => helped === unit && names.includes(helper.split('/')[1])).map(([, helper]) => helper);
    const { twin, parent } = this.places.get(place);
    const sending = [...this.places.values()].filter((one) => one.tier === 'sending' && one.id !== twin).map(({ id }) => id);
    const units = [...pairs, ...[twin, parent, this.places.get(parent)?.twin, 'lhasa', ...sending].filter(Boolean).flatMap((id) => this.unitsOf(id, names))];
    return [...new Set(units)].filter((one) => !one.startsWith(`${place}/`));
  }

  fits(vignette, place) {
    const metres = this.places.get(place).altitude_m;
    return metres >= (vignette.above ?? 0) && metres <= (vignette.below ?? 9000) && (!vignette.tiers || vignette.tiers.includes(this.places.get(place).tier))
      && (!vignette.countries || vignette.countries.includes(this.places.get(place).country)) && this.unitsOf(place, vignette.asks, ASKING).length > 0;
  }

  /** A hospital that asks, by how busy it is. */
  hospital() {
    const asking = Object.keys(this.staff.departments).filter((id) => this.places.get(id).tier !== 'sending');
    return weighted(asking.map((id) => [id, this.network.busy[id] ?? 1]), this.chance);
  }

  /** Of the vignettes that fit one of those used least, so that all are seen. */
  vignette(fitting, place) {
    const usedAt = (one) => (this.used.get(`${one.id} ${place}`) ?? 0) * 40 + (this.used.get(one.id) ?? 0) * 3 / (one.weight ?? 1);
    const sorted = this.chance.shuffled(fitting).sort((a, b) => usedAt(a) - usedAt(b));
    const chosen = sorted[this.chance.between(0, Math.min(2, sorted.length - 1))];
    for (const key of [chosen.id, `${chosen.id} ${place}`]) this.used.set(key, (this.used.get(key) ?? 0) + 1);
    return chosen;
  }

  /** One of ${texts} that was said least often. */
  leastUsed(texts) {
    const said = (text) => this.used.get(text) ?? 0;
    const chosen = this.chance.shuffled(texts).sort((a, b) => said(a) - said(b))[0];
    this.used.set(chosen, said(chosen) + 1);
    return chosen;
  }

  newPatient(vignette, place) {
    const { chance } = this;
    const town = this.places.get(place);
    const people = vignette.newcomer ? 'CN' : peopleOf(town, chance);
    const gender = vignette.sex ?? chance.pick(['female', 'male']);
    const { name, also } = newName(people, gender, this.names, chance, this.taken);
    const number = this.numbers.get(place) ?? chance.between(1200, 8000);
    this.numbers.set(place, number + chance.between(2, 9));
    const years = vignette.age ? chance.between(...vignette.age) : null;
    const day = `${String(chance.between(1, 12)).padStart(2, '0')}-${String(chance.between(1, 28)).padStart(2, '0')}`;
    const patient = {
      id: String(this.patients.length + 101), name, ...(also ? { also } : {}), gender, place, number: `${PREFIXES[place] ?? place.slice(0, 2).toUpperCase()}-${number}`,
      ...(years === null ? { age: `${chance.between(...vignette.days)}d` } : { age: `${years}y`, ...(years < 60 ? { birthday: day } : {}) }),
    };
    this.patients.push(patient);
    return { patient, years, cases: [], died: false };
  }

  /** Somebody known who could be asked about this too, or somebody new. */
  patientFor(vignette, place) {
    const known = (this.known ??= []);
    const could = vignette.age && known.find((one) => one.patient.place === place && !one.died && one.cases.length === 1 && one.cases[0] !== vignette.id
      && one.years >= vignette.age[0] && one.years <= vignette.age[1] && one.patient.gender === (vignette.sex ?? one.patient.gender));
    if (could && this.chance.happens(SECOND_CASE)) return could;
    const made = this.newPatient(vignette, place);
    known.push(made);
    return made;
  }

  /** What the texts of a case may name. */
  knownFor(person, place, language) {
    const she = person.patient.gender === 'female';
    const town = this.places.get(place);
    const words = she ? { he: 'she', his: 'her', him: 'her', man: 'woman' } : { he: 'he', his: 'his', him: 'him', man: 'man' };
    const parent = this.places.get(town.parent) ?? this.places.get('urumqi');
    return {
      ...words, ...(language === 'zh' ? { he: she ? '她' : '他', his: she ? '她的' : '他的', him: she ? '她' : '他' } : {}), side: this.chance.pick(['left', 'right']), leads: 'V2 to V5', place: language === 'zh' ? town.chinese : town.name, next: language === 'zh' ? parent.chinese : parent.name, age: person.years === null ? person.patient.age.replace('d', '') : String(person.years),
      altitude: town.altitude_m.toLocaleString('en'), child: she ? 'girl' : 'boy', young: she ? 'daughter' : 'son',
    };
  }

  /** One text of ${texts}, or all of them where they are paragraphs. */
  say(texts, known) {
    return fill(this.chance.pick([texts].flat()), this.chance, known);
  }

  paragraphs(texts, known) {
    return texts.map((text) => fill(text, this.chance, known)).filter((text) => text.trim());
  }

  vitals(vignette, place) {
    const { chance } = this;
    const usual = usualSaturation(this.places.get(place).altitude_m);
    return Object.fromEntries(Object.entries(vignette.vitals).map(([name, value]) => {
      if (name === 'below') return ['saturation', Math.max(48, usual - chance.between(...value))];
      if (name === 'pressure') return [name, value.map(([least, most]) => chance.between(least, most)).join('/')];
      if (name === 'temperature') return [name, chance.between(value[0] * 10, value[1] * 10) / 10];
      if (name === 'consciousness') return [name, [value].flat().length > 1 ? chance.pick(value) : value];
      return [name, chance.between(...value)];
    }));
  }

  /** The words of one move, as a step of a case written by hand. */
  step(move, when, told) {
    const { vignette, known, asker, helper, place, texts } = told;
    const ago = `${when}m`;
    const say = (list) => this.say(list, known);
    switch (move) {
      case 'take': case 'take-late': return { taken: told.helper = this.chance.pick(told.helpers), ago };
      case 'ask': return { question: helper, ago, text: [say(told.back[0])] };
      case 'inform': return { message: asker, ago, text: [say(told.back[1])] };
      case 'talk': return { message: asker, ago, text: [say(vignette.talk ?? texts.talk)] };
      case 'talk-after': return { message: helper, ago, text: [say(texts.after)] };
      case 'answer': return { answer: helper, ago, text: this.paragraphs(vignette.answer, known), here: vignette.here };
      case 'act': return { act: this.chance.happens(0.25) ? told.nurse : asker, ago, text: [say(vignette.act ?? (told.urgency === 'stat' ? texts.actNow : texts.act))] };
      case 'outcome': return { outcome: asker, ago, ...told.outcome };
      case 'close': return { close: asker, ago };
      case 'close-lost': return { close: asker, ago, lost: true };
      case 'reroute': return this.rerouted(told, ago);
      case 'decline': return { decline: this.chance.pick(told.helpers), ago, ...this.pair(vignette.decline ?? texts.decline, known, ['reason', 'alternative']) };
      case 'withdraw': return { withdraw: asker, ago, reason: say(vignette.withdraw ?? (told.urgency === 'routine' ? texts.withdraw : texts.withdrawNow ?? texts.withdraw)) };
      default: throw new Error(`no step for ${move} at ${place}`);
    }
  }

  pair(list, known, names) {
    const chosen = this.chance.pick(list);
    return Object.fromEntries(names.map((name, at) => [name, fill(chosen[at], this.chance, known)]));
  }

  rerouted(told, ago) {
    const by = this.chance.pick(told.helpers);
    const to = told.others[0];
    told.helpers = this.working(to).map(({ id }) => id);
    return { reroute: by, ago, to, reason: this.say(told.texts.reroute, told.known) };
  }

  outcomeOf(vignette, known, person) {
    const [helpful, changed, avoided, patient, text] = this.chance.pick(vignette.outcome);
    if (patient === 'died') person.died = true;
    return { helpful, changed, avoided, patient, text: [fill(text, this.chance, known)] };
  }

  /** What the patient agreed to where the case leaves the country. */
  consent(place, to) {
    const [from, abroad] = [this.places.get(place).country, this.places.get(to.split('/')[0]).country];
    const interpreter = this.staff.people.find((one) => one.role === 'interpreter' && one.at.split('/')[0] === place);
    if (from === abroad) return {};
    return { consent: { language: this.chance.pick([LANGUAGES[from], 'ru']), days: this.chance.between(20, 85), ...(interpreter ? { interpreter: interpreter.name } : {}) } };
  }

  /** A case of ${course}; null: none of the vignettes fits here. */
  make(id, course) {
    const place = this.hospital();
    const fitting = this.vignettes.filter((one) => this.fits(one, place) && (course !== 'closed-asked' || one.back) && (course !== 'expired' || !one.urgency.includes('stat')));
    if (course === 'closed-rerouted' && this.places.get(place).tier === 'abroad') return null; // a second consent would be needed
    const able = fitting.filter((one) => this.helpersOf(this.unitsOf(place, one.asks, ASKING)[0], one.of).length > (course === 'closed-rerouted' ? 1 : 0));
    if (able.length === 0) return null;
    const vignette = this.vignette(able, place);
    const units = this.unitsOf(place, vignette.asks, ASKING);
    const unit = this.chance.pick(units);
    const [to, ...others] = this.helpersOf(unit, vignette.of);
    if (!to || (course === 'closed-rerouted' && others.length === 0)) return null;
    const person = this.patientFor(vignette, place);
    person.cases.push(vignette.id);
    const known = this.knownFor(person, place, vignette.language);
    const urgency = course === 'expired' ? 'routine' : this.chance.pick(vignette.urgency);
    const { sent, moves } = courseOf(course, urgency, this.chance);
    const asker = this.chance.pick(this.working(unit, ASKING)).id;
    const texts = vignette.language ? this.texts[vignette.language] : this.texts;
    const told = {
      vignette, known, place, texts, urgency, others, asker, helper: null,
      nurse: this.staff.people.find((one) => one.at.startsWith(`${place}/`) && one.role === 'nurse')?.id ?? asker,
      helpers: this.working(to).map((one) => one.id),
      back: this.chance.pick(vignette.back ?? texts.back), outcome: null,
    };
    const question = fill(this.leastUsed(vignette.question), this.chance, known);
    const story = this.paragraphs(vignette.story, known);
    told.outcome = moves.some(({ move }) => move === 'outcome') ? this.outcomeOf(vignette, known, person) : null;
    return {
      id, patient: person.patient.id, by: asker, to, ago: `${sent}m`, urgency, kind: urgency === 'stat' && !vignette.kind ? 'emergency' : vignette.kind ?? 'advice',
      question, story, vitals: this.vitals(vignette, place), here: vignette.here, clocks: true, ...(course === 'draft' ? { draft: true } : {}),
      ...this.consent(place, to),
      ...(vignette.pictures && this.chance.happens(vignette.shown ?? 0.6) ? { pictures: [{ picture: this.chance.pick(vignette.pictures)[0], title: vignette.pictures[0][1] }] } : {}),
      ...(moves.length > 1 && vignette.age && this.chance.happens(WITH_SERIES) ? { series: this.chance.between(4, 8), better: told.outcome?.patient !== 'died' } : {}),
      then: moves.map(({ move, ago }) => this.step(move, ago, told)),
    };
  }
}

/** ${count} cases with ids from ${first} on: { cases, patients }. */
export function madeCases(count, first, world) {
  const maker = new Maker(world);
  const cases = coursesFor(count, world.chance).map((course, at) => {
    for (let tries = 0; tries < 60; tries++) {
      const made = maker.make(String(first + at), course);
      if (made) return made;
    }
    throw new Error(`no vignette fits a case that is ${course}`);
  });
  return { cases, patients: maker.patients };
}
