// SPDX-License-Identifier: Apache-2.0
// The alarm of pairings that have gone quiet: each a line with its pairing behind it. Those in
// which nothing was ever done are told by their number.
import type { Pairing } from '../fhir/pulse';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { Icon } from './icon';
import { helpedWord, helpingWord, quietWords } from './pulse-words';

export function QuietPairings({ id, pairings, hospital = '' }: { id: string; pairings: readonly Pairing[]; hospital?: string }) {
  const quiet = pairings.filter((one) => one.quiet?.is);
  const fallen = quiet.filter((one) => one.quiet?.since);
  const never = quiet.length - fallen.length;
  if (quiet.length === 0) return null;
  return (
    <section class="today-part pulse-alarm" aria-labelledby={id}>
      <h2 id={id}>{t('pulse.quiet-title')} <span class="count">{quiet.length}</span></h2>
      <ul class="pulse-goals">
        {fallen.map((one) => (
          <li key={one.id}>
            <a href={hrefTo('pairings', one.id)}>{t('pulse.helps', { helping: helpingWord(one), helped: helpedWord(one) })}</a>
            <p class="problem"><Icon name="alert" size={16} /> {quietWords(one)}</p>
          </li>
        ))}
        {never > 0 && <li><a href={hrefTo('pairings', '', hospital ? { hospital } : {})}>{t('pulse.silent', { count: never })}</a></li>}
      </ul>
    </section>
  );
}
