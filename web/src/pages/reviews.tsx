// SPDX-License-Identifier: Apache-2.0
// Reviews: closed cases that wait for my rating, and what came of the reviews of our cases.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { MARKS, reviews, type Mark, type MyReview, type Rating, type ReviewResult } from '../fhir/review';
import { t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { present, shortDate } from '../lib/time';
import type { PageProps } from '../navigation';
import { setToRate } from '../review-store';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Skeleton } from '../ui/notice';
import { kindLabel, MARK_LABELS } from '../ui/review-words';
import { ReviewCase } from '../ui/review-case';
import { TimeToggle } from '../ui/time-ago';

function Waiting({ review }: { review: MyReview }) {
  const late = new Date(review.due).getTime() < present();
  return (
    <li class="review-card">
      <h3>{kindLabel(review.kind)}</h3>
      <p class={late ? 'problem' : 'byline'}>{late && <Icon name="alert" />} {t(late ? 'review.late' : 'review.due', { date: shortDate(review.due) })}</p>
      <a class="button button-main" href={hrefTo('reviews', review.task)}>{t('review.open')}</a>
    </li>
  );
}

function Words({ ratings, mark }: { ratings: Rating[]; mark: Mark }) {
  const words = ratings.flatMap((one) => one.words[mark] ?? []);
  if (words.length === 0) return null;
  return <ul class="review-words">{words.map((word, at) => <li key={at}>{word}</li>)}</ul>;
}

function Marks({ result }: { result: ReviewResult }) {
  return (
    <table class="review-marks">
      <thead>
        <tr><th scope="col">{t('review.what')}</th><th scope="col">{t('review.one')}</th><th scope="col">{t('review.other')}</th><th scope="col">{t('review.apart')}</th></tr>
      </thead>
      <tbody>
        {MARKS.map((mark) => (
          <tr key={mark} class={result.disagreements.includes(mark) ? 'review-apart' : undefined}>
            <th scope="row">{t(MARK_LABELS[mark])}<Words ratings={result.ratings} mark={mark} /></th>
            {result.ratings.map((rating, at) => <td key={at}>{rating.marks[mark] ?? ''}</td>)}
            <td>{result.disagreements.includes(mark) ? <strong><Icon name="alert" size={16} /> {t('review.apart-yes')}</strong> : t('review.apart-no')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Result({ result }: { result: ReviewResult }) {
  return (
    <li class="review-card">
      <h3>{t('review.result-title', { kind: kindLabel(result.kind), asking: result.asking, asked: result.asked })}</h3>
      <p class="byline">{t('review.week', { date: shortDate(result.week) })}</p>
      {result.done ? <Marks result={result} /> : <p>{t('review.not-yet', { date: shortDate(result.due) })}</p>}
      {result.case && <a href={hrefTo('case', result.case)}>{t('review.case')}</a>}
      <details class="why">
        <summary>{t('review.draw')}</summary>
        <p>{t('review.draw-why', { count: result.candidates })}</p>
        <p class="review-seed">{result.seed}</p>
      </details>
    </li>
  );
}

interface Loaded {
  mine: MyReview[];
  results: ReviewResult[];
}

function Lists({ loaded }: { loaded: Loaded }) {
  const waiting = loaded.mine.filter((one) => !one.given);
  const given = loaded.mine.filter((one) => one.given);
  return (
    <>
      <section aria-labelledby="review-waiting">
        <h2 id="review-waiting">{t('review.waiting')} {waiting.length > 0 && <span class="count">{waiting.length}</span>}</h2>
        {waiting.length === 0 && <p>{t('review.none')}</p>}
        <ul class="review-list">{waiting.map((one) => <Waiting key={one.task} review={one} />)}</ul>
        {given.length > 0 && (
          <details class="why">
            <summary>{t('review.given', { count: given.length })}</summary>
            <ul>{given.map((one) => <li key={one.task}><a href={hrefTo('reviews', one.task)}>{kindLabel(one.kind)}</a> <TimeToggle at={one.given} /></li>)}</ul>
          </details>
        )}
      </section>
      {loaded.results.length > 0 && (
        <section aria-labelledby="review-results">
          <h2 id="review-results">{t('review.results')}</h2>
          <p class="hint">{t('review.results-why')}</p>
          <ul class="review-list">{loaded.results.map((one, at) => <Result key={`${one.week}-${at}`} result={one} />)}</ul>
        </section>
      )}
    </>
  );
}

function ReviewList() {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [problem, setProblem] = useState('');
  const load = () => {
    reviews().then((found) => {
      setToRate(found.mine);
      setLoaded(found);
      setProblem('');
    }, (error: unknown) => setProblem(sentence(error)));
  };
  useEffect(load, []);
  return (
    <div class="page page-form">
      <Heading text={t('review.page')} />
      <p class="hint">{t('review.lead')}</p>
      {problem && <Failure text={problem} retry={load} />}
      {!loaded && !problem && <Skeleton />}
      {loaded && <Lists loaded={loaded} />}
    </div>
  );
}

export function ReviewsPage({ id }: PageProps) {
  return id ? <ReviewCase key={id} task={id} /> : <ReviewList />;
}

