// SPDX-License-Identifier: Apache-2.0
// Many changes, one answer to them: it comes once they have settled, but no later than LONGEST after the first, since a node that
// writes without a pause would put it off for ever; and no sooner than a gap after the answer before, so that such a node is
// not asked the same question several times a second.
const LONGEST = 1000;

export interface Settled {
  changed(): void;
  stop(): void;
}

/** ${then}, once changes have been quiet for ${settle} milliseconds, and ${gap} apart. */
export function settled(then: () => void, settle: number, gap = 0): Settled {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let first = 0; // of the changes that are not answered; 0: there are none
  let answered = -Infinity;
  const answer = () => {
    first = 0;
    answered = Date.now();
    then();
  };
  return {
    changed() {
      const now = Date.now();
      if (!first) first = now;
      const quiet = Math.min(now + settle, first + LONGEST);
      clearTimeout(timer);
      timer = setTimeout(answer, Math.max(0, quiet - now, answered + gap - now));
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
