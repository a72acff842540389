// SPDX-License-Identifier: Apache-2.0
// The ways of treating a patient, nearest to home first, each with its reasons. Where a
// department is to be chosen, each option can be taken: useRoute(question), then <OptionList
// answer={...} chosen={reference} choose={(option) => ...} />; option.unit is whom to ask.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { findRoute, type RouteAnswer, type RouteOption, type RouteQuestion } from '../fhir/route';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { Icon } from './icon';
import { PROOFS, decidedText, duration, kindText, metres, paceText, reasonText, riseText, soonText } from './route-words';

function SafeMark({ option }: { option: RouteOption }) {
  return (
    <span class={`route-safe ${option.safe ? 'route-is-safe' : 'route-is-unsafe'}`}>
      <Icon name={option.safe ? 'answered' : 'alert'} size={18} />
      {option.safe ? t('route.safe') : t('route.unsafe')}
    </span>
  );
}

/** Where the way is told, it is part of the line; the rest stands behind "why here". */
function Facts({ option }: { option: RouteOption }) {
  const travel = option.reasons.find((reason) => reason.code === 'travel' || reason.code === 'travel-estimated');
  const parts = [
    travel?.value !== option.minutes && soonText(option), // who only has to travel acts on arrival
    travel?.value != null && t(travel.code === 'travel' ? 'route.way' : 'route.way-about', { value: duration(travel.value) }),
    option.altitude !== null && metres(option.altitude),
    riseText(option),
    option.person,
  ];
  return <p class="route-facts">{parts.filter(Boolean).map((text, at) => <span key={at}>{text}</span>)}</p>;
}

function Reasons({ option }: { option: RouteOption }) {
  return (
    <details class="route-why">
      <summary>{t('route.why')}</summary>
      <ul>
        {option.reasons.filter((reason) => !reason.against && !PROOFS.includes(reason.code)).map((reason, at) => <li key={at}>{reasonText(reason)}</li>)}
        {decidedText(option) && <li class="route-decided">{decidedText(option)}</li>}
      </ul>
    </details>
  );
}

interface OptionProps {
  option: RouteOption;
  rank: number;
  chosen: boolean;
  choose: ((option: RouteOption) => void) | undefined;
}

function OptionCard({ option, rank, chosen, choose }: OptionProps) {
  const against = option.reasons.filter((reason) => reason.against);
  const proof = option.reasons.find((reason) => PROOFS.includes(reason.code));
  const name = option.hospital.display ?? '';
  const unit = option.unit.display && option.unit.display !== name ? option.unit.display : '';
  const isAfar = option.unitHospital !== '' && option.unitHospital !== name; // a twin guides
  const asked = [unit, isAfar || unit === '' ? option.unitHospital || name : name].filter(Boolean).join(', ');
  return (
    <li class={`route-option${option.safe ? '' : ' route-option-unsafe'}`}>
      <span class="route-rank" aria-hidden="true">{rank}</span>
      <div class="route-body">
        <div class="route-head">
          <h3>{kindText(option)}</h3>
          <SafeMark option={option} />
        </div>
        <p class="route-where"><a href={hrefTo('hospital', (option.hospital.reference ?? '').replace('Organization/', ''))}>{name}</a>{!isAfar && unit && ` · ${unit}`}</p>
        {isAfar && <p>{t('route.guided-by', { name: asked })}</p>}
        <Facts option={option} />
        {proof && <p class={`route-proof route-proof-${proof.code}`}><Icon name={proof.code === 'sustained' ? 'answered' : proof.code === 'demonstrated' ? 'waiting' : 'question-back'} size={16} />{reasonText(proof)}</p>}
        {option.pace && <p class="route-pace"><Icon name="waiting" size={16} />{paceText(option.pace)}</p>}
        {against.length > 0 && <ul class="route-against">{against.map((reason, at) => <li key={at}>{reasonText(reason)}</li>)}</ul>}
        <Reasons option={option} />
        {choose && (
          <button type="button" class={chosen ? 'button button-main' : 'button'} aria-pressed={chosen} onClick={() => choose(option)}>
            {chosen ? t('route.chosen') : t('route.choose', { name: asked })}
          </button>
        )}
      </div>
    </li>
  );
}

interface ListProps {
  answer: RouteAnswer;
  chosen?: string | undefined;
  choose?: ((option: RouteOption) => void) | undefined;
  /** So many are in sight at first, and the one that is chosen. */
  few?: number;
}

export function OptionList({ answer, chosen, choose, few }: ListProps) {
  const [all, setAll] = useState(false);
  const isChosen = (option: RouteOption) => !!chosen && option.unit.reference === chosen;
  const shown = answer.options.map((option, at) => ({ option, rank: at + 1 })).filter(({ option, rank }) => all || !few || rank <= few || isChosen(option));
  if (answer.options.length === 0) return <p class="empty">{t('route.none')}</p>;
  return (
    <>
      <ol class="route-options" aria-label={t('route.list')}>
        {shown.map(({ option, rank }) => (
          <OptionCard key={`${option.hospital.reference} ${option.kind}`} option={option} rank={rank} choose={choose} chosen={isChosen(option)} />
        ))}
      </ol>
      {shown.length < answer.options.length && <button type="button" class="button route-all" onClick={() => setAll(true)}>{t('route.all', { n: answer.options.length })}</button>}
      {answer.total > answer.options.length && <p class="hint">{t('route.more', { count: answer.total - answer.options.length })}</p>}
    </>
  );
}

interface Loaded {
  what: string;
  answer: RouteAnswer | null;
  problem: string;
}

/** The answer to ${question}, asked again when it changes; null: nothing is asked yet. */
export function useRoute(question: RouteQuestion | null): Loaded & { retry: () => void } {
  const what = question ? JSON.stringify(question) : '';
  const [loaded, setLoaded] = useState<Loaded>({ what: '', answer: null, problem: '' });
  const [again, setAgain] = useState(0);
  useEffect(() => {
    let stale = false;
    if (question) {
      findRoute(question).then(
        (answer) => { if (!stale) setLoaded({ what, answer, problem: '' }); },
        (error: unknown) => { if (!stale) setLoaded({ what, answer: null, problem: sentence(error) }); },
      );
    }
    return () => { stale = true; };
  }, [what, again]);
  const shown = loaded.what === what ? loaded : { what, answer: null, problem: '' };
  return { ...shown, retry: () => { setLoaded({ what: '', answer: null, problem: '' }); setAgain(again + 1); } };
}
