// SPDX-License-Identifier: Apache-2.0
// My logbook, or that of somebody who learns from me: what was done, how far the learning
// curve is, what is missing for a sign-off. No patient stands in it.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadLogbook, loadWaiting, myApprentices, operates, type Logbook, type Named } from '../fhir/logbook';
import { t, type TextKey } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { mayOpen, type PageProps } from '../navigation';
import { session } from '../session';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { LogbookLine } from '../ui/logbook-line';
import { LogbookRows } from '../ui/logbook-rows';
import { Failure, Notice, Skeleton } from '../ui/notice';

interface Loaded {
  book: Logbook | null;
  problem: string;
}

function useLogbook(id: string) {
  const [state, setState] = useState<Loaded>({ book: null, problem: '' });
  const load = async (page = '') => {
    try {
      const next = await loadLogbook(id, page);
      setState((before) => {
        if (!page || !before.book) return { book: next, problem: '' };
        if (before.book.next !== page) return before; // asked for twice
        return { book: { ...next, rows: [...before.book.rows, ...next.rows] }, problem: '' };
      });
    } catch (error) {
      setState((before) => ({ ...before, problem: sentence(error) }));
    }
  };
  useEffect(() => {
    setState({ book: null, problem: '' });
    if (id) void load();
  }, [id]);
  return { ...state, load };
}

/** What the button that logs is called, for whoever is signed in. */
const recordWords = (): TextKey => (operates() ? 'log.record' : 'log.record-did');

function Acts() {
  const [waiting, setWaiting] = useState({ rates: 0, follows: 0, reviews: 0 });
  useEffect(() => {
    loadWaiting(false).then((found) => setWaiting({ rates: found.rates.length, follows: found.follows.length, reviews: found.reviews.length }), () => undefined);
  }, []);
  return (
    <p class="log-acts">
      {mayOpen('operation') && <a class="button button-main" href={hrefTo('operation')}><Icon name="add" />{t(recordWords())}</a>}
      <a class="button" href={hrefTo('rate')}>{t('log.rate')} {waiting.rates > 0 && <span class="count">{waiting.rates}</span>}</a>
      {mayOpen('aftercare') && <a class="button" href={hrefTo('aftercare')}>{t('log.ask-after')} {waiting.follows > 0 && <span class="count">{waiting.follows}</span>}</a>}
      {mayOpen('serious') && <a class="button" href={hrefTo('serious')}>{t('serious.title')} {waiting.reviews > 0 && <span class="count">{waiting.reviews}</span>}</a>}
      <a class="button" href={hrefTo('import')}>{t('import.title')}</a>
    </p>
  );
}

function Learners() {
  const [people, setPeople] = useState<Named[]>([]);
  useEffect(() => {
    myApprentices(session.value?.practitioner ?? '').then(setPeople, () => undefined);
  }, []);
  if (people.length === 0) return null;
  return (
    <section class="log-learners" aria-labelledby="log-learners">
      <h2 id="log-learners">{t('log.learners')}</h2>
      <ul>{people.map((one) => <li key={one.reference}><a href={hrefTo('logbook', one.reference.split('/')[1] ?? '')}>{one.name}</a></li>)}</ul>
    </section>
  );
}

function Book({ book, mine, more }: { book: Logbook; mine: boolean; more: () => void }) {
  if (book.lines.length === 0) {
    return <p class="empty">{mine ? t('log.empty', { button: t(recordWords()) }) : t('log.empty-theirs')} {mine && <>{t('log.import-hint')} <a href={hrefTo('import')}>{t('import.title')}</a></>}</p>;
  }
  return (
    <>
      <section aria-labelledby="log-procedures">
        <h2 id="log-procedures">{t('log.procedures')}</h2>
        <div class="log-lines">{book.lines.map((line) => <LogbookLine key={line.code} line={line} />)}</div>
      </section>
      <section aria-labelledby="log-operations">
        <h2 id="log-operations">{t('log.operations')}</h2>
        <LogbookRows rows={book.rows} mine={mine} />
        {book.next && <button type="button" class="button" onClick={more}>{t('log.more')}</button>}
      </section>
    </>
  );
}

export function LogbookPage({ id }: PageProps) {
  const me = (session.value?.practitioner ?? '').split('/')[1] ?? '';
  const whose = id || me;
  const mine = whose === me;
  const { book, problem, load } = useLogbook(whose);
  return (
    <div class="page page-wide page-log">
      <Heading text={mine ? t('log.title') : t('log.title-of', { name: book?.person.name ?? '' })} />
      {!mine && <p><a href={hrefTo('logbook')}><Icon name="back" size={16} /> {t('log.title')}</a></p>}
      {mine && <Acts />}
      {!whose && <Notice kind="info"><p>{t('log.nobody')}</p></Notice>}
      {mine && whose && <Learners />}
      {problem && <Failure text={problem} retry={() => void load()} />}
      {whose && !book && !problem && <Skeleton />}
      {book && <Book book={book} mine={mine} more={() => void load(book.next)} />}
    </div>
  );
}
