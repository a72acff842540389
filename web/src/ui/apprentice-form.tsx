// SPDX-License-Identifier: Apache-2.0
// Propose an apprenticeship: as who I am in it, with whom, what is to be learnt, until when.
import { useEffect, useRef, useState } from 'preact/hooks';
import { headed, partnersOf, peopleAt, propose, TARGETS, type Goal } from '../fhir/apprentice';
import { sentence } from '../fhir/client';
import { procedureName, proceduresToLog, type Named } from '../fhir/logbook';
import { today } from '../fhir/people';
import { useDraft } from '../lib/draft';
import { language, t, type TextKey } from '../lib/i18n';
import { newUuid } from '../lib/ids';
import { goTo, hrefTo } from '../lib/router';
import { myPlace, session } from '../session';
import { Choice, SelectField, TextArea, TextField } from './fields';
import { Heading } from './heading';
import { LEVEL_WORDS } from './logbook-words';
import { Notice } from './notice';

type Part = 'learn' | 'teach' | 'head-learn' | 'head-teach';

interface Typed {
  id: string;
  part: Part | '';
  partner: string;
  apprentice: string;
  master: string;
  goals: Goal[];
  from: string;
  until: string;
  note: string;
}

const PART_WORDS: Record<Part, TextKey> = {
  learn: 'apprentice.part-learn', teach: 'apprentice.part-teach', 'head-learn': 'apprentice.part-head-learn', 'head-teach': 'apprentice.part-head-teach',
};
const NONE = { value: '', label: '' };

function usePartners(): Named[] {
  const [found, setFound] = useState<Named[]>([]);
  const { department, organization } = myPlace();
  useEffect(() => {
    partnersOf(department ?? '', organization ?? '').then(setFound, () => undefined);
  }, []);
  return found;
}

function usePeople(unit: string): Named[] {
  const [found, setFound] = useState<Named[]>([]);
  useEffect(() => {
    setFound([]);
    let latest = true;
    if (unit) peopleAt(unit).then((people) => { if (latest) setFound(people); }, () => undefined);
    return () => { latest = false; };
  }, [unit]);
  return found;
}

/** What is asked of each part I may have: the other people, whose department is mine. */
function shape(typed: Typed) {
  const mine = myPlace().department ?? '';
  const learns = typed.part === 'learn' || typed.part === 'head-learn';
  const me = session.value?.practitioner ?? '';
  return {
    learning: learns ? mine : typed.partner,
    teaching: learns ? typed.partner : mine,
    apprentice: typed.part === 'learn' ? me : typed.apprentice,
    master: typed.part === 'teach' ? me : typed.master,
  };
}

function Goals({ typed, change, problem }: { typed: Typed; change: (part: Partial<Typed>) => void; problem: string | undefined }) {
  const [code, setCode] = useState('');
  const [level, setLevel] = useState('5');
  const add = () => {
    if (!code) return;
    change({ goals: [...typed.goals.filter((one) => one.code !== code), { code, level: Number(level) }] });
    setCode('');
  };
  return (
    <fieldset class="apprentice-pick">
      <legend>{t('apprentice.goals')}</legend>
      <ul class="apprentice-goals">
        {typed.goals.map((goal) => (
          <li key={goal.code}>
            <div class="apprentice-chosen">
              <span>{procedureName(goal.code, language.value)}: {t('apprentice.to-level', { level: t(LEVEL_WORDS[goal.level] ?? 'log.level-0') })}</span>
              <button type="button" class="link" onClick={() => change({ goals: typed.goals.filter((one) => one !== goal) })}>{t('apprentice.remove')}<span class="unseen"> {procedureName(goal.code, language.value)}</span></button>
            </div>
          </li>
        ))}
      </ul>
      <SelectField id="apprentice-goals" label={t('log.procedure')} problem={problem} value={code} onChange={setCode} options={[{ ...NONE, label: t('log.choose') }, ...proceduresToLog(language.value)]} />
      <SelectField id="apprentice-level" label={t('apprentice.target')} value={level} onChange={setLevel} options={TARGETS.map((one) => ({ value: String(one), label: t(LEVEL_WORDS[one] ?? 'log.level-0') }))} />
      <button type="button" class="button" onClick={add}>{t('apprentice.add-goal')}</button>
    </fieldset>
  );
}

function People({ typed, change, lacks }: { typed: Typed; change: (part: Partial<Typed>) => void; lacks: string }) {
  const partners = usePartners();
  const at = shape(typed);
  const learners = usePeople(typed.part === 'learn' ? '' : at.learning);
  const teachers = usePeople(typed.part === 'teach' ? '' : at.teaching);
  const pick = (people: Named[]) => [{ ...NONE, label: t('log.choose') }, ...people.map((one) => ({ value: one.reference, label: one.name }))];
  const problem = (name: string) => (lacks === name ? t('step.lacks') : undefined);
  return (
    <>
      <SelectField id="apprentice-partner" label={t(at.learning === typed.partner ? 'apprentice.their-learning' : 'apprentice.their-teaching')} hint={t('apprentice.partner-hint')} problem={problem('partner')} value={typed.partner} onChange={(partner) => change({ partner, ...(typed.part === 'learn' ? { master: '' } : typed.part === 'teach' ? { apprentice: '' } : {}) })} options={pick(partners)} />
      {typed.part !== 'learn' && <SelectField id="apprentice-apprentice" label={t('apprentice.voice-apprentice')} problem={problem('apprentice')} value={typed.apprentice} onChange={(apprentice) => change({ apprentice })} options={pick(learners)} />}
      {typed.part !== 'teach' && <SelectField id="apprentice-master" label={t('apprentice.voice-master')} problem={problem('master')} value={typed.master} onChange={(master) => change({ master })} options={pick(teachers)} />}
    </>
  );
}

function lackOf(typed: Typed): string {
  const { apprentice, master } = shape(typed);
  if (!typed.part) return 'part';
  if (!typed.partner) return 'partner';
  if (!apprentice) return 'apprentice';
  if (!master) return 'master';
  if (typed.goals.length === 0) return 'goals';
  return typed.until && typed.until >= today() ? '' : 'until';
}

function parts(): Part[] {
  const heads = headed().length > 0;
  return ['learn', 'teach', ...(heads ? ['head-learn' as const, 'head-teach' as const] : [])];
}

export function ApprenticeForm() {
  const draft = useDraft<Typed>('apprenticeship', () => ({ id: newUuid(), part: '', partner: '', apprentice: '', master: '', goals: [], from: today(), until: '', note: '' }));
  const [state, setState] = useState({ busy: false, failure: '', lacks: '' });
  const sending = useRef(false);
  const typed = draft.value.value;
  const change = (part: Partial<Typed>) => { draft.value.value = { ...draft.value.value, ...part }; };
  const send = async () => {
    if (sending.current) return;
    const lacks = lackOf(typed);
    setState({ busy: !lacks, failure: '', lacks });
    if (lacks) {
      document.getElementById(`apprentice-${lacks}`)?.focus();
      return;
    }
    sending.current = true;
    try {
      await propose({ id: typed.id, ...shape(typed), goals: typed.goals, from: typed.from, until: typed.until, note: typed.note });
      draft.clear();
      goTo('apprenticeships');
    } catch (error) {
      setState({ busy: false, failure: sentence(error), lacks: '' });
    } finally {
      sending.current = false;
    }
  };
  const problem = (name: string) => (state.lacks === name && lackOf(typed) === name ? t('step.lacks') : undefined);
  return (
    <div class="page">
      <Heading text={t('apprentice.propose')} />
      <p class="hint">{t('apprentice.propose-lead')}</p>
      <form class="step-form" noValidate onSubmit={(event) => { event.preventDefault(); void send(); }}>
        <Choice id="apprentice-part" label={t('apprentice.my-part')} problem={problem('part')} value={typed.part} onChange={(part) => change({ part, partner: '', apprentice: '', master: '' })} options={parts().map((one) => ({ value: one, label: t(PART_WORDS[one]) }))} />
        {typed.part && <People typed={typed} change={change} lacks={problem(state.lacks) ? state.lacks : ''} />}
        <Goals typed={typed} change={change} problem={problem('goals')} />
        <TextField id="apprentice-from" label={t('apprentice.from')} value={typed.from} onChange={(from) => change({ from })} input={{ type: 'date' }} />
        <TextField id="apprentice-until" label={t('apprentice.until')} problem={problem('until')} value={typed.until} onChange={(until) => change({ until })} input={{ type: 'date', min: today() }} />
        <TextArea id="apprentice-note" label={t('apprentice.note')} optional={t('form.optional')} rows={2} value={typed.note} onChange={(note) => change({ note })} />
        {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
        <div class="form-end">
          <button type="submit" class="button button-main" disabled={state.busy}>{t('apprentice.propose')}</button>
          <a class="button" href={hrefTo('apprenticeships')}>{t('action.cancel')}</a>
        </div>
      </form>
    </div>
  );
}
