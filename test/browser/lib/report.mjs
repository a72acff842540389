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
