// SPDX-License-Identifier: Apache-2.0
// Of pairings what Today needs: the question of the month, where it waits for my word, and of
// those that I speak for the ones that have gone quiet.
import { pairingsWaiting, waitingSide } from '../fhir/pulse';
import { t } from '../lib/i18n';
import { PulseQuestion } from './pulse-question';
import { QuietPairings } from './pulse-quiet';
import { useLive } from './use-live';

const TYPES: ReadonlySet<string> = new Set(['OrganizationAffiliation', 'PractitionerRole']);

export function PulseToday() {
  const { value, reload } = useLive(TYPES, pairingsWaiting);
  const asked = (value ?? []).flatMap((pairing) => {
    const side = waitingSide(pairing);
    return side ? [{ pairing, side }] : [];
  });
  return (
    <>
      {asked.length > 0 && (
        <section class="today-part" aria-labelledby="today-pulse">
          <h2 id="today-pulse">{t('pulse.today')} <span class="count">{asked.length}</span></h2>
          {asked.map(({ pairing, side }) => <PulseQuestion key={`${pairing.id} ${side}`} pairing={pairing} side={side} onDone={() => void reload()} />)}
        </section>
      )}
      <QuietPairings id="today-quiet" pairings={value ?? []} />
    </>
  );
}
