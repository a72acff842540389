// SPDX-License-Identifier: Apache-2.0
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

let first = true;

/** The page's heading. A change of page puts the focus here, so that reading goes on from the top. */
export function Heading({ text, title = text, unseen = false }: { text: string; title?: string; unseen?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Belay`;
  }, [title]);
  // before the page is painted: whoever types at once must not have the focus taken away
  useLayoutEffect(() => {
    if (!first) heading.current?.focus({ preventScroll: true });
    first = false;
    window.scrollTo(0, 0);
  }, []);
  return <h1 ref={heading} tabIndex={-1} class={unseen ? 'unseen' : undefined}>{text}</h1>;
}
