// SPDX-License-Identifier: Apache-2.0
// What stands in the rail: pages that are opened all day each for themselves, those that belong
// together behind one entry. Pages of an open group stand above the page, as tabs.
import type { TextKey } from './lib/i18n';
import { myPlaces, railPage, type Place } from './navigation';
import type { IconName } from './ui/icon';

interface Group {
  label: TextKey;
  icon: IconName;
  /** In the order of the tabs. */
  pages: readonly string[];
}

const GROUPS: readonly Group[] = [
  { label: 'nav.numbers', icon: 'numbers', pages: ['numbers', 'programme', 'figures', 'volumes', 'reports', 'quality'] },
  { label: 'nav.learning', icon: 'logbook', pages: ['logbook', 'apprenticeships', 'sign-offs', 'learning', 'courses', 'independence'] },
  { label: 'nav.hospital', icon: 'hospital', pages: ['hospital', 'map', 'gaps', 'equipment', 'money', 'published', 'teams', 'roster', 'pairings', 'handover'] },
];

export interface RailEntry {
  page: string;
  label: TextKey;
  icon: IconName;
  count: number;
  /** It is lit while one of these is open. */
  lights: readonly string[];
  /** More than one: the entry stands for them. */
  places: readonly Place[];
}

const countOf = (places: readonly Place[]) => places.reduce((sum, place) => sum + (place.rail?.count?.() ?? 0), 0);

/** What of ${group} whoever is signed in may open, in the order of the tabs. */
function membersOf(group: Group): Place[] {
  const mine = myPlaces();
  return group.pages.flatMap((page) => mine.filter((place) => place.page === page));
}

function entryOf(place: Place): RailEntry[] {
  const group = GROUPS.find((one) => one.pages.includes(place.page));
  const members = group ? membersOf(group) : [place];
  if (members[0] !== place || !place.rail) return []; // the group stands where its first page does
  const { label, icon } = group && members.length > 1 ? group : place.rail;
  return [{ page: place.page, label, icon, count: countOf(members), lights: members.map((one) => one.page), places: members }];
}

/** For whoever is signed in. */
export function myRail(): RailEntry[] {
  return myPlaces().flatMap(entryOf);
}

/** The entry whose pages stand above the page that is open; undefined where it stands for one alone. */
export function openGroup(): RailEntry | undefined {
  return myRail().find((entry) => entry.places.length > 1 && entry.lights.includes(railPage()));
}
