// SPDX-License-Identifier: Apache-2.0
// The core set of a question: what whoever answers would ask first. Each set is a FHIR
// Questionnaire in data/core-sets, loaded when chosen; the answers are a
// QuestionnaireResponse. "Unknown" answers every question.
import { numberFrom } from './vitals';
import type { Coding, Concept, Quantity, Reference, Resource } from './types';

interface Inner {
  url: string;
  valueCode?: string;
  valueString?: string;
}
interface Extended {
  extension?: { url: string; valueCoding?: Coding; valueDecimal?: number; valueCode?: string; extension?: Inner[] }[];
}
interface OptionCoding extends Coding {
  _display?: Extended;
}
interface QuestionnaireItem extends Extended {
  linkId: string;
  code?: Coding[];
  text: string;
  _text?: Extended;
  type: string;
  required?: boolean;
  answerValueSet?: string;
  answerOption?: { valueCoding: OptionCoding }[];
}
export interface Questionnaire extends Resource {
  url: string;
  version: string;
  title: string;
  _title?: Extended;
  useContext?: { valueCodeableConcept: Concept }[];
  item: QuestionnaireItem[];
}
interface UnknownQuantity extends Quantity {
  extension?: { url: string; valueCode: string }[];
}
export interface ResponseAnswer {
  valueCoding?: Coding;
  valueQuantity?: UnknownQuantity;
  valueString?: string;
  _valueString?: { extension: { url: string; valueCode: string }[] };
}
export interface QuestionnaireResponse extends Resource {
  resourceType: 'QuestionnaireResponse';
  questionnaire: string;
  status: string;
  basedOn?: Reference[];
  subject?: Reference;
  authored?: string;
  author?: Reference;
  item?: { linkId: string; text?: string; answer?: ResponseAnswer[] }[];
}

/** What was answered: a text, an option's code, or null for "unknown". Absent: not answered. */
export type Answers = Record<string, string | null>;

export interface Question {
  id: string;
  text: string;
  kind: 'choice' | 'number' | 'text';
  options: { code: string; label: string }[]; // of a choice; without "unknown"
  unit: string;
  range: [number, number];
  required: boolean;
  source: QuestionnaireItem;
}

const TRANSLATION = 'http://hl7.org/fhir/StructureDefinition/translation';
const UNIT = 'http://hl7.org/fhir/StructureDefinition/questionnaire-unit';
const LEAST = 'http://hl7.org/fhir/StructureDefinition/minValue';
const MOST = 'http://hl7.org/fhir/StructureDefinition/maxValue';
const YES_NO_UNKNOWN = 'http://hl7.org/fhir/ValueSet/yesnodontknow';
const YES_NO = 'http://terminology.hl7.org/CodeSystem/v2-0136';
const ABSENT = 'http://terminology.hl7.org/CodeSystem/data-absent-reason';
const ABSENT_VALUE = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';
const UNKNOWN = 'asked-unknown';
const UNKNOWN_VALUE = { extension: [{ url: ABSENT_VALUE, valueCode: UNKNOWN }] };

/** The words for yes and no, which no Questionnaire of ours repeats. */
export interface Words {
  language: string;
  yes: string;
  no: string;
}

function translated(text: string, element: Extended | undefined, language: string): string {
  for (const { url, extension } of element?.extension ?? []) {
    const inLanguage = url === TRANSLATION && extension?.some((part) => part.url === 'lang' && part.valueCode === language);
    const content = inLanguage ? extension?.find((part) => part.url === 'content')?.valueString : undefined;
    if (content) return content;
  }
  return text;
}

function extensionOf(item: QuestionnaireItem, url: string) {
  return item.extension?.find((one) => one.url === url);
}

function optionsOf(item: QuestionnaireItem, words: Words): Question['options'] {
  if (item.answerValueSet === YES_NO_UNKNOWN) return [{ code: 'Y', label: words.yes }, { code: 'N', label: words.no }];
  return (item.answerOption ?? []).map(({ valueCoding: coding }) => ({
    code: coding.code ?? '',
    label: translated(coding.display ?? '', coding._display, words.language),
  }));
}

export function questionsOf(set: Questionnaire, words: Words): Question[] {
  return set.item.map((item) => ({
    id: item.linkId,
    text: translated(item.text, item._text, words.language),
    kind: item.type === 'choice' ? 'choice' : item.type === 'quantity' ? 'number' : 'text',
    options: optionsOf(item, words),
    unit: extensionOf(item, UNIT)?.valueCoding?.display ?? '',
    range: [extensionOf(item, LEAST)?.valueDecimal ?? -Infinity, extensionOf(item, MOST)?.valueDecimal ?? Infinity],
    required: item.required === true,
    source: item,
  }));
}

export function titleOf(set: Questionnaire, language: string): string {
  return translated(set.title, set._title, language);
}

/** The key of an answer in a draft: two sets may ask the same thing. */
export function answerKey(set: string, question: string): string {
  return `${set}/${question}`;
}

export function isAnswered(answer: string | null | undefined): boolean {
  return answer === null || (answer !== undefined && answer.trim() !== '');
}

/** Typed as a number, and not one that can be. Never a reason not to send. */
export function isOdd(question: Question, answer: string | null | undefined): boolean {
  if (question.kind !== 'number' || !answer?.trim()) return false;
  const value = numberFrom(answer);
  return !(value >= question.range[0] && value <= question.range[1]);
}

function unknownAnswer(item: QuestionnaireItem): ResponseAnswer {
  if (item.type === 'choice') return { valueCoding: { system: ABSENT, code: UNKNOWN, display: 'Unknown' } };
  return item.type === 'quantity' ? { valueQuantity: UNKNOWN_VALUE } : { _valueString: UNKNOWN_VALUE };
}

function choiceAnswer(item: QuestionnaireItem, code: string): ResponseAnswer {
  if (item.answerValueSet === YES_NO_UNKNOWN) {
    return { valueCoding: { system: YES_NO, code, display: code === 'Y' ? 'Yes' : 'No' } };
  }
  const option = item.answerOption?.find((one) => one.valueCoding.code === code)?.valueCoding;
  return { valueCoding: { code, ...(option?.display ? { display: option.display } : {}) } };
}

function answerFor(item: QuestionnaireItem, answer: string | null): ResponseAnswer {
  if (answer === null) return unknownAnswer(item);
  if (item.type === 'choice') return choiceAnswer(item, answer);
  const value = item.type === 'quantity' ? numberFrom(answer) : NaN;
  const unit = extensionOf(item, UNIT)?.valueCoding;
  // what is no number stays as it was typed: better odd than lost
  if (Number.isNaN(value) || !unit) return { valueString: answer.trim() };
  return { valueQuantity: { value, unit: unit.display ?? '', system: unit.system ?? '', code: unit.code ?? '' } };
}

type Common = Pick<QuestionnaireResponse, 'id' | 'subject' | 'basedOn' | 'author' | 'authored'>;

/** The record of what was answered of ${set}, named ${name}; null where nothing was. */
export function responseFrom(name: string, set: Questionnaire, answers: Answers, common: Common): QuestionnaireResponse | null {
  const item = set.item.flatMap((one) => {
    const answer = answers[answerKey(name, one.linkId)];
    return answer !== undefined && isAnswered(answer) ? [{ linkId: one.linkId, text: one.text, answer: [answerFor(one, answer)] }] : [];
  });
  if (item.length === 0) return null;
  return { resourceType: 'QuestionnaireResponse', questionnaire: `${set.url}|${set.version}`, status: 'completed', ...common, item };
}

export interface AnswerLine {
  id: string;
  text: string;
  value: string; // "" where unknown
  unit: string;
}

function shownValue(question: Question | undefined, answer: ResponseAnswer): Pick<AnswerLine, 'value' | 'unit'> {
  const { valueCoding: coding, valueQuantity: quantity, valueString } = answer;
  if (coding?.system === ABSENT) return { value: '', unit: '' };
  if (coding) return { value: question?.options.find((one) => one.code === coding.code)?.label ?? coding.display ?? coding.code ?? '', unit: '' };
  if (quantity) return quantity.value === undefined ? { value: '', unit: '' } : { value: String(quantity.value), unit: quantity.unit ?? quantity.code ?? '' };
  return { value: valueString ?? '', unit: '' };
}

/** What ${response} says, in the reader's words where its ${set} is known here. */
export function answerLines(response: QuestionnaireResponse, set: Questionnaire | null, words: Words): AnswerLine[] {
  const questions = set ? questionsOf(set, words) : [];
  return (response.item ?? []).map((item) => {
    const question = questions.find((one) => one.id === item.linkId);
    return { id: item.linkId, text: question?.text ?? item.text ?? item.linkId, ...shownValue(question, item.answer?.[0] ?? {}) };
  });
}
