// SPDX-License-Identifier: Apache-2.0
// What a case shares of the patient's record: shown to both sides; those who treat the
// patient add to it and take from it.
import { useState } from 'preact/hooks';
import type { Case } from '../fhir/case';
import { sidesOf } from '../fhir/case-step';
import { sentence } from '../fhir/client';
import { localReference, referenceTo } from '../fhir/codes';
import { askedOf, proposals, sharedReferences, writeShared, type Asked } from '../fhir/share';
import { SHARE_KINDS, describe, kindOf, recordsOf, type ShareItem, type Shareable } from '../fhir/share-rule';
import { t } from '../lib/i18n';
import { AttachmentView } from './attachment';
import { Notice } from './notice';
import { SHARE_KIND_WORDS, ShareLine, SharePicker } from './share-picker';

interface Props {
  item: Case;
  reload: () => Promise<void>;
}

/** Records of the case itself (what was measured and photographed for it) go with it anyway. */
function ownReferences(item: Case): Set<string> {
  return new Set([...item.observations, ...item.documents].map(referenceTo));
}

function List({ records }: { records: Shareable[] }) {
  const groups = SHARE_KINDS.map((kind) => ({ kind, list: records.filter((record) => kindOf(record) === kind) }));
  const other = records.filter((record) => kindOf(record) === null);
  return (
    <>
      {groups.filter(({ list }) => list.length > 0).map(({ kind, list }) => (
        <div key={kind}>
          <h3>{t(SHARE_KIND_WORDS[kind])}</h3>
          <ul class="shared-list">
            {list.map((record) => (
              <li key={record.id}>
                <ShareLine item={describe(record)} />
                {(record.content ?? []).map(({ attachment }) => <AttachmentView key={attachment.url} attachment={attachment} />)}
              </li>
            ))}
          </ul>
        </div>
      ))}
      {other.length > 0 && <ul class="shared-list">{other.map((record) => <li key={record.id}><ShareLine item={describe(record)} /></li>)}</ul>}
    </>
  );
}

interface Changing {
  items: ShareItem[];
  chosen: string[];
  asked: Asked | null;
}

/** What is shared already stands among what can be chosen, whatever its age. */
async function beginChange(item: Case): Promise<Changing> {
  const [found, asked] = await Promise.all([proposals(item.patient), askedOf(item.request.performer?.[0])]);
  const own = ownReferences(item);
  const shared = new Set((item.request.supportingInfo ?? []).map((one) => localReference(one.reference)));
  const inReport = new Set(found.filter((one) => shared.has(one.key)).flatMap((one) => one.records.slice(1)));
  const known = new Set(found.map((one) => one.key));
  const older = item.shared.filter((record) => !known.has(referenceTo(record)) && !inReport.has(referenceTo(record))).map((record): ShareItem => {
    const key = referenceTo(record);
    return { key, kind: kindOf(record) ?? 'report', ...describe(record), records: [key], chosen: true };
  });
  const items = [...older, ...found.filter((one) => !own.has(one.key)).map((one) => ({ ...one, chosen: shared.has(one.key) }))];
  return { items, asked, chosen: items.filter((one) => shared.has(one.key)).map((one) => one.key) };
}

interface ChangeProps extends Props {
  changing: Changing | null;
  setChanging: (changing: Changing | null) => void;
}

function Change({ item, reload, changing, setChanging }: ChangeProps) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<void>) => {
    setProblem('');
    setBusy(true);
    await work().catch((error: unknown) => setProblem(sentence(error)));
    setBusy(false);
  };
  const save = async () => {
    if (!changing) return;
    const own = ownReferences(item);
    const kept = (item.request.supportingInfo ?? []).filter((one) => own.has(localReference(one.reference)));
    await writeShared(item.request, [...kept, ...sharedReferences(changing.items, recordsOf(changing.items, changing.chosen))]);
    setChanging(null);
    await reload();
  };
  return (
    <div class="share-change">
      {changing && <SharePicker id="share" {...changing} onChange={(chosen) => setChanging({ ...changing, chosen })} />}
      {problem && <Notice kind="problem"><p>{problem}</p></Notice>}
      {changing ? (
        <p class="share-buttons">
          <button type="button" class="button button-main" disabled={busy} onClick={() => void attempt(save)}>{t('share.save')}</button>
          <button type="button" class="link" onClick={() => setChanging(null)}>{t('share.cancel')}</button>
        </p>
      ) : (
        <button type="button" class="button button-small" disabled={busy} onClick={() => void attempt(async () => setChanging(await beginChange(item)))}>
          {t('share.change')}
        </button>
      )}
    </div>
  );
}

export function SharedRecords({ item, reload }: Props) {
  const mayChange = sidesOf(item.patient, item.task).includes('asking') && item.request.status === 'active';
  const [changing, setChanging] = useState<Changing | null>(null);
  if (item.shared.length === 0 && !mayChange) return null;
  return (
    <section class="shared" aria-labelledby="shared-title">
      <h2 id="shared-title">{t('share.title')}</h2>
      {item.shared.length === 0 && <p class="hint">{t('share.nothing-shared')}</p>}
      {!changing && <List records={item.shared} />}
      {mayChange && <Change item={item} reload={reload} changing={changing} setChanging={setChanging} />}
    </section>
  );
}
