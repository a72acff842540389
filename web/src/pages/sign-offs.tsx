// SPDX-License-Identifier: Apache-2.0
// Sign-offs: what waits for my signature, what I could ask for, whose count until when.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { kindName } from '../fhir/equipment';
import { procedureName } from '../fhir/logbook';
import { propose, signOffNow, signOffs, type ConditionNow, type OpenGoal, type SignOff, type SignOffNow } from '../fhir/sign-off';
import { language, t } from '../lib/i18n';
import { hrefTo } from '../lib/router';
import { shortDate } from '../lib/time';
import type { PageProps } from '../navigation';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { LogbookLine } from '../ui/logbook-line';
import { ANSWER_WORDS, CONDITION_WORDS } from '../ui/logbook-words';
import { Failure, Notice, Skeleton } from '../ui/notice';
import { counts, SignOffCard, Signatures, titleOf, Validity } from '../ui/sign-off-card';
import { SignOffForm } from '../ui/sign-off-form';
import { SignOffWatch } from '../ui/sign-off-watch';

function Section({ id, label, list, toSign }: { id: string; label: string; list: SignOff[]; toSign?: boolean }) {
  if (list.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{label} <span class="count">{list.length}</span></h2>
      <ul class="sign-list">{list.map((one) => <SignOffCard key={one.id} signOff={one} {...(toSign ? { toSign } : {})} />)}</ul>
    </section>
  );
}

function Open({ goals, asked }: { goals: OpenGoal[]; asked: (goal: OpenGoal) => void }) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  if (goals.length === 0) return null;
  const ask = async (goal: OpenGoal) => {
    setBusy(true);
    await propose(goal).then(() => asked(goal), (error: unknown) => setProblem(sentence(error)));
    setBusy(false);
  };
  return (
    <section aria-labelledby="sign-open">
      <h2 id="sign-open">{t('sign.could-ask')}</h2>
      {problem && <Notice kind="problem"><p>{problem}</p></Notice>}
      <ul class="sign-list">
        {goals.map((goal) => (
          <li key={`${goal.person.reference} ${goal.procedure} ${goal.department.reference}`} class="sign-card">
            <h3>{titleOf(goal)}</h3>
            <p class="byline">{goal.department.name}</p>
            <button type="button" class="button" disabled={busy} onClick={() => void ask(goal)}>{t('sign.ask', { name: goal.person.name })}</button>
          </li>
        ))}
      </ul>
    </section>
  );
}

type Lists = Awaited<ReturnType<typeof signOffs>>;

function All({ lists, asked }: { lists: Lists; asked: (goal: OpenGoal) => void }) {
  const byName = [...lists.list].sort((a, b) => a.person.name.localeCompare(b.person.name, language.value));
  const waiting = byName.filter((one) => one.status === 'proposed');
  const mine = waiting.filter((one) => one.roles.length > 0);
  const over = byName.filter((one) => one.status !== 'proposed' && !counts(one));
  return (
    <>
      {mine.length === 0 && <p>{t('sign.none-waits')}</p>}
      <Section id="sign-mine" label={t('sign.waits')} list={mine} toSign />
      <Section id="sign-others" label={t('sign.waits-others')} list={waiting.filter((one) => one.roles.length === 0)} />
      <Section id="sign-count" label={t('sign.counting')} list={byName.filter(counts)} />
      <Open goals={lists.open} asked={asked} />
      {over.length > 0 && (
        <details class="why">
          <summary>{t('sign.over', { n: over.length })}</summary>
          <ul class="sign-list">{over.map((one) => <SignOffCard key={one.id} signOff={one} />)}</ul>
        </details>
      )}
    </>
  );
}

function List() {
  const [lists, setLists] = useState<Lists | null>(null);
  const [problem, setProblem] = useState('');
  const [said, setSaid] = useState('');
  const load = () => void signOffs().then((found) => { setLists(found); setProblem(''); }, (error: unknown) => setProblem(sentence(error)));
  useEffect(load, []);
  const asked = (goal: OpenGoal) => {
    setSaid(t('sign.asked-now', { procedure: procedureName(goal.procedure, language.value) }));
    load();
  };
  return (
    <div class="page page-form page-lists">
      <Heading text={t('sign.page')} />
      <p class="hint">{t('sign.lead')}</p>
      <p><a href={hrefTo('rules')}>{t('rule.link')}</a></p>
      {said && <Notice kind="good"><p>{said}</p></Notice>}
      {problem && <Failure text={problem} retry={load} />}
      {!lists && !problem && <Skeleton />}
      {lists && <All lists={lists} asked={asked} />}
    </div>
  );
}

// ---- one ----

const wordsOf = (kinds: string[]) => kinds.map((one) => kindName(one, language.value)).join(', ');

function evidenceOf(one: ConditionNow): string {
  const words = [];
  if (one.operations > 0) words.push(t('sign.from-operations', { n: one.operations }));
  if (one.ratings > 0) words.push(t('sign.from-ratings', { n: one.ratings }));
  if (one.present.length > 0) words.push(t('sign.present', { kinds: wordsOf(one.present) }));
  if (one.missing.length > 0) words.push(t('sign.missing', { kinds: wordsOf(one.missing) }));
  if (one.name === 'place' && one.answer === 'not-known') words.push(t('sign.place-unknown'));
  return words.join(' · ');
}

function Conditions({ now }: { now: SignOffNow }) {
  return (
    <section aria-labelledby="sign-conditions">
      <h2 id="sign-conditions">{t('log.conditions')}</h2>
      <p class="hint">{t('log.people-sign')}</p>
      <ul class="log-conditions">
        {now.conditions.map((one) => (
          <li key={one.name} class={`log-${one.answer}`}>
            <Icon name={one.answer === 'met' ? 'answered' : one.answer === 'not-met' ? 'routine' : 'question-back'} />
            <span>{t(CONDITION_WORDS[one.name], { value: one.value, needed: one.needed, days: now.line?.rule.days ?? 365 })}</span>
            <span class="log-answer">{t(ANSWER_WORDS[one.answer])}</span>
            {evidenceOf(one) && <span class="sign-evidence">{evidenceOf(one)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Acting({ signOff, done }: { signOff: SignOff; done: (what: 'sign' | 'refuse' | 'withdraw') => void }) {
  if (signOff.roles.length === 0 || (signOff.status !== 'proposed' && signOff.status !== 'signed')) return null;
  if (signOff.status === 'proposed') return <section aria-label={t('sign.form')}><h2>{t('sign.form')}</h2><SignOffForm signOff={signOff} done={done} /></section>;
  return (
    <details class="why">
      <summary>{t('sign.withdraw-form')}</summary>
      <SignOffForm signOff={signOff} done={done} />
    </details>
  );
}

const DID = { sign: 'sign.did-sign', refuse: 'sign.did-refuse', withdraw: 'sign.did-withdraw', look: 'sign.did-look' } as const;

function One({ id }: { id: string }) {
  const [now, setNow] = useState<SignOffNow | null>(null);
  const [problem, setProblem] = useState('');
  const [said, setSaid] = useState('');
  const load = () => void signOffNow(id).then((found) => { setNow(found); setProblem(''); }, (error: unknown) => setProblem(sentence(error)));
  useEffect(load, [id]);
  const done = (what: keyof typeof DID) => {
    setSaid(t(DID[what]));
    load();
    window.scrollTo(0, 0);
  };
  return (
    <div class="page page-form">
      <Heading text={now ? titleOf(now.signOff) : t('sign.page')} />
      <p><a href={hrefTo('sign-offs')}>{t('sign.back')}</a></p>
      {said && <Notice kind="good"><p>{said}</p></Notice>}
      {problem && <Failure text={problem} retry={load} />}
      {!now && !problem && <Skeleton />}
      {now && (
        <>
          <p class="byline">{now.signOff.department.name} · {t('sign.asked', { name: now.signOff.proposed.who.name, date: shortDate(now.signOff.proposed.when) })}</p>
          {now.signOff.proposed.word && <p>{now.signOff.proposed.word}</p>}
          {now.signOff.status !== 'proposed' && <Validity signOff={now.signOff} />}
          <Signatures signOff={now.signOff} />
          {now.watch && <SignOffWatch signOff={now.signOff} watch={now.watch} done={() => done('look')} />}
          <Conditions now={now} />
          {now.line && <LogbookLine line={{ ...now.line, conditions: [] }} />}
          <Acting key={now.signOff.status + now.signOff.roles.join()} signOff={{ ...now.signOff, unmet: now.conditions.filter((one) => one.answer !== 'met').length }} done={done} />
        </>
      )}
    </div>
  );
}

export function SignOffsPage({ id }: PageProps) {
  return id ? <One key={id} id={id} /> : <List />;
}
