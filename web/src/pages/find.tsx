// SPDX-License-Identifier: Apache-2.0
// Find who can: an illness or a procedure, how soon, from where, in which state; then who
// can treat it, nearest to home first, and why. The address holds the question.
import { STATES, URGENCIES, type RouteQuestion, type RouteState, type RouteUrgency } from '../fhir/route';
import { t, type TextKey } from '../lib/i18n';
import { hrefTo, route, setQuery } from '../lib/router';
import { myPlace, session } from '../session';
import { Choice, SelectField } from '../ui/fields';
import { Heading } from '../ui/heading';
import { IllnessPicker } from '../ui/illness-picker';
import { Failure, Skeleton } from '../ui/notice';
import { useHospitals } from '../ui/use-hospitals';
import { RouteMap } from '../ui/route-map';
import { OptionList, useRoute } from '../ui/route-options';

const URGENCY_WORDS: Record<RouteUrgency, TextKey> = { routine: 'urgency.routine', urgent: 'urgency.urgent', emergency: 'urgency.stat' };
const STATE_WORDS: Record<RouteState, TextKey> = {
  'altitude-illness': 'find.altitude-illness',
  'needs-oxygen': 'find.needs-oxygen',
  unstable: 'find.unstable',
};

interface Asked {
  code: string;
  urgency: RouteUrgency;
  hospital: string;
  states: RouteState[];
  mayTravel: boolean;
}

function askedNow(): Asked {
  const { query } = route.value;
  const states = (query.get('state') ?? '').split(',');
  return {
    code: query.get('code') ?? '', // one the node does not know is told by its answer
    urgency: URGENCIES.find((one) => one === query.get('urgency')) ?? 'routine',
    hospital: query.get('hospital') ?? '',
    states: STATES.filter((one) => states.includes(one)),
    mayTravel: query.get('travel') !== 'no',
  };
}

function Flags({ asked }: { asked: Asked }) {
  const toggle = (state: RouteState, on: boolean) => {
    setQuery({ state: STATES.filter((one) => (one === state ? on : asked.states.includes(one))).join(',') });
  };
  return (
    <fieldset class="find-flags">
      <legend>{t('find.state')}</legend>
      {STATES.map((state) => (
        <label key={state} class="find-check">
          <input type="checkbox" checked={asked.states.includes(state)} onChange={(event) => toggle(state, event.currentTarget.checked)} />
          {t(STATE_WORDS[state])}
        </label>
      ))}
      <label class="find-check">
        <input type="checkbox" checked={!asked.mayTravel} onChange={(event) => setQuery({ travel: event.currentTarget.checked ? 'no' : '' })} />
        {t('find.may-not-travel')}
      </label>
    </fieldset>
  );
}

function Question({ asked }: { asked: Asked }) {
  const hospitals = useHospitals();
  const own = myPlace().organization ?? session.value?.practitioner;
  const options = [
    { value: '', label: own ? t('find.own') : t('find.choose-hospital') },
    ...hospitals.map((one) => ({ value: one.reference, label: one.name })),
  ];
  return (
    <div class="find-question">
      <IllnessPicker id="find-illness" label={t('find.illness')} value={asked.code} onChange={(code) => setQuery({ code })} />
      <Choice
        id="find-urgency" label={t('find.urgency')} compact value={asked.urgency} onChange={(urgency) => setQuery({ urgency })}
        options={URGENCIES.map((one) => ({ value: one, label: t(URGENCY_WORDS[one]) }))}
      />
      <SelectField id="find-hospital" label={t('find.where')} value={asked.hospital} options={options} onChange={(hospital) => setQuery({ hospital })} />
      <Flags asked={asked} />
    </div>
  );
}

function Answer({ question }: { question: RouteQuestion }) {
  const { answer, problem, retry } = useRoute(question);
  if (problem) return <Failure text={problem} retry={retry} />;
  if (!answer) return <Skeleton rows={4} />;
  return (
    <section class="find-answer" aria-live="polite">
      <h2>{t('find.answer', { place: answer.from.hospital.display ?? '' })}</h2>
      <p><a href={hrefTo('hospital', (answer.from.hospital.reference ?? '').replace('Organization/', ''))}>{t('hospital.about')}</a></p>
      <RouteMap answer={answer} />
      <OptionList answer={answer} />
      <p class="hint find-note">{t('find.note')}</p>
    </section>
  );
}

export function FindPage() {
  const asked = askedNow();
  const question: RouteQuestion | null = asked.code
    ? { code: asked.code, urgency: asked.urgency, states: asked.states, mayTravel: asked.mayTravel, ...(asked.hospital ? { hospital: asked.hospital } : {}) }
    : null;
  return (
    <div class="page page-find">
      <Heading text={t('find.title')} />
      <Question asked={asked} />
      {question ? <Answer question={question} /> : <p class="empty">{t('find.empty')}</p>}
    </div>
  );
}
