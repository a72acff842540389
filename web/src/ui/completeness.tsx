// SPDX-License-Identifier: Apache-2.0
// How complete the question is, in words, before it is sent. Each thing that is missing
// leads to where it is filled in.
import type { Completeness, Missing, Part } from '../fhir/completeness';
import { t, type TextKey } from '../lib/i18n';

const PARTS: Record<Part, TextKey> = {
  patient: 'complete.patient',
  question: 'complete.question',
  story: 'complete.story',
  urgency: 'complete.urgency',
  topic: 'complete.topic',
  vitals: 'complete.vitals',
  images: 'complete.images',
};

/** Goes to a control, or to the first inside a group. */
export function jumpTo(field: string): void {
  const target = document.getElementById(field);
  const control = target?.matches('fieldset') ? target.querySelector<HTMLElement>('input') : target;
  control?.focus();
  target?.scrollIntoView({ block: 'center' });
}

function Line({ missing }: { missing: Missing }) {
  const text = missing.part ? t(PARTS[missing.part]) : missing.text.replace(/[?？]$/, '');
  return <li><a href={`#${missing.field}`} onClick={(event) => { event.preventDefault(); jumpTo(missing.field); }}>{text}</a></li>;
}

export function CompletenessNote({ value, emergency }: { value: Completeness; emergency: boolean }) {
  const { have, of, missing } = value;
  return (
    <section class={`complete${missing.length === 0 ? ' complete-all' : ''}`} aria-labelledby="complete-title">
      <h2 id="complete-title">{missing.length === 0 ? t('complete.all') : t('complete.some', { have, of })}</h2>
      <meter aria-labelledby="complete-title" min={0} max={of} value={have} />
      {missing.length > 0 && (
        <>
          <p>{emergency ? t('complete.emergency') : t('complete.missing')}</p>
          <ul class="complete-list">{missing.map((one) => <Line key={one.field} missing={one} />)}</ul>
        </>
      )}
    </section>
  );
}
