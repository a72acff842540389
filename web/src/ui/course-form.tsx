// SPDX-License-Identifier: Apache-2.0
// What a course is, as it is typed: the same for one that is planned and one that is changed.
import type { NewCourse } from '../fhir/learning';
import { proceduresToLog } from '../fhir/logbook';
import { language, t } from '../lib/i18n';
import { SelectField, TextField } from './fields';
import { PeopleField } from './people-field';

export const NO_AIM = { procedure: '', text: '', operations: '', target: 0 };

export type Typed = Omit<NewCourse, 'kind' | 'organisers'>;

interface PartProps {
  typed: Typed;
  change: (part: Partial<Typed>) => void;
}

function Aims({ typed, change }: PartProps) {
  const set = (at: number, part: Partial<typeof NO_AIM>) => change({ aims: typed.aims.map((aim, index) => (index === at ? { ...aim, ...part } : aim)) });
  const procedures = [{ value: '', label: t('learn.aim-words') }, ...proceduresToLog(language.value)];
  return (
    <fieldset class="learn-aims-form">
      <legend>{t('learn.aims')} <span class="optional">{t('form.optional')}</span></legend>
      <p class="hint">{t('learn.aims-hint')}</p>
      {typed.aims.map((aim, at) => (
        <div key={at} class="learn-aim-form">
          <SelectField id={`learn-aim-${at}`} label={t('learn.aim', { n: at + 1 })} value={aim.procedure} options={procedures} onChange={(procedure) => set(at, { procedure, target: 0 })} />
          {aim.procedure
            ? <TextField id={`learn-operations-${at}`} label={t('learn.operations')} optional={t('form.optional')} value={aim.operations} onChange={(operations) => set(at, { operations })} input={{ inputMode: 'numeric' }} />
            : <TextField id={`learn-text-${at}`} label={t('learn.aim-text')} value={aim.text} onChange={(text) => set(at, { text })} />}
        </div>
      ))}
      <p><button type="button" class="button" onClick={() => change({ aims: [...typed.aims, NO_AIM] })}>{t('learn.aim-more')}</button></p>
    </fieldset>
  );
}

/** When, where, for how many, who teaches, what for. */
export function CourseFields({ typed, change }: PartProps) {
  return (
    <>
      <TextField id="learn-start" label={t('learn.start')} value={typed.start} onChange={(start) => change({ start })} input={{ type: 'date' }} />
      <TextField id="learn-end" label={t('learn.end')} optional={t('form.optional')} value={typed.end} onChange={(end) => change({ end })} input={{ type: 'date', min: typed.start }} />
      <TextField id="learn-place" label={t('learn.place')} optional={t('form.optional')} value={typed.place} onChange={(place) => change({ place })} />
      <TextField id="learn-capacity" label={t('learn.capacity')} optional={t('form.optional')} value={typed.capacity} onChange={(capacity) => change({ capacity })} input={{ inputMode: 'numeric' }} />
      <TextField id="learn-description" label={t('learn.description')} optional={t('form.optional')} value={typed.description} onChange={(description) => change({ description })} />
      <PeopleField id="learn-teacher" label={t('learn.teachers')} optional={t('form.optional')} list={typed.teachers} onChange={(teachers) => change({ teachers })} />
      <Aims typed={typed} change={change} />
    </>
  );
}
