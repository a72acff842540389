// SPDX-License-Identifier: Apache-2.0
import { signal } from '@preact/signals';

/** True while codes are being set up by somebody who is signed in. */
export const enrolling = signal(false);
