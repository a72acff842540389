// SPDX-License-Identifier: Apache-2.0
// A node in which everything is invented says so with every answer; then this is loaded, and each
// page says it, and each sheet of paper in its margin.
import { render } from 'preact';
import { effect } from '@preact/signals';
import { t } from './lib/i18n';

function Synthetic() {
  const text = t('synthetic.says');
  return <aside class="synthetic" aria-label={text}>{text}</aside>;
}

let shown = false;

/** From now on; once is enough. Its texts come with this file, so nothing is said while it is only being read. */
export function showSynthetic(): void {
  if (shown) return;
  shown = true;
  const root = document.createElement('div');
  document.body.prepend(root);
  render(<Synthetic />, root);
  const paper = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, paper];
  effect(() => paper.replaceSync(`@page { @top-center { content: ${JSON.stringify(t('synthetic.says'))}; font-size: 9pt } }`));
}
