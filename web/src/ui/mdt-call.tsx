// SPDX-License-Identifier: Apache-2.0
// Calling a meeting about a case: what about, when, and who. Times are those of the clocks
// here; the node is told the instant. What is typed is kept until it is sent.
import { callMeeting, type Invited } from '../fhir/mdt';
import { today } from '../fhir/people';
import { useDraft } from '../lib/draft';
import { t } from '../lib/i18n';
import { newUuid } from '../lib/ids';
import { goTo } from '../lib/router';
import { SelectField, TextField } from './fields';
import { InvitePicker } from './invite-picker';
import { Notice } from './notice';
import { useSending } from './use-sending';

interface CallDraft {
  id: string;
  subject: string;
  date: string;
  time: string;
  minutes: string;
  invited: Invited[];
}

const LENGTHS = ['15', '30', '45', '60', '90', '120'];

/** What a date and a time of the clocks here mean; NaN where they are none. */
function instantOf(date: string, time: string): number {
  return Date.parse(`${date}T${time}:00`);
}

function lackingIn(draft: CallDraft): string {
  if (!draft.subject.trim()) return 'mdt-subject';
  if (!draft.date) return 'mdt-date';
  if (!draft.time || Number.isNaN(instantOf(draft.date, draft.time))) return 'mdt-time';
  return draft.invited.length === 0 ? 'mdt-invited' : '';
}

function zoneHere(): string {
  return new Intl.DateTimeFormat('en', { timeZoneName: 'shortOffset' }).formatToParts(new Date()).find((part) => part.type === 'timeZoneName')?.value ?? '';
}

export function MdtCall({ request, onCalled }: { request: string; onCalled: () => Promise<void> }) {
  const draft = useDraft<CallDraft>(`mdt.${request}`, () => ({ id: newUuid(), subject: '', date: '', time: '', minutes: '30', invited: [] }));
  const { busy, failure, lacks, send } = useSending();
  const value = draft.value.value;
  const change = (part: Partial<CallDraft>) => { draft.value.value = { ...draft.value.value, ...part }; };
  const problem = (id: string) => (lacks === id && lackingIn(value) === id ? t('step.lacks') : undefined);
  const submit = () => send(lackingIn(value), async () => {
    const start = instantOf(value.date, value.time);
    const end = start + Number(value.minutes) * 60_000;
    await callMeeting(request, { ...value, start: new Date(start).toISOString(), end: new Date(end).toISOString() });
    draft.clear();
    await onCalled();
    goTo('meeting', value.id);
  });
  return (
    <form class="beside-form" noValidate aria-label={t('mdt.call')} onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      <p class="hint">{t('mdt.call-why')}</p>
      <TextField id="mdt-subject" label={t('mdt.subject')} problem={problem('mdt-subject')} value={value.subject} onChange={(subject) => change({ subject })} />
      <div class="slot-fields">
        <TextField id="mdt-date" label={t('mdt.date')} problem={problem('mdt-date')} value={value.date} onChange={(date) => change({ date })} input={{ type: 'date', min: today() }} />
        <TextField id="mdt-time" label={t('mdt.time')} problem={problem('mdt-time')} value={value.time} onChange={(time) => change({ time })} input={{ type: 'time', step: 300 }} />
        <SelectField id="mdt-minutes" label={t('mdt.length')} value={value.minutes} onChange={(minutes) => change({ minutes })} options={LENGTHS.map((one) => ({ value: one, label: t('mdt.minutes', { n: one }) }))} />
      </div>
      <p class="hint">{t('mdt.zone', { zone: zoneHere() })}</p>
      <InvitePicker id="mdt-invited" label={t('mdt.whom')} hint={t('mdt.whom-hint')} problem={problem('mdt-invited')} chosen={value.invited} onChange={(invited) => change({ invited })} />
      {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
      <div class="form-end">
        <button type="submit" class="button button-main" disabled={busy}>{busy ? t('ask.sending') : t('mdt.call-send')}</button>
      </div>
    </form>
  );
}
