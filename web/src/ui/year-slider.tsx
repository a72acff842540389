// SPDX-License-Identifier: Apache-2.0
// A slider over years, by keyboard as any slider, with a button that plays them one after another. Who
// wants less movement has a button to the next year instead.
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../lib/i18n';
import { useMedia } from './use-media';

const STEP_MS = 1200;

interface Props { id: string; year: number; first: number; last: number; says: (year: number) => string; onChange: (year: number) => void }

export function YearSlider({ id, year, first, last, says, onChange }: Props) {
  const [playing, setPlaying] = useState(false);
  const calm = useMedia('(prefers-reduced-motion: reduce)');
  const change = useRef(onChange);
  change.current = onChange;
  const running = playing && !calm;
  useEffect(() => {
    if (!running) return undefined;
    if (year >= last) {
      setPlaying(false);
      return undefined;
    }
    const timer = setTimeout(() => change.current(year + 1), STEP_MS);
    return () => clearTimeout(timer);
  }, [running, year, last]);
  const play = () => {
    if (!running && year >= last) onChange(first);
    setPlaying(!running);
  };
  return (
    <div class="year-slider">
      <label for={id}>{t('computed.period')} <output for={id}>{says(year)}</output></label>
      <input id={id} type="range" min={first} max={last} step={1} value={year} aria-valuetext={says(year)} onInput={(event) => { setPlaying(false); onChange(event.currentTarget.valueAsNumber); }} />
      {calm
        ? <button type="button" class="button button-small" onClick={() => onChange(year >= last ? first : year + 1)}>{t('programme.possible-next')}</button>
        : <button type="button" class="button button-small" aria-pressed={running} onClick={play}>{t(running ? 'programme.possible-stop' : 'programme.possible-play')}</button>}
    </div>
  );
}
