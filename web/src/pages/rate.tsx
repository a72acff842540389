// SPDX-License-Identifier: Apache-2.0
// Rate, straight after the case: three taps and, if one likes, a word.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { DIFFICULTIES, PERFORMANCES, SCALES, loadWaiting, procedureName, rate, type Difficulty, type Performance, type Scale, type ToRate } from '../fhir/logbook';
import { language, t } from '../lib/i18n';
import { kept } from '../lib/storage';
import { shortDate } from '../lib/time';
import { Choice, SelectField, TextArea } from '../ui/fields';
import { Heading } from '../ui/heading';
import { DIFFICULTY_WORDS, PART_WORDS, PERFORMANCE_WORDS, SCALE_NAMES, SCALE_WORDS } from '../ui/logbook-words';
import { Failure, Notice, Skeleton } from '../ui/notice';

const SCALE_KEY = 'belay.scale'; // a habit of the device, like its language

function keyOf(one: ToRate): string {
  return `${one.id} ${one.apprentice.reference}`;
}

function RateForm({ one, done }: { one: ToRate; done: () => void }) {
  const [scale, setScale] = useState<Scale>(() => SCALES.find((name) => name === kept.get(SCALE_KEY)) ?? 'zwisch');
  const [value, setValue] = useState('');
  const [performance, setPerformance] = useState<Performance | ''>('');
  const [difficulty, setDifficulty] = useState<Difficulty | ''>('');
  const [word, setWord] = useState('');
  const [state, setState] = useState({ busy: false, failure: '' });
  /** What was tapped on the other scale means something else on this one. */
  const choose = (name: Scale) => {
    setScale(name);
    setValue('');
    kept.set(SCALE_KEY, name);
  };
  const ready = value !== '' && performance !== '' && difficulty !== '';
  const send = async () => {
    if (!performance || !difficulty || !value || state.busy) return;
    setState({ busy: true, failure: '' });
    try {
      await rate({ procedure: one.id, apprentice: one.apprentice.reference, scale, value: Number(value), performance, difficulty, word });
      done();
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
      <TextArea id="rate-word" label={t('log.word')} optional={t('form.optional')} rows={2} value={word} onChange={setWord} onSubmit={() => void send()} />
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
  const load = () => loadWaiting(false).then((found) => setList(found.rates), (error: unknown) => setProblem(sentence(error)));
  useEffect(() => { void load(); }, []);
  const done = (one: ToRate) => {
    setOpen('');
    setSaid(t('log.rated-now', { name: one.apprentice.name }));
    void load();
  };
  return (
    <div class="page">
      <Heading text={t('log.rate')} />
      <p class="hint">{t('log.rate-why')}</p>
      {said && <Notice kind="good"><p>{said}</p></Notice>}
      {problem && <Failure text={problem} retry={() => { setProblem(''); void load(); }} />}
      {!list && !problem && <Skeleton />}
      {list?.length === 0 && <p class="empty">{t('log.rate-none')}</p>}
      <ul class="log-rows">
        {list?.map((one) => (
          <li key={keyOf(one)}>
            <p class="log-row-head"><strong>{one.apprentice.name}</strong> <span>{shortDate(one.day)}</span></p>
            <p>{procedureName(one.code, language.value)} · {t(PART_WORDS[one.function])}</p>
            {open === keyOf(one)
              ? <RateForm one={one} done={() => done(one)} />
              : <button type="button" class="button" onClick={() => setOpen(keyOf(one))}>{t('log.rate-of', { name: one.apprentice.name })}</button>}
          </li>
        ))}
      </ul>
    </div>
  );
}
