// SPDX-License-Identifier: Apache-2.0
// What this device holds for me: questions not yet sent, questions on their way with their
// pictures, and drafts. Each line says what is safe and what can be done.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { CaseDraft } from '../fhir/open-case';
import type { Outgoing, OutgoingFile } from '../fhir/outgoing';
import { isFree, isIdle, takeBack } from '../fhir/outgoing-shelf';
import { nameOf } from '../fhir/patient';
import { dropDraft, keepDraft, myDrafts, type KeptDraft } from '../lib/draft';
import { readableSize, type PickedFile } from '../lib/files';
import { t } from '../lib/i18n';
import { newUuid } from '../lib/ids';
import { goTo, hrefTo } from '../lib/router';
import { drain, enqueue, inForm, outgoing, progress, refreshOutbox, send, sendOriginalsNow } from '../outbox';
import { session } from '../session';
import { Icon } from './icon';
import { Notice } from './notice';
import { TimeToggle } from './time-ago';

export const drafts = signal<KeptDraft<CaseDraft>[]>([]);

export async function refreshDrafts(): Promise<void> {
  drafts.value = session.value ? await myDrafts<CaseDraft>('ask/').catch(() => []) : [];
}

function whoOf(draft: CaseDraft): string {
  if (draft.patient) return nameOf(draft.patient);
  return draft.registration?.name.trim() || t('outgoing.no-patient');
}

interface Typed {
  draft: CaseDraft;
  files: PickedFile[];
}

/** Back to the form, under an id of its own. */
async function changeOperation(item: Outgoing): Promise<void> {
  await keepDraft('operation', { ...(item.draft as object), id: newUuid() });
  await refreshOutbox();
  goTo('operation');
}

/** Back to the form, as a question of its own: the node has nothing of it. Not where it has begun to be
 * sent since the button was drawn: it would be asked twice. */
async function change({ id, call }: Outgoing): Promise<void> {
  const item = await takeBack(id, isFree);
  if (item && call) {
    await changeOperation(item);
    return;
  }
  if (!item) {
    await refreshOutbox();
    return;
  }
  const { draft, files } = item.draft as Typed;
  const name = newUuid();
  try {
    await keepDraft(`ask/${name}`, { ...draft, id: newUuid() });
    if (files.length > 0) await keepDraft(`ask-files/${name}`, { list: files });
  } catch {
    await enqueue(item); // no room to write it: it stays what it was
    return;
  }
  await refreshOutbox();
  goTo('ask', name);
}

async function throwAway(item: Outgoing): Promise<void> {
  if (!window.confirm(t(item.call ? 'outgoing.throw-word-sure' : 'outgoing.throw-sure', { name: item.who }))) return;
  const gone = await takeBack(item.id, isIdle);
  for (const one of outgoing.value) if (gone && one.call?.after === item.id) await takeBack(one.id, isIdle); // nothing is left to be rated
  await refreshOutbox();
}

async function throwDraft(draft: KeptDraft<CaseDraft>): Promise<void> {
  if (!window.confirm(t('outgoing.draft-sure', { name: whoOf(draft.value) }))) return;
  await dropDraft(draft.name);
  await dropDraft(draft.name.replace('ask/', 'ask-files/'));
  await refreshDrafts();
}

function FileLine({ file }: { file: OutgoingFile }) {
  const share = progress.value[file.entry] ?? 0;
  const bytes = file.sent === 'none' ? file.small : file.original;
  if (file.sent === 'all' || !bytes) return null;
  const label = t(file.sent === 'none' ? 'outgoing.file' : 'outgoing.original', { name: file.name, size: readableSize(bytes.size) });
  return (
    <li class="outgoing-file">
      <span>{label}</span>
      {share > 0 && <progress max={1} value={share} aria-label={label} />}
    </li>
  );
}

function wordsFor(item: Outgoing): string {
  if (item.state === 'refused') return item.sentence ? t('outgoing.refused', { detail: item.sentence }) : t('ask.twin');
  if (item.state === 'there') return t('outgoing.there');
  if (session.value?.offline) return t('outgoing.waits');
  return item.lease > Date.now() ? t('ask.sending') : t('outgoing.waits');
}

function OutgoingLine({ item }: { item: Outgoing }) {
  const originals = item.files.filter((file) => file.sent === 'small').length;
  const pictures = item.files.filter((file) => file.sent === 'none').length;
  return (
    <li class={`outgoing-item${item.state === 'refused' ? ' outgoing-refused' : ''}`}>
      <p class="outgoing-who"><strong>{item.who}</strong> <span>{item.question.split('\n')[0]}</span></p>
      <p class="byline"><Icon name={item.state === 'refused' ? 'alert' : 'waiting'} size={16} /> {wordsFor(item)} <TimeToggle at={item.at} /></p>
      <ul class="outgoing-files">{item.files.map((file) => <FileLine key={file.entry} file={file} />)}</ul>
      {item.state === 'there' && pictures === 0 && originals > 0 && <p class="hint">{t('outgoing.originals-wait')}</p>}
      <p class="outgoing-do">
        {item.state === 'there' && <a href={hrefTo('case', item.request)}>{t('outgoing.open')}</a>}
        {item.state === 'waiting' && <button type="button" class="button button-small" onClick={() => void send(item.id)}>{t('outgoing.now')}</button>}
        {item.state === 'there' && pictures > 0 && <button type="button" class="button button-small" onClick={() => void drain()}>{t('outgoing.now')}</button>}
        {item.state === 'there' && pictures === 0 && originals > 0 && <button type="button" class="button button-small" onClick={sendOriginalsNow}>{t('outgoing.originals-now')}</button>}
        {isFree(item) && item.call?.kind !== 'rating' && <button type="button" class="button button-small" onClick={() => void change(item)}>{t('outgoing.change')}</button>}
        {isIdle(item) && <button type="button" class="link" onClick={() => void throwAway(item)}>{t('outgoing.throw')}</button>}
      </p>
    </li>
  );
}

function DraftLine({ draft }: { draft: KeptDraft<CaseDraft> }) {
  return (
    <li class="outgoing-item">
      <p class="outgoing-who"><strong>{whoOf(draft.value)}</strong> <span>{draft.value.question.split('\n')[0]}</span></p>
      <p class="byline">{t('outgoing.draft')} <TimeToggle at={new Date(draft.at).toISOString()} /></p>
      <p class="outgoing-do">
        <a class="button button-small" href={hrefTo('ask', draft.name.slice('ask/'.length))}>{t('outgoing.continue')}</a>
        <button type="button" class="link" onClick={() => void throwDraft(draft)}>{t('outgoing.throw')}</button>
      </p>
    </li>
  );
}

/** ${but}: the draft that is open. Nothing to show is nothing. */
export function WaitingList({ but = '', empty = false }: { but?: string; empty?: boolean }) {
  useEffect(() => { void refreshDrafts(); }, [but, session.value?.key]);
  const others = drafts.value.filter((draft) => draft.name !== `ask/${but}`);
  const list = outgoing.value.filter((item) => item.id !== inForm.value);
  if (list.length + others.length === 0) return empty ? <Notice kind="info"><p>{t('outgoing.none')}</p></Notice> : null;
  return (
    <section class="outgoing" aria-labelledby="outgoing-title">
      <h2 id="outgoing-title">{t('outgoing.title')}</h2>
      <ul class="outgoing-list">
        {list.map((item) => <OutgoingLine key={item.id} item={item} />)}
        {others.map((draft) => <DraftLine key={draft.id} draft={draft} />)}
      </ul>
      <p class="hint">{t('outgoing.mine')}</p>
    </section>
  );
}
