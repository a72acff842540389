// SPDX-License-Identifier: Apache-2.0
// The parts of a message that have names of their own: which bed, how they travel, what to do
// at home.
import { t, type TextKey } from '../lib/i18n';
import { fullTime } from '../lib/time';

const LABELS: Record<string, TextKey> = {
  bed: 'part.bed', means: 'part.means', escort: 'part.escort', left: 'part.left', expected: 'part.expected',
  patient: 'part.patient', done: 'step.done', 'at-home': 'step.at-home', medicines: 'step.medicines', 'seen-again': 'step.seen-again',
};
const CODES: Record<string, TextKey> = {
  'means.ambulance': 'step.ambulance', 'means.car': 'step.car', 'means.bus': 'step.bus', 'means.plane': 'step.plane', 'means.other': 'step.other',
  'escort.doctor': 'step.doctor', 'escort.nurse': 'step.nurse', 'escort.family': 'step.family', 'escort.nobody': 'step.nobody',
  'patient.better': 'step.better', 'patient.same': 'step.same', 'patient.worse': 'step.worse', 'patient.died': 'step.died',
};

function wordsOf(name: string, text: string): string {
  const code = CODES[`${name}.${text}`];
  if (code) return t(code);
  return name === 'left' || name === 'expected' ? fullTime(text) : text;
}

export function EntryParts({ parts }: { parts: { name: string; text: string }[] }) {
  if (parts.length === 0) return null;
  return (
    <dl class="entry-parts">
      {parts.map(({ name, text }) => {
        const label = LABELS[name];
        return (
          <div key={name}>
            <dt>{label ? t(label) : name}</dt>
            <dd>{wordsOf(name, text)}</dd>
          </div>
        );
      })}
    </dl>
  );
}
