// SPDX-License-Identifier: Apache-2.0
// The answer of $route becomes options; the catalogue is found by letters; the drawing keeps directions.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Catalogue, namesOf, tokenOf } from '../src/fhir/catalogue';
import { entriesOf, entryName } from '../src/fhir/catalogue-names';
import { ownEntries } from '../src/fhir/catalogue-own';
import { answerFrom, type RouteAnswer } from '../src/fhir/route';
import { spotsOf } from '../src/ui/route-map';
import { duration, reasonText, riseText } from '../src/ui/route-words';

const decimal = (name: string, valueDecimal: number) => ({ name, valueDecimal });
const place = (name: string) => ({ name: 'hospital', valueReference: { reference: `Organization/${name}`, display: name } });

function option(name: string, latitude: number, longitude: number, safe = true) {
  return {
    name: 'option',
    part: [
      { name: 'kind', valueCode: 'in-region' }, place(name), { name: 'unit', valueReference: { reference: `Organization/${name}-surgery` } },
      { name: 'safe', valueBoolean: safe }, { name: 'minutes', valueInteger: 130 }, { name: 'decided-by', valueCode: 'first' },
      decimal('latitude', latitude), decimal('longitude', longitude), decimal('altitude', 3650), { name: 'rise', valueInteger: -650 },
      { name: 'reason', part: [{ name: 'code', valueCode: 'too-late' }, { name: 'against', valueBoolean: true }, { name: 'value', valueInteger: 130 }, { name: 'limit', valueInteger: 120 }, { name: 'text', valueString: 'x' }] },
      { name: 'reason', part: [{ name: 'code', valueCode: 'new-code' }, { name: 'against', valueBoolean: false }, { name: 'text', valueString: 'What the node says.' }] },
    ],
  };
}

function answer(...options: ReturnType<typeof option>[]): RouteAnswer {
  const from = { name: 'from', part: [place('home'), decimal('latitude', 31), decimal('longitude', 92), decimal('altitude', 4300)] };
  return answerFrom({ resourceType: 'Parameters', parameter: [from, { name: 'total', valueInteger: 9 }, ...options] });
}

test('parameters become options with their reasons', () => {
  const found = answer(option('south', 30, 92));
  assert.equal(found.total, 9);
  assert.equal(found.from.altitude, 4300);
  const [first] = found.options;
  assert.ok(first);
  assert.deepEqual([first.kind, first.safe, first.minutes, first.unit.reference], ['in-region', true, 130, 'Organization/south-surgery']);
  assert.deepEqual(first.reasons.map((one) => reasonText(one)), ['Somebody could act after 2 h 10 min; the limit is 2 h.', 'What the node says.']);
  assert.equal(riseText(first), '650 m lower');
});

test('times as people say them', () => {
  assert.deepEqual([0, 59, 60, 61, 2879, 2880].map(duration), ['0 min', '59 min', '1 h', '1 h 1 min', '47 h 59 min', '2 days']);
});

const CATALOGUE = `catalogue\tours-1
# names
specialty\tsurgery\tSurgery\t外科
device\tlamp\tLamp\t
procedure\tappendectomy\tAppendectomy\t阑尾切除术\tlamp\thands\t47.0
illness\tK35\tAcute appendicitis\t急性阑尾炎\tsurgery\tmoderate\tappendectomy\t\r
illness\tK80\tGallstones\t胆石症\tsurgery\tmoderate\tappendectomy\tcholelithiasis; biliary stones
illness\tK80.5\tGallstones in the duct\t\tsurgery\tserious\tappendectomy\t
`;

test('an illness is found by its name, another name, its code, in both languages', () => {
  const catalogue = new Catalogue(CATALOGUE);
  const first = (text: string) => catalogue.findThings(text, 5)[0]?.code;
  assert.equal(catalogue.version, 'ours-1');
  assert.equal(first('gallst'), 'K80');
  assert.equal(first('阑尾炎'), 'K35');
  assert.equal(first('k80.5'), 'K80.5');
  assert.equal(first('biliary'), 'K80');
  assert.equal(first('appendec'), 'appendectomy');
  assert.deepEqual(catalogue.findThings('no such thing', 5), []);
  assert.deepEqual(catalogue.findThings('(', 1).length <= 1, true);
  const thing = catalogue.findThings('gallst', 1)[0];
  assert.ok(thing);
  assert.equal(catalogue.thingOf(tokenOf(thing)), thing);
  assert.deepEqual(namesOf(thing, 'zh'), ['胆石症', 'Gallstones']);
  const nameless = catalogue.findThings('k80.5', 1)[0];
  assert.ok(nameless);
  assert.deepEqual(namesOf(nameless, 'zh'), ['Gallstones in the duct', '']);
  assert.deepEqual([catalogue.specialtyName('surgery', 'zh'), catalogue.deviceName('lamp', 'zh'), catalogue.deviceName('none', 'en')], ['外科', 'Lamp', undefined]);
});

test('procedures and devices are called and offered as the node says, older ones still have their names', () => {
  const { procedures, kindsOfDevice } = new Catalogue(CATALOGUE.replace('Appendectomy', 'Our appendectomy'));
  assert.ok(entriesOf('procedures').some((one) => one.code === 'hernia-repair'));
  ownEntries.value = { procedures, devices: kindsOfDevice };
  assert.deepEqual(entriesOf('procedures'), [{ code: 'appendectomy', en: 'Our appendectomy', zh: '阑尾切除术', hands: true }]);
  assert.deepEqual(entriesOf('devices').map((one) => one.code), ['lamp']);
  assert.deepEqual([entryName('procedures', 'appendectomy', 'ru'), entryName('devices', 'lamp', 'zh')], ['Our appendectomy', 'Lamp']);
  assert.notEqual(entryName('procedures', 'hernia-repair', 'en'), 'hernia-repair');
  assert.equal(entryName('procedures', 'nobody-knows', 'en'), 'nobody-knows');
  ownEntries.value = null;
});

test('the drawing: south is below, east is right, the nearer is nearer, each hospital once, home not at all', () => {
  const spots = spotsOf(answer(option('home', 31, 92), option('south', 30, 92), option('far-east', 31, 112), option('south', 30, 92, false)));
  assert.deepEqual(spots.map((one) => one.rank), [2, 3]);
  const [south, east] = spots;
  assert.ok(south && east);
  assert.ok(south.y > 150 && Math.abs(south.x - 210) < 1, 'south');
  assert.ok(east.x > 210 && Math.abs(east.y - 150) < 1, 'east');
  assert.ok(south.y - 150 < east.x - 210, 'nearer');
});
