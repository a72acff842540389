// SPDX-License-Identifier: Apache-2.0
// The bands of reasons one after another, for who has a keyboard and no mouse, or a thumb that a thin band is too
// thin for: arrows go on, the band is lit in the picture, and a press brings its transfers.
import { useState } from 'preact/hooks';
import { t } from '../lib/i18n';
import type { Band } from '../lib/reason-flow';
import { bandCount, bandSays } from './travel-why';

interface Props { bands: readonly Band[]; /** The band of this key is lit in the picture; "": none. */ light: (key: string) => void; open: (band: Band) => void }

export function BandSteps({ bands, light, open }: Props) {
  const [place, setPlace] = useState(0);
  const at = Math.min(place, bands.length - 1); // another choice may have fewer
  const band = bands[at];
  if (!band) return null;
  const go = (by: number) => {
    const next = (at + by + bands.length) % bands.length;
    setPlace(next);
    light(bands[next]?.key ?? '');
  };
  const keys: Record<string, number> = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = keys[event.key];
    if (by === undefined) return;
    event.preventDefault();
    go(by);
  };
  return (
    <div class="band-steps" role="group" aria-label={t('travel.bands')} onKeyDown={onKeyDown} onFocusCapture={() => light(band.key)} onBlurCapture={() => light('')}>
      <button type="button" class="button button-small" aria-label={t('travel.band-before')} onClick={() => go(-1)}>←</button>
      <button type="button" class="link" aria-keyshortcuts="ArrowLeft ArrowRight" aria-disabled={band.behind.length === 0} onClick={() => open(band)}>{`${bandSays(band)}: ${bandCount(band)}`}</button>
      <button type="button" class="button button-small" aria-label={t('travel.band-next')} onClick={() => go(1)}>→</button>
    </div>
  );
}
