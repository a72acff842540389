// SPDX-License-Identifier: Apache-2.0
// The question of the month to one side of a pairing: how it went, from 1 to 5, and a sentence
// if somebody has one. Two taps: how, and send.
import { useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { answerMonth, type Pairing, type Side } from '../fhir/pulse';
import { t } from '../lib/i18n';
import { Choice, TextField } from './fields';
import { Notice } from './notice';
import { helpedWord, helpingWord, monthWord, SCORE_WORDS } from './pulse-words';

const MOST_WORDS = 280;

export function PulseQuestion({ pairing, side, onDone }: { pairing: Pairing; side: Side; onDone: () => void }) {
  const [score, setScore] = useState<'' | '1' | '2' | '3' | '4' | '5'>('');
  const [words, setWords] = useState('');
  const [state, setState] = useState({ busy: false, problem: '' });
  const other = side === 'helped' ? helpingWord(pairing) : helpedWord(pairing);
  const send = async () => {
    if (!score) {
      setState({ busy: false, problem: t('pulse.score-missing') });
      return;
    }
    setState({ busy: true, problem: '' });
    try {
      await answerMonth(pairing, side, Number(score), words);
      onDone();
    } catch (error) {
      setState({ busy: false, problem: sentence(error) });
    }
  };
  const options = SCORE_WORDS.map((key, at) => ({ value: String(at + 1) as Exclude<typeof score, ''>, label: t(key) }));
  return (
    <div class="pulse-question">
      <Choice id={`pulse-${pairing.id}`} compact label={t('pulse.question', { month: monthWord(pairing.asked), other })} options={options} value={score} onChange={setScore} />
      <TextField
        id={`pulse-words-${pairing.id}`} label={t('pulse.words')} optional={t('form.optional')} hint={t('pulse.words-hint')} value={words} onChange={setWords}
        input={{ maxLength: MOST_WORDS, autoComplete: 'off' }}
      />
      {state.problem && <Notice kind="problem"><p>{state.problem}</p></Notice>}
      <button type="button" class="button button-main" disabled={state.busy} onClick={() => void send()}>{t('pulse.send')}</button>
    </div>
  );
}
