// SPDX-License-Identifier: Apache-2.0
// A closed case without names, and the three ratings.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { blindCase, MARKS, rate, type BlindCase, type BlindWord, type Mark } from '../fhir/review';
import { t, type TextKey } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { sexOf } from '../fhir/patient';
import type { Gender } from '../fhir/types';
import { UrgencyChip } from './chips';
import { Choice, TextField } from './fields';
import { Heading } from './heading';
import { Icon } from './icon';
import { Failure, Notice, Skeleton } from './notice';
import { afterWords, kindLabel, MARK_LABELS, MARK_QUESTIONS } from './review-words';
import { SIGN_LABELS } from './vitals-score';

const SCALE = ['1', '2', '3', '4', '5'] as const;
type Step = (typeof SCALE)[number];

const SIDES: Record<string, TextKey> = { asking: 'review.asking', asked: 'review.asked', node: 'review.node' };
const PATIENT: Record<string, TextKey> = {
  better: 'step.better', same: 'step.same', worse: 'step.worse', died: 'step.died', unknown: 'step.unknown',
  yes: 'step.yes', no: 'step.no', partly: 'step.partly', true: 'step.yes', false: 'step.no', 'with-help': 'step.here-help',
};
const OUTCOMES: Record<string, TextKey> = {
  helpful: 'step.helpful', 'plan-changed': 'step.plan-changed', 'transfer-avoided': 'step.transfer-avoided', patient: 'step.patient', 'lost-to-follow-up': 'step.lose',
};

function answerWord(code: string): string {
  return PATIENT[code] ? t(PATIENT[code]) : code;
}

function ageOf(item: BlindCase): string {
  const age = item.ageYears !== null ? t('review.years', { count: item.ageYears }) : item.ageMonths !== null ? t('review.months', { count: item.ageMonths }) : '';
  const sex = item.gender ? sexOf(item.gender as Gender) : '';
  const height = item.altitude !== null ? t('review.altitude', { metres: item.altitude }) : '';
  return [age, sex, height].filter(Boolean).join(' · ');
}

function Vitals({ item }: { item: BlindCase }) {
  if (item.sets.length === 0) return null;
  return (
    <section aria-labelledby="review-vitals">
      <h2 id="review-vitals">{t('vitals.title')}</h2>
      {item.sets.map((set, at) => (
        <dl class="review-facts" key={at}>
          <div class="review-when"><dt>{afterWords(set.minutes)}</dt><dd>{set.news2 !== null && `NEWS2 ${set.news2}`}</dd></div>
          {set.values.map((one) => (
            <div key={one.sign}><dt>{SIGN_LABELS[one.sign] ? t(SIGN_LABELS[one.sign] as TextKey) : one.sign}</dt><dd>{one.text}</dd></div>
          ))}
        </dl>
      ))}
    </section>
  );
}

function Facts({ item }: { item: BlindCase }) {
  const facts = item.facts.filter((one) => one.value);
  if (facts.length === 0) return null;
  return (
    <section aria-labelledby="review-facts">
      <h2 id="review-facts">{t('review.facts')}</h2>
      <dl class="review-facts">{facts.map((one, at) => <div key={at}><dt>{one.name}</dt><dd>{one.value}</dd></div>)}</dl>
    </section>
  );
}

function Word({ word }: { word: BlindWord }) {
  return (
    <li class={`review-word review-word-${word.side}`}>
      <p class="byline">{t(SIDES[word.side] ?? 'review.node')} · {afterWords(word.minutes)}</p>
      {word.texts.map((text, at) => <p key={at} class="entry-text">{text}</p>)}
      {word.files > 0 && <p class="hint">{t('review.files', { count: word.files })}</p>}
    </li>
  );
}

function Talk({ item }: { item: BlindCase }) {
  if (item.words.length === 0) return null;
  return (
    <section aria-labelledby="review-talk">
      <h2 id="review-talk">{t('review.talk')}</h2>
      <ol class="review-talk">{item.words.map((word, at) => <Word key={at} word={word} />)}</ol>
    </section>
  );
}

function Opinion({ item }: { item: BlindCase }) {
  if (!item.opinion) return null;
  return (
    <section class="latest latest-answer" aria-labelledby="review-opinion">
      <h2 id="review-opinion"><Icon name="answered" /> {t('review.opinion')}</h2>
      <p class="byline">{afterWords(item.opinion.minutes)}</p>
      <p class="entry-text">{item.opinion.assessment}</p>
      {item.opinion.advice.map((one, at) => <p key={at} class="entry-text">{one}</p>)}
      {item.opinion.here && <p>{t('step.here')} <strong>{answerWord(item.opinion.here)}</strong></p>}
    </section>
  );
}

function Course({ item }: { item: BlindCase }) {
  const rows: [string, string][] = [
    ...(item.taken !== null ? [[t('review.taken'), afterWords(item.taken)] as [string, string]] : []),
    ...(item.answered !== null ? [[t('review.answered'), afterWords(item.answered)] as [string, string]] : []),
    ...(item.promised !== null ? [[t('review.promised'), afterWords(item.promised)] as [string, string]] : []),
    ...(item.escalated > 0 ? [[t('review.escalated'), String(item.escalated)] as [string, string]] : []),
    ...Object.entries(item.outcome).flatMap(([name, code]) => (OUTCOMES[name] ? [[t(OUTCOMES[name]), answerWord(code)] as [string, string]] : [])),
  ];
  return (
    <section aria-labelledby="review-course">
      <h2 id="review-course">{t('review.course')}</h2>
      <dl class="review-facts">{rows.map(([name, text]) => <div key={name}><dt>{name}</dt><dd>{text}</dd></div>)}</dl>
    </section>
  );
}

type Marks = Partial<Record<Mark, Step>>;

function OneMark({ mark, value, word, problem, onMark, onWord }: {
  mark: Mark; value: Step | ''; word: string; problem: string; onMark: (value: Step) => void; onWord: (word: string) => void;
}) {
  return (
    <div class="review-mark">
      <Choice id={`mark-${mark}`} compact label={`${t(MARK_LABELS[mark])}: ${t(MARK_QUESTIONS[mark])}`} problem={problem} value={value} onChange={onMark}
        options={SCALE.map((step) => ({ value: step, label: step === '1' ? t('review.least') : step === '5' ? t('review.most') : step }))} />
      <TextField id={`word-${mark}`} label={t('review.word')} optional={t('form.optional')} value={word} onChange={onWord} />
    </div>
  );
}

function RatingForm({ task, onDone }: { task: string; onDone: () => void }) {
  const [marks, setMarks] = useState<Marks>({});
  const [words, setWords] = useState<Partial<Record<Mark, string>>>({});
  const [asked, setAsked] = useState(false);
  const [state, setState] = useState({ busy: false, failure: '' });
  const missing = MARKS.filter((mark) => !marks[mark]);
  const go = async () => {
    setAsked(true);
    if (missing.length > 0 || state.busy) {
      document.getElementById(`mark-${missing[0] ?? 'process'}`)?.focus();
      return;
    }
    setState({ busy: true, failure: '' });
    try {
      await rate(task, { process: Number(marks.process), value: Number(marks.value), difficulty: Number(marks.difficulty) }, words);
      onDone();
    } catch (error) {
      setState({ busy: false, failure: sentence(error) });
    }
  };
  return (
    <form class="review-form" noValidate onSubmit={(event) => { event.preventDefault(); void go(); }} aria-labelledby="review-rate">
      <h2 id="review-rate">{t('review.rate')}</h2>
      <p class="hint">{t('review.rate-why')}</p>
      {MARKS.map((mark) => (
        <OneMark key={mark} mark={mark} value={marks[mark] ?? ''} word={words[mark] ?? ''} problem={asked && !marks[mark] ? t('review.mark-missing') : ''}
          onMark={(value) => setMarks({ ...marks, [mark]: value })} onWord={(word) => setWords({ ...words, [mark]: word })} />
      ))}
      {state.failure && <Notice kind="problem"><p>{state.failure}</p></Notice>}
      <button type="submit" class="button button-main" disabled={state.busy}>{t('review.send')}</button>
    </form>
  );
}

function Given({ item }: { item: BlindCase }) {
  return (
    <Notice kind="good">
      <p>{t('review.done')}</p>
      <dl class="review-facts">
        {MARKS.map((mark) => <div key={mark}><dt>{t(MARK_LABELS[mark])}</dt><dd>{item.rating.marks[mark] ?? ''} {item.rating.words[mark] ?? ''}</dd></div>)}
      </dl>
    </Notice>
  );
}

export function ReviewCase({ task }: { task: string }) {
  const [item, setItem] = useState<BlindCase | null>(null);
  const [problem, setProblem] = useState('');
  const load = () => {
    blindCase(task).then((found) => {
      setItem(found);
      setProblem('');
    }, (error: unknown) => setProblem(sentence(error)));
  };
  useEffect(load, [task]);
  return (
    <div class="page page-form page-review">
      <a class="back" href={hrefTo('reviews')}><Icon name="back" />{t('review.page')}</a>
      <Heading text={item ? kindLabel(item.kind) : t('review.page')} />
      {problem && <Failure text={problem} retry={load} />}
      {!item && !problem && <Skeleton rows={6} />}
      {item && (
        <>
          <Notice kind="info"><p>{t('review.blind')}</p></Notice>
          <p class="review-patient"><UrgencyChip urgency={item.urgency} /> {ageOf(item)}</p>
          <section class="question" aria-labelledby="review-question">
            <h2 id="review-question">{item.questions.join(' ')}</h2>
            {item.stories.map((story, at) => <p key={at} class="story">{story}</p>)}
          </section>
          <Facts item={item} />
          <Vitals item={item} />
          <Talk item={item} />
          <Opinion item={item} />
          <Course item={item} />
          {item.filesLeftOut > 0 && <p class="hint">{t('review.files', { count: item.filesLeftOut })}</p>}
          {item.given ? <Given item={item} /> : <RatingForm task={task} onDone={load} />}
        </>
      )}
    </div>
  );
}
