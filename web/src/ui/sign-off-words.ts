// SPDX-License-Identifier: Apache-2.0
// The words for the codes of sign-offs.
import type { SignRole, SignStatus } from '../fhir/sign-off';
import type { TextKey } from '../lib/i18n';

export const ROLE_WORDS: Record<SignRole, TextKey> = { master: 'sign.master', 'head-of-department': 'sign.head', 'quality-office': 'sign.quality' };
export const SIGN_STATUS_WORDS: Record<SignStatus, TextKey> = { proposed: 'sign.proposed', signed: 'sign.signed', refused: 'sign.refused', withdrawn: 'sign.withdrawn' };
