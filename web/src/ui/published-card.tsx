// SPDX-License-Identifier: Apache-2.0
// One published figure: what it says in numbers and in its own words, who published it, and what it contradicts.
import { useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { readFigure, setStanding, type Figure, type PublishedFigure } from '../fhir/published';
import { amountIn } from '../lib/dates';
import { language, t } from '../lib/i18n';
import { Icon } from './icon';
import { Notice } from './notice';
import { PublishedForm } from './published-form';
import { periodWord, sourceWord, valueWord } from './published-words';
import { Verdict } from './verdict';

interface Props {
  figure: Figure;
  contradictions: readonly string[];
  likenesses: readonly string[];
  /** It was taken back. */
  gone?: boolean;
  mayWrite: boolean;
  measures: readonly string[];
  again: () => void;
}

/** Who published it, as a link where it can be read; only to pages of the web. */
function Source({ figure }: { figure: Figure }) {
  const words = sourceWord(figure.said);
  if (!/^https?:\/\//i.test(figure.said.url)) return <span>{words}</span>;
  return <a href={figure.said.url} target="_blank" rel="noopener noreferrer">{words}</a>;
}

function Says({ figure, contradictions, likenesses }: Pick<Props, 'figure' | 'contradictions' | 'likenesses'>) {
  const { said } = figure;
  return (
    <>
      <h3>{valueWord(said)}</h3>
      <p class="equip-where">
        <span>{periodWord(said)}</span>
        {said.scope && <span>{said.scope}</span>}
        {said.other && <span>{t('published.same', { n: amountIn(language.value, said.other), unit: said['other-unit'] })}</span>}
      </p>
      <p><q>{said.wording}</q></p>
      <p class="hint"><Source figure={figure} /></p>
      {figure.told && <Verdict told={figure.told} />}
      {figure.problem && <p class="hint">{t('published.not-compared', { why: figure.problem })}</p>}
      {contradictions.length > 0 && (
        <ul class="equip-steps" aria-label={t('published.contradicts')}>
          {contradictions.map((one) => <li key={one} class="problem"><Icon name="alert" size={16} /> {one}</li>)}
        </ul>
      )}
      {likenesses.length > 0 && (
        <ul class="equip-steps" aria-label={t('published.noticed')}>
          {likenesses.map((one) => <li key={one}><Icon name="info" size={16} /> {one}</li>)}
        </ul>
      )}
    </>
  );
}

export function PublishedCard({ figure, contradictions, likenesses, gone, mayWrite, measures, again }: Props) {
  const [asks, setAsks] = useState(false);
  const [record, setRecord] = useState<PublishedFigure | null>(null);
  const [state, setState] = useState({ busy: false, problem: '' });
  const run = async (what: () => Promise<unknown>) => {
    if (state.busy) return;
    setState({ busy: true, problem: '' });
    const problem = await what().then(() => '', sentence);
    setState({ busy: false, problem });
  };
  const stand = (stands: boolean) => run(() => setStanding(figure.id, stands).then(() => { setAsks(false); again(); }));
  const name = valueWord(figure.said);
  const quiet = mayWrite && !record && !asks;
  return (
    <li class="equip-card">
      <Says figure={figure} contradictions={contradictions} likenesses={likenesses} />
      {state.problem && <Notice kind="problem"><p>{state.problem}</p></Notice>}
      {quiet && !gone && (
        <div class="form-end">
          <button type="button" class="button button-small" aria-label={t('published.correct-of', { name })} disabled={state.busy} onClick={() => void run(() => readFigure(figure.id).then(setRecord))}>{t('published.correct')}</button>
          <button type="button" class="button button-small" aria-label={t('published.take-back-of', { name })} onClick={() => setAsks(true)}>{t('published.take-back')}</button>
        </div>
      )}
      {quiet && gone && <div class="form-end"><button type="button" class="button button-small" aria-label={t('published.stand-of', { name })} disabled={state.busy} onClick={() => void stand(true)}>{t('published.stand')}</button></div>}
      {asks && (
        <Notice kind="info">
          <p>{t('published.take-back-why')}</p>
          <div class="form-end">
            <button type="button" class="button button-main" disabled={state.busy} onClick={() => void stand(false)}>{t('published.take-back-yes')}</button>
            <button type="button" class="button" onClick={() => setAsks(false)}>{t('action.cancel')}</button>
          </div>
        </Notice>
      )}
      {record && <PublishedForm before={record} measures={measures} done={() => { setRecord(null); again(); }} leave={() => setRecord(null)} />}
    </li>
  );
}
