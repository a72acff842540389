// SPDX-License-Identifier: Apache-2.0
// Photographs and files picked to be sent.
import { useState } from 'preact/hooks';
import { LARGEST_FILE, isDicom, isImage, pickFile, readableSize, type PickedFile } from '../lib/files';
import { t } from '../lib/i18n';
import { Icon } from './icon';
import { Notice } from './notice';
import { Photo } from './photo';

interface FilesFieldProps {
  id: string;
  files: PickedFile[];
  onChange: (files: PickedFile[]) => void;
}

function PickedRow({ file, onRemove }: { file: PickedFile; onRemove: () => void }) {
  return (
    <li class="picked">
      {isImage(file.type) ? <Photo blob={file.blob} alt={t('files.photo-alt', { name: file.name })} /> : <Icon name="file" size={32} />}
      <span class="picked-name">{file.name}<span class="hint">{readableSize(file.size)}{file.original && ` · ${t('files.original-follows', { size: readableSize(file.original.size) })}`}</span></span>
      <button type="button" class="button-quiet" onClick={onRemove} aria-label={t('files.remove', { name: file.name })}>
        <Icon name="close" />
      </button>
    </li>
  );
}

export function FilesField({ id, files, onChange }: FilesFieldProps) {
  const [tooLarge, setTooLarge] = useState('');
  const [busy, setBusy] = useState(false);
  const add = async (input: HTMLInputElement) => {
    setTooLarge('');
    setBusy(true);
    const picked: PickedFile[] = [];
    for (const file of input.files ?? []) {
      const ready = await pickFile(file);
      if (ready) picked.push(ready);
      else setTooLarge(t('files.too-large', { name: file.name, limit: readableSize(LARGEST_FILE) }));
    }
    input.value = '';
    setBusy(false);
    onChange([...files, ...picked]);
  };
  return (
    <div class="files-field">
      {files.length > 0 && (
        <ul class="picked-list">
          {files.map((file, at) => (
            <PickedRow key={`${file.name}-${at}`} file={file} onRemove={() => onChange(files.filter((_, other) => other !== at))} />
          ))}
        </ul>
      )}
      {files.filter((file) => isDicom(file.type)).map((file, at) => <Notice key={at} kind="info"><p>{t('files.dicom', { name: file.name })}</p></Notice>)}
      {tooLarge && <p class="problem" role="alert">{tooLarge}</p>}
      <label class="button file-button" for={id}>
        <Icon name="camera" />
        {busy ? t('files.preparing') : t('files.add')}
        <input id={id} type="file" multiple class="unseen" onChange={(event) => void add(event.currentTarget)} />
      </label>
    </div>
  );
}
