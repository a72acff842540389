// SPDX-License-Identifier: Apache-2.0

/** True in a build with --dev; build.mjs puts the value in. */
declare const DEVELOPMENT: boolean;
/** In the service worker: which build it is, and its files under their addresses. */
declare const VERSION: string;
declare const FIRST_FILES: string[];
declare const LATER_FILES: string[];
/** By language: the texts of what is loaded later. */
declare const TEXT_FILES: Record<string, string[]>;

/** A style sheet that comes with the page that needs it (lib/page-style.ts). */
declare module '*.page.css' {
  const text: string;
  export default text;
}
