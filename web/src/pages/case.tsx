// SPDX-License-Identifier: Apache-2.0
// One case: the patient always at the head, the question, what was measured and
// photographed, what was said, and where to answer.
import { useEffect, useRef, useState } from 'preact/hooks';
import { onChangesOf } from '../events';
import { CASE_TYPES, loadCase, type Case, type TimelineKind } from '../fhir/case';
import { questionOf } from '../fhir/case-facts';
import { sentence } from '../fhir/client';
import { hasAnswer, isType, localReference, urgencyOf, type CaseState } from '../fhir/codes';
import { identifierOf, nameOf } from '../fhir/patient';
import type { DocumentReference } from '../fhir/types';
import { unitName } from '../fhir/unit-names';
import { t } from '../lib/i18n';
import { hrefTo, route } from '../lib/router';
import { markSeen } from '../lib/seen';
import { clockTime } from '../lib/time';
import { mayOpen } from '../navigation';
import { refreshWork } from '../work-store';
import { session } from '../session';
import { DocumentView } from '../ui/attachment';
import { StateChip, UrgencyChip } from '../ui/chips';
import { CaseGone } from '../ui/case-gone';
import { BreakGlass } from '../ui/break-glass';
import { CoreAnswers } from '../ui/core-answers';
import { CaseBeside, CaseBesideForms } from '../ui/case-beside';
import { CaseSteps, focusSteps, mayStep, nextStep } from '../ui/case-steps';
import { Heading } from '../ui/heading';
import { Icon } from '../ui/icon';
import { Failure, Notice, Skeleton } from '../ui/notice';
import { PatientFacts } from '../ui/patient-line';
import { Pictures, picturesOf } from '../ui/pictures';
import { PhrasesHere } from '../ui/phrases-here';
import { TimeToggle } from '../ui/time-ago';
import { EntryParts } from '../ui/entry-parts';
import { TIMELINE_ICONS, TIMELINE_WORDS, Timeline } from '../ui/timeline';
import { STEP_WORDS } from '../ui/step-words';
import { PrintButton, PrintHead } from '../ui/print-case';
import { SharedRecords } from '../ui/shared-records';
import { VitalsPanel } from '../ui/vitals-panel';
import { NowThere, PatientZone } from '../ui/zone';
import { GuidedPanel } from '../ui/guided-panel';
import { WatchPanel } from '../ui/watch-panel';

const SETTLE = 50;
const remembered = new Map<string, Case>(); // shown at once on a second visit, then read again

export function forgetCases(): void {
  remembered.clear();
}

interface Loaded {
  item: Case | null;
  problem: string;
  missing: boolean;
  gone: boolean; // it was here before
  reload: () => Promise<void>;
}

function useCase(id: string): Loaded {
  const [loaded, setLoaded] = useState({ item: remembered.get(id) ?? null, problem: '', missing: false, gone: false });
  const latest = useRef(0);
  const reload = async () => {
    const mine = ++latest.current;
    try {
      const item = await loadCase(id);
      if (mine !== latest.current) return;
      if (item) remembered.set(id, item);
      const gone = !item && remembered.delete(id); // it was shared, and is not any more
      setLoaded((before) => ({ item, problem: '', missing: item === null, gone: gone || (!item && before.gone) }));
    } catch (error) {
      if (mine === latest.current) setLoaded((before) => ({ ...before, problem: sentence(error) }));
    }
  };
  useEffect(() => {
    setLoaded((before) => ({ ...before, item: remembered.get(id) ?? null, missing: false, gone: false }));
    void reload();
    const stop = onChangesOf(CASE_TYPES, () => void reload(), SETTLE);
    return () => {
      stop();
      latest.current++;
    };
  }, [id]);
  return { ...loaded, reload };
}

/** The way down to where the expert writes, or whose word moves a transfer on: on a phone it is far. */
function JumpToReply({ item }: { item: Case }) {
  const next = nextStep(item);
  if (!next || next.side === 'asking' && !next.kind) return null;
  return <button type="button" class="button button-small" onClick={focusSteps}>{t(STEP_WORDS[next.name].title)}</button>;
}

/** The patient's hospital, as the directory knows it. */
function HomeLink({ item }: { item: Case }) {
  const home = homeOf(item);
  const name = item.patient.managingOrganization?.display ?? unitName(home);
  return name ? <a class="home-link" href={hrefTo('hospital', home.replace('Organization/', ''))}>{name}</a> : null;
}

function PatientHead({ item }: { item: Case }) {
  const { patient } = item;
  const identifier = identifierOf(patient);
  return (
    <header class="patient-head">
      <a class="back" href={hrefTo('cases')} aria-label={t('case.back')}><Icon name="back" /></a>
      <div class="patient-head-who">
        <Heading text={nameOf(patient)} title={t('case.title', { name: nameOf(patient) })} />
        <PatientFacts patient={patient} />
        {identifier && <span class="patient-identifier">{identifier}</span>}
        <HomeLink item={item} />
        <NowThere />
      </div>
      <div class="patient-head-state">
        <UrgencyChip urgency={urgencyOf(item.request.priority)} />
        <StateChip state={item.state} owner={item.owner} />
        {mayOpen('seen') && <a class="seen-link" href={hrefTo('seen', patient.id ?? '')}>{t('seen.title')}</a>}
        <PrintButton />
        <JumpToReply item={item} />
      </div>
    </header>
  );
}

function Question({ item }: { item: Case }) {
  const note = (item.request.note ?? []).map((entry) => entry.text).join('\n\n');
  return (
    <section class="question" aria-labelledby="question-title">
      <h2 id="question-title">{questionOf(item.request)}</h2>
      <p class="byline">
        {t('case.asked-by', { name: item.asker })} <TimeToggle at={item.request.authoredOn ?? ''} />
      </p>
      {note && <p class="story">{note}</p>}
    </section>
  );
}

const CLINICAL = ['clinician', 'nurse', 'head-of-department'];

function clinicalPosts() {
  return session.value?.posts?.filter((post) => CLINICAL.includes(post.role)) ?? [];
}

/** A patient of another hospital, of whom the case shows a part. The node decides. */
function mayBreakGlass(item: Case): boolean {
  const posts = clinicalPosts();
  return posts.length > 0 && !posts.some((post) => post.organization === homeOf(item));
}

const LATEST: Partial<Record<CaseState, TimelineKind[]>> = {
  'information-asked': ['question'], 'bed-accepted': ['bed'], 'on-the-way': ['departure'], arrived: ['arrival'], 'back-home': ['return-note'],
};

/** The word everyone came for stands first: the answer, or what the expert must still know. */
function Latest({ item }: { item: Case }) {
  const kinds = hasAnswer(item.state) ? (['answer', 'return-note'] as const) : LATEST[item.state] ?? [];
  const entry = item.timeline.filter((one) => kinds.some((kind) => kind === one.kind)).pop();
  if (!entry) return null;
  const { kind } = entry;
  const title = kind === 'answer' ? t('case.answer-from', { name: entry.who })
    : kind === 'question' ? t('case.question-from', { name: entry.who })
    : t(TIMELINE_WORDS[kind], { name: entry.who });
  return (
    <section class={`latest latest-${kind}`} aria-labelledby="latest-title">
      <h2 id="latest-title"><Icon name={TIMELINE_ICONS[kind]} /> {title}</h2>
      <p class="byline"><TimeToggle at={entry.at} /></p>
      <EntryParts parts={entry.parts ?? []} />
      {entry.text && <p class="entry-text">{entry.text}</p>}
      {mayStep(item, 'inform') && <button type="button" class="button" onClick={focusSteps}>{t('case.reply')}</button>}
    </section>
  );
}

function CaseFiles({ item }: { item: Case }) {
  if (item.documents.length === 0) return null;
  return (
    <section aria-labelledby="files-title">
      <h2 id="files-title">{t('case.files')}</h2>
      <div class="photos">
        {item.documents.map((document) => <DocumentView key={document.id} document={document} />)}
      </div>
    </section>
  );
}

interface BodyProps {
  item: Case;
  reload: () => Promise<void>;
  /** Until when it is open in an emergency; "" where it is open without one. */
  until: string;
  onOpened: (until: string) => void;
}

function CaseBody({ item, reload, until, onOpened }: BodyProps) {
  useEffect(() => markSeen(item.request.id ?? '', item.task.lastModified ?? ''), [item]);
  const sent = route.value.query.get('sent') === '1' && item.state === 'sent';
  return (
    <div class="case-body">
      <div class="case-main">
        {sent && <Notice kind="good"><p>{t('case.sent')}</p></Notice>}
        {until && <Notice kind="info"><p>{t('glass.is-open', { time: clockTime(until) })}</p></Notice>}
        <Latest item={item} />
        <Question item={item} />
        <CaseFiles item={item} />
        <CaseBeside item={item} reload={reload} />
      </div>
      <aside class="case-side">
        <section aria-labelledby="vitals-title">
          <h2 id="vitals-title">{t('vitals.title')}</h2>
          <VitalsPanel item={item} reload={reload} />
        </section>
        <GuidedPanel item={item} />
        <WatchPanel item={item} />
        <CoreAnswers request={item.request} />
        <SharedRecords item={item} reload={reload} />
        <PhrasesHere />
        {!until && mayBreakGlass(item) && <BreakGlass record={`Patient/${item.patient.id ?? ''}`} onOpened={onOpened} />}
      </aside>
      <div class="case-talk">
        <section aria-labelledby="timeline-title">
          <h2 id="timeline-title">{t('case.timeline')}</h2>
          <Timeline entries={item.timeline} />
        </section>
        <CaseSteps item={item} reload={async () => { await reload(); void refreshWork(); }} />
        <CaseBesideForms item={item} reload={reload} />
      </div>
    </div>
  );
}

/** The patient's hospital. */
function homeOf(item: Case): string {
  return localReference(item.patient.managingOrganization?.reference);
}

/** In the order of the page: what came with the question, of the record, with what was said. */
function allPictures(item: Case) {
  const shared = item.shared.filter((record) => isType<DocumentReference>(record, 'DocumentReference'));
  return picturesOf([
    ...item.documents.map((document) => document.content.map((part) => part.attachment)),
    ...shared.flatMap((document) => document.content.map((part) => [part.attachment])),
    ...item.timeline.flatMap((entry) => entry.attachments.map((attachment) => [attachment])),
  ]);
}

export function CasePage({ id }: { id: string }) {
  const { item, problem, missing, gone, reload } = useCase(id);
  const [until, setUntil] = useState('');
  useEffect(() => setUntil(''), [id]);
  const opened = (end: string) => {
    setUntil(end);
    void reload();
  };
  return (
    <div class="page page-case">
      {item && <PatientZone hospital={homeOf(item)}><PatientHead item={item} /><PrintHead item={item} /></PatientZone>}
      {!item && (
        <>
          <a class="back" href={hrefTo('cases')}><Icon name="back" />{t('nav.cases')}</a>
          <Heading text={t('case.loading')} unseen={!missing} />
        </>
      )}
      {problem && <Failure text={problem} retry={() => void reload()} />}
      {gone && <CaseGone id={id} />}
      {missing && !gone && <Notice kind="info"><p>{t('case.missing')}</p></Notice>}
      {missing && clinicalPosts().length > 0 && <BreakGlass record={`ServiceRequest/${id}`} onOpened={opened} />}
      {!item && !problem && !missing && <Skeleton rows={6} />}
      {item && (
        <PatientZone hospital={homeOf(item)}>
          <Pictures list={allPictures(item)}><CaseBody item={item} reload={reload} until={until} onOpened={opened} /></Pictures>
        </PatientZone>
      )}
    </div>
  );
}
