// SPDX-License-Identifier: Apache-2.0
// Runs steps one after another, says how each went, and counts.
const counts = { passed: 0, failed: 0, skipped: 0 };

// playwright colours its messages; a log has no colours
function plain(error) {
  return String(error.message ?? error).replaceAll(/\u001b\[\d+m/g, '').trim().replaceAll('\n', '\n       ');
}

/** A step. A failure is told and counted, and the next step goes on. */
export async function step(name, run) {
  try {
    await run();
    counts.passed++;
    console.log(`ok     ${name}`);
  } catch (error) {
    counts.failed++;
    console.log(`FAILED ${name}\n       ${plain(error)}`);
  }
}

/** A part of several steps: what fails between them is told and counted too, and the next part goes on. */
export async function part(name, run) {
  try {
    await run();
  } catch (error) {
    counts.failed++;
    console.log(`FAILED ${name}: between its steps\n       ${plain(error)}`);
  }
}

// what fails where nothing waits for it: told and counted, and the steps go on
process.on('unhandledRejection', (error) => {
  counts.failed++;
  console.log(`FAILED beside the steps\n       ${plain(error)}`);
});

/** A step that cannot run here, for ${reason}. */
export function skip(name, reason) {
  counts.skipped++;
  console.log(`skip   ${name}: ${reason}`);
}

/** Prints the closing line and returns the exit code. */
export function close() {
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed > 0 ? 1 : 0;
}

export function check(condition, sentence) {
  if (!condition) throw new Error(sentence);
}

const PATIENCE = Number(process.env.PATIENCE ?? 60_000);

/**
 * Until ${look} gives something that is true, which it returns; what it throws is not yet. For all that comes a
 * moment after a click, and cannot be waited for as an element. ${sentence}: what is wrong if it never comes, or what says it.
 */
export async function eventually(look, sentence, patience = PATIENCE) {
  const until = Date.now() + patience;
  let error = null;
  for (let pause = 20; ; pause = Math.min(2 * pause, 250)) {
    try {
      const found = await look();
      if (found) return found;
      error = null;
    } catch (thrown) {
      error = thrown;
    }
    if (Date.now() >= until) break;
    await new Promise((resolve) => { setTimeout(resolve, pause); });
  }
  const told = typeof sentence === 'function' ? await sentence() : sentence;
  throw new Error(error ? `${told} (${error.message})` : told);
}

/** Until nothing on the page is what ${locator} looks for. */
export function none(locator, sentence) {
  return eventually(async () => await locator.count() === 0, sentence);
}

/** Until ${count} on the page are what ${locator} looks for. */
export function exactly(count, locator) {
  let found = 0;
  return eventually(async () => { found = await locator.count(); return found === count; }, () => `${found} are there, not ${count}: ${locator}`);
}

/** Until the text of the first of ${locator} is as ${wanted}: a pattern, a text in it, or what says yes to it. Returns it. */
export async function reads(locator, wanted, sentence = '') {
  const fits = (text) => (typeof wanted === 'function' ? wanted(text) : wanted instanceof RegExp ? wanted.test(text) : text.includes(wanted));
  let text = '';
  await eventually(async () => { text = await locator.first().innerText({ timeout: 1000 }); return fits(text); }, () => `${sentence || `not ${wanted}`}: ${text}`);
  return text;
}

/** Until the field ${locator} holds ${value}. */
export function field(locator, value, sentence = '') {
  let held = null;
  return eventually(async () => { held = await locator.inputValue({ timeout: 1000 }); return held === value; }, () => `${sentence || `${locator} is not ${value}`}: ${held}`);
}
