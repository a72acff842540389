// SPDX-License-Identifier: Apache-2.0
// An illness or a procedure of the catalogue, found while its name is typed.
import { useState } from 'preact/hooks';
import { namesOf, tokenOf, type Thing } from '../fhir/catalogue';
import { language, t } from '../lib/i18n';
import { Choice, TextField } from './fields';
import { Skeleton } from './notice';
import { useCatalogue, type Catalogue } from './use-catalogue';

const MOST = 7;

interface IllnessPickerProps {
  id: string;
  label: string;
  optional?: string;
  /** "system|code", or "". */
  value: string;
  onChange: (token: string, thing: Thing | undefined) => void;
}

function hintOf(one: Thing, other: string): string {
  return [other, one.kind === 'illness' ? one.code : t('find.procedure')].filter(Boolean).join(' · ');
}

function Picker({ id, label, optional, value, onChange, catalogue }: IllnessPickerProps & { catalogue: Catalogue }) {
  const chosen = catalogue.thingOf(value);
  const [text, setText] = useState(chosen ? namesOf(chosen, language.value)[0] : '');
  const found = catalogue.findThings(text, MOST);
  const type = (typed: string) => {
    setText(typed);
    if (value && typed.trim() === '') onChange('', undefined);
  };
  return (
    <div class="illness-picker">
      <TextField id={id} label={label} hint={t('find.illness-hint')} value={text} onChange={type} input={{ autoComplete: 'off' }} {...(optional ? { optional } : {})} />
      {text.trim() !== '' && found.length === 0 && <p class="hint" role="status">{t('find.no-illness')}</p>}
      {found.length > 0 && (
        <Choice
          id={`${id}-found`} label={t('find.found')} hideLabel compact value={value} onChange={(token) => onChange(token, catalogue.thingOf(token))}
          options={found.map((one) => {
            const [name, other] = namesOf(one, language.value);
            return { value: tokenOf(one), label: name, hint: hintOf(one, other) };
          })}
        />
      )}
    </div>
  );
}

export function IllnessPicker(props: IllnessPickerProps) {
  const catalogue = useCatalogue();
  return catalogue ? <Picker {...props} catalogue={catalogue} /> : <Skeleton rows={1} />;
}
