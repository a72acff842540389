// SPDX-License-Identifier: Apache-2.0
// The core sets as they are kept in data/core-sets, the record of their answers, and the
// count of what is missing.
import assert from 'node:assert/strict';
import test from 'node:test';
import { completeness, type Filled } from '../src/fhir/completeness';
import { answerKey, answerLines, questionsOf, responseFrom, titleOf, type Answers, type Question, type Questionnaire } from '../src/fhir/core-set';
import { OF_KIND, TOPICS, loadSet, setOf, setsFor } from '../src/fhir/core-sets';
import { NO_VITALS } from '../src/fhir/vitals';

const EN = { language: 'en', yes: 'Yes', no: 'No' };
const ZH = { language: 'zh', yes: '是', no: '否' };
const all = [...TOPICS, ...Object.values(OF_KIND)];
const load = async (id: string) => (await loadSet(id)) as Questionnaire;
const textsOf = (question: Question) => [question.text, ...question.options.map((option) => option.label)];

test('every set has a name of its own, questions of a known type, and each text in both languages', async () => {
  for (const { id } of all) {
    const set = await load(id);
    assert.equal(set.resourceType, 'Questionnaire');
    assert.equal(setOf(`${set.url}|${set.version}`), id);
    const english = questionsOf(set, EN);
    const chinese = questionsOf(set, ZH);
    assert.equal(new Set(english.map((question) => question.id)).size, english.length, id);
    assert.ok(titleOf(set, 'en') !== titleOf(set, 'zh'), id);
    english.forEach((question, at) => {
      assert.ok(question.kind !== 'choice' || question.options.length > 1, `${id}/${question.id}`);
      assert.ok(question.kind !== 'number' || (question.unit !== '' && question.range[0] < question.range[1]), `${id}/${question.id}`);
      textsOf(question).forEach((text, part) => {
        const other = textsOf(chinese[at] as Question)[part];
        assert.ok(text !== '' && (text !== other || /^(CT|MRI|\+)$/.test(text)), `${id}/${question.id}: ${text}`);
      });
    });
    assert.ok(english.filter((question) => question.required).length <= 14, `${id} asks too much`);
  }
});

test('the kind of case brings its set, the topic the other', () => {
  assert.deepEqual(setsFor('transfer', 'trauma').map((set) => set.id), ['transfer', 'trauma']);
  assert.deepEqual(setsFor('advice', '').map((set) => set.id), []);
  assert.equal(setOf('http://elsewhere.example/Questionnaire/core-trauma-2'), '');
});

test('answers become a record: a choice, a number with its unit, a text, and what is not known', async () => {
  const set = await load('trauma');
  const answers: Answers = {
    [answerKey('trauma', 'how')]: 'Fell off a roof', [answerKey('trauma', 'since')]: '2,5', [answerKey('trauma', 'bleeding')]: 'goes-on',
    [answerKey('trauma', 'spine')]: 'N', [answerKey('trauma', 'gcs')]: null, [answerKey('trauma', 'limbs')]: null, [answerKey('trauma', 'allergies')]: null,
    [answerKey('trauma', 'done')]: '  ', [answerKey('general', 'since')]: 'a week',
  };
  const response = responseFrom('trauma', set, answers, { subject: { reference: 'Patient/1' } });
  assert.ok(response);
  const answerOf = (id: string) => response.item?.find((item) => item.linkId === id)?.answer?.[0];
  assert.equal(response.questionnaire, `${set.url}|${set.version}`);
  assert.deepEqual(answerOf('how'), { valueString: 'Fell off a roof' });
  assert.deepEqual(answerOf('since'), { valueQuantity: { value: 2.5, unit: 'h', system: 'http://unitsofmeasure.org', code: 'h' } });
  assert.deepEqual(answerOf('bleeding'), { valueCoding: { code: 'goes-on', display: 'Goes on' } });
  assert.equal(answerOf('spine')?.valueCoding?.code, 'N');
  assert.equal(answerOf('limbs')?.valueCoding?.code, 'asked-unknown');
  assert.equal(answerOf('gcs')?.valueQuantity?.extension?.[0]?.valueCode, 'asked-unknown');
  assert.equal(answerOf('allergies')?._valueString?.extension[0]?.valueCode, 'asked-unknown');
  assert.equal(answerOf('done'), undefined); // an empty answer is none
  assert.equal(response.item?.length, 7);
  const lines = answerLines(response, set, ZH);
  assert.deepEqual(lines.map((line) => line.value), ['Fell off a roof', '2.5', '仍在出血', '', '否', '', '']);
});

test('a number that is none is kept as it was typed; nothing answered is no record', async () => {
  const set = await load('trauma');
  const response = responseFrom('trauma', set, { [answerKey('trauma', 'since')]: 'since dawn' }, {});
  assert.deepEqual(response?.item?.[0]?.answer, [{ valueString: 'since dawn' }]);
  assert.equal(responseFrom('trauma', set, {}, {}), null);
});

test('a record of a set that is not known here is shown as it was written', async () => {
  const set = await load('general');
  const response = responseFrom('general', set, { [answerKey('general', 'course')]: 'worse' }, {});
  assert.ok(response);
  assert.deepEqual(answerLines(response, null, ZH), [{ id: 'course', text: 'How is it going?', value: 'Worse', unit: '' }]);
});

const EMPTY: Filled = { patient: false, question: '', story: '', urgency: '', kind: 'advice', topic: '', answers: {}, vitals: NO_VITALS, files: 0 };

test('the count names what is missing, and unknown is an answer', async () => {
  assert.deepEqual(completeness(EMPTY, []).missing.map((one) => one.part), ['patient', 'question', 'story', 'urgency', 'topic', 'vitals']);
  const asked = questionsOf(await load('general'), EN).map((question) => ({ set: 'general', question }));
  const filled: Filled = {
    ...EMPTY, patient: true, question: 'Operate?', story: '胆囊结石三年，昨夜右上腹痛，伴恶心。', urgency: 'routine', topic: 'general',
    answers: Object.fromEntries(asked.map(({ question }) => [answerKey('general', question.id), null])),
    vitals: { numbers: { breaths: '1', saturation: '1', pulse: '1', temperature: '1', systolic: '1' }, supply: '', consciousness: 'alert' },
  };
  assert.deepEqual(completeness(filled, asked).missing, []);
  const less = { ...filled, answers: { ...filled.answers, [answerKey('general', 'allergies')]: '' } };
  const { have, of, missing } = completeness(less, asked);
  assert.deepEqual([of - have, missing], [1, [{ field: 'core-general-allergies', part: null, text: 'Allergies' }]]);
});

test('a second opinion needs the images, and no vital signs', () => {
  const missing = completeness({ ...EMPTY, kind: 'second-opinion' }, []).missing.map((one) => one.part);
  assert.ok(missing.includes('images') && !missing.includes('vitals') && !missing.includes('topic'));
});
