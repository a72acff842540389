// SPDX-License-Identifier: Apache-2.0
// Arrival: what was looked at, the first days at a height, and which duties do not count in
// them, with the rule that says so; the form that enters it, and the doctor's own decision on
// fitness for the altitude, which nobody enters for another.
import { useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import {
  CHECKS, ENTERED, OUTCOMES, arrivedOf, decideFitness, enterArrival, type CheckKind, type CheckOutcome, type EnteredKind, type Named, type Posting, type PostingRecord,
} from '../fhir/team';
import { numberIn } from '../lib/dates';
import { language, t, type TextKey } from '../lib/i18n';
import { dayAndTime, presentInstant, shortDate } from '../lib/time';
import { Choice, SelectField, TextField } from './fields';
import { Icon } from './icon';
import { Notice } from './notice';
import { PersonPicker } from './person-picker';
import { stretchWords } from './roster-words';

const KINDS: Record<CheckKind, TextKey> = { licence: 'arrival.licence', privileges: 'arrival.privileges', 'altitude-fitness': 'arrival.altitude-fitness' };
const RESULTS: Record<CheckOutcome, TextKey> = { passed: 'arrival.passed', conditions: 'arrival.conditions', failed: 'arrival.failed' };

/** Each check with what it came to; what nobody has looked at is said so. */
export function Checks({ posting }: { posting: Posting }) {
  return (
    <ul class="arrival-checks" aria-label={t('arrival.checks')}>
      {CHECKS.map((kind) => {
        const found = posting.checks.find((one) => one.kind === kind);
        const isGood = found && found.outcome !== 'failed';
        return (
          <li key={kind} class={isGood ? 'arrival-good' : 'arrival-open'}>
            <Icon name={isGood ? 'answered' : 'alert'} size={16} />
            <span>{t(KINDS[kind])}: {found ? t('arrival.by', { outcome: t(RESULTS[found.outcome]), name: found.by.name, day: shortDate(found.on) }) : t('arrival.open')}</span>
          </li>
        );
      })}
    </ul>
  );
}

export function FreshDays({ posting }: { posting: Posting }) {
  const { fresh } = posting;
  if (!fresh) return null;
  return (
    <div class="arrival-fresh">
      <p>{t('arrival.fresh', { when: stretchWords(fresh.days), metres: t('patient.metres', { n: numberIn(language.value, fresh.altitude) }) })}</p>
      {fresh.duties.length > 0 && (
        <ul>
          {fresh.duties.map((one, at) => <li key={at}>{t(one.why === 'night' ? 'arrival.night' : 'arrival.solo', { from: dayAndTime(one.from), to: dayAndTime(one.until) })}</li>)}
        </ul>
      )}
      <p class="hint">{t('arrival.rule', { rule: fresh.rule })}</p>
    </div>
  );
}

export function ArrivalForm({ record, reload }: { record: PostingRecord; reload: () => Promise<void> }) {
  const [arrived, setArrived] = useState(arrivedOf(record));
  const [kind, setKind] = useState<EnteredKind | ''>('');
  const [outcome, setOutcome] = useState<CheckOutcome | ''>('');
  const [by, setBy] = useState<Named | null>(null);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const choose = { value: '', label: t('post.choose') };
  const submit = (event: Event) => {
    event.preventDefault();
    const wrong = {
      ...(kind || arrived ? {} : { kind: t('arrival.nothing') }),
      ...(kind && !outcome ? { outcome: t('arrival.outcome-missing') } : {}),
      ...(kind && !by ? { by: t('arrival.by-missing') } : {}),
    };
    setProblems(wrong);
    const [field] = Object.keys(wrong);
    if (field) {
      document.getElementById(`arrival-${field}`)?.focus();
      return;
    }
    setBusy(true);
    setFailure('');
    const check = kind && outcome && by ? { kind, outcome, by, on: presentInstant().slice(0, 10) } : null;
    enterArrival(record, arrived, check).then(reload).catch((error: unknown) => setFailure(sentence(error))).finally(() => setBusy(false));
  };
  return (
    <section aria-labelledby="arrival-title">
      <h2 id="arrival-title">{t('arrival.title')}</h2>
      <p class="hint">{t('arrival.by-hint')}</p>
      <form onSubmit={submit} noValidate>
        {failure && <Notice kind="problem"><p>{failure}</p></Notice>}
        <TextField id="arrival-day" label={t('arrival.day')} hint={t('arrival.day-hint')} value={arrived} onChange={setArrived} input={{ type: 'date' }} />
        <div class="pair">
          <SelectField id="arrival-kind" label={t('arrival.kind')} optional={t('team.optional')} problem={problems['kind']} value={kind} onChange={(value) => setKind(value as EnteredKind | '')} options={[choose, ...ENTERED.map((one) => ({ value: one, label: t(KINDS[one]) }))]} />
          <SelectField id="arrival-outcome" label={t('arrival.outcome')} problem={problems['outcome']} value={outcome} onChange={(value) => setOutcome(value as CheckOutcome | '')} options={[choose, ...OUTCOMES.map((one) => ({ value: one, label: t(RESULTS[one]) }))]} />
        </div>
        <PersonPicker id="arrival-by" label={t('arrival.by-whom')} hint={t('team.person-hint')} problem={problems['by']} chosen={by} onChange={setBy} />
        <div class="form-end"><button type="submit" class="button button-main" disabled={busy}>{t('arrival.enter')}</button></div>
      </form>
    </section>
  );
}

/** One tap for the decision, one to say so: with one's own name, and no finding. */
export function FitnessForm({ posting, reload }: { posting: Posting; reload: () => Promise<void> }) {
  const [outcome, setOutcome] = useState<CheckOutcome | ''>('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = (event: Event) => {
    event.preventDefault();
    if (!outcome) {
      setProblem(t('arrival.outcome-missing'));
      return;
    }
    setBusy(true);
    setProblem('');
    decideFitness(posting.id, outcome).then(reload).catch((error: unknown) => setProblem(sentence(error))).finally(() => setBusy(false));
  };
  return (
    <section aria-labelledby="fitness-title">
      <h2 id="fitness-title">{t('arrival.decide')}</h2>
      <form onSubmit={submit} noValidate>
        <Choice id="fitness-outcome" compact problem={problem || undefined} label={t('arrival.decide-whom', { name: posting.person.name })} options={OUTCOMES.map((one) => ({ value: one, label: t(RESULTS[one]) }))} value={outcome} onChange={setOutcome} />
        <p class="hint">{t('arrival.decide-hint')}</p>
        <div class="form-end"><button type="submit" class="button button-main" disabled={busy}>{t('arrival.decide-send')}</button></div>
      </form>
    </section>
  );
}
