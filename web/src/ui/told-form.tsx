// SPDX-License-Identifier: Apache-2.0
// How I am told that a case waits: by mail, by a webhook, when not, and of what.
import { useEffect, useState } from 'preact/hooks';
import { HOOK_FORMS, TOLD, loadChoices, saveChoices, tryChoices, type ChoiceChange, type Choices, type Hook, type Told } from '../choices';
import { t, type TextKey } from '../lib/i18n';
import { dayAndTime } from '../lib/time';
import { holdsOne } from '../navigation';
import { SelectField, TextField } from './fields';
import { Notice } from './notice';

const TOLD_LABELS: Record<Told, TextKey> = {
  sent: 'told.sent',
  asked: 'told.asked',
  informed: 'told.informed',
  answered: 'told.answered',
  escalated: 'told.escalated',
  alert: 'told.alert',
  'sign-off': 'told.sign-off',
  outcome: 'told.outcome',
};
const FORM_LABELS: Record<Hook['form'], TextKey> = { belay: 'told.form-belay', text: 'told.form-text', msgtype: 'told.form-msgtype' };

interface Fields {
  email: string;
  url: string;
  form: Hook['form'];
  secret: string;
  quiet: boolean;
  from: string;
  until: string;
  off: Told[];
}

function fieldsOf(choices: Choices): Fields {
  return {
    email: choices.email ?? '', url: choices.hook?.url ?? '', form: choices.hook?.form ?? 'belay', secret: '',
    quiet: choices.quiet !== undefined, from: choices.quiet?.from ?? '22:00', until: choices.quiet?.until ?? '07:00', off: choices.off,
  };
}

function changeOf(fields: Fields): ChoiceChange {
  const hook: Hook = { url: fields.url.trim(), form: fields.form, ...(fields.secret ? { secret: fields.secret } : {}) };
  return {
    email: fields.email.trim() || null,
    hook: hook.url ? hook : null,
    quiet: fields.quiet ? { from: fields.from, until: fields.until, offset: -new Date().getTimezoneOffset() } : null,
    off: fields.off,
  };
}

function Kinds({ off, onChange }: { off: Told[]; onChange: (off: Told[]) => void }) {
  return (
    <fieldset class="told-kinds">
      <legend>{t('told.what')}</legend>
      {TOLD.filter((kind) => kind !== 'sign-off' || holdsOne(['head-of-department', 'quality-officer'])).map((kind) => (
        <label key={kind} class="check-line">
          <input type="checkbox" checked={!off.includes(kind)} onChange={(event) => onChange(event.currentTarget.checked ? off.filter((one) => one !== kind) : [...off, kind])} />
          {t(TOLD_LABELS[kind])}
        </label>
      ))}
    </fieldset>
  );
}

function QuietFields({ fields, change }: { fields: Fields; change: (part: Partial<Fields>) => void }) {
  return (
    <>
      <label class="check-line">
        <input type="checkbox" checked={fields.quiet} onChange={(event) => change({ quiet: event.currentTarget.checked })} />
        {t('told.quiet')}
      </label>
      {fields.quiet && (
        <div class="told-quiet">
          <TextField id="told-from" label={t('told.from')} value={fields.from} onChange={(from) => change({ from })} input={{ type: 'time', required: true }} />
          <TextField id="told-until" label={t('told.until')} value={fields.until} onChange={(until) => change({ until })} input={{ type: 'time', required: true }} />
        </div>
      )}
    </>
  );
}

function Failed({ failed }: { failed: NonNullable<Choices['failed']> }) {
  if (failed.count === 0) return null;
  return (
    <Notice kind="problem">
      <p>{t('told.failed', { n: failed.count, date: failed.at ? dayAndTime(failed.at) : '', detail: failed.why ?? '' })}</p>
    </Notice>
  );
}

export function ToldForm() {
  const [choices, setChoices] = useState<Choices | null>(null);
  const [fields, setFields] = useState<Fields | null>(null);
  const [problem, setProblem] = useState('');
  const [done, setDone] = useState('');
  const take = (next: Choices) => {
    setChoices(next);
    setFields(fieldsOf(next));
  };
  const run = async (work: () => Promise<string>) => {
    setProblem('');
    setDone('');
    await work().then(setDone, (error: Error) => setProblem(error.message));
  };
  useEffect(() => { loadChoices().then(take, (error: Error) => setProblem(error.message)); }, []);
  const save = () => run(async () => {
    if (fields) take(await saveChoices(changeOf(fields)));
    return t('told.saved');
  });
  const test = () => run(async () => ((await tryChoices()) > 0 ? t('told.tried') : t('told.no-way')));
  const change = (part: Partial<Fields>) => setFields((before) => before && { ...before, ...part });
  return (
    <section aria-label={t('told.title')}>
      <h2>{t('told.title')}</h2>
      <p class="hint">{t('told.lead')}</p>
      {choices?.failed && <Failed failed={choices.failed} />}
      {problem && <Notice kind="problem"><p>{problem}</p></Notice>}
      {done && <Notice kind="good"><p>{done}</p></Notice>}
      {fields && (
        <form class="told" onSubmit={(event) => { event.preventDefault(); void save(); }} noValidate>
          <TextField id="told-email" label={t('told.email')} hint={choices?.mail ? undefined : t('told.no-mail')} value={fields.email} onChange={(email) => change({ email })} input={{ type: 'email', autocomplete: 'email' }} />
          <TextField id="told-url" label={t('told.hook')} hint={t('told.hook-hint')} value={fields.url} onChange={(url) => change({ url })} input={{ type: 'url', spellcheck: false }} />
          {fields.url && (
            <>
              <SelectField id="told-form" label={t('told.form')} value={fields.form} options={HOOK_FORMS.map((form) => ({ value: form, label: t(FORM_LABELS[form]) }))} onChange={(form) => change({ form: form as Hook['form'] })} />
              <TextField id="told-secret" label={t('told.secret')} optional={t('form.optional')} hint={choices?.hook?.hasSecret ? t('told.secret-kept') : t('told.secret-hint')} value={fields.secret} onChange={(secret) => change({ secret })} input={{ type: 'password', autocomplete: 'off' }} />
            </>
          )}
          <QuietFields fields={fields} change={change} />
          <Kinds off={fields.off} onChange={(off) => change({ off })} />
          <div class="told-end">
            <button type="submit" class="button">{t('told.save')}</button>
            <button type="button" class="button" onClick={() => void test()}>{t('told.try')}</button>
          </div>
        </form>
      )}
    </section>
  );
}
