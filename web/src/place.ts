// SPDX-License-Identifier: Apache-2.0
// Which hospital the pages about one hospital begin with: one's own; whoever holds no post at one looks
// at the last that was chosen in this tab.
import { forThisTab } from './lib/storage';
import { route } from './lib/router';
import { myPlace } from './session';

const KEY = 'belay.hospital';

/** Organization/ID, by the address if it says one; '': none is known. */
export function hospitalInView(): string {
  const said = route.value.query.get('hospital');
  if (said) keepHospital(said);
  return said ?? myPlace().organization ?? forThisTab.get(KEY) ?? '';
}

export function keepHospital(reference: string): void {
  if (reference) forThisTab.set(KEY, reference);
}
