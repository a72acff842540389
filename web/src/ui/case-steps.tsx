// SPDX-License-Identifier: Apache-2.0
// What I can do with a case now: the steps that wait for my word in sight, the others
// behind "More". Which these are follows from where the case stands and whose side I am on.
import { useState } from 'preact/hooks';
import { accept, sidesOf, stepsFor, type Step, type StepName } from '../fhir/case-step';
import { sentence } from '../fhir/client';
import type { Case } from '../fhir/case';
import type { Meeting } from '../fhir/mdt';
import { kindOf } from '../fhir/case-facts';
import { t } from '../lib/i18n';
import { useKeys } from '../lib/keys';
import { goTo, route } from '../lib/router';
import { Choice } from './fields';
import { Icon } from './icon';
import { Notice } from './notice';
import { STEP_WORDS } from './step-words';
import { StepForm } from './step-form';

function AcceptButton({ request, reload }: { request: string; reload: () => Promise<void> }) {
  const [state, setState] = useState({ busy: false, failure: '' });
  const take = async () => {
    setState({ busy: true, failure: '' });
    const failure = await accept(request).then(() => '', sentence);
    setState({ busy: false, failure });
    await reload();
  };
  return (
    <div class="take">
      <p>{t(STEP_WORDS.accept.why)}</p>
      <button type="button" class="button" disabled={state.busy} onClick={() => void take()}><Icon name="in-work" />{t(STEP_WORDS.accept.title)}</button>
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
    </div>
  );
}

export function focusSteps(): boolean {
  const control = document.querySelector<HTMLElement>('.step-form textarea, .step-form input');
  control?.focus();
  return control !== null;
}

/** The meeting that the address names, if it has minutes. */
function meetingNamed(item: Case): Meeting | undefined {
  return item.meetings.find((one) => one.minutes && one.id === route.value.query.get('meeting'));
}

/** What was decided in it, to be taken over into the answer. */
function decided(item: Case): Record<string, string> {
  const minutes = meetingNamed(item)?.minutes;
  return minutes ? { assessment: minutes.text, advice: minutes.decisions.map((one) => `${one.number}. ${one.text}`).join('\n') } : {};
}

/** What stands in a form before anything is typed: the urgency as it is, to be confirmed. */
function givenFor(step: Step, item: Case): Record<string, string> {
  const urgency = item.request.priority === 'asap' ? 'urgent' : item.request.priority ?? 'routine';
  return step.name === 'answer' ? { urgency, ...decided(item) } : {};
}

/** One step chosen of several: tabs for the first, "More" for the rest. */
function Chooser({ steps, chosen, onChange }: { steps: Step[]; chosen: Step; onChange: (step: Step) => void }) {
  const rest = steps.filter((step) => !step.first && step !== chosen);
  const inSight = steps.filter((step) => step.first || step === chosen);
  const choose = (name: string) => {
    const step = steps.find((one) => one.name === name);
    if (step) onChange(step);
  };
  return (
    <div class="step-chooser">
      {inSight.length > 1 && (
        <Choice
          id="step-kind" compact hideLabel label={t('step.kind')} value={chosen.name} onChange={choose}
          options={inSight.map((step) => ({ value: step.name, label: t(STEP_WORDS[step.name].title) }))}
        />
      )}
      {inSight.length === 1 && <h2>{t(STEP_WORDS[chosen.name].title)}</h2>}
      {rest.length > 0 && (
        <details class="step-more">
          <summary>{t('step.more')}</summary>
          {rest.map((step) => (
            <button key={step.name} type="button" class="button-quiet" onClick={(event) => { event.currentTarget.closest('details')?.removeAttribute('open'); choose(step.name); }}>
              {t(STEP_WORDS[step.name].title)}
            </button>
          ))}
        </details>
      )}
    </div>
  );
}

/** Does ${name} stand open to whoever reads this? */
export function mayStep({ state, patient, task, request }: Case, name: StepName): boolean {
  return stepsFor(state, sidesOf(patient, task), kindOf(request)).some((step) => step.name === name);
}

/** What whoever reads this is asked for now. */
export function nextStep({ state, patient, task, request }: Case): Step | undefined {
  return stepsFor(state, sidesOf(patient, task), kindOf(request)).find((step) => step.first);
}

export function CaseSteps({ item, reload }: { item: Case; reload: () => Promise<void> }) {
  const { request, state } = item;
  const [wanted, setWanted] = useState('');
  const sides = sidesOf(item.patient, item.task);
  const steps = stepsFor(state, sides, kindOf(request));
  useKeys({ r: focusSteps, Escape: () => goTo('cases') });
  const chosen = steps.find((step) => step.name === wanted) ?? steps[0];
  if (!chosen) return <p class="hint">{t(sides.length > 0 ? 'step.ended' : 'step.cannot')}</p>;
  const id = request.id ?? '';
  const from = chosen.name === 'answer' ? meetingNamed(item)?.id ?? '' : '';
  return (
    <section class="composer" aria-label={t('step.title')}>
      {state === 'sent' && sides.includes('asked') && <AcceptButton request={id} reload={reload} />}
      <Chooser steps={steps} chosen={chosen} onChange={(step) => setWanted(step.name)} />
      <StepForm key={`${chosen.name} ${from}`} step={chosen} request={id} given={givenFor(chosen, item)} from={from} onTaken={async () => { setWanted(''); await reload(); }} />
    </section>
  );
}
