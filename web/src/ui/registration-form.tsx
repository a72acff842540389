// SPDX-License-Identifier: Apache-2.0
// A patient the node does not know yet.
import { useEffect, useState } from 'preact/hooks';
import { escapeValue } from '../fhir/patient';
import { isType } from '../fhir/codes';
import { resourcesOf, search } from '../fhir/client';
import type { AgeUnit, Registration } from '../fhir/open-case';
import type { Gender, Location } from '../fhir/types';
import { t } from '../lib/i18n';
import { Choice, Field, TextField } from './fields';
import { presentInstant } from '../lib/time';

interface RegistrationProps {
  value: Registration;
  problems: Partial<Record<string, string>>;
  onChange: (value: Registration) => void;
}

const PAUSE = 200;

/** Places the node knows by that name, with their altitude. None is no failure: any place may be typed. */
function usePlaces(text: string): Location[] {
  const [places, setPlaces] = useState<Location[]>([]);
  useEffect(() => {
    if (text.trim() === '') return undefined;
    const look = async () => {
      const bundle = await search('Location', { name: escapeValue(text.trim()), _count: '8' });
      setPlaces(resourcesOf(bundle).filter((resource) => isType<Location>(resource, 'Location')));
    };
    const timer = setTimeout(() => void look().catch(() => setPlaces([])), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return places;
}

function PlaceFields({ value, problems, onChange }: RegistrationProps) {
  const places = usePlaces(value.place);
  const typed = (place: string) => {
    const known = places.find((entry) => entry.name === place)?.position?.altitude;
    onChange({ ...value, place, altitude: known === undefined ? value.altitude : String(Math.round(known)) });
  };
  return (
    <div class="pair">
      <TextField id="reg-place" label={t('register.place')} optional={t('form.optional')} value={value.place} onChange={typed} input={{ list: 'reg-places', autocomplete: 'off' }} />
      <datalist id="reg-places">
        {places.map((place) => <option key={place.id} value={place.name ?? ''} />)}
      </datalist>
      <Field id="reg-altitude" label={t('register.altitude')} optional={t('form.optional')} problem={problems['reg-altitude']}>
        <span class="with-unit">
          <input id="reg-altitude" type="text" inputMode="numeric" autocomplete="off" value={value.altitude} aria-describedby="reg-altitude-unit" onInput={(event) => onChange({ ...value, altitude: event.currentTarget.value })} />
          <span class="unit" id="reg-altitude-unit">{t('register.metres')}</span>
        </span>
      </Field>
    </div>
  );
}

function AgeFields({ value, problems, onChange }: RegistrationProps) {
  return (
    <div class="pair">
      <Field id="reg-age" label={t('register.age')} problem={problems['reg-age']}>
        <span class="with-unit">
          <input id="reg-age" type="text" inputMode="numeric" autocomplete="off" value={value.age} disabled={value.birthDate !== ''} aria-invalid={problems['reg-age'] ? true : undefined} onInput={(event) => onChange({ ...value, age: event.currentTarget.value })} />
          <select aria-label={t('register.age-unit')} value={value.ageUnit} disabled={value.birthDate !== ''} onChange={(event) => onChange({ ...value, ageUnit: event.currentTarget.value as AgeUnit })}>
            <option value="years">{t('register.years')}</option>
            <option value="months">{t('register.months')}</option>
            <option value="days">{t('register.days')}</option>
          </select>
        </span>
      </Field>
      <TextField
        id="reg-born"
        label={t('register.born')}
        problem={problems['reg-born']}
        value={value.birthDate}
        onChange={(birthDate) => onChange({ ...value, birthDate, age: birthDate ? '' : value.age })}
        input={{ type: 'date', max: presentInstant().slice(0, 10) }}
      />
    </div>
  );
}

export function RegistrationForm({ value, problems, onChange }: RegistrationProps) {
  const sexes: [Gender, string][] = [['female', t('patient.female')], ['male', t('patient.male')], ['other', t('patient.other')], ['unknown', t('patient.sex-unknown')]];
  return (
    <div class="registration">
      <TextField id="reg-name" label={t('register.name')} hint={t('register.name-hint')} problem={problems['reg-name']} value={value.name} onChange={(name) => onChange({ ...value, name })} input={{ autocomplete: 'off' }} />
      <Choice id="reg-sex" compact label={t('register.sex')} problem={problems['reg-sex']} value={value.gender} options={sexes.map(([code, label]) => ({ value: code, label }))} onChange={(gender) => onChange({ ...value, gender })} />
      <AgeFields value={value} problems={problems} onChange={onChange} />
      <TextField id="reg-identifier" label={t('register.identifier')} hint={t('register.identifier-hint')} optional={t('form.optional')} problem={problems['reg-identifier']} value={value.identifier} onChange={(identifier) => onChange({ ...value, identifier })} input={{ autocomplete: 'off' }} />
      <PlaceFields value={value} problems={problems} onChange={onChange} />
    </div>
  );
}
