// SPDX-License-Identifier: Apache-2.0
// The part of the Ask page that says whom the question goes to. Who says what it is about
// sees who can help, nearest first and why, and whether it can be done here; any other
// department can be chosen too. Nothing chosen: the department that stands by mine.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { CaseDraft } from '../fhir/open-case';
import { namesOf, type Thing } from '../fhir/catalogue';
import type { RouteAnswer, RouteOption, RouteQuestion, RouteUrgency } from '../fhir/route';
import { referenceTo, type Urgency } from '../fhir/codes';
import { language, t, type TextKey } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { mayOpen } from '../navigation';
import { nameOfAsked } from './ask-consent';
import { Icon } from './icon';
import { IllnessPicker } from './illness-picker';
import { Failure, Skeleton } from './notice';
import { OptionList, useRoute } from './route-options';
import { UnitPicker } from './unit-picker';

const FEW = 3; // options in sight before "all"

const ROUTE_URGENCY: Record<Urgency, RouteUrgency> = { stat: 'emergency', urgent: 'urgent', routine: 'routine' };

const HERE: Record<string, TextKey> = {
  'team-here': 'whom.team-here',
  'expert-here': 'whom.expert-here',
  'guided-here': 'whom.guided-here',
};

/** Can it be done here? By the best that is safe and at home. */
function HereHint({ answer }: { answer: RouteAnswer }) {
  const here = answer.options.find((option) => option.safe && option.kind in HERE);
  const key = here && HERE[here.kind];
  return (
    <p class="whom-here">
      <Icon name={key ? 'answered' : 'info'} size={18} />
      {key ? t(key, { unit: [here.unit.display, here.unitHospital].filter(Boolean).join(', ') }) : t('whom.not-here', { place: answer.from.hospital.display ?? '' })}
    </p>
  );
}

interface Props {
  draft: CaseDraft;
  change: (part: Partial<CaseDraft>) => void;
}

function questionOf(draft: CaseDraft): RouteQuestion | null {
  if (!draft.illness || !draft.urgency || (!draft.patient && !draft.registration)) return null;
  return {
    code: `${draft.illness.system}|${draft.illness.code}`,
    urgency: ROUTE_URGENCY[draft.urgency],
    ...(draft.patient ? { patient: referenceTo(draft.patient) } : {}),
  };
}

function Options({ draft, change }: Props) {
  const { answer, problem, retry } = useRoute(questionOf(draft));
  if (!draft.illness) return null;
  if (!draft.urgency || (!draft.patient && !draft.registration)) return <p class="hint" role="status">{t('whom.not-yet')}</p>;
  if (problem) return <Failure text={problem} retry={retry} />;
  if (!answer) return <Skeleton rows={3} />;
  const choose = (option: RouteOption) => change({ to: option.unit });
  return (
    <div class="whom-options" aria-live="polite">
      <HereHint answer={answer} />
      <OptionList answer={answer} few={FEW} chosen={draft.to?.reference} choose={choose} />
    </div>
  );
}

/** The catalogue is heavy for a thin link: it comes to those who look something up in it. */
function Illness({ draft, change }: Props) {
  const [open, setOpen] = useState(false);
  const field = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open || !field.current) return undefined;
    const watch = new MutationObserver(() => field.current?.querySelector('input')?.focus()); // once the field is there
    watch.observe(field.current, { childList: true });
    field.current.querySelector('input')?.focus();
    return () => watch.disconnect();
  }, [open]);
  const pick = (_token: string, thing: Thing | undefined) => {
    change({ illness: thing ? { system: thing.system, code: thing.code, text: namesOf(thing, language.value)[0] } : null });
  };
  if (!open) {
    return (
      <p class="whom-illness">
        {draft.illness && <span>{t('whom.is-about', { name: draft.illness.text })}</span>}
        <button type="button" class="button" onClick={() => setOpen(true)}><Icon name="find" />{draft.illness ? t('whom.other-illness') : t('whom.look')}</button>
      </p>
    );
  }
  return (
    <div ref={field}>
      <IllnessPicker
        id="ask-illness" label={t('whom.illness')} optional={t('form.optional')} onChange={pick}
        value={draft.illness ? `${draft.illness.system}|${draft.illness.code}` : ''}
      />
    </div>
  );
}

export function AskWhom({ draft, change }: Props) {
  const asked = draft.share?.asked;
  return (
    <>
      <p class="whom-now" role="status">
        {asked ? t('whom.goes-to', { name: nameOfAsked(asked) }) : t('whom.goes-home')}
        {draft.to && <button type="button" class="link" onClick={() => change({ to: null })}>{t('whom.usual')}</button>}
        {asked && mayOpen('hospital') && <a href={hrefTo('hospital', asked.reference.split('/')[1] ?? '')}>{t('whom.about')}</a>}
      </p>
      <Illness draft={draft} change={change} />
      <Options draft={draft} change={change} />
      <details class="whom-all">
        <summary>{t('whom.all')}</summary>
        <UnitPicker id="ask-unit" label={t('whom.unit')} problem={undefined} value={draft.to?.reference ?? ''} onChange={(reference) => change({ to: { reference } })} />
      </details>
    </>
  );
}
