// SPDX-License-Identifier: Apache-2.0
// The shared watch on the page of a case: what was agreed, the alerts, and the form by which either
// side puts the patient under watch, changes it or ends it.
import { useEffect, useState } from 'preact/hooks';
import { onChange } from '../events';
import type { Case } from '../fhir/case';
import { sidesOf } from '../fhir/case-step';
import { sentence } from '../fhir/client';
import { hasEnded } from '../fhir/codes';
import { BANDS, beginWatch, endWatch, watching, type Alert, type Band, type Terms, type Watch } from '../fhir/watch';
import { newUuid } from '../lib/ids';
import { t, type TextKey } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { dayAndTime } from '../lib/time';
import { Choice } from './fields';
import { Icon } from './icon';
import { Notice } from './notice';
import { AlertView, waitsFor } from './watch-alert';

const BAND_WORDS: Record<Band, TextKey> = { 'single-3': 'watch.band-single', 5: 'watch.band-5', 7: 'watch.band-7' };
const REFUSALS: Record<string, TextKey> = { child: 'watch.refused-child', pregnant: 'watch.refused-pregnant', 'age-unknown': 'watch.refused-age' };
const HOURS = ['6', '12', '24', '48', '72'] as const;
const EVERY = ['15', '30', '60', '120', '240'] as const;
const RISES = ['1', '2', '3'] as const;

export function everyWords(minutes: number): string {
  return minutes < 60 ? t('watch.every-minutes', { minutes }) : t('watch.every-hours', { hours: Math.round(minutes / 6) / 10 });
}

function one<T extends string>(list: readonly T[], words: (value: T) => string) {
  return list.map((value) => ({ value, label: words(value) }));
}

function WatchForm({ request, before, onDone, onClose }: { request: string; before: Watch | null; onDone: () => void; onClose: () => void }) {
  const [hours, setHours] = useState<(typeof HOURS)[number]>('24');
  const [every, setEvery] = useState<(typeof EVERY)[number]>(EVERY.find((value) => Number(value) === before?.every) ?? '60');
  const [rise, setRise] = useState<(typeof RISES)[number]>(RISES.find((value) => Number(value) === before?.rise) ?? '2');
  const [band, setBand] = useState<Band>(before?.band ?? '5');
  const [id] = useState(() => before?.id ?? newUuid());
  const [state, setState] = useState({ busy: false, failure: '' });
  const go = async () => {
    const terms: Terms = { id, hours: Number(hours), every: Number(every), rise: Number(rise), band };
    setState({ busy: true, failure: '' });
    const failure = await beginWatch(request, terms).then(() => '', sentence);
    setState({ busy: false, failure });
    if (!failure) onDone();
  };
  return (
    <form class="watch-form" noValidate onSubmit={(event) => { event.preventDefault(); void go(); }}>
      <Choice id="watch-hours" compact label={t('watch.hours')} value={hours} onChange={setHours} options={one(HOURS, (value) => t('watch.hours-of', { hours: value }))} />
      <Choice id="watch-every" compact label={t('watch.every')} value={every} onChange={setEvery} options={one(EVERY, (value) => everyWords(Number(value)))} />
      <Choice id="watch-rise" compact label={t('watch.rise')} value={rise} onChange={setRise} options={one(RISES, (value) => t('watch.rise-of', { points: value }))} />
      <Choice id="watch-band" compact label={t('watch.band')} value={band} onChange={setBand} options={one(BANDS, (value) => t(BAND_WORDS[value]))} />
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
      <div class="watch-buttons">
        <button type="submit" class="button button-main" disabled={state.busy}>{t(before ? 'watch.change-send' : 'watch.send')}</button>
        <button type="button" class="button" onClick={onClose}>{t('watch.not')}</button>
      </div>
    </form>
  );
}

function Agreed({ watch }: { watch: Watch }) {
  return (
    <>
      <p><Icon name="watch" size={18} /> <strong>{t('watch.until', { time: dayAndTime(watch.until) })}</strong> {everyWords(watch.every)}</p>
      {watch.refused
        ? <p class="hint">{t(REFUSALS[watch.refused] ?? 'watch.refused-age')}</p>
        : <p class="hint">{t('watch.terms', { points: watch.rise, band: t(BAND_WORDS[watch.band]) })}</p>}
    </>
  );
}

export function WatchPanel({ item }: { item: Case }) {
  const request = item.request.id ?? '';
  const [loaded, setLoaded] = useState<{ watch: Watch | null; alerts: Alert[] }>({ watch: null, alerts: [] });
  const [form, setForm] = useState(false);
  const [failure, setFailure] = useState('');
  const sides = sidesOf(item.patient, item.task);
  const latest = useLatest();
  const load = () => {
    latest(watching(request)).then(({ watches, alerts }) => setLoaded({ watch: watches[0] ?? null, alerts }), () => undefined);
  };
  useEffect(() => {
    load();
    return onChange((change) => {
      if (!change || change.type === 'CarePlan' || change.type === 'Communication') load();
    });
  }, [request]);
  const { watch, alerts } = loaded;
  const may = sides.length > 0 && !hasEnded(item.state);
  const end = async (id: string) => {
    setFailure(await endWatch(request, id).then(() => '', sentence));
    load();
  };
  if (!may && !watch && alerts.length === 0) return null;
  return (
    <section class="watch" aria-labelledby="watch-title">
      <h2 id="watch-title">{t('watch.title')}</h2>
      {watch ? <Agreed watch={watch} /> : <p class="hint">{t('watch.what')}</p>}
      {alerts.map((alert) => <AlertView key={alert.id} alert={alert} waits={waitsFor(alert, sides)} onDone={load} />)}
      {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
      {may && form && <WatchForm request={request} before={watch} onDone={() => { setForm(false); load(); }} onClose={() => setForm(false)} />}
      {may && !form && (
        <div class="watch-buttons">
          <button type="button" class="button" onClick={() => setForm(true)}>{t(watch ? 'watch.change' : 'watch.begin')}</button>
          {watch && <button type="button" class="button" onClick={() => void end(watch.id)}>{t('watch.end')}</button>}
        </div>
      )}
    </section>
  );
}
