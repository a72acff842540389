// SPDX-License-Identifier: Apache-2.0
// Every page of somebody who is signed in, in one table: its address, its place in the rail,
// and whose it is. The table keeps pages out of sight; what may be read and done is
// decided by the node alone.
//
// To add a page: a line in PLACES. A page that not everybody opens is loaded when it is
// first opened: page: later(() => import('./pages/mine').then((m) => m.MinePage)).
import type { ComponentType } from 'preact';
import type { TextKey } from './lib/i18n';
import { route } from './lib/router';
import { session } from './session';
import { AccountPage } from './pages/account';
import { AskPage } from './pages/ask';
import { CasePage } from './pages/case';
import { CasesPage } from './pages/cases';
import { MorePage } from './pages/more';
import { OutgoingPage } from './pages/outgoing';
import { TodayPage } from './pages/today';
import { meetingsWaiting } from './mdt-store';
import { mineWaiting } from './work-store';
import { REVIEWERS, toReview } from './emergency-store';
import { OF_REVIEWS, toRate } from './review-store';
import { toTakeOver } from './handover-store';
import { logbookWaiting, type WaitingPage } from './logbook-store';
import type { IconName } from './ui/icon';
import { later } from './ui/later';

/** What a page gets: what stands behind its name in the address, "" where nothing does. */
export interface PageProps {
  id: string;
}

export interface Place {
  /** The first word of the address behind '#/'. */
  page: string;
  /** Who finds it: whoever holds one of these roles now. Without: everybody. */
  roles?: readonly string[];
  /** In the rail, alone or in a group of it (rail.ts); without it the page is reached from others. */
  rail?: { icon: IconName; label: TextKey; count?: () => number };
  /** Only these find it in the rail, where more may open it by its address. */
  railFor?: readonly string[];
  /** Another page's entry of the rail that is lit while this one is open. */
  partOf?: string;
  show: ComponentType<PageProps>;
}

/** Who sees patients or their cases: docs/adr/0010-who-may-read.md. */
const OF_CASES = ['clinician', 'nurse', 'therapist', 'expert', 'head-of-department'] as const;

/** Who gets numbers, and no patient: docs/NUMBERS.md. */
const OF_NUMBERS = ['coordinator', 'director'] as const;
/** Who gets figures of the programme: docs/INDICATORS.md. */
const OF_FIGURES = [...OF_NUMBERS, 'head-of-department'] as const;
/** Who looks after the quality of data: src/app/quality_list.c. */
const OF_QUALITY = [...OF_FIGURES, 'administrator', 'quality-officer'] as const;
/** Who gives posts and looks after accounts: src/app/reach.h. */
const OF_PEOPLE = ['administrator', 'director', 'head-of-department'] as const;
/** Who may make the list of who has seen a patient. */
const OF_LISTS = ['quality-officer', 'auditor', ...OF_PEOPLE] as const;

/** Who operates, teaches or learns it, and who looks after patients afterwards. */
const OF_LOGBOOKS = [...OF_CASES, 'technician', 'apprentice'] as const;
const OF_WARDS = ['clinician', 'nurse', 'technician', 'therapist', 'head-of-department'] as const;

/** Who hands over, takes over, or looks after terms. */
const OF_HANDOVERS = [...OF_CASES, ...OF_NUMBERS] as const;
/** Who learns, teaches, or sends others to learn; and who plans what is taught. */
const OF_COURSES = [...OF_LOGBOOKS, ...OF_NUMBERS] as const;
const PLANS_COURSES = [...OF_CASES, 'technician', ...OF_NUMBERS] as const;
/** Who is signed off, signs, or answers for it. */
const OF_SIGN_OFFS = [...OF_LOGBOOKS, 'quality-officer', 'director'] as const;

/** Who plans how people learn: src/app/independence.c. */
const OF_INDEPENDENCE = ['head-of-department', 'quality-officer', ...OF_NUMBERS] as const;

/** Who looks for where a patient can be treated. */
const OF_FINDING = [...OF_CASES, ...OF_NUMBERS] as const;

/** Who sees who is being moved, or says which beds are free. */
const OF_BEDS = [...OF_CASES, 'coordinator'] as const;

/** Who uses equipment, answers for it, or waits for it on the other side of a pairing. */
const OF_EQUIPMENT = [...OF_LOGBOOKS, ...OF_NUMBERS, 'quality-officer'] as const;
/** Who writes money down for a hospital. */
const OF_MONEY = ['head-of-department', ...OF_NUMBERS] as const;
/** Who is in teams, works beside them, or plans them. */
const OF_TEAMS = [...OF_LOGBOOKS, 'quality-officer', 'coordinator', ...OF_PEOPLE] as const;

/** Who speaks with patients, or for those who do. */
const WHO_TALKS = [...OF_LOGBOOKS, 'interpreter', 'international-desk'] as const;

/** Addresses of pages where one signs in: afterwards they are none of their own. */
const BEFORE_SIGN_IN = ['', 'token', 'enrol'];

/** In the order of the rail; the first that is somebody's is the page they begin with. */
export const PLACES: readonly Place[] = [
  { page: 'today', roles: OF_CASES, rail: { icon: 'waiting', label: 'nav.today', count: mineWaiting }, show: TodayPage },
  { page: 'cases', roles: OF_CASES, rail: { icon: 'cases', label: 'nav.cases' }, show: CasesPage },
  { page: 'case', roles: OF_CASES, partOf: 'cases', show: CasePage },
  { page: 'ask', roles: OF_CASES, rail: { icon: 'add', label: 'nav.ask' }, show: AskPage },
  { page: 'outgoing', roles: OF_LOGBOOKS, partOf: 'ask', show: OutgoingPage },
  {
    page: 'numbers',
    roles: OF_NUMBERS,
    rail: { icon: 'numbers', label: 'nav.numbers' },
    show: later(() => import('./pages/numbers').then((module) => module.NumbersPage)),
  },
  {
    page: 'find', roles: OF_FINDING, rail: { icon: 'find', label: 'nav.find' },
    show: later(() => import('./pages/find').then((m) => m.FindPage)),
  },
  {
    page: 'transfers', roles: OF_BEDS, rail: { icon: 'transfers', label: 'nav.transfers' },
    show: later(() => import('./pages/transfers').then((m) => m.TransfersPage)),
  },
  {
    page: 'mdt', roles: OF_CASES, rail: { icon: 'meeting', label: 'nav.mdt', count: () => meetingsWaiting().length },
    show: later(() => import('./pages/mdt').then((m) => m.MdtPage)),
  },
  { page: 'meeting', roles: OF_CASES, partOf: 'mdt', show: later(() => import('./pages/meeting').then((m) => m.MeetingPage)) },
  {
    page: 'logbook', roles: OF_LOGBOOKS, rail: { icon: 'logbook', label: 'nav.logbook', count: () => waitsOn('serious', 'aftercare', 'rate', 'logbook') },
    show: later(() => import('./pages/logbook').then((m) => m.LogbookPage)),
  },
  { page: 'operation', roles: OF_WARDS, partOf: 'logbook', show: later(() => import('./pages/operation').then((m) => m.OperationPage)) },
  { page: 'import', roles: OF_LOGBOOKS, partOf: 'logbook', show: later(() => import('./pages/import').then((m) => m.ImportPage)) },
  { page: 'rate', roles: OF_LOGBOOKS, partOf: 'logbook', show: later(() => import('./pages/rate').then((m) => m.RatePage)) },
  { page: 'aftercare', roles: OF_WARDS, partOf: 'logbook', show: later(() => import('./pages/aftercare').then((m) => m.AftercarePage)) },
  {
    page: 'handover', roles: OF_HANDOVERS, rail: { icon: 'handover', label: 'nav.handover', count: () => toTakeOver.value },
    show: later(() => import('./pages/handover').then((m) => m.HandoverPage)),
  },
  {
    page: 'courses', roles: OF_COURSES, rail: { icon: 'course', label: 'nav.courses' },
    show: later(() => import('./pages/courses').then((m) => m.CoursesPage)),
  },
  { page: 'course', roles: OF_COURSES, partOf: 'courses', show: later(() => import('./pages/course').then((m) => m.CoursePage)) },
  { page: 'course-change', roles: PLANS_COURSES, partOf: 'courses', show: later(() => import('./pages/course-change').then((m) => m.CourseChangePage)) },
  { page: 'course-plan', roles: PLANS_COURSES, partOf: 'courses', show: later(() => import('./pages/course-plan').then((m) => m.CoursePlanPage)) },
  { page: 'learning', roles: OF_LOGBOOKS, partOf: 'courses', show: later(() => import('./pages/learning').then((m) => m.LearningPage)) },
  {
    page: 'sign-offs', roles: OF_SIGN_OFFS, rail: { icon: 'sign-off', label: 'nav.sign-offs' },
    show: later(() => import('./pages/sign-offs').then((m) => m.SignOffsPage)),
  },
  { page: 'rules', partOf: 'sign-offs', show: later(() => import('./pages/rules').then((m) => m.RulesPage)) },
  { page: 'serious', roles: ['head-of-department'], partOf: 'logbook', show: later(() => import('./pages/serious').then((m) => m.SeriousPage)) },
  {
    page: 'apprenticeships', roles: OF_LOGBOOKS, rail: { icon: 'apprentices', label: 'nav.apprenticeships', count: () => waitsOn('apprenticeships') },
    show: later(() => import('./pages/apprenticeships').then((m) => m.ApprenticeshipsPage)),
  },
  {
    page: 'independence', roles: OF_INDEPENDENCE, rail: { icon: 'numbers', label: 'nav.independence' },
    show: later(() => import('./pages/independence').then((m) => m.IndependencePage)),
  },
  { page: 'lineage', partOf: 'apprenticeships', show: later(() => import('./pages/lineage').then((m) => m.LineagePage)) },
  { page: 'people', roles: OF_PEOPLE, rail: { icon: 'people', label: 'nav.people' }, show: later(() => import('./pages/people').then((m) => m.PeoplePage)) },
  { page: 'person', roles: OF_PEOPLE, partOf: 'people', show: later(() => import('./pages/person').then((m) => m.PersonPage)) },
  { page: 'audit', roles: ['auditor'], rail: { icon: 'audit', label: 'nav.audit' }, show: later(() => import('./pages/audit').then((m) => m.AuditPage)) },
  { page: 'seen', roles: OF_LISTS, rail: { icon: 'seen', label: 'nav.seen' }, show: later(() => import('./pages/seen').then((m) => m.SeenPage)) },
  {
    page: 'emergencies', roles: REVIEWERS, rail: { icon: 'emergency', label: 'nav.emergencies', count: () => toReview.value },
    show: later(() => import('./pages/emergencies').then((m) => m.EmergenciesPage)),
  },
  {
    page: 'reviews', roles: OF_REVIEWS, rail: { icon: 'review', label: 'nav.reviews', count: () => toRate.value },
    show: later(() => import('./pages/reviews').then((m) => m.ReviewsPage)),
  },
  {
    page: 'phrases', roles: WHO_TALKS, rail: { icon: 'phrases', label: 'nav.phrases' },
    show: later(() => import('./pages/phrases').then((m) => m.PhrasesPage)),
  },
  { page: 'programme', roles: OF_FIGURES, rail: { icon: 'numbers', label: 'nav.programme' }, show: later(() => import('./pages/programme').then((m) => m.ProgrammePage)) },
  { page: 'quality', roles: OF_QUALITY, rail: { icon: 'whole', label: 'nav.quality' }, show: later(() => import('./pages/quality').then((m) => m.QualityPage)) },
  { page: 'figures', roles: OF_FIGURES, rail: { icon: 'numbers', label: 'nav.computed' }, show: later(() => import('./pages/figures').then((m) => m.FiguresPage)) },
  { page: 'volumes', roles: OF_FIGURES, rail: { icon: 'numbers', label: 'volumes.title' }, show: later(() => import('./pages/volumes').then((m) => m.VolumesPage)) },
  { page: 'volumes-import', roles: OF_FIGURES, partOf: 'volumes', show: later(() => import('./pages/volumes-import').then((m) => m.VolumesImportPage)) },
  { page: 'record', partOf: 'figures', show: later(() => import('./pages/record').then((m) => m.RecordPage)) },
  {
    page: 'hospital', rail: { icon: 'hospital', label: 'nav.hospital' },
    show: later(() => import('./pages/hospital').then((m) => m.HospitalPage)),
  },
  {
    page: 'map', rail: { icon: 'map', label: 'nav.map' },
    show: later(() => import('./pages/map').then((m) => m.MapPage)),
  },
  {
    page: 'equipment', roles: OF_EQUIPMENT, rail: { icon: 'equipment', label: 'nav.equipment' },
    show: later(() => import('./pages/equipment').then((m) => m.EquipmentPage)),
  },
  { page: 'teams', roles: OF_TEAMS, rail: { icon: 'team', label: 'nav.teams' }, show: later(() => import('./pages/teams').then((m) => m.TeamsPage)) },
  { page: 'pairings', roles: OF_TEAMS, rail: { icon: 'apprentices', label: 'nav.pairings' }, show: later(() => import('./pages/pairings').then((m) => m.PairingsPage)) },
  { page: 'team', roles: OF_TEAMS, partOf: 'teams', show: later(() => import('./pages/team').then((m) => m.TeamPage)) },
  { page: 'posting', roles: OF_TEAMS, partOf: 'teams', show: later(() => import('./pages/posting').then((m) => m.PostingPage)) },
  { page: 'roster', roles: OF_TEAMS, rail: { icon: 'meeting', label: 'roster.title' }, show: later(() => import('./pages/roster').then((m) => m.RosterPage)) },
  { page: 'gaps', roles: OF_EQUIPMENT, rail: { icon: 'alert', label: 'nav.gaps' }, show: later(() => import('./pages/gaps').then((m) => m.GapsPage)) },
  { page: 'money', roles: OF_MONEY, rail: { icon: 'numbers', label: 'money.title' }, show: later(() => import('./pages/money').then((m) => m.MoneyPage)) },
  {
    page: 'published', rail: { icon: 'audit', label: 'published.title' }, railFor: OF_MONEY,
    show: later(() => import('./pages/published').then((m) => m.PublishedPage)),
  },
  { page: 'published-import', roles: ['coordinator'], partOf: 'published', show: later(() => import('./pages/published-import').then((m) => m.PublishedImportPage)) },
  { page: 'reports', roles: ['coordinator'], rail: { icon: 'audit', label: 'reports.title' }, show: later(() => import('./pages/reports').then((m) => m.ReportsPage)) },
  { page: 'account', show: AccountPage },
  { page: 'more', show: MorePage },
];

/** The roles somebody holds now. A token that names no person reads all cases. */
function heldRoles(): string[] {
  const me = session.value;
  if (!me) return [];
  if (me.posts) return me.posts.map((post) => post.role);
  return [me.role ?? '', ...(me.practitioner ? [] : ['clinician'])];
}

/** Somebody may be signed in whose last post has ended. */
export function hasPost(): boolean {
  return heldRoles().length > 0;
}

/** Does whoever is signed in hold one of ${roles} now? */
export function holdsOne(roles: readonly string[]): boolean {
  return heldRoles().some((role) => roles.includes(role));
}

function isMine(place: Place): boolean {
  return !place.roles || holdsOne(place.roles);
}

/** Is there a page ${name}, for whoever is signed in? For links from other pages. */
export function mayOpen(name: string): boolean {
  return PLACES.some((place) => place.page === name && isMine(place));
}

/** What waits for my word on ${pages}, those of them that are mine. */
function waitsOn(...pages: WaitingPage[]): number {
  return pages.reduce((sum, page) => sum + (mayOpen(page) ? logbookWaiting.value[page] : 0), 0);
}

/** What has a place in the rail, or in a group of it, for whoever is signed in. */
export function myPlaces(): Place[] {
  return PLACES.filter((place) => place.rail && isMine(place) && (!place.railFor || holdsOne(place.railFor)));
}

/** Where somebody begins; undefined for somebody without any post. */
function beginning(): Place | undefined {
  if (!hasPost()) return undefined;
  return myPlaces()[0] ?? PLACES.find((place) => place.page === 'account');
}

/** The place of the address bar: 'none' is no page, 'closed' is one for other posts. */
export function placeNow(): Place | 'none' | 'closed' {
  const { page } = route.value;
  if (BEFORE_SIGN_IN.includes(page)) return beginning() ?? 'closed';
  const place = PLACES.find((one) => one.page === page);
  if (!place) return 'none';
  return isMine(place) ? place : 'closed';
}

/** The entry of the rail that is lit. */
export function railPage(): string {
  const place = placeNow();
  return typeof place === 'string' ? '' : place.partOf ?? place.page;
}
