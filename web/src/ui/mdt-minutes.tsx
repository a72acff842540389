// SPDX-License-Identifier: Apache-2.0
// The minutes of a meeting: written by who called it, read by all, each decision with the
// words of those who agree and those who do not.
import { useState } from 'preact/hooks';
import { agreeTo, mayAgree, writeMinutes, type Decision, type Invited, type Meeting } from '../fhir/mdt';
import { useDraft } from '../lib/draft';
import { t } from '../lib/i18n';
import { newUuid } from '../lib/ids';
import { isMe } from '../session';
import { TextArea, TextField } from './fields';
import { Icon } from './icon';
import { InvitePicker } from './invite-picker';
import { Notice } from './notice';
import { TimeToggle } from './time-ago';
import { useSending } from './use-sending';

interface Draft {
  id: string;
  text: string;
  decisions: string[];
  present: Invited[];
}

interface Props {
  meeting: Meeting;
  reload: () => Promise<void>;
}

function Present({ meeting, value, onChange }: { meeting: Meeting; value: Invited[]; onChange: (present: Invited[]) => void }) {
  const others = meeting.participants.filter((one) => !one.me);
  const has = (reference: string) => value.some((one) => one.reference === reference);
  const came = value.filter((one) => !others.some((other) => other.reference === one.reference));
  const toggle = (one: Invited, on: boolean) => onChange(on ? [...value, one] : value.filter((other) => other.reference !== one.reference));
  return (
    <fieldset class="choice">
      <legend>{t('mdt.present')}</legend>
      {others.map((one) => (
        <label key={one.reference} class="tick">
          <input type="checkbox" checked={has(one.reference)} onChange={(event) => toggle({ reference: one.reference, name: one.name }, event.currentTarget.checked)} />
          {one.name}
        </label>
      ))}
      <InvitePicker
        id="minutes-came" label={t('mdt.came')} hint={t('mdt.came-hint')} problem={undefined} peopleOnly chosen={came}
        onChange={(list) => onChange([...value.filter((one) => others.some((other) => other.reference === one.reference)), ...list.filter((one) => !isMe({ reference: one.reference }))])}
      />
    </fieldset>
  );
}

export function MinutesForm({ meeting, reload }: Props) {
  const accepted = meeting.participants.filter((one) => !one.me && one.answer === 'accepted').map(({ reference, name }) => ({ reference, name }));
  const draft = useDraft<Draft>(`minutes.${meeting.id}`, () => ({ id: newUuid(), text: '', decisions: [''], present: accepted }));
  const { busy, failure, lacks, send } = useSending();
  const value = draft.value.value;
  const change = (part: Partial<Draft>) => { draft.value.value = { ...draft.value.value, ...part }; };
  const submit = () => send(value.text.trim() ? '' : 'minutes-text', async () => {
    await writeMinutes(meeting, value);
    draft.clear();
    await reload();
  });
  return (
    <form class="beside-form" noValidate aria-label={t('mdt.write-minutes')} onSubmit={(event) => { event.preventDefault(); void submit(); }}>
      <p class="hint">{t('mdt.write-minutes-why')}</p>
      <TextArea id="minutes-text" rows={5} label={t('mdt.said')} problem={lacks && !value.text.trim() ? t('step.lacks') : undefined} value={value.text} onChange={(text) => change({ text })} />
      {value.decisions.map((one, at) => (
        <TextField
          key={at} id={`minutes-decision-${at + 1}`} label={t('mdt.decision', { n: at + 1 })} value={one}
          onChange={(text) => change({ decisions: value.decisions.map((other, index) => (index === at ? text : other)) })}
        />
      ))}
      <button type="button" class="button" onClick={() => change({ decisions: [...value.decisions, ''] })}><Icon name="add" size={16} />{t('mdt.add-decision')}</button>
      <Present meeting={meeting} value={value.present} onChange={(present) => change({ present })} />
      {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
      <div class="form-end"><button type="submit" class="button button-main" disabled={busy}>{busy ? t('ask.sending') : t('mdt.send-minutes')}</button></div>
    </form>
  );
}

function MyWord({ meeting, decision, reload }: Props & { decision: Decision }) {
  const mine = decision.words.find((one) => one.mine);
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const { busy, failure, send } = useSending();
  const say = (agrees: boolean) => send('', async () => {
    await agreeTo(meeting, decision.number, agrees, text);
    setOpen(false);
    setText('');
    await reload();
  });
  if (mine && !open) return <button type="button" class="link no-print" onClick={() => setOpen(true)}>{t('mdt.change-word')}</button>;
  const id = `word-${decision.number}`;
  return (
    <div class="my-word no-print">
      <TextField id={id} label={t('mdt.word-on', { n: decision.number })} optional={t('form.optional')} value={text} onChange={setText} />
      <span class="button-row">
        <button type="button" class="button" disabled={busy} onClick={() => void say(true)} aria-describedby={`decision-${decision.number}`}><Icon name="answered" size={16} />{t('mdt.agree')}</button>
        <button type="button" class="button" disabled={busy} onClick={() => void say(false)} aria-describedby={`decision-${decision.number}`}><Icon name="close" size={16} />{t('mdt.disagree')}</button>
      </span>
      {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
    </div>
  );
}

function OneDecision({ meeting, decision, reload }: Props & { decision: Decision }) {
  return (
    <li class="decision">
      <p class="decision-text" id={`decision-${decision.number}`}><strong>{decision.number}.</strong> {decision.text}</p>
      <ul class="words">
        {decision.words.map((one) => (
          <li key={one.reference} class={one.agrees ? 'word-yes' : 'word-no'}>
            <Icon name={one.agrees ? 'answered' : 'close'} size={16} />
            {t(one.agrees ? 'mdt.agrees' : 'mdt.does-not-agree', { name: one.name })} <TimeToggle at={one.at} />
            {one.text && <span class="word-text">{one.text}</span>}
          </li>
        ))}
        {decision.words.length === 0 && <li class="hint">{t('mdt.no-words')}</li>}
      </ul>
      {mayAgree(meeting) && <MyWord meeting={meeting} decision={decision} reload={reload} />}
    </li>
  );
}

export function MinutesView({ meeting, reload }: Props) {
  const { minutes } = meeting;
  if (!minutes) return null;
  return (
    <section class="panel" aria-labelledby="minutes-title">
      <h2 id="minutes-title">{t('mdt.minutes-title')}</h2>
      <p class="byline">{t('mdt.minutes-by', { name: minutes.by })} <TimeToggle at={minutes.at} /></p>
      <p class="entry-text">{minutes.text}</p>
      <h3>{t('mdt.decisions')}</h3>
      {minutes.decisions.length === 0 && <p class="hint">{t('mdt.no-decisions')}</p>}
      <ol class="decisions">{minutes.decisions.map((one) => <OneDecision key={one.number} meeting={meeting} decision={one} reload={reload} />)}</ol>
    </section>
  );
}
