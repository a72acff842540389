// SPDX-License-Identifier: Apache-2.0
// Vital signs: what is asked, in which unit, under which code, what is plausible, and
// what lies outside the usual range of a resting adult. Scores are not computed here.
import { numberIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';
import { CONSCIOUSNESS, DATA_ABSENT, LOINC, OBSERVATION_CATEGORY, UCUM, codeIn, concept } from './codes';
import type { Observation, Quantity } from './types';

export type NumberVital = 'breaths' | 'saturation' | 'oxygen' | 'systolic' | 'diastolic' | 'pulse' | 'temperature';

export interface NumberVitalKind {
  id: NumberVital;
  label: TextKey;
  unit: string;
  loinc: string;
  ucum: string;
  name: string; // in the record, English
  possible: [number, number]; // beyond these: a slip of the pen
  plausible: [number, number]; // beyond these: ask to look again
  usual: [number, number]; // resting adult at sea level
}

export const NUMBER_VITALS: Record<NumberVital, NumberVitalKind> = {
  breaths: {
    id: 'breaths', label: 'vitals.breaths', unit: '/min', loinc: '9279-1', ucum: '/min',
    name: 'Respiratory rate', possible: [0, 150], plausible: [4, 80], usual: [12, 20],
  },
  saturation: {
    id: 'saturation', label: 'vitals.saturation', unit: '%', loinc: '2708-6', ucum: '%',
    name: 'Oxygen saturation', possible: [0, 100], plausible: [40, 100], usual: [94, 100],
  },
  oxygen: {
    id: 'oxygen', label: 'vitals.oxygen-flow', unit: 'L/min', loinc: '3151-8', ucum: 'L/min',
    name: 'Inhaled oxygen flow rate', possible: [0, 100], plausible: [0.1, 15], usual: [0, 0],
  },
  systolic: {
    id: 'systolic', label: 'vitals.systolic', unit: 'mmHg', loinc: '8480-6', ucum: 'mm[Hg]',
    name: 'Systolic blood pressure', possible: [0, 350], plausible: [50, 260], usual: [100, 140],
  },
  diastolic: {
    id: 'diastolic', label: 'vitals.diastolic', unit: 'mmHg', loinc: '8462-4', ucum: 'mm[Hg]',
    name: 'Diastolic blood pressure', possible: [0, 250], plausible: [20, 160], usual: [60, 90],
  },
  pulse: {
    id: 'pulse', label: 'vitals.pulse', unit: '/min', loinc: '8867-4', ucum: '/min',
    name: 'Heart rate', possible: [0, 400], plausible: [25, 240], usual: [50, 100],
  },
  temperature: {
    id: 'temperature', label: 'vitals.temperature', unit: '°C', loinc: '8310-5', ucum: 'Cel',
    name: 'Body temperature', possible: [10, 47], plausible: [30, 43], usual: [36, 38],
  },
};

export const BLOOD_PRESSURE = '85354-9';
export const CONSCIOUSNESS_LOINC = '80288-4';
export const ADULT = 16; // years

export type Consciousness = 'alert' | 'confused' | 'voice' | 'pain' | 'unresponsive';
export const CONSCIOUSNESS_LABELS: Record<Consciousness, TextKey> = {
  alert: 'vitals.alert',
  confused: 'vitals.confused',
  voice: 'vitals.voice',
  pain: 'vitals.pain',
  unresponsive: 'vitals.unresponsive',
};
export const OXYGEN_LABELS: Record<'air' | 'oxygen', TextKey> = { air: 'vitals.air', oxygen: 'vitals.on-oxygen' };

/** As typed: nothing is refused while typing. */
export interface VitalsDraft {
  numbers: Partial<Record<NumberVital, string>>;
  supply: '' | 'air' | 'oxygen';
  consciousness: '' | Consciousness;
}

export const NO_VITALS: VitalsDraft = { numbers: {}, supply: '', consciousness: '' };

/** A number as people type it: a comma or a full-width digit will do. NaN if it is none. */
export function numberFrom(text: string): number {
  const plain = text.normalize('NFKC').trim().replace(',', '.');
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
}

export interface Hint {
  blocks: boolean;
  text: string;
}

/** What is odd about ${text} as the value of ${id}; null when nothing is. */
export function hintFor(id: NumberVital, text: string, draft: VitalsDraft): Hint | null {
  if (text.trim() === '') return null;
  const kind = NUMBER_VITALS[id];
  const value = numberFrom(text);
  if (Number.isNaN(value)) return { blocks: true, text: t('vitals.hint-number') };
  if (id === 'temperature' && value > 86 && value < 115) {
    return { blocks: true, text: t('vitals.hint-fahrenheit', { value, celsius: (((value - 32) * 5) / 9).toFixed(1) }) };
  }
  if (value < kind.possible[0] || value > kind.possible[1]) {
    return { blocks: true, text: t('vitals.hint-impossible', { value, unit: kind.unit, low: kind.possible[0], high: kind.possible[1] }) };
  }
  if (value < kind.plausible[0]) return { blocks: false, text: t('vitals.hint-very-low', { value, unit: kind.unit }) };
  if (value > kind.plausible[1]) return { blocks: false, text: t('vitals.hint-very-high', { value, unit: kind.unit }) };
  if (id === 'diastolic' && value >= numberFrom(draft.numbers.systolic ?? '')) {
    return { blocks: false, text: t('vitals.hint-pressure') };
  }
  return null;
}

export function isBlocked(draft: VitalsDraft): boolean {
  return Object.entries(draft.numbers).some(([id, text]) => hintFor(id as NumberVital, text, draft)?.blocks);
}

function quantity(kind: NumberVitalKind, text: string): Quantity {
  return { value: numberFrom(text), unit: kind.unit, system: UCUM, code: kind.ucum };
}

type Common = Pick<Observation, 'subject' | 'basedOn' | 'performer' | 'effectiveDateTime'>;

function observation(common: Common, loinc: string, name: string, rest: Partial<Observation>): Observation {
  return {
    resourceType: 'Observation',
    status: 'final',
    category: [concept(OBSERVATION_CATEGORY, 'vital-signs')],
    code: { coding: [{ system: LOINC, code: loinc, display: name }], text: name },
    ...common,
    ...rest,
  };
}

function oxygenObservation(common: Common, draft: VitalsDraft): Observation[] {
  const kind = NUMBER_VITALS.oxygen;
  const flow = draft.numbers.oxygen?.trim() ?? '';
  if (draft.supply === '') return [];
  // breathing air is a flow of nothing; oxygen of unknown flow is a value that is absent
  if (draft.supply === 'air') return [observation(common, kind.loinc, kind.name, { valueQuantity: quantity(kind, '0') })];
  if (flow) return [observation(common, kind.loinc, kind.name, { valueQuantity: quantity(kind, flow) })];
  const absent = concept(DATA_ABSENT, 'unknown', 'On oxygen, flow not given');
  return [observation(common, kind.loinc, kind.name, { dataAbsentReason: absent })];
}

/** The records for what was typed; nothing for what was left empty. */
export function observationsFrom(draft: VitalsDraft, common: Common): Observation[] {
  const made: Observation[] = [];
  const typed = (id: NumberVital) => draft.numbers[id]?.trim() ?? '';
  for (const id of ['breaths', 'saturation', 'pulse', 'temperature'] as const) {
    const kind = NUMBER_VITALS[id];
    if (typed(id)) made.push(observation(common, kind.loinc, kind.name, { valueQuantity: quantity(kind, typed(id)) }));
  }
  const component = (['systolic', 'diastolic'] as const).filter((id) => typed(id)).map((id) => {
    const kind = NUMBER_VITALS[id];
    return { code: concept(LOINC, kind.loinc, kind.name), valueQuantity: quantity(kind, typed(id)) };
  });
  if (component.length > 0) made.push(observation(common, BLOOD_PRESSURE, 'Blood pressure', { component }));
  made.push(...oxygenObservation(common, draft));
  if (draft.consciousness) {
    const value = concept(CONSCIOUSNESS, draft.consciousness, draft.consciousness);
    made.push(observation(common, CONSCIOUSNESS_LOINC, 'Level of consciousness', { valueCodeableConcept: value }));
  }
  return made;
}

/** One line of the table on a case's page. */
export interface VitalLine {
  id: string;
  label: string;
  value: string;
  unit: string;
  mark: 'low' | 'high' | 'other' | null;
  note: string;
  code: string;
  at: string;
}

export interface MarkContext {
  years: number | null; // at the time, null when unknown
  altitude: number | null; // metres
}

function markOf(kind: NumberVitalKind, value: number, context: MarkContext): VitalLine['mark'] {
  if (context.years === null || context.years < ADULT) return null; // these ranges are for adults
  if (kind.id === 'oxygen') return null;
  if (value < kind.usual[0]) return 'low';
  return value > kind.usual[1] ? 'high' : null;
}

// metres; from here the height is named beside a low saturation. Whether the value is usual
// for the place is not said: that needs cited ranges, and a wrong comfort costs a life.
const HIGH_PLACE = 2500;

function noteOf(kind: NumberVitalKind, mark: VitalLine['mark'], context: MarkContext): string {
  if (kind.id === 'saturation' && mark === 'low' && (context.altitude ?? 0) >= HIGH_PLACE) {
    return t('vitals.note-altitude', { metres: numberIn(language.value, context.altitude ?? 0) });
  }
  return '';
}

function numberLine(code: string, value: Quantity | undefined, at: string, context: MarkContext): VitalLine[] {
  const kind = Object.values(NUMBER_VITALS).find((entry) => entry.loinc === code);
  if (!kind || value?.value === undefined) return [];
  const mark = markOf(kind, value.value, context);
  const air = kind.id === 'oxygen' && value.value === 0;
  return [{
    id: kind.id,
    label: t(kind.label),
    value: air ? t('vitals.air') : String(value.value),
    unit: air ? '' : kind.ucum === value.code ? kind.unit : (value.unit ?? value.code ?? ''),
    mark,
    note: noteOf(kind, mark, context),
    code: `LOINC ${code}`,
    at,
  }];
}

/** Both pressures in one line, as they are written everywhere: 96/58. */
function pressureLine(parts: VitalLine[]): VitalLine[] {
  const upper = parts.find((part) => part.id === 'systolic');
  const lower = parts.find((part) => part.id === 'diastolic');
  if (!upper || !lower) return parts;
  return [{
    ...upper,
    id: 'pressure',
    label: t('vitals.pressure'),
    value: `${upper.value}/${lower.value}`,
    mark: upper.mark ?? lower.mark,
    code: `LOINC ${BLOOD_PRESSURE}`,
  }];
}

const ORDER = ['consciousness', 'breaths', 'saturation', 'oxygen', 'pulse', 'pressure', 'systolic', 'diastolic', 'temperature'];

function linesOf(observation: Observation, context: MarkContext): VitalLine[] {
  const at = observation.effectiveDateTime ?? '';
  const code = codeIn(observation.code, LOINC) ?? '';
  if (code === CONSCIOUSNESS_LOINC) {
    const level = codeIn(observation.valueCodeableConcept, CONSCIOUSNESS) as Consciousness | undefined;
    const label = level && CONSCIOUSNESS_LABELS[level];
    const value = label ? t(label) : (observation.valueCodeableConcept?.text ?? '');
    const mark = level && level !== 'alert' ? 'other' : null;
    return [{ id: 'consciousness', label: t('vitals.consciousness'), value, unit: '', mark, note: '', code: `LOINC ${code}`, at }];
  }
  if (code === NUMBER_VITALS.oxygen.loinc && observation.dataAbsentReason) {
    return [{ id: 'oxygen', label: t('vitals.oxygen-flow'), value: t('vitals.flow-unknown'), unit: '', mark: null, note: '', code: `LOINC ${code}`, at }];
  }
  const parts = (observation.component ?? []).flatMap((part) => numberLine(codeIn(part.code, LOINC) ?? '', part.valueQuantity, at, context));
  if (parts.length > 0) return pressureLine(parts);
  return numberLine(code, observation.valueQuantity, at, context);
}

export function vitalLines(observations: Observation[], context: MarkContext): VitalLine[] {
  return observations
    .flatMap((one) => linesOf(one, context))
    .sort((a, b) => ORDER.indexOf(a.id) - ORDER.indexOf(b.id));
}
