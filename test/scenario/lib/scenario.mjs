// SPDX-License-Identifier: Apache-2.0
// A scenario is a list of steps in order, each a sentence. It ends with 0 when all held, 1
// at the first that did not, 77 when it cannot be played here.
import { isDeepStrictEqual } from 'node:util';

const SKIPPED = 77;

// under a sanitizer or valgrind: their own memory and time say nothing about the program's
export const instrumented = Boolean(process.env.BELAY_UNDER || process.env.ASAN_OPTIONS || process.env.TSAN_OPTIONS);

export class Failure extends Error {}

/** Leave the scenario: it cannot be played on this machine, because ... */
export class Skip extends Error {}

export function check(condition, sentence) {
  if (!condition) throw new Failure(sentence);
}

export function equal(actual, expected, what = 'value') {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Failure(`${what} is ${show(actual)}, expected ${show(expected)}`);
}

function show(value) {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 600 ? `${text.slice(0, 600)} ...` : text;
}

/** The answer has this status, or its body is shown. */
export function status(answer, expected) {
  if (answer.status !== expected) {
    throw new Failure(`status is ${answer.status}, expected ${expected}: ${answer.text.slice(0, 800)}`);
  }
  return answer;
}

/** Play ${steps}: [sentence, async function] pairs; ${after} always follows. */
export async function scenario(goal, steps, after = async () => {}) {
  console.log(`# ${goal}`);
  let code = 0;
  for (const [sentence, play] of steps) {
    try {
      await play();
      console.log(`ok   ${sentence}`);
    } catch (error) {
      if (error instanceof Skip) {
        console.log(`skip ${sentence}: ${error.message}`);
        code = SKIPPED;
      } else {
        console.log(`FAIL ${sentence}: ${error instanceof Failure ? error.message : error.stack}`);
        code = 1;
      }
      break;
    }
  }
  try {
    await after();
  } catch (error) {
    console.log(`FAIL in clearing up: ${error.message}`);
    code = 1;
  }
  process.exit(code);
}

export function sleep(milliseconds) {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
}

// Long enough for a slow machine under a sanitizer: only a failure takes so long.
const PATIENCE = 30_000;

/** Ask again until ${condition} gives something, at most ${patience} milliseconds. What comes
 *  about after an answer - an event, a letter, a line in the log, what a clock does - is asked
 *  for by this and never looked at once. */
export async function eventually(condition, what, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Failure(`${what} did not come about in ${patience} ms`);
    await sleep(20);
  }
}

/** Not within a minute of midnight (UTC): for steps that must all be of one day. */
export async function withinOneDay() {
  const left = 86_400_000 - (Date.now() % 86_400_000);
  if (left < 60_000) await sleep(left + 1000);
}
