// SPDX-License-Identifier: Apache-2.0
// A file of a case: a picture is shown and opens large, anything else can be saved.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import type { Attachment, DocumentReference } from '../fhir/types';
import { bytesOf } from '../lib/file-bytes';
import { isDicom, isImage, readableSize } from '../lib/files';
import { t } from '../lib/i18n';
import { Icon } from './icon';
import { Photo } from './photo';
import { Pictures, openPicture, picturesOf, useHasViewer } from './pictures';

function Thumbnail({ attachment }: { attachment: Attachment }) {
  const [blob, setBlob] = useState<Blob | null>(null);
  const [problem, setProblem] = useState('');
  const name = attachment.title ?? t('files.photo');
  const load = () => {
    setProblem('');
    bytesOf(attachment.url ?? '').then(setBlob, (error: unknown) => setProblem(sentence(error)));
  };
  useEffect(load, [attachment.url]);
  if (problem) return <p class="problem">{name}: {problem} <button type="button" class="link" onClick={load}>{t('action.try-again')}</button></p>;
  if (!blob) return <span class="photo-place" role="img" aria-label={t('app.loading')} />;
  return (
    <figure class="photo">
      <button type="button" class="photo-open" aria-label={t('files.enlarge', { name })} onClick={() => openPicture(attachment)}>
        <Photo blob={blob} alt={t('files.photo-alt', { name })} />
      </button>
      <figcaption>{name}</figcaption>
    </figure>
  );
}

/** Opens in the viewer of the page around it, or in one of its own. */
function PictureView({ attachment }: { attachment: Attachment }) {
  const thumbnail = <Thumbnail attachment={attachment} />;
  return useHasViewer() ? thumbnail : <Pictures list={picturesOf([[attachment]])}>{thumbnail}</Pictures>;
}

async function save(attachment: Attachment): Promise<void> {
  const url = URL.createObjectURL(await bytesOf(attachment.url ?? ''));
  const link = document.createElement('a');
  link.href = url;
  link.download = attachment.title ?? 'file';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function AttachmentView({ attachment }: { attachment: Attachment }) {
  const [problem, setProblem] = useState('');
  if (isImage(attachment.contentType)) return <PictureView attachment={attachment} />;
  const name = attachment.title ?? t('files.file');
  return (
    <p class="attached-file">
      <button type="button" class="link" onClick={() => void save(attachment).catch((error: unknown) => setProblem(sentence(error)))}>
        <Icon name="file" />{t('files.save', { name })}
      </button>
      {attachment.size !== undefined && <span class="hint">{readableSize(attachment.size)}</span>}
      {isDicom(attachment.contentType) && <span class="hint">{t('files.dicom-save')}</span>}
      {problem && <span class="problem" role="alert">{problem}</span>}
    </p>
  );
}

/** A document of a case: what was sent first, and its original once that is there. */
export function DocumentView({ document }: { document: DocumentReference }) {
  const [first, original] = document.content.map((part) => part.attachment);
  if (!first) return null;
  if (!first.url) return <p class="hint attached-file"><Icon name="waiting" size={16} /> {t('files.coming', { name: first.title ?? t('files.file') })}</p>;
  return (
    <div>
      <AttachmentView attachment={first} />
      {original?.url && <OriginalView attachment={original} />}
    </div>
  );
}

function OriginalView({ attachment }: { attachment: Attachment }) {
  const [problem, setProblem] = useState('');
  return (
    <p class="attached-file">
      <button type="button" class="link" onClick={() => void save(attachment).catch((error: unknown) => setProblem(sentence(error)))}>
        {t('files.save-original', { size: readableSize(attachment.size ?? 0) })}
      </button>
      {problem && <span class="problem" role="alert">{problem}</span>}
    </p>
  );
}
