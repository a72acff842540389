// SPDX-License-Identifier: Apache-2.0
// Rate, straight after the case: three taps and, if one likes, a word. Without a link too: the list is
// the last that was read here, and what of mine still waits on this device can be rated already.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { DIFFICULTIES, MOST_STEPS, PERFORMANCES, SCALES, isByHand, loadWaiting, mayRate, procedureName, ratingCall, stepName, type Difficulty, type NewOperation, type Performance, type Scale, type ToRate } from '../fhir/logbook';
import { say } from '../fhir/outgoing-call';
import { keptHere } from '../lib/draft';
import { language, t } from '../lib/i18n';
import { newUuid } from '../lib/ids';
import { useLatest } from '../lib/latest';
import { hrefTo } from '../lib/router';
import { kept } from '../lib/storage';
import { shortDate } from '../lib/time';
import { outgoing } from '../outbox';
import { Dictate } from '../ui/dictate';
import { Choice, SelectField, TextArea } from '../ui/fields';
import { Heading } from '../ui/heading';
import { DIFFICULTY_WORDS, PERFORMANCE_WORDS, SCALE_NAMES, SCALE_WORDS, partName } from '../ui/logbook-words';
import { Failure, Notice, Skeleton } from '../ui/notice';

const SCALE_KEY = 'belay.scale'; // a habit of the device, like its language

function keyOf(one: ToRate): string {
  return `${one.id} ${one.apprentice.reference}`;
}

/** Operations of mine that wait on this device, of which the node can know nothing. */
function waitingHere(): ToRate[] {
  return outgoing.value.flatMap((item) => {
    if (item.call?.kind !== 'operation' || item.state === 'refused') return [];
    const one = item.draft as Omit<NewOperation, 'steps'> & { name: string; steps: Record<string, 'me' | 'other'> };
    const steps = Object.entries(one.steps).flatMap(([step, who]) => (who === 'other' ? [step] : [])).slice(0, MOST_STEPS);
    return one.other && mayRate(one.mine, one.others) ? [{ id: one.id, code: one.code, day: one.day, function: one.others, apprentice: { reference: one.other, name: one.name }, steps }] : [];
  });
}

/** Is a rating of ${one} on its way? */
function isSaid(one: ToRate): boolean {
  return outgoing.value.some((item) => item.call?.kind === 'rating' && (item.draft as { key: string }).key === keyOf(one));
}

/** Open only when somebody wants it: the rating is three taps. */
function StepRatings({ one, scale, values, change }: { one: ToRate; scale: Scale; values: Record<string, string>; change: (values: Record<string, string>) => void }) {
  if (!one.steps?.length) return null;
  const options = SCALE_WORDS[scale].map((key, at) => ({ value: String(at + 1), label: t(key) }));
  return (
    <details class="log-steps">
      <summary>{t('log.rate-steps')} <span class="optional">{t('form.optional')}</span></summary>
      {one.steps.map((step, at) => (
        <Choice key={step} id={`rate-step-${at}`} label={stepName(one.code, step, language.value)} compact value={values[step] ?? ''} options={options} onChange={(value) => change({ ...values, [step]: value })} />
      ))}
    </details>
  );
}

function RateForm({ one, done }: { one: ToRate; done: (there: boolean) => void }) {
  const [scale, setScale] = useState<Scale>(() => SCALES.find((name) => name === kept.get(SCALE_KEY)) ?? 'zwisch');
  const [value, setValue] = useState('');
  const [performance, setPerformance] = useState<Performance | ''>('');
  const [difficulty, setDifficulty] = useState<Difficulty | ''>('');
  const [word, setWord] = useState('');
  const [steps, setSteps] = useState<Record<string, string>>({});
  const [state, setState] = useState({ busy: false, failure: '' });
  const id = useMemo(newUuid, []);
  /** What was tapped on the other scale means something else on this one. */
  const choose = (name: Scale) => {
    setScale(name);
    setValue('');
    setSteps({});
    kept.set(SCALE_KEY, name);
  };
  const ready = value !== '' && performance !== '' && difficulty !== '';
  const send = async () => {
    if (!performance || !difficulty || !value || state.busy) return;
    setState({ busy: true, failure: '' });
    try {
      const call = ratingCall({ id, procedure: one.id, apprentice: one.apprentice.reference, scale, value: Number(value), performance, difficulty, word, steps: Object.entries(steps).map(([step, of]) => ({ step, value: Number(of) })) });
      const what = `${procedureName(one.code, language.value)} · ${shortDate(one.day)}`;
      done(await say({ id, who: t('log.rate-of', { name: one.apprentice.name }), what, call, draft: { key: keyOf(one) } }));
    } catch (error) {
      setState({ busy: false, failure: sentence(error) });
    }
  };
  return (
    <form class="step-form" noValidate onSubmit={(event) => { event.preventDefault(); void send(); }} aria-label={t('log.rate-of', { name: one.apprentice.name })}>
      <Choice id="rate-value" label={t('log.autonomy')} compact value={value} options={SCALE_WORDS[scale].map((key, at) => ({ value: String(at + 1), label: t(key) }))} onChange={setValue} />
      {scale === 'o-score' && <p class="hint">{t('log.to-check')}</p>}
      <Choice id="rate-performance" label={t('log.performance')} compact value={performance} options={PERFORMANCES.map((code) => ({ value: code, label: t(PERFORMANCE_WORDS[code]) }))} onChange={setPerformance} />
      <Choice id="rate-difficulty" label={t('log.difficulty')} compact value={difficulty} options={DIFFICULTIES.map((code) => ({ value: code, label: t(DIFFICULTY_WORDS[code]) }))} onChange={setDifficulty} />
      <StepRatings one={one} scale={scale} values={steps} change={setSteps} />
      <TextArea id="rate-word" label={t('log.word')} optional={t('form.optional')} rows={2} value={word} onChange={setWord} onSubmit={() => void send()} />
      <Dictate text={word} onText={setWord} />
      <SelectField id="rate-scale" label={t('log.scale')} value={scale} options={SCALES.map((name) => ({ value: name, label: SCALE_NAMES[name] }))} onChange={(name) => choose(SCALES.find((known) => known === name) ?? 'zwisch')} />
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
      <div class="form-end"><button type="submit" class="button button-main" disabled={!ready || state.busy}>{t('log.rate-send', { name: one.apprentice.name })}</button></div>
    </form>
  );
}

export function RatePage() {
  const [list, setList] = useState<ToRate[] | null>(null);
  const [problem, setProblem] = useState('');
  const [open, setOpen] = useState('');
  const [said, setSaid] = useState('');
  const [rated, setRated] = useState<string[]>([]); // what was read may be older than what was said since
  const latest = useLatest();
  const load = () => latest(keptHere('rates', async () => (await loadWaiting(false)).rates)).then(setList, (error: unknown) => setProblem(sentence(error)));
  useEffect(() => { void load(); }, []);
  const done = (one: ToRate, there: boolean) => {
    setOpen((now) => (now === keyOf(one) ? '' : now)); // another may have been opened since
    setRated((before) => [...before, keyOf(one)]);
    setSaid(t(there ? 'log.rated-now' : 'log.rated-later', { name: one.apprentice.name }));
    void load();
  };
  const known = list ?? [];
  const shown = [...waitingHere().filter((mine) => !known.some((one) => keyOf(one) === keyOf(mine))), ...known].filter((one) => !isSaid(one) && !rated.includes(keyOf(one)));
  const waiting = outgoing.value.filter((item) => item.call?.kind === 'rating').length;
  return (
    <div class="page">
      <Heading text={t('log.rate')} />
      <p class="hint">{t('log.rate-why')}</p>
      {said && <Notice kind="good"><p>{said}</p></Notice>}
      {problem && <Failure text={problem} retry={() => { setProblem(''); void load(); }} />}
      {!list && !problem && <Skeleton />}
      {waiting > 0 && <p><a href={hrefTo('outgoing')}>{t('outgoing.count', { n: waiting })}</a></p>}
      {list && shown.length === 0 && <p class="empty">{t('log.rate-none')} {t('log.import-hint')} <a href={hrefTo('import')}>{t('import.title')}</a></p>}
      <ul class="log-rows">
        {shown.map((one) => (
          <li key={keyOf(one)}>
            <p class="log-row-head"><strong>{one.apprentice.name}</strong> <span>{shortDate(one.day)}</span></p>
            <p>{procedureName(one.code, language.value)} · {partName(one.function, isByHand(one.code))}</p>
            {one.steps && one.steps.length > 0 && <p class="hint">{t('log.steps-done', { steps: one.steps.map((step) => stepName(one.code, step, language.value)).join(', ') })}</p>}
            {open === keyOf(one)
              ? <RateForm one={one} done={(there) => done(one, there)} />
              : <button type="button" class="button" onClick={() => { setSaid(''); setOpen(keyOf(one)); }}>{t('log.rate-of', { name: one.apprentice.name })}</button>}
          </li>
        ))}
      </ul>
    </div>
  );
}
