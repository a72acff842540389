// SPDX-License-Identifier: Apache-2.0
// The words for the codes of sign-offs.
import type { Held, Place, SignRole, SignStatus } from '../fhir/sign-off';
import { t, type TextKey } from '../lib/i18n';

export const ROLE_WORDS: Record<SignRole, TextKey> = { master: 'sign.master', 'head-of-department': 'sign.head', 'quality-office': 'sign.quality' };
export const SIGN_STATUS_WORDS: Record<SignStatus, TextKey> = { proposed: 'sign.proposed', signed: 'sign.signed', refused: 'sign.refused', withdrawn: 'sign.withdrawn' };
const HELD_WORDS: Record<Held, TextKey> = { 'is-the-person': 'sign.held-person', 'is-the-master': 'sign.held-master', 'is-the-head': 'sign.held-head', 'has-signed': 'sign.held-signed' };

/** In whose place, and why those could not. */
export function placeWords(place: Place): string {
  const why = place.holders.length === 0 ? [t('sign.held-nobody')] : place.holders.map((one) => t(HELD_WORDS[one.why], { name: one.who.name }));
  return [t('sign.in-place', { of: place.of, from: place.from || t('sign.programme') }), ...why].join(' ');
}
