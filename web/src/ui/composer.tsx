// SPDX-License-Identifier: Apache-2.0
// Where one writes into a case: an expert's answer or question back, or an addition by
// those who treat the patient.
import { useEffect, useRef, useState } from 'preact/hooks';
import { refreshCases } from '../case-store';
import type { Case } from '../fhir/case';
import { sentence } from '../fhir/client';
import { hasAnswer, urgencyOf, type MessageKind } from '../fhir/codes';
import { kindsFor, sendReply, takeCase, type Here } from '../fhir/reply';
import { useDraft } from '../lib/draft';
import type { PickedFile } from '../lib/files';
import { t, type TextKey } from '../lib/i18n';
import { newUuid } from '../lib/ids';
import { useKeys } from '../lib/keys';
import { goTo } from '../lib/router';
import { Choice, TextArea } from './fields';
import { FilesField } from './files-field';
import { Icon } from './icon';
import { Notice } from './notice';

interface ReplyDraft {
  id: string;
  kind: MessageKind | '';
  text: string;
  files: PickedFile[];
  advice: string; // of an answer
  here: Here | '';
}

interface Words {
  label: TextKey;
  hint: TextKey;
  send: TextKey;
  empty: TextKey;
}

export const REPLY_WORDS: Record<MessageKind, Words> = {
  answer: { label: 'reply.answer', hint: 'reply.answer-hint', send: 'reply.send-answer', empty: 'reply.answer-empty' },
  question: { label: 'reply.question', hint: 'reply.question-hint', send: 'reply.send-question', empty: 'reply.question-empty' },
  message: { label: 'reply.message', hint: 'reply.message-hint', send: 'reply.send-message', empty: 'reply.message-empty' },
};

function TakeButton({ item, reload }: { item: Case; reload: () => Promise<void> }) {
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const take = async () => {
    setBusy(true);
    setFailure('');
    try {
      await takeCase(item);
    } catch (error) {
      setFailure(sentence(error));
    }
    await reload();
    setBusy(false);
  };
  return (
    <div class="take">
      <p>{t('reply.take-why')}</p>
      <button type="button" class="button" disabled={busy} onClick={() => void take()}><Icon name="in-work" />{t('reply.take')}</button>
      {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
    </div>
  );
}

function KindChoice({ kinds, kind, onChange }: { kinds: MessageKind[]; kind: MessageKind; onChange: (kind: MessageKind) => void }) {
  if (kinds.length < 2) return null;
  return (
    <Choice
      id="reply-kind"
      compact
      hideLabel
      label={t('reply.kind')}
      value={kind}
      onChange={onChange}
      options={kinds.map((one) => ({ value: one, label: t(REPLY_WORDS[one].label) }))}
    />
  );
}

/** What an answer says beside the assessment. */
function AnswerParts({ advice, here, unsaid, onChange }: { advice: string; here: Here | ''; unsaid: boolean; onChange: (part: Partial<ReplyDraft>) => void }) {
  return (
    <>
      <TextArea id="reply-advice" rows={4} label={t('reply.advice')} problem={unsaid && advice.trim() === '' ? t('reply.advice-empty') : undefined} value={advice} onChange={(text) => onChange({ advice: text })} />
      <Choice
        id="reply-here"
        compact
        label={t('reply.here')}
        value={here}
        onChange={(one) => onChange({ here: one })}
        problem={unsaid && here === '' ? t('reply.here-empty') : undefined}
        options={[{ value: 'yes', label: t('reply.here-yes') }, { value: 'with-help', label: t('reply.here-with-help') }, { value: 'no', label: t('reply.here-no') }]}
      />
    </>
  );
}

export function Composer({ item, reload }: { item: Case; reload: () => Promise<void> }) {
  const draft = useDraft<ReplyDraft>(`reply.${item.request.id ?? ''}`, () => ({ id: newUuid(), kind: '', text: '', files: [], advice: '', here: '' }));
  const [state, setState] = useState({ busy: false, failure: '', problem: '' });
  const [unsaid, setUnsaid] = useState(false); // an answer without advice
  const sending = useRef(false);
  const [wanted, setWanted] = useState(false); // to write more into an answered case
  useEffect(() => {
    if (wanted) document.getElementById('reply')?.focus();
  }, [wanted]);
  useKeys({
    r: () => {
      setWanted(true);
      document.getElementById('reply')?.focus();
    },
    Escape: () => goTo('cases'),
  });
  const kinds = kindsFor(item);
  const value = draft.value.value;
  const kind = value.kind && kinds.includes(value.kind) ? value.kind : kinds[0];
  if (!kind) return <p class="hint">{t('reply.cannot')}</p>;
  const words = REPLY_WORDS[kind];
  const change = (part: Partial<ReplyDraft>) => {
    draft.value.value = { ...draft.value.value, ...part };
  };
  const send = async () => {
    if (sending.current) return;
    const empty = value.text.trim() === '' && (kind !== 'message' || value.files.length === 0);
    const lacks = kind === 'answer' && (value.advice.trim() === '' || value.here === '');
    setState({ busy: !empty && !lacks, failure: '', problem: empty ? t(words.empty) : '' });
    setUnsaid(lacks);
    if (empty || lacks) {
      document.getElementById(empty ? 'reply' : 'reply-advice')?.focus();
      return;
    }
    sending.current = true;
    try {
      await sendReply(item, { ...value, kind, urgency: urgencyOf(item.request.priority), here: value.here || 'with-help' });
      draft.clear();
      setWanted(false);
      setState({ busy: false, failure: '', problem: '' });
      await reload();
      void refreshCases();
    } catch (error) {
      setState({ busy: false, failure: sentence(error), problem: '' });
    } finally {
      sending.current = false;
    }
  };
  if (hasAnswer(item.state) && !wanted && value.text === '') {
    return <button type="button" class="button write-more" onClick={() => setWanted(true)}><Icon name="add" />{t('reply.more')}</button>;
  }
  const mayTake = kinds.includes('answer') && item.state === 'sent';
  return (
    <section class="composer" aria-label={t('reply.title')}>
      {mayTake && <TakeButton item={item} reload={reload} />}
      <form noValidate onSubmit={(event) => { event.preventDefault(); void send(); }}>
        <KindChoice kinds={kinds} kind={kind} onChange={(one) => change({ kind: one })} />
        <TextArea id="reply" rows={kind === 'answer' ? 6 : 3} label={t(words.label)} hint={t(words.hint)} problem={state.problem || undefined} value={value.text} onChange={(text) => change({ text })} onSubmit={() => void send()} />
        {kind === 'answer' && <AnswerParts advice={value.advice} here={value.here} unsaid={unsaid} onChange={change} />}
        <FilesField id="reply-files" files={value.files} onChange={(files) => change({ files })} />
        {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
        <div class="form-end">
          <button type="submit" class="button button-main" disabled={state.busy}>{state.busy ? t('ask.sending') : t(words.send)}</button>
          {!draft.safe.value && <p class="hint">{t('ask.not-kept')}</p>}
        </div>
      </form>
    </section>
  );
}
