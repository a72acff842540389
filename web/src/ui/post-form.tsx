// SPDX-License-Identifier: Apache-2.0
// A post to be given: what, where, from when, until when, and what right follows from it.
import { rightOf, roleName, rolesToGive } from '../fhir/roles';
import { dayBegins, endOfDay, type NewPost, type Unit } from '../fhir/people';
import { t } from '../lib/i18n';
import { SelectField, TextField } from './fields';
import { present } from '../lib/time';

export interface PostDraft {
  role: string;
  unit: string;
  from: string;
  until: string;
}

export const NO_POST: PostDraft = { role: '', unit: '', from: '', until: '' };

export type PostProblems = Partial<Record<keyof PostDraft, string>>;

export function postProblems(draft: PostDraft): PostProblems {
  const problems: PostProblems = {};
  if (!draft.role) problems.role = t('post.role-missing');
  if (!draft.unit) problems.unit = t('post.unit-missing');
  if (draft.until && draft.until < (draft.from || draft.until)) problems.until = t('post.until-before');
  else if (draft.until && Date.parse(endOfDay(draft.until)) < present()) problems.until = t('post.until-past');
  return problems;
}

export function newPost(draft: PostDraft, units: Unit[]): NewPost | null {
  const unit = units.find((one) => one.reference === draft.unit);
  return unit ? { role: draft.role, unit, from: draft.from, until: draft.until } : null;
}

export function PostFields({ id, draft, units, problems, onChange }: { id: string; draft: PostDraft; units: Unit[]; problems: PostProblems; onChange: (draft: PostDraft) => void }) {
  const change = (part: Partial<PostDraft>) => onChange({ ...draft, ...part });
  const choose = { value: '', label: t('post.choose') };
  const begins = draft.from && Date.parse(dayBegins(draft.from)) < present();
  return (
    <>
      <div class="pair">
        <SelectField id={`${id}-role`} label={t('post.role')} problem={problems.role} value={draft.role} onChange={(role) => change({ role })} options={[choose, ...rolesToGive().map((code) => ({ value: code, label: roleName(code) }))]} />
        <SelectField id={`${id}-unit`} label={t('post.unit')} problem={problems.unit} value={draft.unit} onChange={(unit) => change({ unit })} options={[choose, ...units.map((unit) => ({ value: unit.reference, label: unit.full }))]} />
      </div>
      <p class="right" role="status">{draft.role ? rightOf(draft.role) : t('right.choose')}</p>
      <div class="pair">
        <TextField id={`${id}-from`} label={t('post.first-day')} optional={t('post.at-once')} problem={problems.from} hint={begins ? t('post.at-once-hint') : undefined} value={draft.from} onChange={(from) => change({ from })} input={{ type: 'date' }} />
        <TextField id={`${id}-until`} label={t('post.last-day')} optional={t('post.no-end')} problem={problems.until} value={draft.until} onChange={(until) => change({ until })} input={{ type: 'date' }} />
      </div>
    </>
  );
}
