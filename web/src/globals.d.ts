// SPDX-License-Identifier: Apache-2.0

/** True in a build with --dev; build.mjs puts the value in. */
declare const DEVELOPMENT: boolean;
