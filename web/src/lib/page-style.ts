// SPDX-License-Identifier: Apache-2.0
// A style sheet that comes with a page of its own, so that the first page need not load it: a file *.page.css, which the
// build hands over as text.

/** Let ${text} hold from now on; called once, where the page is loaded. */
export function addStyle(text: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
