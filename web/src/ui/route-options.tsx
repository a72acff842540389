// SPDX-License-Identifier: Apache-2.0
// The ways of treating a patient, nearest to home first, each with its reasons. Where a
// department is to be chosen, each option can be taken: <RouteOptions question={...}
// chosen={reference} choose={(option) => ...} />; option.unit is whom to ask.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { findRoute, type RouteAnswer, type RouteOption, type RouteQuestion } from '../fhir/route';
import { t } from '../lib/i18n';
import { Icon } from './icon';
import { Failure, Skeleton } from './notice';
import { decidedText, duration, kindText, metres, reasonText, riseText, soonText } from './route-words';

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
        {option.reasons.filter((reason) => !reason.against).map((reason, at) => <li key={at}>{reasonText(reason)}</li>)}
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
  const name = option.hospital.display ?? '';
  const unit = option.unit.display && option.unit.display !== name ? option.unit.display : '';
  return (
    <li class={`route-option${option.safe ? '' : ' route-option-unsafe'}`}>
      <span class="route-rank" aria-hidden="true">{rank}</span>
      <div class="route-body">
        <div class="route-head">
          <h3>{kindText(option)}</h3>
          <SafeMark option={option} />
        </div>
        <p class="route-where">{[name, unit].filter(Boolean).join(' · ')}</p>
        <Facts option={option} />
        {against.length > 0 && <ul class="route-against">{against.map((reason, at) => <li key={at}>{reasonText(reason)}</li>)}</ul>}
        <Reasons option={option} />
        {choose && (
          <button type="button" class={chosen ? 'button button-main' : 'button'} aria-pressed={chosen} onClick={() => choose(option)}>
            {chosen ? t('route.chosen') : t('route.choose', { name: unit || name })}
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
}

export function OptionList({ answer, chosen, choose }: ListProps) {
  if (answer.options.length === 0) return <p class="empty">{t('route.none')}</p>;
  return (
    <>
      <ol class="route-options" aria-label={t('route.list')}>
        {answer.options.map((option, at) => (
          <OptionCard key={`${option.hospital.reference} ${option.kind}`} option={option} rank={at + 1} choose={choose} chosen={!!chosen && option.unit.reference === chosen} />
        ))}
      </ol>
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

interface RouteOptionsProps {
  question: RouteQuestion | null;
  chosen?: string;
  choose?: (option: RouteOption) => void;
}

export function RouteOptions({ question, chosen, choose }: RouteOptionsProps) {
  const { answer, problem, retry } = useRoute(question);
  if (!question) return null;
  if (problem) return <Failure text={problem} retry={retry} />;
  return answer ? <OptionList answer={answer} chosen={chosen} choose={choose} /> : <Skeleton rows={3} />;
}
