// SPDX-License-Identifier: Apache-2.0
// Which devices an operation used: a tap each, those of one's own department first. Open only when somebody wants it,
// and kept on the device like colleagues are, so that it can be said without a link.
import { useEffect, useState } from 'preact/hooks';
import { entryName } from '../fhir/catalogue-names';
import { loadUsable, type Usable } from '../fhir/usable';
import { keptHere } from '../lib/draft';
import { language, t } from '../lib/i18n';
import { myPlace } from '../session';

const MOST = 8; // of one operation (LIMIT_PROCEDURE_DEVICES)

function useDevices(): Usable[] {
  const [devices, setDevices] = useState<Usable[]>([]);
  const { department, organization } = myPlace();
  useEffect(() => {
    void keptHere('devices', () => loadUsable(department ?? '', organization ?? '')).then(setDevices, () => undefined);
  }, []);
  return devices;
}

/** Two of one kind are told apart by what is written on them. */
function namesOf(devices: readonly Usable[]): Map<string, string> {
  const plain = ({ name, kind }: Usable) => name || entryName('devices', kind, language.value);
  const twice = (one: Usable) => devices.some((other) => other !== one && plain(other) === plain(one));
  return new Map(devices.map((one) => [one.reference, twice(one) ? `${plain(one)} (${one.serial || one.reference.replace('Device/', '')})` : plain(one)]));
}

interface Props { chosen: readonly string[]; onChange: (chosen: string[]) => void }

function Group({ legend, devices, names, chosen, onChange }: Props & { legend: string; devices: readonly Usable[]; names: Map<string, string> }) {
  if (devices.length === 0) return null;
  const full = chosen.length >= MOST;
  return (
    <fieldset class="log-devices">
      <legend>{legend}</legend>
      {devices.map(({ reference }) => (
        <label key={reference} class="find-check">
          <input type="checkbox" checked={chosen.includes(reference)} disabled={full && !chosen.includes(reference)} onChange={(event) => onChange(event.currentTarget.checked ? [...chosen, reference] : chosen.filter((one) => one !== reference))} />
          {names.get(reference)}
        </label>
      ))}
    </fieldset>
  );
}

export function DevicesPart({ chosen, onChange }: Props) {
  const devices = useDevices();
  if (devices.length === 0) return null;
  const names = namesOf(devices);
  const sorted = [...devices].sort((one, other) => (names.get(one.reference) ?? '').localeCompare(names.get(other.reference) ?? '', language.value));
  const part = { names, chosen, onChange };
  return (
    <details class="log-steps">
      <summary>{t('log.devices')}{chosen.length > 0 && `: ${chosen.map((one) => names.get(one) ?? one).join(', ')}`}</summary>
      <Group {...part} legend={t('log.devices-own')} devices={sorted.filter(({ own }) => own)} />
      <Group {...part} legend={t('log.devices-hospital')} devices={sorted.filter(({ own }) => !own)} />
      {chosen.length >= MOST && <p class="hint">{t('log.devices-most', { n: MOST })}</p>}
    </details>
  );
}
