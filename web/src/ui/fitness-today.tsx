// SPDX-License-Identifier: Apache-2.0
// Who is posted to a height and of whom a doctor has still to say whether they may work there, on
// the page Today of the doctors who may decide it.
import { read } from '../fhir/client';
import { readParts, type Part } from '../fhir/parts';
import { numberIn } from '../lib/dates';
import { language, t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { shortDate } from '../lib/time';
import { session } from '../session';
import { Icon } from './icon';
import { useLive } from './use-live';

const TYPES: ReadonlySet<string> = new Set(['PractitionerRole']);

async function loadWaiting() {
  const { parameter } = await read<{ parameter?: Part[] }>('PractitionerRole/$waiting');
  return readParts(parameter ?? []).all('posting').map((one) => ({
    id: one.text('id'), name: one.who('person').name, hospital: one.who('hospital').name, altitude: one.number('altitude'), day: one.text('first-day'), arrived: one.truth('arrived'),
  }));
}

export function FitnessToday() {
  const me = session.value?.practitioner;
  const list = useLive(TYPES, () => (me ? loadWaiting() : Promise.resolve([]))).value ?? [];
  if (list.length === 0) return null;
  return (
    <section class="today-part" aria-labelledby="today-fitness">
      <h2 id="today-fitness">{t('arrival.today')} <span class="count">{list.length}</span></h2>
      <ul class="learn-list">
        {list.map((one) => (
          <li key={one.id}>
            <a class="learn-row" href={hrefTo('posting', one.id)}>
              <strong><Icon name="people" size={18} /> {one.name} · {one.hospital}</strong>
              <span>{t(one.arrived ? 'arrival.today-there' : 'arrival.today-comes', { day: shortDate(one.day), metres: t('patient.metres', { n: numberIn(language.value, one.altitude) }) })}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
