// SPDX-License-Identifier: Apache-2.0
// What everybody reads, signed in or not: the figures that were approved, and every word that was said of them since.
import { useEffect, useState } from 'preact/hooks';
import { sentence } from '../fhir/client';
import { loadPublic, type Act, type Change, type Public, type PublicFigure, type PublicReport } from '../fhir/public';
import { t, type TextKey } from '../lib/i18n';
import { useLatest } from '../lib/latest';
import { shortDate } from '../lib/time';
import { Brand } from '../ui/brand';
import { LanguagePicker } from '../ui/corner';
import { Heading } from '../ui/heading';
import { Failure, Skeleton } from '../ui/notice';
import { shareSays, stratumSays, toldTime, toldValue } from '../ui/verdict';

const ACTS: Record<string, TextKey> = { publish: 'public.act-publish', correct: 'public.act-correct', withdraw: 'public.act-withdraw' };

function Figure({ one }: { one: PublicFigure }) {
  return (
    <li class="equip-card">
      <h3 lang="en">{one.title}</h3>
      <p><strong class="computed-value">{toldValue(one.told)}</strong>, {toldTime(one.told)}</p>
      {one.met && <p>{shareSays(one)}</p>}
      {one.stratum && <p>{stratumSays(one.stratum)}</p>}
      <p lang="en">{one.definition}</p>
      <p class="hint public-hash">{t('public.definition', { version: one.version, digest: one.digest })}</p>
    </li>
  );
}

function Report({ one }: { one: PublicReport }) {
  return (
    <section aria-label={one.title}>
      <h2>{one.title}</h2>
      <p>{t('public.approved', { time: shortDate(one.at), reason: one.reason })}</p>
      <p class="hint public-hash">{t('public.source', { n: one.position, hash: one.hash })}</p>
      <ul class="equip-list">{one.figures.map((figure, at) => <Figure key={at} one={figure} />)}</ul>
    </section>
  );
}

function changeSays({ title, was, is }: Change): string {
  const figure = `${title}, ${toldTime(was.until ? was : is)}`;
  if (!is.value) return t('public.gone', { figure, was: toldValue(was) });
  return was.value ? t('public.changed', { figure, was: toldValue(was), is: toldValue(is) }) : t('public.new', { figure, is: toldValue(is) });
}

function Entry({ one }: { one: Act }) {
  return (
    <li class="equip-card">
      <p><strong>{shortDate(one.at)}</strong> {t(ACTS[one.act] ?? 'public.act-publish', { title: one.title })}</p>
      <p>{t('public.why', { reason: one.reason })}</p>
      {one.changes.length > 0 && <ul>{one.changes.map((change, at) => <li key={at}>{changeSays(change)}</li>)}</ul>}
    </li>
  );
}

export function PublicPage() {
  const [state, setState] = useState<{ value: Public | null; problem: string }>({ value: null, problem: '' });
  const latest = useLatest();
  const load = () => latest(loadPublic()).then((value) => setState({ value, problem: '' }), (error: unknown) => setState({ value: null, problem: sentence(error) }));
  useEffect(() => { void load(); }, []);
  const { value, problem } = state;
  return (
    <main class="page page-wide page-equipment page-public">
      <div class="public-top"><p class="brand"><Brand size={28} />Belay</p><span class="no-print"><LanguagePicker /></span></div>
      <Heading text={t('public.title')} />
      <p>{t('public.lead')}</p>
      {problem && <Failure text={problem} retry={() => void load()} />}
      {!value && !problem && <Skeleton rows={4} />}
      {value?.reports.length === 0 && <p class="empty">{t('public.none')}</p>}
      {value?.reports.map((one) => <Report key={one.id} one={one} />)}
      {value && value.acts.length > 0 && (
        <section aria-label={t('public.log')}>
          <h2>{t('public.log')}</h2>
          <ol class="equip-list">{value.acts.map((one, at) => <Entry key={at} one={one} />)}</ol>
        </section>
      )}
    </main>
  );
}
