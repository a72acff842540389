// SPDX-License-Identifier: Apache-2.0
// What stands below the figures year by year, a section each, each asked for when the one before it is there:
// the first screen waits for none of them.
import { useState } from 'preact/hooks';
import type { Definition } from '../fhir/indicators';
import { t } from '../lib/i18n';
import { EquityCard } from './equity-card';
import { MoneyCard } from './money-card';
import { PossibleCard } from './possible-card';
import { PulseMap } from './pulse-map';
import type { Opened } from './trend-card';
import { UntilAloneCard } from './until-alone-card';

interface Props { first: number; running: number; definitions: readonly Definition[]; table: boolean; open: (opened: Opened) => void }

export function ProgrammeMore(props: Props) {
  const { table, open } = props;
  const [there, setThere] = useState(0);
  const settled = (one: number) => () => setThere((before) => Math.max(before, one));
  return (
    <>
      <section class="programme-more" aria-labelledby="programme-possible">
        <h2 id="programme-possible">{t('programme.possible')}</h2>
        <PossibleCard {...props} settled={settled(1)} />
      </section>
      {there >= 1 && (
        <section class="programme-more" aria-labelledby="programme-alone">
          <h2 id="programme-alone">{t('programme.alone')}</h2>
          <UntilAloneCard table={table} open={open} settled={settled(2)} />
        </section>
      )}
      {there >= 2 && (
        <section class="programme-more" aria-labelledby="programme-money">
          <h2 id="programme-money">{t('programme.money')}</h2>
          <MoneyCard {...props} settled={settled(3)} />
        </section>
      )}
      {there >= 3 && (
        <section class="programme-more" aria-labelledby="programme-equity">
          <h2 id="programme-equity">{t('equity.title')}</h2>
          <EquityCard {...props} settled={settled(4)} />
        </section>
      )}
      {there >= 4 && (
        <section class="programme-more" aria-labelledby="programme-pulse">
          <h2 id="programme-pulse">{t('programme.pulse')}</h2>
          <PulseMap table={table} />
        </section>
      )}
    </>
  );
}
