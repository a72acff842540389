// SPDX-License-Identifier: Apache-2.0
// A pairing in short: whether it is quiet, what it assists in, how its goals stand, and the last
// months with what both sides said of them.
import { SIDES, COUNTS, waitingSide, type Goal, type Pairing, type PulseMonth } from '../fhir/pulse';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { shortDate } from '../lib/time';
import { Icon } from './icon';
import { PulseQuestion } from './pulse-question';
import { assistedWord, countWord, GOAL_WORDS, goalWord, helpedWord, helpingWord, monthWord, quietWords, SCORE_WORDS, SIDE_WORDS, VERDICT_WORDS } from './pulse-words';

function Quiet({ pairing }: { pairing: Pairing }) {
  const words = quietWords(pairing);
  return words ? <p class="problem"><Icon name="alert" size={16} /> {words}</p> : null;
}

function GoalLine({ goal, exact }: { goal: Goal; exact: boolean }) {
  const days = [goal.from && t('post.since', { date: shortDate(`${goal.from}T12:00:00Z`) }), goal.until && t('post.until', { date: shortDate(`${goal.until}T12:00:00Z`) })].filter(Boolean);
  return (
    <li>
      {goalWord(goal)} <span class={goal.verdict === 'not-met' ? 'problem' : 'hint'}>{t(VERDICT_WORDS[goal.verdict])} ({countWord(goal.count, exact || goal.kind === 'visits')})</span>
      {days.length > 0 && <span class="hint"> {days.join(', ')}</span>}
    </li>
  );
}

function Answers({ month, asked }: { month: PulseMonth; asked: boolean }) {
  return (
    <>
      {SIDES.map((side) => {
        const said = month.answers.find((one) => one.side === side);
        if (!said) return null;
        const score = SCORE_WORDS[said.score - 1];
        const by = said.by.name && ` (${said.by.name})`;
        return (
          <p key={side} class={score ? 'byline' : 'byline pulse-unanswered'}>
            {t(SIDE_WORDS[side])}: {score ? `${t(score)}${said.words ? ` – ${said.words}` : ''}${by}` : t(asked ? 'pulse.unanswered-yet' : 'pulse.unanswered')}
          </p>
        );
      })}
    </>
  );
}

function Months({ pairing, most }: { pairing: Pairing; most: number }) {
  return (
    <div class="pulse-months" role="region" aria-label={`${t('pulse.months')}: ${helpingWord(pairing)}, ${helpedWord(pairing)}`} tabIndex={0}>
      <table class="handover-counts">
        <thead><tr><th>{t('pulse.month')}</th>{COUNTS.map((kind) => <th key={kind}>{t(GOAL_WORDS[kind])}</th>)}</tr></thead>
        <tbody>
          {pairing.months.slice(0, most).flatMap((month) => [
            <tr key={month.month} class="pulse-counts">
              <th scope="row">{monthWord(month.month)}</th>
              {COUNTS.map((kind) => <td key={kind}>{countWord(month.counts[kind], pairing.exact || kind === 'visits')}</td>)}
            </tr>,
            <tr key={`${month.month} said`}><td colSpan={COUNTS.length + 1}><Answers month={month} asked={month.month === pairing.asked} /></td></tr>,
          ])}
        </tbody>
      </table>
    </div>
  );
}

/** The last whole month in a line. */
function InShort({ pairing }: { pairing: Pairing }) {
  const month = pairing.months.find((one) => one.month === pairing.asked) ?? pairing.months[0];
  if (!month) return null;
  const counts = COUNTS.map((kind) => `${t(GOAL_WORDS[kind])} ${countWord(month.counts[kind], pairing.exact || kind === 'visits')}`);
  return <p class="byline">{monthWord(month.month)}: {counts.join(' · ')}</p>;
}

interface PulseCardProps {
  pairing: Pairing;
  months: number; // so many are told; 0: the last whole one, in a line
  link?: boolean; // to the pairing alone
  onDone: () => void;
}

export function PulseCard({ pairing, months, link = false, onDone }: PulseCardProps) {
  const side = waitingSide(pairing);
  return (
    <li class="handover-card pulse-card">
      <h2>{t('pulse.helps', { helping: helpingWord(pairing), helped: helpedWord(pairing) })}</h2>
      <Quiet pairing={pairing} />
      {pairing.assisted.length > 0 && (
        <p class="byline">{t('pulse.assisted')}: {pairing.assisted.map((one) => `${assistedWord(one)}${one.since ? ` (${t('post.since', { date: shortDate(`${one.since}T12:00:00Z`) })})` : ''}`).join(', ')}</p>
      )}
      {pairing.goals.length > 0 ? <ul class="pulse-goals">{pairing.goals.map((goal, at) => <GoalLine key={at} goal={goal} exact={pairing.exact} />)}</ul> : <p class="hint">{t('pulse.no-goals')}</p>}
      {side && <PulseQuestion pairing={pairing} side={side} onDone={onDone} />}
      {months > 0 ? <Months pairing={pairing} most={months} /> : <InShort pairing={pairing} />}
      {!pairing.exact && months > 0 && <p class="hint">{t('pulse.steps')}</p>}
      {link && <a class="button" href={hrefTo('pairings', pairing.id)}>{t(pairing.maySet ? 'pulse.open-set' : 'pulse.open')}</a>}
    </li>
  );
}
